"""Curators bring courses and cohorts in a file; both stay drafts until somebody publishes them."""

import pytest
from django.urls import reverse

from capability.models import Cohort, Course
from tests.factories import OrganisationFactory, TopicFactory
from tests.factories.capability import BookingFactory, CohortFactory, CourseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(sign_in, staff):
    client = sign_in(staff("curator"))

    def bring(name, text, *, step="try"):
        return client.post(reverse("admin:import", args=[name]), {"text": text, step: "1"})

    return bring


def test_a_course_comes_in_as_a_draft_with_its_topics_and_aspects(bring):
    topic = TopicFactory(slug="spc")
    text = (
        "slug;title_en;title_cy;level;format;topics;qms;sources\n"
        "charts;Charts;Siartiau;Introductory;Live online;spc;control improvement;"
        "https://example.org/a https://example.org/b\n"
    )

    answer = bring("courses", text, step="save")

    assert answer.status_code == 302
    course = Course.objects.get(slug="charts")
    assert (course.published, course.qms) == (False, ["control", "improvement"])
    assert list(course.topics.all()) == [topic]
    assert course.topic_ids == [topic.pk]
    assert course.sources == ["https://example.org/a", "https://example.org/b"]
    assert course.en_changed_at == course.cy_changed_at is not None


def test_a_public_course_is_not_left_in_one_language_by_a_file(bring):
    CourseFactory(slug="charts", audience_en="", audience_cy="")

    answer = bring("courses", "slug,audience_en\ncharts,Everyone\n", step="save")

    wrong = answer.context["result"].wrong
    assert [(one.row, one.column) for one in wrong] == [(2, "Who it is for (Welsh)")]
    assert Course.objects.get(slug="charts").audience_en == ""


def test_an_empty_cell_changes_nothing(bring):
    course = CourseFactory(slug="charts")

    answer = bring("courses", "slug,title_en,summary_en\ncharts,,Shorter.\n", step="save")

    assert answer.status_code == 302
    changed = Course.objects.get(slug="charts")
    assert (changed.title_en, changed.summary_en) == (course.title_en, "Shorter.")
    assert changed.is_stale("cy") is False  # nobody has noted when the Welsh was written


def test_a_cohort_comes_in_with_its_sessions_and_twice_is_once(bring):
    course = CourseFactory(slug="charts", title_en="Charts")
    OrganisationFactory(code="HB1")
    text = (
        "course,sessions,language,format,places,organisation,place_en,place_cy\n"
        "charts,10/12/2026 09:30-12:30; 2026-12-03 09:30-12:30,Cymraeg,In person,12,HB1,Cardiff,Caerdydd\n"
    )

    bring("cohorts", text, step="save")
    again = bring("cohorts", text)

    cohort = Cohort.objects.get(course=course)
    assert (cohort.language, cohort.format, cohort.places, cohort.published) == (
        "cy",
        "in_person",
        12,
        False,
    )
    assert cohort.sessions.count() == 2
    assert f"{cohort.starts_at:%d %H:%M}" == "03 09:30"
    assert again.context["result"].same == 1


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (
            "nothing,2026-12-03 09:30-12:30,cy,in_person,12,,",
            "Address word of the course",
            "nothing",
        ),
        ("charts,next Tuesday,cy,in_person,12,,", "Sessions", "Write each session as"),
        ("charts,2026-13-03 09:30-12:30,cy,in_person,12,,", "Sessions", "Write each session as"),
        ("charts,2026-12-03 12:30-09:30,cy,in_person,12,,", "Sessions", "ends after it starts"),
        ("charts,2026-12-03 09:30-12:30,cy,in_person,many,,", "Places", "whole number"),
        ("charts,2026-12-03 09:30-12:30,fr,in_person,12,,", "Taught in", "fr"),
        ("charts,2026-12-03 09:30-12:30,cy,in_person,12,Cardiff,", "", "place in both languages"),
    ],
)
def test_what_is_wrong_with_a_cohort_stands_beside_its_cell(bring, row, column, words):
    CourseFactory(slug="charts")

    answer = bring("cohorts", f"course,sessions,language,format,places,place_en,place_cy\n{row}\n")

    (wrong,) = answer.context["result"].wrong
    assert wrong.column == column
    assert words.casefold() in wrong.words.replace("_", " ").casefold()


def test_a_known_cohort_keeps_its_places_whatever_the_file_says(bring):
    booking = BookingFactory(cohort=CohortFactory(places=9))
    cohort = booking.cohort
    text = (
        "course,sessions,language,format,places,place_en,place_cy\n"
        f"{cohort.course.slug},2026-12-03 09:30-12:30,en,in_person,1,Cardiff,Caerdydd\n"
    )

    assert bring("cohorts", text, step="try").context["result"].same == 1
    cohort.refresh_from_db()
    assert cohort.places == 9


def test_our_own_export_of_courses_comes_back_and_changes_nothing(bring, sign_in, staff):
    topics = [TopicFactory(slug="spc"), TopicFactory(slug="falls")]
    course = CourseFactory(
        topics=topics,
        qms=["control", "improvement"],
        sources=["https://example.org/a", "https://example.org/b"],
        description_en="Two lines,\nin English",
        description_cy="Dwy linell,\nyn Gymraeg",
        audience_en="Everyone",
        audience_cy="Pawb",
        reviewed_on="2026-11-02",
    )
    asked = {"action": "export_as_csv", "_selected_action": [course.pk]}
    listing = reverse("admin:capability_course_changelist")

    file = sign_in(staff("curator")).post(listing, asked).content.decode("utf-8-sig")
    same = bring("courses", file).context["result"]
    sent_by_a_browser = file.replace("\r\n", "\n").replace("\n", "\r\n")
    changed = bring("courses", sent_by_a_browser.replace("Everyone", "Anyone")).context["result"]

    assert "Dwy linell" in file and "spc falls" in file
    assert (same.wrong, same.added, same.changed, same.same) == ([], [], [], 1)
    assert [names for _row, _thing, names in changed.changed] == ["Who it is for (English)"]
    assert Course.objects.get().published


def test_the_page_says_which_columns_of_an_export_are_read_past(sign_in, staff):
    shown = sign_in(staff("curator")).get(reverse("admin:import", args=["courses"])).text

    assert "These of its columns are read past: Published" in shown
