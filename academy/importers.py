"""CSV files of the house: topics, organisations and people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy import hooks, roles
from academy.import_rows import RowForm, Workplace, columns_from, given, keep, row_form
from academy.importing import Saved
from academy.letters import absolute
from academy.models import AuditEvent, Membership, Notification, Organisation, Person, Topic

STAFF = (roles.CURATOR, roles.ADMINISTRATOR)
TopicRow = row_form(
    "TopicRow",
    columns_from(Topic, "slug", "name_en", "name_cy", "group", "cy_source", "source", key="slug"),
)
OrganisationRow = row_form(
    "OrganisationRow",
    columns_from(
        Organisation,
        *("code", "name_en", "name_cy", "kind", "region", "status", "cy_source", "source"),
        key="code",
    ),
)


@hooks.importer("topics", label=_("Topics"), form=TopicRow, roles=STAFF, order=10)
def topic(row: dict[str, Any], *, by: Person, at: datetime) -> Saved:
    kept, new, changed = keep(Topic, {"slug": row["slug"]}, given(row, "slug"), by=by, at=at)
    return Saved(kept.name, new, changed)


@hooks.importer(
    "organisations", label=_("Organisations"), form=OrganisationRow, roles=STAFF, order=20
)
def organisation(row: dict[str, Any], *, by: Person, at: datetime) -> Saved:
    kept, new, changed = keep(Organisation, {"code": row["code"]}, given(row, "code"), by=by, at=at)
    return Saved(kept.name, new, changed)


class PersonRow(RowForm):
    email = forms.EmailField(label=_("e-mail address"))
    name = forms.CharField(label=_("name"), max_length=120, required=False)
    job_role = forms.CharField(label=_("job role"), max_length=120, required=False)
    organisation = Workplace(label=_("code of the organisation"), required=False)
    team = forms.CharField(label=_("team"), max_length=120, required=False)
    line_manager_email = forms.EmailField(label=_("line manager’s e-mail"), required=False)
    language = forms.ChoiceField(
        label=_("language of messages"), choices=Person.Language, required=False
    )


@hooks.importer("people", label=_("People"), form=PersonRow, roles=(roles.ADMINISTRATOR,), order=60)
@transaction.atomic
def person(row: dict[str, Any], *, by: Person, at: datetime) -> Saved:
    """An account for who has none. Who has one keeps their own words; where they work is updated."""
    found = Person.objects.filter(email__iexact=row["email"]).first()
    someone = found or open_account(row, by=by, at=at)
    before = work(someone)
    if row["organisation"]:
        said = {"team": row["team"], "line_manager_email": row["line_manager_email"]}
        kept = {name: words or before.get(name, "") for name, words in said.items()}
        Membership.start(someone, organisation=row["organisation"], on=localdate(at), **kept)
    after = work(someone)
    changed = tuple(name for name, value in after.items() if before.get(name, "") != value)
    if found and changed:
        fields = list(changed)
        AuditEvent.objects.record("person.changed", actor=by, thing=someone, fields=fields, at=at)
    return Saved(someone.email, found is None, changed)


def work(person: Person) -> dict[str, Any]:
    """Where they work now, by the columns of the file."""
    now_at = person.memberships.current().select_related("organisation").first()
    if now_at is None:
        return {}
    names = ("team", "line_manager_email")
    return {
        "organisation": now_at.organisation.code,
        **{name: getattr(now_at, name) for name in names},
    }


def open_account(row: dict[str, Any], *, by: Person, at: datetime) -> Person:
    """Without a password, and with an address still to confirm: both by mail, when they first come."""
    if not row["name"]:
        raise ValidationError({"name": [_("Somebody new needs a name.")]})
    someone: Person = Person.objects.create_user(
        row["email"],
        name=row["name"],
        job_role=row["job_role"],
        language=row["language"] or Person.Language.BOTH,
        approved_at=at,
    )
    EmailAddress.objects.create(user=someone, email=someone.email, primary=True, verified=False)
    AuditEvent.objects.record("person.added", actor=by, thing=someone, at=at)
    Notification.objects.post("academy.account_made", key=str(someone.pk), to=someone, at=at)
    return someone


@hooks.notification("academy.account_made", label="", essential=True)
def account_made(letter: Notification) -> hooks.Letter | None:
    """No key travels in it: the person asks for one, at a time when they are there to use it."""
    if letter.person is None or letter.person.has_usable_password():
        return None
    return hooks.Letter({"url": absolute(reverse("account_reset_password"))})
