from datetime import timedelta

import pytest

from academy.letters import compose
from academy.models import Notification
from connections.actions import asking
from connections.hooks import requests as ours
from connections.models import MentoringRequest, MentorProfile
from tests.factories import PersonFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """A request that waits for a mentor's answer."""
    profile = MentorProfileFactory()
    return asking.ask(MentoringRequestFactory(), profile, at=AT), profile


def test_a_mentor_finds_what_waits_for_an_answer_and_until_when(pair):
    request, profile = pair

    (need,) = ours.requests_to_answer(profile.person, at=AT)

    assert request.mentee.name in need.text
    assert need.due_at == AT + timedelta(days=14)
    assert not list(ours.requests_to_answer(request.mentee, at=AT))


def test_a_mentee_finds_their_suggestions(person):
    request = MentoringRequestFactory(mentee=person)
    request.suggestions.create(profile=MentorProfileFactory(), made_at=AT)

    (need,) = ours.suggestions_to_look_at(person, at=AT)

    assert (need.text, need.url) == ("1 person might help you", request.get_absolute_url())


def test_coordinators_have_queues_and_nobody_else(staff, person, pair):
    MentorProfileFactory(state="waiting", asked_at=AT)
    coordinator = staff("coordinator")

    def counts(reader, at):
        finders = (ours.offers_to_approve, ours.requests_near_their_close, ours.rounds_in_draft)
        return [queue.count for find in finders for queue in find(reader, at=at)]

    assert counts(coordinator, AT) == [1, 0, 0]
    assert counts(coordinator, AT + timedelta(days=12)) == [1, 1, 0]
    assert counts(person, AT) == []


def test_the_search_over_everything_finds_mentors_for_people_who_have_signed_in(person, visitor):
    topic = TopicFactory(name_en="Run charts", name_cy="Siartiau rhediad")
    profile = MentorProfileFactory(methods=[topic])
    MentorProfileFactory(methods=[topic], in_directory=False)

    hits = list(ours.mentors("siart", person))

    assert [hit.title for hit in hits] == [profile.person.name]
    assert b"Person" not in visitor.get("/en/search/?q=charts").content


def test_somebody_who_leaves_leaves_nobody_waiting(pair):
    request, profile = pair
    own = MentoringRequestFactory(mentee=profile.person)

    profile.person.deactivate(at=AT)

    for row in (request, own, profile):
        row.refresh_from_db()
    assert (request.state, own.state, profile.paused) == ("released", "withdrawn", True)


def test_a_mentee_who_leaves_takes_their_request_back(pair):
    request, _profile = pair

    request.mentee.deactivate(at=AT)

    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_the_export_holds_ones_own_words(pair):
    request, profile = pair

    mine = ours.my_offer_and_requests(request.mentee)
    theirs = ours.my_offer_and_requests(profile.person)

    assert [one["words"] for one in mine["requests"]] == [request.words]
    assert theirs["offer"]["about_help"] == profile.about_help
    assert theirs["requests"] == []


def test_erasing_removes_the_words_and_may_run_twice(pair):
    request, profile = pair
    for person in (request.mentee, profile.person):
        for _twice in range(2):
            ours.erase_offer_and_requests(person, at=AT)

    for row in (request, profile):
        row.refresh_from_db()
    assert (request.words, profile.about_help, profile.words) == ("", "", "")
    assert not MentorProfile.objects.listed().exists()


def test_a_message_that_has_lost_its_point_is_not_sent(pair):
    request, _profile = pair
    told = Notification.objects.get(kind="connections.request_asked")
    before = told.kind_of().letter(told)

    asking.withdraw(request, at=AT)

    assert before.context["other"] == request.mentee.name
    assert told.kind_of().letter(told) is None


STATES = {
    "request_asked": "asked",
    "request_proposed": "asked",
    "request_reminder": "asked",
    "request_matched": "asked",
    "request_left_out": "looking",
    "request_withdrawn": "withdrawn",
    "request_closed": "expired",
    "request_expired": "expired",
    "request_declined": "declined",
    "request_released": "released",
    "suggestions_ready": "looking",
    "suggestions_wait": "looking",
}


@pytest.mark.parametrize("kind", STATES)
def test_every_message_reads_in_both_languages(pair, kind):
    request, profile = pair
    after = {} if STATES[kind] == "asked" else {"mentor": None}
    closed = {"ended_at": AT} if STATES[kind] not in ("asked", "looking") else {}
    MentoringRequest.objects.filter(pk=request.pk).update(state=STATES[kind], **after, **closed)
    told = Notification.objects.post(
        f"connections.{kind}",
        key="x",
        to=profile.person,
        facts={"request": request.pk},
        link=("connections:request", [request.pk]),
        at=AT,
    )
    told.person.language = "both"

    mail = compose(told)

    welsh, english = mail.subject.split(" / ")
    assert welsh != english
    assert "/cy/mentora/ceisiadau/" in mail.body
    assert "/en/mentoring/requests/" in mail.body


def test_a_person_asked_and_a_stranger_see_different_pages(sign_in, pair):
    request, profile = pair

    home = sign_in(profile.person).get("/en/").content.decode()

    assert f"{request.mentee.name} asks for your help" in home
    assert request.mentee.name not in sign_in(PersonFactory()).get("/en/").content.decode()
