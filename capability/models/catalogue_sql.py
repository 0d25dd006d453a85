"""The text of the catalogue's two statements: one counts, one draws a page. Braces are filled in
by `catalogue` with text of this package alone; whatever a reader typed travels as a parameter."""

# One word: in English by its stem, in Welsh in every mutated shape; a stop word asks nothing.
WORD = (
    "(CASE WHEN numnode(to_tsquery('english_unaccented', %(english{number})s)) = 0"
    " THEN ''::tsquery"
    " ELSE to_tsquery('english_unaccented', %(english{number})s)"
    " || to_tsquery('welsh', %(welsh{number})s) END)"
)

# Only when nothing is spelt as typed: courses with words like it.
FUZZY = """
    UNION ALL
    (SELECT c.id, c.level, c.format, c.qms, c.topic_ids, c.status, lower(c.title_{{language}}),
        ({nearness})::real, true
     FROM capability_course c
     WHERE c.published AND NOT EXISTS (SELECT 1 FROM exact) AND {like}
     ORDER BY c.id LIMIT %(most)s + 1)
"""

STATEMENT = """
WITH wanted AS (
    SELECT coalesce(array_agg(id), '{{}}') AS topics
    FROM academy_topic WHERE slug = ANY(%(topics)s)
),
exact AS MATERIALIZED (
    SELECT c.id, c.level, c.format, c.qms, c.topic_ids, c.status,
        lower(c.title_{language}) AS sorted_by, {rank} AS rank, false AS guessed
    FROM capability_course c WHERE c.published AND {matching}
    ORDER BY c.id LIMIT %(most)s + 1
),
matched AS (SELECT * FROM exact {fuzzy}),
dates AS MATERIALIZED (
    SELECT d.course_id, d.starts_at, d.language, d.region, d.organisation_id,
        date_trunc('month', d.starts_at AT TIME ZONE 'Europe/London') AS month,
        (%(languages)s::text[] = '{{}}' OR d.language = 'both'
            OR d.language = ANY(%(languages)s)) AS of_language,
        (%(regions)s::text[] = '{{}}' OR d.region = ANY(%(regions)s)) AS of_region,
        (%(hosts)s::text[] = '{{}}' OR o.code = ANY(%(hosts)s)) AS of_host,
        (%(months)s::text[] = '{{}}'
            OR to_char(d.starts_at AT TIME ZONE 'Europe/London', 'YYYY-MM') = ANY(%(months)s)
        ) AS of_month
    FROM capability_cohort d
    JOIN matched m ON m.id = d.course_id
    LEFT JOIN academy_organisation o ON o.id = d.organisation_id
    WHERE d.published AND d.cancelled_at IS NULL AND d.closes_at > %(at)s
),
marked AS MATERIALIZED (
    SELECT m.*, h.next_at, h.speaks_cy, h.speaks_en,
        (%(levels)s::text[] = '{{}}' OR m.level = ANY(%(levels)s)) AS of_level,
        (%(formats)s::text[] = '{{}}' OR m.format = ANY(%(formats)s)) AS of_format,
        (%(qms)s::text[] = '{{}}' OR m.qms::text[] && %(qms)s::text[]) AS of_qms,
        (%(topics)s::text[] = '{{}}' OR m.topic_ids && (SELECT topics FROM wanted)) AS of_topic,
        (%(ended)s OR m.status <> 'historical') AS running,
        (NOT %(dated)s OR h.course_id IS NOT NULL) AS of_dates,
        (NOT %(dates_asked)s OR coalesce(h.fits, false)) AS fits
    FROM (SELECT * FROM matched ORDER BY id LIMIT %(most)s) m
    LEFT JOIN (
        SELECT course_id,
            bool_or(of_language AND of_region AND of_host AND of_month) AS fits,
            bool_or(language <> 'en' AND of_region AND of_host AND of_month) AS speaks_cy,
            bool_or(language <> 'cy' AND of_region AND of_host AND of_month) AS speaks_en,
            coalesce(min(starts_at) FILTER (
                WHERE of_language AND of_region AND of_host AND of_month), min(starts_at)
            ) AS next_at
        FROM dates GROUP BY course_id
    ) h ON h.course_id = m.id
),
found AS (
    SELECT * FROM marked
    WHERE of_level AND of_format AND of_qms AND of_topic AND running AND of_dates AND fits
),
dated AS (
    SELECT d.* FROM dates d JOIN marked m ON m.id = d.course_id
    WHERE m.of_level AND m.of_format AND m.of_qms AND m.of_topic AND m.running
),
facets AS (
    SELECT 'level' AS facet, level::text AS value, '' AS label, count(*) AS number
    FROM marked WHERE of_format AND of_qms AND of_topic AND running AND of_dates AND fits
    GROUP BY level
    UNION ALL
    SELECT 'format', format, '', count(*)
    FROM marked WHERE of_level AND of_qms AND of_topic AND running AND of_dates AND fits
    GROUP BY format
    UNION ALL
    SELECT 'qms', aspect, '', count(*)
    FROM marked, unnest(qms) aspect
    WHERE of_level AND of_format AND of_topic AND running AND of_dates AND fits
    GROUP BY aspect
    UNION ALL
    SELECT 'topic', t.slug, t.name_{language}, n.number
    FROM (
        SELECT topic, count(*) AS number FROM marked, unnest(topic_ids) topic
        WHERE of_level AND of_format AND of_qms AND running AND of_dates AND fits
        GROUP BY topic
    ) n JOIN academy_topic t ON t.id = n.topic
    UNION ALL
    SELECT 'language', code, '', n FROM (
        SELECT count(*) FILTER (WHERE speaks_cy) AS cy, count(*) FILTER (WHERE speaks_en) AS en
        FROM marked WHERE of_level AND of_format AND of_qms AND of_topic AND running
    ) spoken, LATERAL (VALUES ('cy', cy), ('en', en)) heard (code, n) WHERE n > 0
    UNION ALL
    SELECT 'region', region, '', count(*) FROM (
        SELECT DISTINCT course_id, region FROM dated
        WHERE of_language AND of_host AND of_month AND region <> ''
    ) r GROUP BY region
    UNION ALL
    SELECT 'host', o.code, o.name_{language}, n.number
    FROM (
        SELECT organisation_id, count(*) AS number FROM (
            SELECT DISTINCT course_id, organisation_id FROM dated
            WHERE of_language AND of_region AND of_month AND organisation_id IS NOT NULL
        ) h GROUP BY organisation_id
    ) n JOIN academy_organisation o ON o.id = n.organisation_id
    UNION ALL
    SELECT 'month', to_char(month, 'YYYY-MM'), '', count(*) FROM (
        SELECT DISTINCT course_id, month FROM dated WHERE of_language AND of_region AND of_host
    ) m GROUP BY month
    UNION ALL
    SELECT 'dated', '1', '', count(*)
    FROM marked
    WHERE of_level AND of_format AND of_qms AND of_topic AND running AND fits
        AND next_at IS NOT NULL
)
SELECT ordered.ids, ordered.nexts,
    {facets},
    (SELECT count(*) FROM found WHERE next_at IS NOT NULL),
    (SELECT count(*) FROM marked
        WHERE NOT running AND of_level AND of_format AND of_qms AND of_topic AND of_dates AND fits),
    (SELECT count(*) FROM matched) > %(most)s,
    coalesce((SELECT bool_or(guessed) FROM marked), false)
FROM (
    SELECT coalesce(array_agg(id ORDER BY {order}), '{{}}') AS ids,
        coalesce(array_agg(next_at ORDER BY {order}), '{{}}') AS nexts
    FROM found
) ordered
"""

