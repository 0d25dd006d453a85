"""Where a person says they work."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from academy import hooks
from academy.models import Membership, Organisation, Person


def keep(
    person: Person, *, organisation: int | None, team: str, line_manager_email: str, on: date
) -> None:
    """The membership a person described; none, when their organisation is not in the list."""
    if organisation is None:
        person.memberships.current().update(ended_on=on)
        return
    Membership.start(
        person,
        organisation=Organisation.objects.choices().get(pk=organisation),
        team=team,
        line_manager_email=line_manager_email,
        on=on,
    )


@transaction.atomic
def describe(
    person: Person,
    *,
    name: str,
    job_role: str,
    organisation: int | None,
    team: str,
    line_manager_email: str,
    on: date,
) -> None:
    """What a person says about themselves and their work, kept together."""
    Person.objects.filter(pk=person.pk).update(name=name, job_role=job_role)
    hooks.tell("academy.person_changed", person=person)
    keep(person, organisation=organisation, team=team, line_manager_email=line_manager_email, on=on)
