"""Two academies that differ in one tap alone look the same to everybody but who tapped."""

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.db import connection, transaction
from django.urls import reverse
from django.utils.timezone import now
from psycopg import sql

from academy import hooks
from academy.models import AuditEvent, Notification
from connections.models import CheckIn
from tests.factories.check_ins import asked, says
from tests.factories.relationships import current, met

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STAFF = ["coordinator", "curator", "organisation_lead", "administrator", "safeguarding_lead"]
CHANGES = re.compile(r'(name="csrfmiddlewaretoken" value="|nonce[=-]"?|name="token" value=")[^"]+')


@pytest.fixture
def pair():
    pair = current(at=now() - 60 * DAY)
    met(pair, at=now() - 40 * DAY)
    return asked(pair, at=now() - DAY)


def pages(pair):
    one = [pair.pk]
    return [
        reverse("home"),
        f"{reverse('search')}?q=help",
        reverse("notifications"),
        reverse("connections:mentoring"),
        reverse("connections:caseload"),
        reverse("connections:caseload_export"),
        pair.get_absolute_url(),
        reverse("connections:check_in", args=one),
        reverse("connections:weather"),
        reverse("connections:pair_weather", args=one),
        reverse("admin:index"),
        reverse("admin:connections_relationship_changelist"),
        reverse("admin:connections_relationship_change", args=one),
        reverse("admin:academy_auditevent_changelist"),
        reverse("admin:academy_notification_changelist"),
    ]


def view(client, pair):
    """All a reader can open, without what changes at every look."""
    found = [client.get(page, follow=True).content.decode() for page in pages(pair)]
    return [CHANGES.sub("", body) for body in found]


def told(person):
    """Their own data and every row that carries a message or an event."""
    rows = [*Notification.objects.values("kind", "facts"), *AuditEvent.objects.values("verb")]
    taken = {name: export(person) for name, export in hooks.exports.items()}
    return json.dumps([rows, {**taken, "own": None}], default=str)


def what_is_seen(reader, client, pair, taps):
    """How the academy looks to a reader after these taps; then they are undone."""
    at = now()
    with transaction.atomic():
        for person, answer in taps.items():
            says(pair, person, answer, at=at)
        seen = view(client, pair), told(reader)
        transaction.set_rollback(True)
    return re.sub(r"20\d\d-\d\d-\d\dT[^\"]+|20\d\d-\d\d-\d\d [\d:.+]+", "", str(seen))


@pytest.mark.parametrize("role", STAFF)
def test_no_role_can_tell_which_of_the_two_said_what(pair, staff, sign_in, role):
    reader = staff(role)
    client = sign_in(reader)
    one = what_is_seen(reader, client, pair, {pair.mentor: "h", pair.mentee: "w"})
    other = what_is_seen(reader, client, pair, {pair.mentor: "w", pair.mentee: "h"})

    assert one == other


def test_help_does_not_tell_that_somebody_asked_for_it(pair, staff, sign_in):
    reader = staff("coordinator")
    client = sign_in(reader)
    asks = what_is_seen(reader, client, pair, {pair.mentor: "h", pair.mentee: "w"})
    unsure = what_is_seen(reader, client, pair, {pair.mentor: "b", pair.mentee: "b"})

    assert asks == unsure


def test_the_other_half_cannot_tell_what_was_said_or_that_it_was(pair, sign_in):
    for mine, theirs in ((pair.mentor, pair.mentee), (pair.mentee, pair.mentor)):
        client = sign_in(theirs)
        looks = [
            what_is_seen(theirs, client, pair, taps)
            for taps in ({}, {mine: "w"}, {mine: "b"}, {mine: "h"})
        ]
        assert len(set(looks)) == 1


def test_control_the_one_who_tapped_sees_it(pair, sign_in):
    client = sign_in(pair.mentor)
    looks = {
        what_is_seen(pair.mentor, client, pair, {pair.mentor: answer}) for answer in ("w", "b", "h")
    }

    assert len(looks) == 3


def test_no_admin_no_name_and_no_dump_shows_an_answer(pair):
    says(pair, pair.mentor, "h", at=now())
    says(pair, pair.mentee, "w", at=now())
    rows = list(CheckIn.objects.order_by("pk"))

    assert CheckIn not in admin.site._registry
    assert all(str(row) == f"Check-in {row.pk}" for row in rows)
    for name in ("h", "w"):
        assert f'"{name}"' not in serializers.serialize("json", rows)
    for model in apps.get_models():
        if model._meta.app_label == "connections":
            with connection.cursor() as cursor:
                table = sql.Identifier(model._meta.db_table)
                cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(table))
                assert not any(re.search(r"[(,][hw][,)]", row[0]) for row in cursor.fetchall())
