"""A small world with one of everything, the people who look at it, and an address for every route."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core import signing
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now

from academy import letters
from academy.models import Organisation, SupportRequest, Topic
from connections.actions import handing, rounds
from connections.models import (
    CheckIn,
    CircleMessage,
    Concern,
    Goal,
    ManagerConsent,
    Note,
    Relationship,
    RematchOffer,
    StillThere,
)
from tests.factories import MembershipFactory, PersonFactory, StaffFactory, TopicFactory
from tests.factories.capability import BookingFactory, CohortFactory
from tests.factories.coaches import (
    credential_of,
    group_of,
    logged,
    place_in,
    session_of,
    step,
)
from tests.factories.coffee import CoffeeMemberFactory, together
from tests.factories.conditions import ApproachFactory
from tests.factories.connections import (
    MentoringRequestFactory,
    MentorProfileFactory,
    drafted_pair,
)
from tests.factories.relationships import current, planned, task, times_for
from tests.factories.together import booked, circle, dated, first_slot, office_hour

# Everyone who looks: roles, and relations to the things of the world.
VISITOR = "visitor"
READERS = (
    VISITOR,
    "improver",  # a stranger of the same role
    "owner",  # books, asks, is mentored
    "mentor",  # of the owner
    "coach",  # another one, a stranger to the pair
    "supervisor",  # of coaches, by their step
    "sponsor",  # the owner's line manager
    "coordinator",
    "curator",
    "organisation_lead",  # of the owner's organisation
    "administrator",
    "safeguarding_lead",
    "staff_without_second_factor",
    "not_approved_yet",
)


@dataclass
class Everywhere:
    people: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def arguments(self, name: str) -> list[Any]:
        """What a route needs to be an address of something that is really there."""
        wanted = ARGUMENTS.get(name, [])
        return [self.things[one] for one in wanted]

    def address(self, name: str) -> str:
        return reverse(name, args=self.arguments(name))


def build() -> Everywhere:
    """One of everything; the owner's organisation is the organisation lead's too."""
    world = Everywhere()
    people = world.people
    for number, role in enumerate(("improver", "owner", "mentor", "coach", "supervisor")):
        people[role] = PersonFactory(name=f"Sampl {number}")
    staff = ("sponsor", "coordinator", "curator", "organisation_lead", "administrator")
    for number, role in enumerate(staff, start=10):
        people[role] = StaffFactory(role=role, name=f"Sampl {number}")
    people["safeguarding_lead"] = StaffFactory(role="safeguarding_lead")
    people["staff_without_second_factor"] = PersonFactory()
    people["staff_without_second_factor"].groups.add(Group.objects.get(name="curator"))
    people["not_approved_yet"] = PersonFactory(approved_at=None)
    place = MembershipFactory(person=people["owner"], line_manager=people["sponsor"]).organisation
    MembershipFactory(person=people["organisation_lead"], organisation=place)
    fill(world, place)
    return world


def fill(world: Everywhere, place: Organisation) -> None:
    at, people, things = now(), world.people, world.things
    topic = TopicFactory(group=Topic.Group.METHOD)
    cohort = CohortFactory(starts_at=at + timedelta(days=20), organisation=place)
    booking = BookingFactory(cohort=cohort, person=people["owner"])
    approach = ApproachFactory()
    profile = MentorProfileFactory(person=people["mentor"], methods=[topic])
    other = MentorProfileFactory(person=people["coach"], offers_coaching=True, methods=[topic])
    request = MentoringRequestFactory(
        mentee=people["owner"],
        mentor=profile,
        state="asked",
        asked_at=at,
        closes_at=at + timedelta(days=14),
        remind_at=at + timedelta(days=7),
    )
    request.suggestions.create(profile=profile, asked_at=at, made_at=at)
    pair = current(profile=profile, mentee=people["owner"])
    meeting = planned(pair, starts_at=at + timedelta(days=3), at=at)
    words = {"by": people["mentor"], "language": "en", "at": at}
    proposal = times_for(pair, times=[at + timedelta(days=4)], by=people["mentor"], at=at)
    goal = Goal.objects.set(pair, words="An aim", token=uuid.uuid4(), **words)
    made = task(pair, "A task", by=people["mentor"], at=at)
    Note.objects.write(pair, audience="private", words="Mine", token=uuid.uuid4(), **words)
    for half, answer in ((people["owner"], "w"), (people["mentor"], "b")):
        CheckIn.objects.create(relationship=pair, person=half, occasion=30, asked_at=at)
        CheckIn.objects.answer(pair, by=half, occasion=30, answer=answer, at=at)
    concern = Concern.objects.report(pair, words="Not right", token=uuid.uuid4(), **words)
    round = rounds.draw_up("Sampl", by=people["coordinator"], at=at)
    drafted = drafted_pair(request, other, by=people["coordinator"], at=at)
    closed = Concern.objects.report(pair, words="Was not right", token=uuid.uuid4(), **words)
    closed.take(people["safeguarding_lead"], at=at)
    back = {"reply": "Thank you", "reply_language": "en"}
    closed.close(people["safeguarding_lead"], words="Talked", language="en", **back, at=at)
    hand_over = handing.propose(
        current(profile=profile, mentee=PersonFactory(), at=at),
        other,
        words="Kind words",
        goals=True,
        token=uuid.uuid4(),
        **words,
    )
    handing.agree(hand_over, by=hand_over.relationship.mentee, goals=True, at=at)
    ask_and_tell(world, pair, hand_over.relationship)
    hour = office_hour(host=people["mentor"], topics=[topic], at=at)
    spare = hour.slots.order_by("starts_at")[1]
    mine = booked(first_slot(hour), people["owner"], at=at)
    group = circle(host=people["mentor"], topics=[topic], at=at)
    seat = group.join(people["owner"], at=at)
    date = dated(group, at=at)
    CircleMessage.objects.write(group, words="To you all", token=uuid.uuid4(), **words)
    question = SupportRequest.ask(
        people["owner"],
        words="Whom do I ask?",
        language="en",
        topic=topic,
        token=uuid.uuid4(),
        at=at,
    )
    care_for_the_coach(world)
    for role in ("owner", "coach"):
        CoffeeMemberFactory(person=people[role], work=False)
    coffee = together(people["owner"], people["coach"], at=at)
    things.update(
        coffee=coffee.seats.get(person=people["coach"]).pk,
        course=cohort.course.slug,
        cohort=cohort.pk,
        booking=booking.pk,
        approach=approach.slug,
        profile=profile.pk,
        request=request.pk,
        pair=pair.pk,
        meeting=meeting.pk,
        goal=goal.pk,
        proposal=proposal.pk,
        task=made.pk,
        concern=concern.pk,
        hand_over=hand_over.pk,
        question=question.pk,
        round=round.pk,
        drafts=drafted.round_id,
        drafted=drafted.pk,
        hour=hour.pk,
        slot=spare.pk,
        slot_booking=mine.pk,
        circle=group.pk,
        seat=seat.pk,
        date=date.pk,
        waiting=people["not_approved_yet"].pk,
        nothing=999_999,
        provider="staff",
        key="no-such-key",
        uid="1-set-password",
        stop=letters.stop_token(people["owner"], "capability.dates_announced"),
        signed=signing.dumps("x"),
    )


def ask_and_tell(world: Everywhere, pair: Relationship, another: Relationship) -> None:
    """Somebody else? Still taking requests? And line managers who may see counts: the owner is one."""
    at, people = now(), world.people
    RematchOffer.objects.offer(pair, by=people["coordinator"], at=at)
    for role in ("mentor", "coach"):
        StillThere.objects.create(profile=people[role].mentor_profile, asked_at=at)
    MembershipFactory(person=another.mentee, line_manager=people["owner"])
    for one in (pair, another):
        ManagerConsent.objects.give(one, by=one.mentee, at=at)


def care_for_the_coach(world: Everywhere) -> None:
    """A credential, a line of a log, and a place in supervision."""
    at, coach, supervisor = now(), world.people["coach"], world.people["supervisor"]
    step(supervisor, "supervisor")
    credential = credential_of(coach, at=at)
    line = logged(coach, "A morning of run charts", at=at)
    session = session_of(group_of(supervisor, at=at), starts_at=at + timedelta(days=9), at=at)
    place_in(session, coach, at=at)
    world.things.update(
        credential=credential.pk,
        line=line.pk,
        supervision=session.pk,
        group=session.group_id,
        coach=coach.pk,
    )


ARGUMENTS: dict[str, list[str]] = {
    "openid_connect_callback": ["provider"],
    "openid_connect_login": ["provider"],
    "question": ["question"],
    "withdraw_question": ["question"],
    "take_question": ["question"],
    "answer_question": ["question"],
    "stop": ["stop"],
    "approve": ["waiting"],
    "turn_away": ["waiting"],
    "account_confirm_email": ["key"],
    "account_reset_password_from_key": ["nothing", "key"],
    "mfa_remove_webauthn": ["nothing"],
    "mfa_edit_webauthn": ["nothing"],
    "capability:course": ["course"],
    "capability:interest": ["course"],
    **{
        f"capability:{name}": ["cohort"]
        for name in ("cohort", "book", "roster", "roster_csv", "write_to_all")
    },
    "capability:leave": ["booking"],
    "capability:calendar": ["booking"],
    **{
        f"connections:{name}": ["pair"]
        for name in (
            "relationship",
            "caseload_notes",
            "agreement",
            "change_agreement",
            "keep_agreement",
            "end",
            "pause",
            "extend",
            "agree_extension",
            "keep_end",
            "hand_over",
            "agree_hand_over",
            "stop_hand_over",
            "someone_else",
            "resume",
            "record",
            "plan",
            "propose",
            "agenda",
            "set_task",
            "next_meeting",
            "write_shared",
            "write_private",
            "set_goal",
            "report_concern",
            "mistakes",
            "check_in",
            "pair_weather",
            "nudge",
            "look_after",
            "stop_looking_after",
            "offer_rematch",
            "rematch",
            "manager_consent",
        )
    },
    "connections:meeting": ["pair", "meeting"],
    "connections:cancel_meeting": ["pair", "meeting"],
    "connections:move_meeting": ["pair", "meeting"],
    "connections:meeting_calendar": ["pair", "meeting"],
    "connections:proposal": ["pair", "proposal"],
    "connections:withdraw_proposal": ["pair", "proposal"],
    "connections:tick_task": ["pair", "task"],
    "connections:reach_goal": ["pair", "goal"],
    "connections:let_goal_go": ["pair", "goal"],
    "connections:hand_over_answer": ["hand_over"],
    "connections:concern": ["concern"],
    "connections:take_concern": ["concern"],
    "connections:close_concern": ["concern"],
    "connections:mentor": ["profile"],
    **{
        f"connections:{name}": ["round"]
        for name in (
            "round",
            "assign_round",
            "lock_pairs",
            "publish_round",
            "abandon_round",
            "left_out",
            "what_if",
            "use_alternative",
            "keep_drafts",
            "fairness",
            "fairness_export",
        )
    },
    "connections:round_pair": ["drafts", "drafted"],
    "connections:not_again": ["coffee"],
    "connections:request": ["request"],
    "connections:ask_suggested": ["request", "profile"],
    "connections:look_again": ["request"],
    "connections:choices": ["request"],
    "connections:pass_over": ["request", "profile"],
    "connections:show_again": ["request", "profile"],
    "connections:change_request": ["request"],
    "connections:withdraw": ["request"],
    "connections:answer": ["request"],
    "connections:change_credential": ["credential"],
    "connections:remove_credential": ["credential"],
    "connections:confirm_credential": ["credential"],
    "connections:return_credential": ["credential"],
    "connections:change_log": ["line"],
    "connections:remove_log": ["line"],
    "connections:coach": ["coach"],
    "connections:give_step": ["coach"],
    **{
        f"connections:{name}": ["supervision"]
        for name in (
            "supervision_session",
            "book_supervision",
            "leave_supervision",
            "supervision_calendar",
            "move_supervision",
            "cancel_supervision",
            "supervision_attendance",
        )
    },
    **{
        f"connections:{name}": ["group"]
        for name in (
            "supervision_group",
            "edit_supervision_group",
            "close_supervision_group",
            "plan_supervision",
        )
    },
    **{
        f"connections:{name}": ["hour"]
        for name in (
            "office_hour",
            "change_hours",
            "skip_day",
            "offer_again",
            "stop_office_hour",
            "report_from_office_hour",
        )
    },
    "connections:book_slot": ["slot"],
    "connections:cancel_slot": ["slot"],
    **{
        f"connections:{name}": ["slot_booking"]
        for name in (
            "slot_booking",
            "change_question",
            "give_back",
            "slot_calendar",
            "mark_came",
            "report_from_slot",
        )
    },
    **{
        f"connections:{name}": ["circle"]
        for name in (
            "circle",
            "join_circle",
            "leave_circle",
            "wish_for_place",
            "circle_calendar",
            "report_from_circle",
            "change_circle",
            "write_to_circle",
            "close_circle",
            "plan_circle_meeting",
        )
    },
    "connections:move_circle_meeting": ["circle", "date"],
    "connections:cancel_circle_meeting": ["circle", "date"],
    "connections:remove_from_circle": ["circle", "seat"],
    "conditions:approach": ["approach"],
}


def addressable(world: Everywhere, name: str) -> bool:
    try:
        world.address(name)
    except NoReverseMatch:
        return False
    return True
