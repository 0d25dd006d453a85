"""What waits for a person in their relationships; leaving, taking one's data along, erasing it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from academy import hooks
from academy.permissions import may_act_as
from academy.piles import pile
from academy.roles import SAFEGUARDING_LEAD
from connections.models import (
    Concern,
    Goal,
    Meeting,
    Note,
    Proposal,
    Relationship,
    RelationshipRules,
    Task,
    Terms,
)
from connections.models.weather import Weather, Why, weather
from connections.templatetags.relationships import why_words

hooks.nav(gettext_lazy("My mentoring"), "connections:mentoring", order=32, audience="improver")


@hooks.panel("connections/relationships/_panel.html", place="now", order=10)
def my_people(request: HttpRequest) -> hooks.Facts | None:
    """One's own pairs under way, whichever half one is; the next meeting first."""
    if not request.user.is_authenticated:
        return None
    pairs = Relationship.objects.visible_to(request.user).open().select_related("mentor", "mentee")
    at, reader = now(), request.user
    rows = [
        {"pair": pair, "other": pair.other(reader), "meets_at": _still_to_come(pair, at)}
        for pair in pairs.order_by(F("next_meeting_at").asc(nulls_last=True), "pk")[:4]
    ]
    gives = any(row["pair"].mentor_id == reader.pk for row in rows)
    page = "connections:caseload" if gives else "connections:mentoring"
    return {"rows": rows, "url": reverse(page)} if rows else None


def _still_to_come(pair: Relationship, at: datetime) -> datetime | None:
    when = pair.next_meeting_at
    return when if when is not None and when > at else None


