import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from academy.models import Notification
from connections import tasks
from connections.models import MatchingRound, MentoringRequest, MentorProfile, RoundPair, Weights
from connections.models.weights import WORTHS
from tests.factories import TopicFactory
from tests.factories.connections import (
    MentoringRequestFactory,
    MentorProfileFactory,
    drafted_pair,
)
from tests.factories.people import LONG_AGO as AT
from tests.factories.relationships import current
from tests.factories.together import booked, first_slot, office_hour

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(staff, sign_in):
    return sign_in(staff("coordinator"))


def change(row):
    return reverse(f"admin:connections_{row._meta.model_name}_change", args=[row.pk])


def press(client, row, verb, words=""):
    return client.post(change(row), {f"_verb:{verb}": "", "_words": words}, follow=True)


def listed(client, model, query=""):
    url = reverse(f"admin:connections_{model._meta.model_name}_changelist")
    return client.get(f"{url}{query}").content.decode()


def test_no_admin_page_leads_to_a_page_that_staff_may_not_read(desk):
    booking = booked(first_slot(office_hour()))
    for row in (current(), MentoringRequestFactory(), booking):
        page = desk.get(change(row))
        assert page.status_code == 200
        assert "viewsitelink" not in page.content.decode()


def test_a_coordinator_approves_an_offer_and_the_mentor_is_told(desk):
    profile = MentorProfileFactory(state="waiting")

    page = press(desk, profile, "approve").content.decode()
    press(desk, profile, "approve")

    profile.refresh_from_db()
    assert "Approved, and the mentor is told." in page
    assert profile.state == "approved"
    assert Notification.objects.filter(kind="connections.profile_approved").count() == 1


def test_an_offer_is_sent_back_only_with_a_reason(desk):
    profile = MentorProfileFactory(state="waiting")

    press(desk, profile, "decline")
    profile.refresh_from_db()
    before = profile.state
    press(desk, profile, "decline", "Please say which wards you know.")

    profile.refresh_from_db()
    assert (before, profile.state) == ("waiting", "declined")
    assert profile.decision == "Please say which wards you know."


def test_staff_see_a_request_without_its_words(desk):
    request = MentoringRequestFactory(words="CANARY")

    pages = [
        listed(desk, MentoringRequest),
        listed(desk, MentoringRequest, "?close=soon"),
        listed(desk, MentoringRequest, "?q=CANARY"),
        desk.get(change(request)).content.decode(),
    ]

    assert request.mentee.name in pages[0]
    assert request.mentee.name not in pages[2]
    assert all(
        "CANARY" not in page.replace("q=CANARY", "").replace('value="CANARY"', "") for page in pages
    )


def test_a_coordinator_runs_looks_over_and_publishes_a_round(desk):
    topic = TopicFactory(name_en="Run charts")
    MentoringRequestFactory.create_batch(2, methods=[topic])
    MentorProfileFactory.create_batch(2, methods=[topic], capacity=1)

    desk.post(reverse("admin:connections_matchinground_add"), {"title": "Spring"})
    made = MatchingRound.objects.get()
    press(desk, made, "start")
    tasks.solve_round(round=made.pk)
    drafts = listed(desk, RoundPair, f"?round__id__exact={made.pk}")
    page = press(desk, made, "publish").content.decode()
    tasks.publish_round(round=made.pk)

    made.refresh_from_db()
    assert drafts.count("This help is asked for and offered: Run charts.") == 2
    assert "both people of each pair are told" in page
    assert made.state == "published"
    assert MentoringRequest.objects.filter(state="asked").count() == 2


def test_a_pair_is_locked_and_otherwise_only_read(desk, staff):
    pair = drafted_pair(MentoringRequestFactory(), MentorProfileFactory(), by=staff("coordinator"))
    other = MentorProfileFactory()

    told = press(desk, pair, "lock").content.decode()
    desk.post(change(pair), {"profile": other.pk, "override_reason": "Why not"})

    kept = RoundPair.objects.get()
    assert pair.profile.person.name in told
    assert (kept.locked, kept.profile, kept.override_reason) == (True, pair.profile, "")


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_list_of_pairs_costs_the_same_however_long(desk, many, django_assert_max_num_queries):
    topic = TopicFactory()
    requests = MentoringRequestFactory.create_batch(many, methods=[topic])
    profile = MentorProfileFactory(capacity=10)
    desk.post(reverse("admin:connections_matchinground_add"), {"title": "Spring"})
    made = MatchingRound.objects.get()
    for request in requests:
        RoundPair.objects.create(
            round=made,
            request=request,
            profile=profile,
            reasons=[{"code": "methods", "ids": [topic.pk]}],
        )

    with django_assert_max_num_queries(14):
        listed(desk, RoundPair)


def test_new_weights_are_a_new_version_and_old_ones_stay(desk):
    first = Weights.objects.add_version(by=None, at=MentoringRequestFactory().asked_at)
    data = {name: getattr(first, name) for name in ("methods", "topics", "setting", "format")}

    desk.post(
        reverse("admin:connections_weights_add"),
        {
            **data,
            "why": "Ways matter",
            "way": 120,
            "organisation": 60,
            "ties": 50,
            "left_out": 200,
            "minimum": 1,
        },
    )
    second = Weights.objects.get(version=2)
    unused = second.used
    press(desk, second, "use")
    desk.post(change(first), {**data, "way": 1})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (unused, second.used, second.way) == (False, True, 120)
    assert (first.used, first.way) == (False, 90)


def test_whoever_makes_new_weights_reads_what_each_number_does_and_where_it_began(desk):
    page = desk.get(reverse("admin:connections_weights_add")).text

    assert "Points for coming from different organisations. At the start: 60." in page
    assert "the more people are left out. At the start: 1." in page
    assert page.count("At the start:") == len(WORTHS)


def test_weights_by_which_nobody_could_be_matched_are_refused_beside_their_field(desk):
    worths = ("setting", "format", "way", "organisation", "ties", "left_out", "minimum")
    data = {**dict.fromkeys(worths, 10), "methods": 0, "topics": 0, "why": ""}

    page = desk.post(reverse("admin:connections_weights_add"), data).text

    assert "Give skills or topics some points: else nobody is matched" in page
    assert "Say what is different, and why" in page
    assert not Weights.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Weights.objects.add_version(by=None, at=AT, methods=0, topics=0)


def test_other_staff_do_not_reach_rounds_or_offers(staff, sign_in):
    client = sign_in(staff("curator"))
    profile = MentorProfileFactory(state="waiting")

    assert client.get(change(profile)).status_code == 403
    assert press(client, profile, "approve").status_code == 403
    assert MentorProfile.objects.get().state == "waiting"
