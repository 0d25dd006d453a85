"""The text of the directory's two statements: one counts, one draws a page. Braces are filled in
by `directory` with text of this package alone; whatever a reader typed travels as a parameter."""

# What each filter asks of a row; only the filters that are ticked become part of the statement.
FILTERS = {
    "kind": "('mentoring' = ANY(%(kind)s) AND p.offers_mentoring"
    " OR 'coaching' = ANY(%(kind)s) AND p.offers_coaching)",
    "language": "('cy' = ANY(%(language)s) AND p.in_welsh OR 'en' = ANY(%(language)s) AND p.in_english)",
    "format": "('online' = ANY(%(format)s) AND p.online OR 'in_person' = ANY(%(format)s) AND p.in_person)",
    "setting": "p.setting = ANY(%(setting)s)",
    "method": "p.method_ids && ARRAY(SELECT id FROM academy_topic WHERE slug = ANY(%(method)s))",
    "service": "p.service_ids && ARRAY(SELECT id FROM academy_topic WHERE slug = ANY(%(service)s))",
    "region": "coalesce(o.region = ANY(%(region)s), false)",
    "organisation": "coalesce(o.code = ANY(%(organisation)s), false)",
    "free": "NOT p.closed",
}

# Who is looked at for the counts: whoever meets all filters, or all but one. With no words the
# index in order of the list ends the look as soon as there are enough.
STATEMENT = """
WITH base AS MATERIALIZED (
    SELECT x.* FROM (
        SELECT p.id, p.closed, p.shown_name, p.offers_mentoring, p.offers_coaching, p.in_welsh,
            p.in_english, p.online, p.in_person, p.setting, p.method_ids, p.service_ids,
            o.id AS organisation_id, o.region, {rank} AS rank, {flags}
        FROM connections_mentorprofile p
        JOIN academy_person n ON n.id = p.person_id AND n.is_active
        LEFT JOIN academy_membership m ON m.person_id = p.person_id AND m.ended_on IS NULL
        LEFT JOIN academy_organisation o ON o.id = m.organisation_id
        WHERE p.state = 'approved' AND p.in_directory AND {matching}
        ORDER BY {looked}
    ) x
    WHERE {nearly}
    LIMIT %(most)s + 1
),
facets AS (
    SELECT 'kind' AS facet, v.value, '' AS label, count(*) AS number
    FROM base, LATERAL (VALUES ('mentoring', offers_mentoring), ('coaching', offers_coaching))
        AS v (value, has)
    WHERE v.has AND {but_kind} GROUP BY v.value
    UNION ALL
    SELECT 'language', v.value, '', count(*)
    FROM base, LATERAL (VALUES ('cy', in_welsh), ('en', in_english)) AS v (value, has)
    WHERE v.has AND {but_language} GROUP BY v.value
    UNION ALL
    SELECT 'format', v.value, '', count(*)
    FROM base, LATERAL (VALUES ('online', online), ('in_person', in_person)) AS v (value, has)
    WHERE v.has AND {but_format} GROUP BY v.value
    UNION ALL
    SELECT 'setting', setting, '', count(*) FROM base
    WHERE setting <> '' AND {but_setting} GROUP BY setting
    UNION ALL
    SELECT 'method', t.slug, t.name_{language}, c.number
    FROM (SELECT topic, count(*) AS number FROM base, unnest(method_ids) AS topic
        WHERE {but_method} GROUP BY topic) c
    JOIN academy_topic t ON t.id = c.topic
    UNION ALL
    SELECT 'service', t.slug, t.name_{language}, c.number
    FROM (SELECT topic, count(*) AS number FROM base, unnest(service_ids) AS topic
        WHERE {but_service} GROUP BY topic) c
    JOIN academy_topic t ON t.id = c.topic
    UNION ALL
    SELECT 'region', region, '', count(*) FROM base
    WHERE region IS NOT NULL AND {but_region} GROUP BY region
    UNION ALL
    SELECT 'organisation', o.code, o.name_{language}, c.number
    FROM (SELECT organisation_id, count(*) AS number FROM base
        WHERE organisation_id IS NOT NULL AND {but_organisation} GROUP BY organisation_id) c
    JOIN academy_organisation o ON o.id = c.organisation_id
    UNION ALL
    SELECT 'free', '1', '', count(*) FROM base WHERE NOT closed AND {but_free}
),
found AS ({found})
SELECT
    (SELECT coalesce(array_agg(id ORDER BY {order}), '{{}}') FROM found),
    (SELECT coalesce(json_agg(json_build_array(facet, value, label, number)
        ORDER BY facet, number DESC, label, value), '[]') FROM facets),
    (SELECT count(*) FROM base) > %(most)s
"""

# With nothing ticked, whoever is counted is whoever is found.
SAME = "SELECT id, rank, closed, shown_name FROM base"
TICKED = """
    SELECT p.id, {rank} AS rank, p.closed, p.shown_name
    FROM connections_mentorprofile p
    JOIN academy_person n ON n.id = p.person_id AND n.is_active
    {joined}
    WHERE p.state = 'approved' AND p.in_directory AND {matching} AND {all}
    ORDER BY {order} LIMIT %(most)s + 1
"""

# The cards of one page, in the order they were found; who left the list meanwhile is left out.
SHOWN = """
SELECT coalesce(json_agg(to_json(shown) ORDER BY place), '[]')
FROM (
    SELECT g.place, p.id, p.shown_name AS name, p.offers_mentoring AS mentoring,
        p.offers_coaching AS coaching, p.in_welsh, p.in_english, p.setting, p.closed, p.paused,
        p.capacity - p.places_taken AS free, p.capacity, left(p.about_help, 180) AS about,
        p.written_in, o.name_{language} AS organisation,
        (SELECT array_agg(t.name_{language} ORDER BY t.name_{language}) FROM academy_topic t
         WHERE t.id = ANY(p.method_ids[:2] || p.service_ids[:1])) AS topics
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS g (id, place)
    JOIN connections_mentorprofile p ON p.id = g.id AND p.state = 'approved' AND p.in_directory
    JOIN academy_person n ON n.id = p.person_id AND n.is_active
    LEFT JOIN academy_membership m ON m.person_id = p.person_id AND m.ended_on IS NULL
    LEFT JOIN academy_organisation o ON o.id = m.organisation_id
) shown
"""
# Where a reader works is joined only when a filter asks for it.
WORK = (
    "LEFT JOIN academy_membership m ON m.person_id = p.person_id AND m.ended_on IS NULL"
    " LEFT JOIN academy_organisation o ON o.id = m.organisation_id"
)
