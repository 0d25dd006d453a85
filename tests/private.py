"""Which words people write are private, and to whom. A text column in no list fails the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from academy import roles
from connections.models import CoffeeSeat

OURS = ("academy", "capability", "conditions", "connections")
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


@dataclass(frozen=True)
class Secret:
    """Who may read this column of a row. `shown`: one of them meets it on a page or in an export."""

    people: Callable[[Any], Iterable[Any]]
    roles: tuple[str, ...] = ()
    shown: bool = True


def pair(row: Any) -> list[Any]:
    return [row.relationship.mentor, row.relationship.mentee]


def note(row: Any) -> list[Any]:
    return pair(row) if row.shared else [row.author]


def handed(row: Any) -> list[Any]:
    """The pair, and the new mentor from the mentee's yes on."""
    return [*pair(row), *([row.to.person] if row.offered_at else [])]


def asked(row: Any) -> list[Any]:
    """The mentee, whoever has been asked, and whoever mentors them because of it."""
    of = [row.mentee, *(one.profile.person for one in row.suggestions.exclude(asked_at=None))]
    if row.mentor is not None:
        of.append(row.mentor.person)
    return of


def supervised(row: Any) -> list[Any]:
    return [row.group.lead, *(place.person for place in row.bookings.all())]


def coffee(row: Any) -> list[Any]:
    """The person, and with whom they have coffee this month."""
    with_whom = CoffeeSeat.objects.with_whom(row.person).select_related("person")
    return [row.person, *(seat.person for seat in with_whom)]


def two(row: Any) -> list[Any]:
    """Of a question: who asks it, and the host."""
    return [row.booking.person, row.booking.host]


def booked(row: Any) -> list[Any]:
    """Of an office hour: its host, and whoever has a time in it."""
    slots = row.slots.filter(bookings__left_at=None)
    return [row.host, *(one.person for slot in slots for one in slot.bookings.all())]


def circle(row: Any) -> list[Any]:
    """Of a circle: its host, and who is in it now."""
    return [row.host, *(one.person for one in row.members.current())]


SECRET: dict[str, Secret] = {
    "academy.Notification.facts": Secret(lambda row: (), shown=False),
    "academy.SupportRequest.words": Secret(lambda row: [row.asker], (roles.COORDINATOR,)),
    "academy.SupportRequest.reply": Secret(lambda row: [row.asker], (roles.COORDINATOR,)),
    "capability.Booking.hope": Secret(lambda row: [row.person], (roles.CURATOR,)),
    "connections.MentoringRequest.words": Secret(asked),
    "connections.Suggestion.answer": Secret(lambda row: [row.request.mentee, row.profile.person]),
    "connections.Note.sealed": Secret(note),
    "connections.Goal.sealed": Secret(pair),
    "connections.CheckIn.sealed": Secret(lambda row: [row.person], shown=False),
    "connections.Terms.sealed": Secret(pair),
    "connections.HandOver.sealed": Secret(handed),
    "connections.ClosingNote.sealed": Secret(lambda row: (), (roles.SAFEGUARDING_LEAD,)),
    "connections.ConcernReply.sealed": Secret(
        lambda row: [row.concern.reporter, row.concern.owner]
    ),
    "connections.Meeting.place": Secret(pair),
    "connections.Proposal.place": Secret(pair),
    "connections.Task.sealed": Secret(pair),
    "connections.Credential.evidence": Secret(lambda row: [row.person], (roles.COORDINATOR,)),
    "connections.Credential.returned_words": Secret(
        lambda row: [row.person], (roles.COORDINATOR,), shown=False
    ),
    "connections.LogLine.sealed": Secret(lambda row: [row.person]),
    "connections.SupervisionSession.place": Secret(supervised, (roles.COORDINATOR,)),
    "connections.CoffeeMember.reach": Secret(coffee),
    "connections.SlotQuestion.sealed": Secret(two),
    "connections.OfficeHour.place": Secret(booked),
    "connections.Circle.place": Secret(circle),
    "connections.CircleMessage.sealed": Secret(lambda row: circle(row.circle)),
    "connections.Concern.sealed": Secret(lambda row: [row.reporter], (roles.SAFEGUARDING_LEAD,)),
}
# What a whole page, a directory or a desk of staff may show; and codes, keys and settings.
OPEN: dict[str, str] = {
    "academy.AuditEvent": "verb kind object_id fields reason request_id",
    "academy.Person": "password email name job_role",
    "academy.Notification": "kind key address language why request_id",
    "academy.NotificationChoice": "kind",
    "academy.SupportRequest": "language reply_language",
    "academy.Organisation": "code name_en name_cy cy_source source",
    "academy.Membership": "team line_manager_email",
    "academy.Heartbeat": "name",
    "academy.Topic": "slug name_en name_cy cy_source source",
    "capability.Cohort": "place_en place_cy joining_link booking_link",
    "capability.Booking": "hope_language",
    "capability.Message": "heading_en heading_cy body_en body_cy",
    "capability.Session": "place_en place_cy",
    "connections.Suggestion": "reasons answer_language",
    "connections.MentorProfile": "about_help about_story about_meeting decision"
    " decision_language shown_name words",
    "connections.MentoringRequest": "widen",
    "connections.Agreement": "language",
    "connections.Care": "felt",
    "connections.CheckIn": "key_id language",
    "connections.Concern": "key_id language",
    "connections.Credential": "name awarded_by language returned_language",
    "connections.Circle": "title about written_in",
    "connections.CircleMessage": "key_id language",
    "connections.OfficeHour": "about written_in",
    "connections.SlotQuestion": "key_id language",
    "connections.Goal": "key_id language",
    "connections.LadderStep": "means_en means_cy",
    "connections.Note": "key_id language",
    "connections.Task": "key_id language",
    "connections.HandOver": "key_id language",
    "connections.ClosingNote": "key_id language",
    "connections.ConcernReply": "key_id language",
    "connections.Terms": "key_id language",
    "connections.LeftOut": "widen",
    "connections.LogLine": "key_id language",
    "connections.MatchingRound": "title trouble pool_mark",
    "connections.Requirement": "words_en words_cy",
    "connections.RoundPair": "reasons override_reason",
    "connections.SetApart": "reason",
    "connections.SupervisionGroup": "name name_language",
    "connections.Weights": "why",
}


