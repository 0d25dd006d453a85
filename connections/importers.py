"""A CSV file of pairs that met before the academy knew of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from academy import hooks, roles
from academy.import_rows import DAYS, RowForm
from academy.importing import Saved
from academy.models import AuditEvent, Conflict, Person
from connections.models import MentorProfile, Relationship
from connections.models.requests import Kind
from connections.models.rules import LEAST_PLACES, MOST_PLACES

KINDS = [(kind.value, kind.label) for kind in (Kind.MENTORING, Kind.COACHING)]


class Account(forms.EmailField):
    """Somebody who has an account, by their address."""

    def clean(self, value: Any) -> Person:
        person = Person.objects.active().filter(email__iexact=super().clean(value)).first()
        if person is None:
            raise ValidationError(_("Nobody with this address has an account."))
        return person


class PairRow(RowForm):
    mentor = Account(label=_("e-mail of the mentor or coach"))
    mentee = Account(label=_("e-mail of the mentee"))
    kind = forms.ChoiceField(label=_("kind"), choices=KINDS)
    began_on = forms.DateField(label=_("began on"), input_formats=DAYS)
    places = forms.IntegerField(
        label=_("places of a new mentor"),
        min_value=LEAST_PLACES,
        max_value=MOST_PLACES,
        required=False,
    )

    def clean_began_on(self) -> date:
        day: date = self.cleaned_data["began_on"]
        if day > localdate():
            raise ValidationError(_("This day is still to come."))
        return day


@hooks.importer(
    "pairs",
    label=_("Existing mentor pairs"),
    form=PairRow,
    roles=(roles.COORDINATOR, roles.ADMINISTRATOR),
    order=70,
)
@transaction.atomic
def pair(row: dict[str, Any], *, by: Person, at: datetime) -> Saved:
    """The mentor's place is taken, both are told, and both still accept the agreement."""
    mentor, mentee, kind = row["mentor"], row["mentee"], row["kind"]
    name = f"{mentor.email} – {mentee.email}"
    same = Relationship.objects.open().filter(mentor=mentor, mentee=mentee, kind=kind)
    if same.exists():
        return Saved(name)
    if mentor == mentee or apart(mentor, mentee):
        raise ValidationError(_("These two cannot be a pair."))
    since = make_aware(datetime.combine(row["began_on"], time(12)))
    profile = profile_of(mentor, kind, row["places"], at=at)
    try:
        begun = Relationship.objects.begin(
            profile=profile, mentee=mentee, kind=kind, since=min(since, at), at=at
        )
    except MentorProfile.Full as error:
        words = _("All places of this mentor are taken: %(places)s.")
        raise ValidationError({"mentor": [words % {"places": profile.capacity}]}) from error
    AuditEvent.objects.record("relationship.added", actor=by, thing=begun, at=at)
    return Saved(name, new=True)


def apart(one: Person, other: Person) -> bool:
    """Either of the two has asked never to be matched with the other."""
    declared = Q(person=one, other=other) | Q(person=other, other=one)
    return Conflict.objects.filter(declared).exists()


def profile_of(mentor: Person, kind: str, places: int | None, *, at: datetime) -> MentorProfile:
    """The mentor's own offer; for who has none a draft, which nobody finds until it is approved."""
    known = MentorProfile.objects.of(mentor).first()
    if known is not None:
        return known
    said: dict[str, Any] = {f"offers_{kind}": True}
    if places:
        said["capacity"] = places
    return MentorProfile.write(mentor, methods=[], services=[], at=at, **said)
