"""Canaries in a coach's log: found by their owner, and by nobody else in no place."""

import json
import logging
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate, now
from psycopg import sql

from academy import hooks
from academy.models import Notification, Person
from connections.models import LogLine, Practice, SupervisionPlace
from tests.factories import PersonFactory
from tests.factories.coaches import (
    coach,
    credential_of,
    group_of,
    logged,
    place_in,
    session_of,
    supervisor,
)
from tests.factories.people import LONG_AGO

pytestmark = pytest.mark.django_db
TITLE, REFLECTION, EVIDENCE = "CANARY-title", "CANARY-reflection", "CANARY-evidence"
ALL = (TITLE, REFLECTION, EVIDENCE)


@pytest.fixture
def owner():
    """A coach with a line, a credential, and a supervisor who has recorded a session."""
    person = coach()
    logged(person, TITLE, reflection=REFLECTION, at=now())
    credential_of(person, evidence=EVIDENCE)
    session = session_of(group_of(supervisor()), starts_at=now(), at=LONG_AGO)
    place = place_in(session, person)
    SupervisionPlace.objects.record(session, came={place.pk}, by=session.group.lead, at=now())
    return person


def found(body):
    return {canary for canary in ALL if canary in body}


def pages_of(person):
    line = LogLine.objects.of(person).get(session=None)
    return [
        reverse("home"),
        f"{reverse('search')}?q=CANARY",
        reverse("notifications"),
        *(
            reverse(f"connections:{name}")
            for name in (
                "practice", "ladder", "log", "log_export", "register", "register_export",
                "supervision", "caseload",
            )
        ),
        reverse("connections:change_log", args=[line.pk]),
        reverse("connections:change_credential", args=[person.credentials.get().pk]),
        reverse("connections:coach", args=[person.pk]),
        reverse("connections:give_step", args=[person.pk]),
        SupervisionPlace.objects.get().session.get_absolute_url(),
    ]  # fmt: skip


def read_all(client, pages):
    body = "".join(client.get(page, follow=True).content.decode() for page in pages)
    return found(body.replace("q=CANARY", ""))


def test_the_owner_reads_their_own_words(owner, sign_in):
    assert read_all(sign_in(owner), pages_of(owner)) == set(ALL)


def test_a_supervisor_a_stranger_and_a_superuser_read_none(owner, sign_in):
    lead = Practice.objects.supervisors().get().person
    superuser = Person.objects.create_superuser("root@example.org", "correct horse battery")
    for reader in (lead, supervisor(), coach(), PersonFactory(), superuser):
        assert read_all(sign_in(reader), pages_of(owner)) == set()


@pytest.mark.parametrize("role", ["curator", "organisation_lead", "administrator"])
def test_staff_read_none(owner, staff, sign_in, role):
    assert read_all(sign_in(staff(role)), pages_of(owner)) == set()


def test_a_coordinator_reads_the_evidence_alone(owner, staff, sign_in):
    assert read_all(sign_in(staff("coordinator")), pages_of(owner)) == {EVIDENCE}


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_the_admin_shows_none(owner, staff, sign_in, role):
    client = sign_in(staff(role))
    pages = [reverse("admin:index")]
    for model in admin.site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages.append(reverse(f"{stem}_changelist"))
        for row in model._default_manager.all()[:3]:
            pages += [reverse(f"{stem}_{what}", args=[row.pk]) for what in ("change", "history")]

    assert LogLine not in admin.site._registry
    assert read_all(client, pages) == set()


def test_no_table_message_log_or_repr_holds_a_word(owner, sign_in, caplog):
    caplog.set_level(logging.DEBUG)
    read_all(sign_in(owner), pages_of(owner))
    dump = []
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(model._meta.db_table))
            )
            dump += [row[0] for row in cursor.fetchall()]
    lines = list(LogLine.objects.all())
    letters = [str(one.kind_of().letter(one)) for one in Notification.objects.all()]
    shown = "".join(f"{one} {one!r} {vars(one)}" for one in lines)

    assert found("".join(dump)) == {EVIDENCE}  # for coordinators; never in a page but theirs
    assert found(shown + repr(LogLine.objects.opened()) + "".join(letters)) == set()
    assert found(caplog.text) == set()


def test_an_export_holds_ones_own_words_and_nobody_elses(owner):
    def taken(person):
        return found(json.dumps({k: f(person) for k, f in hooks.exports.items()}, default=str))

    assert taken(owner) == set(ALL)
    assert taken(coach()) == set()


def test_the_words_of_a_line_open_for_no_other_person(owner):
    line, thief = LogLine.objects.get(session=None), coach()

    LogLine.objects.filter(pk=line.pk).update(person=thief)
    moved = LogLine.objects.get(pk=line.pk)

    assert moved.words().title is None
    assert moved.words().reflection is None


def test_a_new_key_seals_the_log_too(owner, settings):
    """The command that rotates keys walks over the log."""
    assert LogLine.objects.under_older_keys().count() == 0
    line = logged(owner, "Before", token=uuid4(), done_on=localdate(now()))
    LogLine.objects.filter(pk=line.pk).update(key_id="older")

    assert LogLine.objects.under_older_keys().count() == 1
