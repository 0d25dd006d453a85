from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now

from academy.letters import compose
from academy.models import Notification, Person
from connections.actions import answering, asking, handing
from connections.models import Concern, Meeting, Relationship, RematchOffer
from tests.factories import StaffFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.hand_overs import handed
from tests.factories.people import PersonFactory
from tests.factories.relationships import agree, begin, current, met, planned

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def letter(kind, person):
    return Notification.objects.of(person).get(kind=f"connections.{kind}")


def mail(kind, person):
    made = compose(letter(kind, person))
    return made and f"{made.subject}\n{made.body}"


@pytest.fixture
def both():
    """A mentor who reads English and a mentee who reads Welsh."""
    mentor = PersonFactory(name="Ann O’Neill & Co", language="en")
    return {
        "profile": MentorProfileFactory(person=mentor),
        "mentee": PersonFactory(name="Carys", language="cy"),
        "at": now(),
    }


def test_a_beginning_is_told_in_each_ones_language(both):
    pair = begin(**both)
    english, welsh = (mail("relationship_begun", who) for who in (pair.mentor, pair.mentee))

    assert "Carys and you can begin." in english
    assert f"/en/mentoring/{pair.pk}/" in english
    assert "Gall Ann O’Neill & Co a chithau ddechrau." in welsh
    assert f"/cy/mentora/{pair.pk}/" in welsh
    assert "agreement" not in welsh


def test_the_mail_says_that_words_wait_and_not_which(both):
    request = asking.ask(MentoringRequestFactory(mentee=both["mentee"]), both["profile"], at=now())
    told = {"words": "CANARY", "language": "en", "at": now()}
    pair = answering.accept(request, both["profile"].person, **told)

    assert "CANARY" not in mail("relationship_begun", pair.mentee)
    assert "ychydig eiriau" in mail("relationship_begun", pair.mentee)
    assert "a few words" not in mail("relationship_begun", pair.mentor)


def test_an_agreement_that_is_no_longer_waited_for_is_not_asked_for(both):
    pair = agree(begin(**both))

    assert mail("agreement_waiting", pair.mentee) is None
    assert "accepted the agreement too" in mail("agreement_complete", pair.mentor)


def test_a_meeting_tells_when_and_loses_its_point_when_cancelled(both):
    pair = current(**both)
    meeting = planned(pair, starts_at=now() + DAY, at=now(), by=pair.mentee)

    assert "You and Carys meet on" in mail("meeting_planned", pair.mentor)
    Meeting.objects.settle(meeting, by=pair.mentor, held=False, at=now())
    assert mail("meeting_planned", pair.mentor) is None
    assert "Mae Ann O’Neill & Co wedi canslo eich cyfarfod" in mail(
        "meeting_cancelled", pair.mentee
    )


def test_an_end_is_told_without_blame(both):
    pair = current(**both)
    pair.end(by=pair.mentee, at=now())
    told = mail("relationship_ended", pair.mentor)

    assert "nobody’s fault" in told
    assert "The place is free again" in told
    assert "180 more days" in told


def test_who_closed_their_account_is_not_said_to_have_ended_it(both):
    pair = current(**both)
    pair.mentor.deactivate(at=now())

    assert "wedi’i gau" in mail("relationship_ended", pair.mentee)


def _parted(pair, who):
    offered = {"by": StaffFactory(role="coordinator"), "at": now()}
    RematchOffer.objects.offer(pair, **offered)
    RematchOffer.objects.part(pair, by=getattr(pair, who), at=now())


def _handed_over(pair, who):
    new = MentorProfileFactory()
    handing.accept(handed(pair, new, by=pair.mentee), by=new.person, at=now())


def _left(pair, who):
    getattr(pair, who).deactivate(at=now())


@pytest.mark.parametrize("who", ["mentor", "mentee"])
@pytest.mark.parametrize("ends", [_parted, _handed_over, _left])
def test_a_meeting_that_falls_with_the_pair_is_nobodys_cancelling(both, ends, who):
    pair = current(**both)
    planned(pair, starts_at=now() + DAY, at=now())
    ends(pair, who)
    told = [mail("meeting_cancelled", one) for one in (pair.mentor, pair.mentee)]

    assert all(told)
    assert "has cancelled" not in told[0]
    assert "wedi canslo" not in told[1]
    assert ("handed over" if ends is _handed_over else "has ended") in told[0]
    assert ("drosglwyddo" if ends is _handed_over else "wedi dod i ben") in told[1]


def test_who_ends_the_pair_in_their_own_name_is_named(both):
    pair = current(**both)
    planned(pair, starts_at=now() + DAY, at=now())
    pair.end(by=pair.mentee, at=now())

    assert "Carys has cancelled your meeting" in mail("meeting_cancelled", pair.mentor)


def test_a_nudge_is_not_sent_when_they_have_met_meanwhile(both):
    pair = current(**{**both, "at": now() - 60 * DAY})
    Relationship.objects.nudge_silent(at=now())

    assert "have not met yet" in mail("silence_nudge", pair.mentor)
    met(pair, at=now() + DAY)
    assert mail("silence_nudge", pair.mentor) is None


def test_a_nudge_is_sent_though_a_meeting_is_planned_far_away(both):
    pair = current(**{**both, "at": now() - 60 * DAY})
    planned(pair, starts_at=now() + 90 * DAY, at=now() - 59 * DAY)
    Relationship.objects.nudge_silent(at=now())

    assert "have not met yet" in mail("silence_nudge", pair.mentor)
    planned(pair, starts_at=now() + 10 * DAY, at=now())
    assert mail("silence_nudge", pair.mentor) is None


def test_a_concern_without_a_lead_goes_to_the_safeguarding_address(both, settings):
    pair = current(**both)
    Concern.objects.report(
        pair, by=pair.mentee, words="CANARY", language="en", token=uuid4(), at=now()
    )
    made = compose(Notification.objects.get(kind="connections.concern_received"))

    assert not Person.objects.with_role("safeguarding_lead").exists()
    assert made.to == [settings.SITE_SAFEGUARDING]
    assert "CANARY" not in made.body
    assert "/concerns/" in made.body
