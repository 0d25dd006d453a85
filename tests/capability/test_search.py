"""Finding courses: accents, slips and mutations forgiven; every number true."""

import random
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.http import QueryDict

from academy.models import Topic
from academy.queries import Kept, TooSlow
from academy.welsh import forms, radicals
from capability.models import Course, catalogue
from capability.models.catalogue import Question, ask
from tests.factories import OrganisationFactory, TopicFactory
from tests.factories.capability import AT, CohortFactory, CourseFactory

pytestmark = pytest.mark.django_db


def found(query="", *, language="en", size=100):
    asked = QueryDict(query)
    return ask(
        Question.read(asked.dict(), dict(asked.lists())), language=language, at=AT, size=size
    )


def titles(words, **facts):
    asked = QueryDict(mutable=True)
    asked["q"] = words
    return {row["title"] for row in found(asked.urlencode(), **facts).rows}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("dwr", "Dŵr glân i bawb"),  # no accent typed
        ("dŵr", "Arbed dwr"),  # an accent too many
        ("DW\u0302R", "Dŵr glân i bawb"),  # an accent apart from its letter
        ("gwella", "Sut i wella gofal"),  # soft
        ("gwella", "Yng ngwella gofal"),  # nasal
        ("wella", "Gwella gofal"),
        ("ngwella", "Gwella gofal"),
        ("claf", "Gofal y glaf"),
        ("nghleifion", "Cleifion yn gyntaf"),
        ("ty", "Mynd i dŷ rhywun"),
        ("meddyginiaeth", "Rheoli feddyginiaethau"),  # mutated, and longer
    ],
)
def test_welsh_is_found_whatever_its_first_letter_became(typed, written):
    CourseFactory(title_en="Something", title_cy=written, summary_cy="Sampl")
    CourseFactory(title_en="Other", title_cy="Arall", summary_cy="Sampl")

    assert titles(typed, language="cy") == {written}


@pytest.mark.parametrize(
    "typed", ["measurement", "measuring", "mesurement", "improvment measuring", "for improvement"]
)
def test_english_is_found_by_stem_and_through_a_slip(typed):
    CourseFactory(title_en="Measurement for improvement", title_cy="Mesur er mwyn gwella")
    CourseFactory(title_en="Coaching", title_cy="Hyfforddi", summary_en="x", summary_cy="x")

    assert "Measurement for improvement" in titles(typed)


def test_a_slip_is_forgiven_only_when_nothing_is_spelt_so():
    CourseFactory(title_en="Sepsis", title_cy="Sepsis")
    CourseFactory(title_en="Asepsis", title_cy="Asepsis")

    exact, slip = found("q=sepsis"), found("q=sebsis")

    assert (exact.guessed, [row["title"] for row in exact.rows]) == (False, ["Sepsis"])
    assert slip.guessed and "Sepsis" in {row["title"] for row in slip.rows}


def test_topics_are_found_by_name_in_both_languages():
    topic = TopicFactory(name_en="Pressure ulcers", name_cy="Briwiau pwyso")
    CourseFactory(title_en="Skin", title_cy="Croen", topics=[topic])

    assert titles("pressure ulcers") == titles("briwiau") == {"Skin"}


def test_a_topic_taken_away_is_found_no_more():
    course = CourseFactory(topics=[TopicFactory(name_en="Sepsis", name_cy="Sepsis")])

    course.topics.set([])

    course.refresh_from_db()
    assert (course.topic_ids, titles("sepsis")) == ([], set())


def test_what_no_longer_runs_is_off_and_said_so(visitor):
    CourseFactory(title_en="Gone", title_cy="Wedi mynd", status="historical")
    CourseFactory(title_en="Here", title_cy="Yma")

    quiet, asked = found(), found("ended=1")
    shown = visitor.get("/en/courses/").content.decode()

    assert ([row["title"] for row in quiet.rows], quiet.hidden) == (["Here"], 1)
    assert len(asked.rows) == 2
    assert "1 course that no longer runs is not shown." in shown


def test_drafts_are_not_in_the_catalogue():
    CourseFactory(published=False)
    CohortFactory(published=False)

    answer = found()

    assert (answer.total, answer.dated) == (1, 0)


def test_too_many_matches_are_capped_and_said_in_words(visitor):
    for _n in range(4):
        CourseFactory(title_en="Measuring", title_cy="Mesur")

    with patch.object(catalogue, "MOST", 3):
        answer = found("q=measuring")
        shown = visitor.get("/en/courses/?q=measuring").content.decode()

    assert answer.capped and answer.total == 3
    assert "More than 3 courses" in shown


def test_a_slow_search_gets_a_kind_page(visitor):
    CourseFactory()

    with (
        patch.object(catalogue, "MILLISECONDS", 1),
        patch.object(catalogue, "statement", lambda *a, **k: ("SELECT pg_sleep(1)", {})),
    ):
        with pytest.raises(TooSlow):
            found("q=anything")
        response = visitor.get("/en/courses/?q=anything")

    assert response.status_code == 503
    assert "That search took too long" in response.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() != ("1ms",)


