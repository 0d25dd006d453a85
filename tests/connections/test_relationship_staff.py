from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from connections.actions import rounds
from connections.hooks import relationships as offered
from connections.hooks import weather
from connections.models import Concern, MatchingRound, RelationshipRules
from tests.factories.coaches import credential_of
from tests.factories.relationships import agree, begin, current, met, planned

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "admin:connections_relationship_changelist"


@pytest.fixture
def silent():
    pair = current(at=now() - 90 * DAY)
    met(pair, at=now() - 50 * DAY)
    return pair


def test_a_lead_meets_open_concerns_first_on_the_home_page_and_not_who_or_what(staff, sign_in):
    pair, lead = begin(), staff("safeguarding_lead")
    begin(at=now() - timedelta(days=90), mentee=lead)
    said = {"words": "Not right", "language": "en", "token": uuid4()}
    Concern.objects.report(pair, by=pair.mentee, at=now(), **said)

    page = sign_in(lead).get(reverse("home"))
    first, *others = page.context["needs"]
    assert (first.text, first.url) == ("Concerns: 1", reverse("connections:concerns"))
    assert others
    assert not any(
        words in page.text for words in ("Not right", pair.mentee.name, pair.mentor.name)
    )
    Concern.objects.update(taken_at=now(), closed_at=now())
    assert "Concerns:" not in sign_in(lead).get(reverse("home")).text


def test_a_coordinator_meets_what_waits_on_the_home_page_and_a_mentee_does_not(staff, sign_in):
    pair = begin(at=now() - timedelta(days=90))
    credential_of(pair.mentor)
    rounds.draw_up("Spring", by=staff("coordinator"), seed=7, at=now())
    MatchingRound.objects.update(state=MatchingRound.State.DRAFTS)

    page = sign_in(staff("coordinator")).get(reverse("home"))
    waiting = {need.text: need.url for need in page.context["needs"]}
    assert waiting.keys() >= {
        "Pairs that need help and that nobody looks after: 1",
        "Credentials of coaches to confirm: 1",
        "Matching rounds to look over: 1",
    }
    assert not any(need.first for need in page.context["needs"])
    assert (
        "Pairs that need help and that nobody looks after"
        not in sign_in(pair.mentee).get(reverse("home")).text
    )


def test_a_coordinator_finds_quiet_pairs_by_their_dates(silent, staff, sign_in):
    lively = current(at=now())
    client = sign_in(staff("coordinator"))
    everything = client.get(reverse(LIST)).content.decode()
    quiet = client.get(f"{reverse(LIST)}?quiet=yes").content.decode()

    assert str(lively) in everything
    assert str(silent) in quiet
    assert str(lively) not in quiet


def test_a_coordinator_looks_and_changes_nothing(silent, staff, sign_in):
    client = sign_in(staff("coordinator"))
    page = client.get(reverse("admin:connections_relationship_change", args=[silent.pk]))

    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    for name in ("add", "delete"):
        args = [silent.pk] if name == "delete" else []
        answer = client.get(reverse(f"admin:connections_relationship_{name}", args=args))
        assert answer.status_code == 403


def test_other_staff_do_not_see_who_is_paired(silent, staff, sign_in):
    for role in ("curator", "administrator", "organisation_lead", "safeguarding_lead"):
        assert sign_in(staff(role)).get(reverse(LIST)).status_code == 403


def test_an_administrator_changes_the_start_values(staff, sign_in):
    client = sign_in(staff("administrator"))
    values = {
        "first_contact_days": 7,
        "first_meeting_days": 21,
        "silence_days": 45,
        "months": 6,
        "kept_days": 180,
        "goals": 3,
        "tasks": 5,
        "early_meetings": 4,
        "reminder_hours": 24,
    }
    client.post(reverse("admin:connections_relationshiprules_add"), values)

    assert RelationshipRules.current().silence_days == 45
    assert RelationshipRules.current().pk == 1


def test_queues_count_for_those_who_may_work_them(silent, staff):
    Concern.objects.report(
        silent, by=silent.mentee, words="Words", language="en", token=uuid4(), at=now()
    )

    silent.refresh_from_db()
    last = silent.last_contact_at

    def counts(offer, role):
        return [(queue.count, queue.oldest_at) for queue in offer(staff(role), at=now())]

    assert counts(weather.pairs_needing_a_word, "coordinator") == [(1, last)]
    assert [count for count, _at in counts(offered.concerns, "safeguarding_lead")] == [1]
    assert counts(weather.pairs_needing_a_word, "administrator") == []
    assert counts(offered.concerns, "coordinator") == []


def test_what_waits_for_each_half_is_on_their_home_page():
    pair = begin(at=now() - DAY)

    def needs(offer, person):
        return [need.text for need in offer(person, at=now())]

    assert len(needs(offered.agreements_waiting, pair.mentor)) == 1
    assert len(needs(offered.agreements_waiting, pair.mentee)) == 1
    agree(pair, at=now() - DAY)
    planned(pair, starts_at=now() - timedelta(hours=2), at=now() - timedelta(hours=3))
    assert needs(offered.agreements_waiting, pair.mentee) == []
    assert len(needs(offered.meetings_to_write_up, pair.mentor)) == 1
