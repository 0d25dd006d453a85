"""Whoever found nobody reads where somebody has a place free, and that a round looked for them."""

import pytest
from django.utils.timezone import now

from connections import tasks
from connections.actions import publishing, rounds
from connections.models import MentorProfile
from connections.models.room import room, room_for
from tests.factories import TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory

pytestmark = pytest.mark.django_db


def skill(group="method"):
    return TopicFactory(group=group)


def test_skills_near_those_asked_for_come_first_then_those_with_most_places():
    mine, near, far, farther = skill(), skill(), skill("leadership"), skill("leadership")
    request = MentoringRequestFactory(methods=[mine])
    MentorProfileFactory(methods=[near, mine], capacity=1)
    MentorProfileFactory(methods=[far], capacity=3)
    MentorProfileFactory(methods=[farther], capacity=2)

    assert room_for(request) == [near, far, farther]


def test_only_people_who_might_suit_and_have_a_place_count():
    request = MentoringRequestFactory(
        methods=[skill()], kind="coaching", in_welsh=True, in_english=False
    )
    suits = {"offers_coaching": True, "offers_mentoring": False, "in_welsh": True}
    possible = skill()
    MentorProfileFactory(methods=[possible], **suits)
    MentorProfileFactory(methods=[skill()], **suits, capacity=1, places_taken=1)
    MentorProfileFactory(methods=[skill()], **suits, paused=True)
    MentorProfileFactory(methods=[skill()], **{**suits, "in_welsh": False})
    MentorProfileFactory(methods=[skill()], in_welsh=True)
    MentorProfileFactory(methods=[skill()], **suits, person=request.mentee)

    assert room_for(request) == [possible]
    assert len(room(MentorProfile.objects.taking())) == 3


def test_whoever_a_round_left_out_reads_so_and_where_there_is_room(staff, sign_in):
    coordinator, wanted, free = staff("coordinator"), skill(), skill()
    request = MentoringRequestFactory(methods=[wanted], suggest_from=None, suggested_at=now())
    MentorProfileFactory(methods=[free])
    round = rounds.draw_up("Spring", by=coordinator, seed=7, at=now())
    rounds.start(round, by=coordinator, at=now())
    tasks.solve_round(round=round.pk)
    mentee = sign_in(request.mentee)
    before = mentee.get(request.get_absolute_url()).text
    listed = sign_in(coordinator).get(f"{round.get_absolute_url()}left-out/").text
    round.refresh_from_db()

    publishing.publish(round, by=coordinator, at=now())
    tasks.publish_round(round=round.pk)

    told = mentee.get(request.get_absolute_url()).text
    assert "looked for everybody at once" not in before
    assert "we looked for everybody at once and found nobody for you." in told
    assert "The next time that counts in your favour" in told
    for page in (told, listed):
        assert f"Somebody has a place free for: {free.name}." in page