def brute(courses, chosen, facet=None):
    """The same rules, one course at a time; `facet` leaves that one out."""

    def tick(name, value):
        values = chosen.get(name, [])
        return name == facet or not values or bool(set(values) & set(value))

    def spoken(cohort):
        return ["cy", "en"] if cohort.language == "both" else [cohort.language]

    def offered(cohort):
        return (
            tick("language", spoken(cohort))
            and tick("region", [cohort.region])
            and tick("host", [cohort.organisation.code])
            and tick("month", [f"{cohort.starts_at:%Y-%m}"])
        )

    kept = []
    for course in courses:
        cohorts = [one for one in course.cohorts.all() if one.closes_at > AT and one.published]
        fits = [one for one in cohorts if offered(one)]
        of_dates = any(chosen.get(name) for name in ("language", "region", "host", "month"))
        if (
            tick("level", [course.level])
            and tick("format", [course.format])
            and tick("qms", course.qms)
            and tick("topic", [topic.slug for topic in course.topics.all()])
            and course.status != "historical"
            and (not of_dates or fits)
        ):
            kept.append((course, fits))
    return kept


def values(course, fits, facet):
    if facet == "language":
        return {
            code
            for one in fits
            for code in (["cy", "en"] if one.language == "both" else [one.language])
        }
    if facet == "region":
        return {one.region for one in fits}
    if facet == "host":
        return {one.organisation.code for one in fits}
    if facet == "month":
        return {f"{one.starts_at:%Y-%m}" for one in fits}
    if facet == "topic":
        return {topic.slug for topic in course.topics.all()}
    return set(course.qms) if facet == "qms" else {getattr(course, facet)}


def test_every_number_beside_a_tick_is_what_counting_by_hand_gives():
    dice = random.Random(7)
    topics, hosts = TopicFactory.create_batch(4), OrganisationFactory.create_batch(3)
    choices = {
        "level": ["introductory", "coach", "board"],
        "format": ["online_live", "in_person"],
        "qms": ["planning", "control", "assurance"],
        "topic": [topic.slug for topic in topics],
        "language": ["cy", "en"],
        "region": ["gwent", "powys"],
        "host": [host.code for host in hosts],
        "month": ["2026-12", "2027-01", "2027-02"],
    }
    courses = []
    for _n in range(40):
        course = CourseFactory(
            level=dice.choice(choices["level"]),
            format=dice.choice(choices["format"]),
            qms=dice.sample(choices["qms"], dice.randint(0, 2)),
            status=dice.choice(["current", "current", "historical"]),
            topics=dice.sample(topics, dice.randint(0, 3)),
        )
        for _m in range(dice.randint(0, 3)):
            CohortFactory(
                course=course,
                language=dice.choice(["cy", "en", "both"]),
                region=dice.choice(choices["region"]),
                organisation=dice.choice(hosts),
                published=dice.random() < 0.9,
                starts_at=datetime(2026, 10, 15, 12, tzinfo=UTC)
                + timedelta(days=31 * dice.randint(0, 4)),
            )
        courses.append(course)

    for _round in range(25):
        asked = dice.sample(sorted(choices), dice.randint(0, 3))
        chosen = {name: dice.sample(choices[name], dice.randint(1, 2)) for name in asked}
        query = QueryDict(mutable=True)
        for name, ticked in chosen.items():
            query.setlist(name, ticked)

        answer = found(query.urlencode())

        assert {row["slug"] for row in answer.rows} == {
            course.slug for course, _fits in brute(courses, chosen)
        }
        for facet in choices:
            counted = {row["value"]: row["count"] for row in answer.facets.get(facet, [])}
            by_hand: dict[str, int] = {}
            for course, fits in brute(courses, chosen, facet):
                for value in values(course, fits, facet):
                    by_hand[value] = by_hand.get(value, 0) + 1
            assert counted == by_hand, (chosen, facet)


def test_pages_do_not_shuffle_and_hold_every_course_once(visitor):
    for _n in range(45):
        CourseFactory(title_en="Same", title_cy="Yr un")

    seen = [
        row["slug"]
        for number in (1, 2, 3)
        for row in ask(Question(page=number), language="en", at=AT).rows
    ]

    assert len(seen) == len(set(seen)) == 45
    assert 'rel="next"' in visitor.get("/en/courses/?page=2").content.decode()


def test_a_tick_is_in_the_address_and_can_be_taken_off(visitor):
    CohortFactory(language="both")

    shown = visitor.get("/en/courses/?level=introductory&q=measuring").content.decode()

    assert 'value="introductory" checked' in shown
    assert 'href="?level=introductory"' in shown  # without the words