@hooks.need
def agreements_waiting(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Relationships whose agreement this person has not accepted."""
    said_yes = Terms.objects.proposed().filter(proposed_by=person).values("relationship")
    waiting = Relationship.objects.of(person).filter(state=Relationship.State.WAITING)
    pairs = list(waiting.exclude(pk__in=said_yes).select_related("mentor", "mentee").order_by("pk"))
    wait = timedelta(days=RelationshipRules.current().first_contact_days if pairs else 0)
    for pair in pairs:
        yield hooks.Need(
            _("The agreement with %(name)s waits for your yes") % {"name": pair.other(person).name},
            reverse("connections:agreement", args=[pair.pk]),
            _("Read and accept"),
            pair.began_at + wait,
        )


@hooks.need
def terms_to_answer(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Changes to an agreement that the other has proposed."""
    pairs = Relationship.objects.of(person).exclude(terms=None).open()
    asked = Terms.objects.proposed().exclude(proposed_by=person).filter(relationship__in=pairs)
    for terms in asked.select_related("relationship__mentor", "relationship__mentee").order_by(
        "pk"
    ):
        pair = terms.relationship
        yield hooks.Need(
            _("%(name)s proposes a change to your agreement") % {"name": pair.other(person).name},
            reverse("connections:agreement", args=[pair.pk]),
            _("Read it"),
        )


@hooks.need
def meetings_to_write_up(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Planned meetings that are over: did they take place?"""
    pairs = Relationship.objects.given_by(person).current().filter(next_meeting_at__lte=at)
    for pair in pairs.select_related("mentee").order_by("next_meeting_at", "pk"):
        yield hooks.Need(
            _("Your meeting with %(name)s: did it take place?") % {"name": pair.mentee.name},
            pair.get_absolute_url(),
            _("Write it up"),
        )


@hooks.need
def people_to_care_for(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """The rest of what one's desk counts: gone quiet, not met, or past the agreed end."""
    pairs = list(Relationship.objects.given_by(person).current().select_related("mentee"))
    rules = RelationshipRules.current() if pairs else RelationshipRules()
    for pair in sorted(pairs, key=lambda one: (one.last_contact_at, one.pk)):
        seen = weather(pair, rules=rules, agreed=True, at=at)
        if seen.needs_me and seen.why != Why.UNWRITTEN:
            yield _care(pair, seen)


def _care(pair: Relationship, seen: Weather) -> hooks.Need:
    name, action, words = {
        Why.SILENT: (
            "write_shared",
            _("Send a note"),
            ngettext(
                "No word between you and %(name)s for %(days)s day",
                "No word between you and %(name)s for %(days)s days",
                seen.days,
            ),
        ),
        Why.NO_FIRST_MEETING: (
            "propose",
            _("Plan a meeting"),
            _("You and %(name)s have not met yet"),
        ),
        Why.OVER: ("end", _("Look back together"), _("Your agreed time with %(name)s is over")),
    }[seen.why]
    said = words % {"name": pair.mentee.name, "days": seen.days}
    if seen.kind_word:
        said = f"{pair.mentee.name}: {why_words(seen)}"
    return hooks.Need(said, reverse(f"connections:{name}", args=[pair.pk]), action)


@hooks.queue
def concerns(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, SAFEGUARDING_LEAD):
        return
    rows = Concern.objects.visible_to(person).open()
    url = reverse("connections:concerns")
    yield pile(_("Concerns"), rows, since="reported_at", where=url)


@hooks.export("relationships")
def my_relationships(person: Any) -> list[dict[str, Any]]:
    """Dates, goals and meetings of one's own pairs, shared notes of both, private ones one wrote."""
    pairs = Relationship.objects.of(person).select_related("mentor", "mentee").order_by("pk")
    return [_one(pair, person) for pair in pairs]


def _one(pair: Relationship, person: Any) -> dict[str, Any]:
    return {
        "kind": pair.kind,
        "mentor": pair.mentor.name,
        "mentee": pair.mentee.name,
        "state": pair.state,
        "began_at": pair.began_at,
        "ended_at": pair.ended_at,
        "meetings": list(
            Meeting.objects.of(pair)
            .order_by("starts_at", "pk")
            .values("state", "starts_at", "minutes", "how", "place")
        ),
        "terms": [
            {
                "purpose": one.opened(),
                "often": one.often,
                "how": one.how,
                "notes": one.notes,
                "review_on": one.review_on,
                "state": one.state,
                "proposed_at": one.proposed_at,
                "accepted_at": one.accepted_at,
            }
            for one in Terms.objects.of(pair).order_by("number")
        ],
        "goals": [
            {
                "words": one.words,
                "set_at": one.goal.set_at,
                "reached_at": one.goal.reached_at,
                "let_go_at": one.goal.let_go_at,
            }
            for one in Goal.objects.of(pair).opened_by(person)
        ],
        "tasks": [
            {
                "words": one.words,
                "doer": one.task.doer.name,
                "due_on": one.task.due_on,
                "done_at": one.task.done_at,
            }
            for one in Task.objects.of(pair).opened_by(person)
        ],
        "proposed_times": list(
            Proposal.objects.of(pair)
            .order_by("times__starts_at", "pk")
            .values("times__starts_at", "minutes", "how", "place", "state")
        ),
        "notes": [
            {
                "written_at": one.note.written_at,
                "author": one.note.author.name,
                "audience": one.note.audience,
                "words": one.words,
            }
            for one in Note.objects.of(pair).opened_by(person)
        ],
    }


@hooks.export("concerns")
def my_concerns(person: Any) -> list[dict[str, Any]]:
    """What one reported oneself; what others reported is not theirs to take."""
    return [
        {
            "words": one.opened(),
            "reported_at": one.reported_at,
            "closed_at": one.closed_at,
            "reply": one.reply.opened() if hasattr(one, "reply") else None,
        }
        for one in Concern.objects.reported_by(person).with_owner()
    ]


@hooks.erase(order=30)
def erase_relationships(person: Any, *, at: datetime) -> None:
    """One's own words go, and the goals of one's own pairs; dates stay for the other half."""
    Terms.objects.filter(proposed_by=person).forget()
    Note.objects.filter(author=person).delete()
    Goal.objects.filter(relationship__in=Relationship.objects.received_by(person)).delete()
    Goal.objects.filter(set_by=person).delete()
    Meeting.objects.filter(written_by=person).update(place="", written_by=None)
    Concern.objects.forget_reporter(person)
