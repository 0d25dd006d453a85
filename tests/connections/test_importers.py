"""Pairs that met before the academy knew of them come in by a file, through the same doors."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from academy.models import Conflict, Notification
from connections.models import MentorProfile, Relationship
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(sign_in, staff):
    client = sign_in(staff("coordinator"))

    def bring(*rows, step="save", columns="mentor,mentee,kind,began_on"):
        text = "\n".join([columns, *rows])
        return client.post(reverse("admin:import", args=["pairs"]), {"text": text, step: "1"})

    return bring


@pytest.fixture
def two(db):
    return PersonFactory(email="mentor@example.org"), PersonFactory(email="mentee@example.org")


ROW = "mentor@example.org,Mentee@Example.org,Mentora,03/02/2026"


def test_a_pair_takes_a_place_is_told_and_still_agrees(bring, two):
    mentor, mentee = two
    profile = MentorProfileFactory(person=mentor)

    assert bring(ROW).status_code == 302
    assert bring(ROW, step="try").context["result"].same == 1

    pair = Relationship.objects.get()
    profile.refresh_from_db()
    assert (pair.mentor, pair.mentee, pair.kind, pair.state) == (
        mentor,
        mentee,
        "mentoring",
        "waiting",
    )
    assert (pair.began_at.date(), profile.places_taken) == (date(2026, 2, 3), 1)
    assert {letter.person for letter in Notification.objects.all()} == {mentor, mentee}
    assert not Relationship.objects.due_a_nudge(now()).exists()


def test_a_try_takes_no_place_and_tells_nobody(bring, two):
    profile = MentorProfileFactory(person=two[0])

    result = bring(ROW, step="try").context["result"]

    profile.refresh_from_db()
    assert len(result.added) == 1
    assert (profile.places_taken, Notification.objects.count()) == (0, 0)


def test_a_mentor_without_an_offer_gets_a_draft_nobody_finds(bring, two):
    row = f"{ROW},7"

    assert bring(row, columns="mentor,mentee,kind,began_on,places").status_code == 302

    profile = MentorProfile.objects.get(person=two[0])
    assert (profile.state, profile.capacity, profile.places_taken) == ("draft", 7, 1)
    assert not MentorProfile.objects.listed().exists()


def test_nobody_is_given_more_people_than_they_agreed_to(bring, two):
    MentorProfileFactory(person=two[0], capacity=1)
    PersonFactory(email="second@example.org")

    answer = bring(ROW, ROW.replace("Mentee@Example.org", "second@example.org"))

    (wrong,) = answer.context["result"].wrong
    assert (wrong.row, "All places" in wrong.words) == (3, True)
    assert not Relationship.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (
            "nobody@example.org,mentee@example.org,mentoring,2026-02-03",
            0,
            "Nobody with this address",
        ),
        ("mentor@example.org,mentee@example.org,friends,2026-02-03", 2, "friends"),
        ("mentor@example.org,mentee@example.org,either,2026-02-03", 2, "either"),
        ("mentor@example.org,mentee@example.org,mentoring,2999-01-01", 3, "still to come"),
        ("mentor@example.org,mentee@example.org,mentoring,soon", 3, "valid date"),
        ("mentor@example.org,mentor@example.org,mentoring,2026-02-03", 4, "cannot be a pair"),
    ],
)
def test_what_is_wrong_stands_beside_its_cell(bring, two, row, column, words):
    columns = ["E-mail of the mentor or coach", "E-mail of the mentee", "Kind", "Began on", ""]

    (wrong,) = bring(row, step="try").context["result"].wrong

    assert (wrong.column, words in wrong.words) == (columns[column], True)


def test_two_who_asked_never_to_be_matched_stay_apart(bring, two):
    Conflict.objects.create(person=two[1], other=two[0], declared_at=now())

    (wrong,) = bring(ROW).context["result"].wrong

    assert wrong.words == "These two cannot be a pair."
    assert Relationship.objects.count() == 0
    assert localdate() > date(2026, 2, 3)