def columns() -> Iterator[tuple[str, str]]:
    """Label and name of each column of ours that can hold words somebody typed."""
    for model in apps.get_models():
        public = any(base.__name__ == "PublicContent" for base in model.__mro__)
        if model._meta.app_label not in OURS or public:
            continue
        for field in model._meta.concrete_fields:
            base = field.base_field if isinstance(field, ArrayField) else field
            if isinstance(base, TEXT) and not field.choices:
                yield model._meta.label, field.name


def unlisted() -> set[str]:
    named = {f"{label}.{name}" for label, names in OPEN.items() for name in names.split()}
    return {f"{label}.{name}" for label, name in columns()} ^ (named | set(SECRET))


@dataclass(frozen=True)
class Canary:
    """One word in one column of one row."""

    column: str
    row: Any
    word: str

    @property
    def secret(self) -> Secret:
        return SECRET[self.column]

    def may_be_read_by(self, person: Any) -> bool:
        if person in self.secret.people(self.row):
            return True
        return bool(self.secret.roles) and person.has_role(*self.secret.roles)


def plant() -> list[Canary]:
    """A word of its own in every private column of every row there is."""
    canaries: list[Canary] = []
    for column in SECRET:
        label, name = column.rsplit(".", 1)
        for row in apps.get_model(label)._base_manager.order_by("pk"):
            canary = Canary(column, row, f"Zq{len(canaries)}canaryzq")
            _plant(canary, name)
            canaries.append(canary)
    return canaries


def _within(old: str | None, word: str) -> str:
    """In the place of the words; where several are sealed together, in the place of each."""
    try:
        parts = json.loads(old or "")
    except ValueError:
        return word
    return json.dumps(dict.fromkeys(parts, word)) if isinstance(parts, dict) else word


def _plant(canary: Canary, name: str) -> None:
    row, word = canary.row, canary.word
    if name == "sealed":
        row.seal(_within(row.opened(), word))
        row.save(update_fields=["key_id", "sealed"])
        return
    value = {**row.facts, "planted": word} if name == "facts" else word
    type(row)._base_manager.filter(pk=row.pk).update(**{name: value})
    row.refresh_from_db(fields=[name])