@pytest.mark.parametrize(
    ("word", "radical"),
    [
        ("wella", "gwella"),
        ("ngwella", "gwella"),
        ("glaf", "claf"),
        ("nghlaf", "claf"),
        ("chlaf", "claf"),
        ("bobl", "pobl"),
        ("phobl", "pobl"),
        ("mhobl", "pobl"),
        ("dîm", "tim"),
        ("ddiogelwch", "diogelwch"),
        ("fesur", "mesur"),
        ("fwrdd", "bwrdd"),
        ("lais", "llais"),
        ("ras", "rhas"),
        ("hiechyd", "iechyd"),
    ],
)
def test_the_dictionary_form_is_among_the_radicals(word, radical):
    assert radical in radicals(word)
    assert word.replace("î", "i") in forms(radical)


def test_every_topic_of_a_course_is_kept_beside_it():
    topics = TopicFactory.create_batch(3)

    course = CourseFactory(topics=topics)

    assert set(course.topic_ids) == set(Topic.objects.values_list("pk", flat=True))


def test_counts_of_a_long_list_are_a_minute_old_at_most_and_its_cards_are_fresh():
    one, other = CourseFactory(), CourseFactory()
    with patch.object(catalogue, "LONG", 2), patch.object(catalogue, "KEPT", Kept()):
        assert ask(Question(), language="en", at=AT).total == 2
        CourseFactory()
        Course.objects.filter(pk=one.pk).update(published=False)
        soon = ask(Question(), language="en", at=AT + timedelta(seconds=59))
        later = ask(Question(), language="en", at=AT + timedelta(seconds=60))

    assert soon.total == 2
    assert [row["slug"] for row in soon.rows] == [other.slug]  # what was taken back is gone at once
    assert later.total == 2
    assert len(later.rows) == 2


def test_counts_of_a_short_list_and_of_words_are_never_kept():
    CourseFactory(title_en="Flow of patients")
    with patch.object(catalogue, "KEPT", Kept()) as kept:
        found()
        with patch.object(catalogue, "LONG", 1):
            found("q=flow")
        assert not kept.held
        with patch.object(catalogue, "LONG", 1):
            found("page=2")
            assert len(kept.held) == 1
            found("page=1")
        assert len(kept.held) == 1


@pytest.mark.parametrize("typed", ["swansea", "Abertawe", "nghaerdydd", "ysbyty", "charts swansea"])
def test_a_place_or_a_host_finds_the_courses_held_there(typed):
    host = OrganisationFactory(name_en="Sample Hospital", name_cy="Ysbyty Sampl")
    there = {"place_en": "Training room, Swansea", "place_cy": "Ystafell hyfforddi, Abertawe"}
    if typed == "nghaerdydd":
        there = {"place_en": "Cardiff", "place_cy": "Caerdydd"}
    charts = CourseFactory(title_en="Charts", title_cy="Siartiau")
    CohortFactory(course=charts, organisation=host, **there)
    other = CourseFactory(title_en="Coaching", title_cy="Hyfforddi", summary_en="x", summary_cy="x")
    CohortFactory(course=other, place_en="Wrexham", place_cy="Wrecsam")

    assert titles(typed) == {"Charts"}


def test_a_place_where_nothing_is_to_come_finds_nothing():
    CohortFactory(place_en="Swansea", place_cy="Abertawe", starts_at=AT - timedelta(days=9))
    CohortFactory(place_en="Swansea", place_cy="Abertawe", published=False)

    assert titles("swansea") == set()


@pytest.mark.parametrize(
    ("typed", "written"), [("drvier digram", "Driver diagrams"), ("fesr", "Measuring")]
)
def test_letters_in_the_wrong_order_are_put_right(typed, written):
    plain = {"summary_en": "x", "summary_cy": "x"}
    CourseFactory(title_en="Driver diagrams", title_cy="Diagramau gyrru", **plain)
    CourseFactory(title_en="Measuring", title_cy="Mesur er mwyn gwella")

    asked = QueryDict(mutable=True)
    asked["q"] = typed
    answer = found(asked.urlencode())

    assert answer.guessed
    assert [row["title"] for row in answer.rows] == [written]


def test_what_no_title_is_like_finds_nothing_and_offers_all_courses(visitor):
    CourseFactory(title_en="Driver diagrams", title_cy="Diagramau gyrru")

    shown = visitor.get("/en/courses/?q=zzzzqq").content.decode()

    assert "Nothing is spelt like “zzzzqq”." in shown
    assert "See all courses" in shown


def test_a_topic_nobody_has_is_not_asked_for(visitor):
    CourseFactory(title_en="Charts", topics=[TopicFactory(slug="spc", name_en="Charts over time")])

    odd = visitor.get("/en/courses/?topic=-1&topic=none&host=none").content.decode()
    empty = visitor.get("/en/courses/?topic=spc&level=board").content.decode()

    assert "Charts</a>" in odd and "a-chosen" not in odd
    assert "Charts over time" in empty  # by its name, though it leaves nothing


@pytest.mark.parametrize("number", ["3", "99", "99999"])
def test_a_page_after_the_last_is_the_last(visitor, number):
    for _n in range(21):
        CourseFactory(title_en="Same", title_cy="Yr un")

    shown = visitor.get(f"/en/courses/?page={number}").content.decode()

    assert "Page 2 of 2" in shown
    assert shown.count(">Same</a>") == 1