# Left out, nothing of `facets` is planned or run.
FACETS = """(SELECT coalesce(json_agg(json_build_array(facet, value, label, number)
        ORDER BY facet, number DESC, label, value), '[]') FROM facets)"""
NO_FACETS = "'[]'::json"

# Matches of words first, then what begins soonest; what no longer runs comes last.
ORDER = "rank DESC, next_at NULLS LAST, status = 'historical', sorted_by, id"

# The cards of one page: courses in the order they were found, each with its next date.
SHOWN = """
SELECT coalesce(json_agg(to_json(shown) ORDER BY place), '[]')
FROM (
    SELECT p.place, c.slug, c.level, c.format, c.kind, c.status, c.sample,
        coalesce(nullif(c.title_{language}, ''), c.title_en, c.title_cy) AS title,
        coalesce(nullif(c.summary_{language}, ''), c.summary_en, c.summary_cy) AS summary,
        coalesce(nullif(c.length_{language}, ''), c.length_en, c.length_cy) AS length,
        CASE WHEN '{language}' = 'cy' AND (c.title_cy = '' OR c.title_cy = c.title_en)
            THEN 'en' ELSE '' END AS title_lang,
        n.cohort, n.starts_at, n.places, n.taken, n.language, n.elsewhere
    FROM unnest(%(ids)s::bigint[], %(nexts)s::timestamptz[])
        WITH ORDINALITY AS p (id, next_at, place)
    JOIN capability_course c ON c.id = p.id AND c.published
    LEFT JOIN LATERAL (
        SELECT h.id AS cohort, h.starts_at, h.places, h.places_taken AS taken, h.language,
            h.booking_link <> '' AS elsewhere
        FROM capability_cohort h
        WHERE h.course_id = p.id AND h.starts_at = p.next_at
            AND h.published AND h.cancelled_at IS NULL AND h.closes_at > %(at)s
        ORDER BY (%(languages)s::text[] = '{{}}' OR h.language = 'both'
            OR h.language = ANY(%(languages)s)) DESC, h.places > h.places_taken DESC, h.id
        LIMIT 1
    ) n ON true
) shown
"""
