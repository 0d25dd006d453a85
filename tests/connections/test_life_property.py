"""Whatever either side does, in any order, twice or at once: no illegal step, and the counts are right."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.models.base import Refusal
from connections.actions import again, handing
from connections.models import (
    HandOver,
    MentoringRequest,
    MentorProfile,
    Relationship,
    Terms,
    extensions,
)
from connections.models.relationships import RelationshipQuerySet
from tests.factories import PersonFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import agree, begin, current, met, proposed

DAY = timedelta(days=1)
AT = LONG_AGO + 3 * DAY
STEPS = {
    ("waiting", "current"),
    ("current", "paused"),
    ("paused", "current"),
    ("waiting", "ended"),
    ("current", "ended"),
    ("paused", "ended"),
}


class World:
    """A pair and two mentors who might take over; every step of the way is looked at."""

    def __init__(self):
        self.profiles = [MentorProfileFactory(capacity=2) for _each in range(3)]
        self.mentor, self.next, self.third = (one.person for one in self.profiles)
        self.mentee = PersonFactory()
        self.stranger = PersonFactory()
        request = MentoringRequestFactory(
            mentee=self.mentee,
            mentor=self.profiles[0],
            state="accepted",
            ended_at=LONG_AGO,
            closes_at=None,
            remind_at=None,
        )
        self.pair = begin(profile=self.profiles[0], mentee=self.mentee, request=request)
        self.before = {self.pair.pk: "waiting"}
        self.frozen = {}

    def newest(self):
        return Relationship.objects.order_by("-pk").first()

    def look(self):
        for row in Relationship.objects.filter(pk__gte=self.pair.pk).values():
            was, now = self.before.get(row["id"], "waiting"), row["state"]
            assert was == now or (was, now) in STEPS, (was, now)
            self.before[row["id"]] = now
            if now == "ended":
                assert self.frozen.setdefault(row["id"], row) == row
        for profile in MentorProfile.objects.all():
            open_ = Relationship.objects.open().given_by(profile.person_id).count()
            assert profile.places_taken == open_ <= profile.capacity
        for pair in Relationship.objects.exclude(state__in=["waiting", "ended"]):
            terms = pair.terms
            assert terms.relationship_id == pair.pk
            assert {terms.proposed_by_id, terms.accepted_by_id} == {pair.mentor_id, pair.mentee_id}
            assert (pair.paused_at is not None) == pair.paused
        for one in HandOver.objects.all():
            assert one.done == (one.relationship.why == "handed")
            assert not (one.open and one.relationship.ended)


def _accept_newest(world, pair, by):
    newest = Terms.objects.of(pair).order_by("-number").first()
    Terms.objects.accept(pair, by=by, number=newest.number if newest else 1, at=AT)


def _hand_over(world, pair, by):
    profile = next(p for p in world.profiles if p.person_id != pair.mentor_id)
    handing.propose(pair, profile, by=by, words="", language="en", goals=True, token=uuid4(), at=AT)


def _open_hand_over(pair):
    return HandOver.objects.of(pair).with_people().order_by("-pk").first()


def _agree_hand_over(world, pair, by):
    one = _open_hand_over(pair)
    if one:
        handing.agree(one, by=by, goals=True, at=AT)


def _take_over(world, pair, by):
    one = _open_hand_over(pair)
    if one:
        handing.accept(one, by=by, at=AT)


def _say_no(world, pair, by):
    one = _open_hand_over(pair)
    if one:
        HandOver.say_no(one.pk, by=by, at=AT)


ACTIONS = {
    "propose terms": lambda world, pair, by: proposed(pair, by=by, at=AT),
    "accept terms": _accept_newest,
    "keep terms": lambda world, pair, by: Terms.objects.set_aside(pair, by=by, number=1, at=AT),
    "pause": lambda world, pair, by: pair.pause(by=by, at=AT),
    "resume": lambda world, pair, by: pair.resume(by=by, at=AT),
    "end": lambda world, pair, by: pair.end(by=by, at=AT),
    "extend": lambda world, pair, by: extensions.propose(
        pair, until=pair.ends_on + 9 * DAY, by=by, at=AT
    ),
    "agree to extend": lambda world, pair, by: extensions.agree(
        pair, until=pair.later_on or pair.ends_on, by=by, at=AT
    ),
    "keep the end": lambda world, pair, by: extensions.set_aside(pair, by=by, at=AT),
    "hand over": _hand_over,
    "agree to hand over": _agree_hand_over,
    "take over": _take_over,
    "say no": _say_no,
    "meet": lambda world, pair, by: met(pair, at=AT, by=by),
    "find another": lambda world, pair, by: again.look_for_another(
        pair, by=by, token=uuid4(), at=AT
    ),
}
PEOPLE = ("mentor", "mentee", "next", "third", "stranger")
# A pair under way comes first, or long stories never get beyond the agreement.
BEGIN = [("propose terms", "mentor"), ("accept terms", "mentee")]


def act(world, name, who):
    """One action on the newest pair, by one person; a refusal is an answer like any other."""
    try:
        with transaction.atomic():
            ACTIONS[name](world, world.newest(), getattr(world, who))
    except (Refusal, HandOver.DoesNotExist):
        return "refused"
    world.look()
    return "done"


stories = st.lists(
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from(PEOPLE)), min_size=3, max_size=14
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(story=stories, under_way=st.booleans())
def test_no_order_of_actions_takes_an_illegal_step(story, under_way):
    with transaction.atomic():
        world = World()
        for name, who in (BEGIN if under_way else []) + story:
            act(world, name, who)
            act(world, name, who)  # browsers and people repeat themselves
            if who == "stranger":
                assert act(world, name, who) == "refused" or name in SILENT
        world.look()
        transaction.set_rollback(True)


# Where nothing of theirs is found, nothing is done and nothing is refused.
SILENT = {"agree to hand over", "take over", "say no"}


def offered(world):
    """Under way, with a hand-over that waits for the next mentor."""
    agree(world.pair)
    _hand_over(world, world.newest(), world.mentee)


AT_ONCE = [
    ("take over", "next", "end", "mentor"),
    ("take over", "next", "end", "mentee"),
    ("take over", "next", "take over", "next"),
    ("take over", "next", "say no", "mentee"),
    ("take over", "next", "pause", "mentor"),
    ("extend", "mentor", "end", "mentee"),
    ("extend", "mentor", "take over", "next"),
    ("extend", "mentor", "extend", "mentee"),
    ("pause", "mentor", "end", "mentee"),
    ("pause", "mentor", "pause", "mentee"),
    ("end", "mentor", "end", "mentee"),
    ("propose terms", "mentor", "take over", "next"),
]


def both_at_once(world, *acts):
    start, troubles = Barrier(len(acts)), []

    def run(name, who):
        start.wait(30)
        try:
            ACTIONS[name](world, world.newest(), getattr(world, who))
        except (Refusal, HandOver.DoesNotExist):
            pass
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    racers = [Thread(target=run, args=one) for one in acts]
    [racer.start() for racer in racers]
    [racer.join(60) for racer in racers]
    assert not troubles


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "by", "other", "by_other"), AT_ONCE)
def test_two_at_once_leave_a_world_that_holds_together(one, by, other, by_other):
    for _again in range(2):
        world = World()
        offered(world)
        world.look()
        both_at_once(world, (one, by), (other, by_other))
        world.look()


@pytest.mark.django_db(transaction=True)
def test_two_hand_overs_proposed_at_once_leave_one():
    world = World()
    agree(world.pair)
    both_at_once(world, ("hand over", "mentor"), ("hand over", "mentee"))

    assert HandOver.objects.open().count() == 1
    world.look()


@pytest.mark.django_db(transaction=True)
def test_two_pairs_handed_to_the_same_last_place_at_once():
    """One is taken, the other stays as it was."""
    last = MentorProfileFactory(capacity=1)
    pairs = [current(profile=MentorProfileFactory()) for _each in range(2)]
    for pair in pairs:
        handing.propose(
            pair, last, by=pair.mentee, words="", language="en", goals=True, token=uuid4(), at=AT
        )
    start, came = Barrier(2), []

    def take(pk):
        start.wait(30)
        try:
            handing.accept(HandOver.objects.with_people().get(pk=pk), by=last.person, at=AT)
            came.append("done")
        except MentorProfile.Full:
            came.append("full")
        finally:
            connection.close()

    racers = [Thread(target=take, args=[one.pk]) for one in HandOver.objects.all()]
    [racer.start() for racer in racers]
    [racer.join(60) for racer in racers]
    last.refresh_from_db()
    assert sorted(came) == ["done", "full"]
    assert last.places_taken == 1
    assert sorted(
        Relationship.objects.filter(pk__in=[p.pk for p in pairs]).values_list("state", flat=True)
    ) == ["current", "ended"]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_hand_overs_meet_the_constraint(monkeypatch):
    monkeypatch.setattr(RelationshipQuerySet, "locked", lambda rows: rows.order_by("pk"))
    world = World()
    agree(world.pair)
    with pytest.raises(AssertionError):
        for _try in range(20):
            HandOver.objects.all().delete()
            both_at_once(world, *[("hand over", "mentor")] * 4)
    assert HandOver.objects.open().count() <= 1


@pytest.mark.django_db
def test_a_request_for_somebody_else_is_begun_once():
    world = World()
    agree(world.pair)
    world.pair.end(by=world.mentee, at=AT)
    token = uuid4()
    for _again in range(2):
        again.look_for_another(world.pair, by=world.mentee, token=token, at=AT)

    made = MentoringRequest.objects.of(world.mentee).pending().get()
    assert list(made.kept_apart.all()) == [world.mentor]
