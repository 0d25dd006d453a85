"""Canaries: private words are planted everywhere, then everything is read as everybody."""

import json
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now
from psycopg import sql

from academy import hooks
from academy.models import AuditEvent, Notification, Person
from connections.models import ClosingNote, Concern, ConcernReply, Goal, Note, Relationship
from tests.factories import PersonFactory, StaffFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.relationships import current, goal, met, noted, planned

pytestmark = pytest.mark.django_db
PRIVATE, THEIRS, SHARED, GOAL, CONCERN, CLOSING, REPLY = (
    f"CANARY-{name}"
    for name in ("private", "theirs", "shared", "goal", "concern", "closing", "reply")
)
ALL = (PRIVATE, THEIRS, SHARED, GOAL, CONCERN, CLOSING, REPLY)
STAFF = ["coordinator", "curator", "organisation_lead", "administrator", "safeguarding_lead"]


@pytest.fixture
def pair():
    at = now()
    pair = current(at=at - timedelta(days=40))
    met(pair, at=at - timedelta(days=35), summary=SHARED)
    planned(pair, starts_at=at + timedelta(days=1), at=at)
    noted(pair, PRIVATE, audience="private", at=at)
    noted(pair, THEIRS, audience="private", by=pair.mentee, at=at)
    goal(pair, GOAL, at=at)
    told = {"words": CONCERN, "language": "en", "token": uuid4()}
    concern = Concern.objects.report(pair, by=pair.mentee, at=at, **told)
    lead = StaffFactory(role="safeguarding_lead")
    concern.take(lead, at=at)
    said = {"words": CLOSING, "language": "en", "reply": REPLY, "reply_language": "en"}
    concern.close(lead, at=at, **said)
    return pair


def found(body):
    return {canary for canary in ALL if canary in body}


def pages_of(pair):
    """Every address of the pair that answers a GET."""
    one = [pair.pk]
    meeting = pair.meetings.get(state="planned")
    return [
        reverse("home"),
        f"{reverse('search')}?q=CANARY",
        reverse("notifications"),
        reverse("connections:mentoring"),
        reverse("connections:caseload"),
        reverse("connections:caseload_export"),
        *(
            reverse(f"connections:{name}", args=one)
            for name in (
                "relationship", "agreement", "end", "record", "plan", "write_shared",
                "write_private", "set_goal", "report_concern",
            )
        ),
        reverse("connections:meeting", args=[pair.pk, meeting.pk]),
        reverse("connections:my_concerns"),
        reverse("connections:concerns"),
        reverse("connections:concern", args=[Concern.objects.get().pk]),
    ]  # fmt: skip


def read_all(client, pages):
    return found("".join(client.get(page, follow=True).content.decode() for page in pages))


def test_each_half_reads_its_own_and_what_is_shared(pair, sign_in):
    assert read_all(sign_in(pair.mentor), pages_of(pair)) == {PRIVATE, SHARED, GOAL}
    reported, reporter = reverse("connections:my_concerns"), sign_in(pair.mentee)
    others = [page for page in pages_of(pair) if page != reported]
    assert read_all(reporter, others) == {THEIRS, SHARED, GOAL}
    assert read_all(reporter, [reported]) == {CONCERN, REPLY}


@pytest.mark.parametrize("role", [role for role in STAFF if role != "safeguarding_lead"])
def test_no_role_reads_anything(pair, staff, sign_in, role):
    client = sign_in(staff(role))

    assert read_all(client, pages_of(pair)) == set()
    assert client.get(pair.get_absolute_url()).status_code == 404


def test_a_safeguarding_lead_reads_the_concern_and_how_it_was_closed_alone_and_that_is_written_down(
    pair, staff, sign_in
):
    lead = staff("safeguarding_lead")

    assert read_all(sign_in(lead), pages_of(pair)) == {CONCERN, CLOSING}
    assert AuditEvent.objects.filter(verb="connections.concern_read", actor=lead).exists()


def test_a_lead_does_not_read_a_concern_about_themselves(pair, staff, sign_in):
    lead = staff("safeguarding_lead")
    profile = MentorProfileFactory(person=lead)
    own = current(profile=profile, at=now())
    Concern.objects.report(
        own, by=own.mentee, words=CONCERN, language="en", token=uuid4(), at=now()
    )
    about = Concern.objects.get(about=lead)

    assert sign_in(lead).get(reverse("connections:concern", args=[about.pk])).status_code == 404
    assert not Notification.objects.of(lead).filter(
        key__startswith=f"connections.concern_received:{about.pk}:"
    )


def test_another_mentor_a_stranger_and_a_closed_account_read_nothing(pair, sign_in):
    superuser = Person.objects.create_superuser("root@example.org", "correct horse battery")
    for reader in (MentorProfileFactory().person, PersonFactory(), superuser):
        assert read_all(sign_in(reader), pages_of(pair)) == set()
    client = sign_in(pair.mentee)
    Person.objects.filter(pk=pair.mentee_id).update(is_active=False)
    assert read_all(client, pages_of(pair)) == set()


@pytest.mark.parametrize("role", STAFF)
def test_the_admin_shows_no_word_of_it(pair, staff, sign_in, role):
    """Lists, pages, searches and delete confirmations of all that is registered."""
    client = sign_in(staff(role))
    pages = []
    for model in admin.site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages += [reverse(f"{stem}_changelist"), f"{reverse(f'{stem}_changelist')}?q=CANARY"]
        for row in model._default_manager.all()[:3]:
            pages += [
                reverse(f"{stem}_{what}", args=[row.pk]) for what in ("change", "delete", "history")
            ]

    assert read_all(client, [reverse("admin:index"), *pages]) == set()


def test_private_models_are_in_no_admin():
    assert not {Note, Goal, Concern, ClosingNote, ConcernReply} & set(admin.site._registry)


def test_no_name_and_no_repr_shows_words(pair):
    kinds = (Note, Goal, Concern, ClosingNote, ConcernReply)
    rows = [*(row for kind in kinds for row in kind.objects.all()), pair]
    opened = [*Note.objects.opened_by(pair.mentor), *Goal.objects.opened_by(pair.mentor)]

    assert found("".join(f"{row} {row!r} {vars(row)}" for row in rows)) == set()
    assert found(repr(opened)) == set()


def test_the_database_holds_no_word_of_it(pair):
    """Every column of every table, as a dump would show it."""
    dump = []
    for model in apps.get_models():
        with connection.cursor() as cursor:
            table = sql.Identifier(model._meta.db_table)
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(table))
            dump += [row[0] for row in cursor.fetchall()]
    body = "".join(dump)
    raw = b"".join(bytes(note.sealed) for note in Note.objects.all())

    assert found(body) == set()
    assert b"CANARY" not in raw
    assert found(serializers.serialize("json", Note.objects.all())) == set()


def test_no_message_no_bell_and_no_log_carries_it(pair, sign_in, monkeypatch, caplog):
    rung = []
    monkeypatch.setattr("academy.doorbell.app.send_task", lambda *a, **k: rung.append((a, k)))
    caplog.set_level(logging.DEBUG)
    for half in (pair.mentor, pair.mentee):
        client = sign_in(half)
        for name, canary in (("write_shared", SHARED), ("write_private", PRIVATE)):
            token = {"token": str(uuid4()), "language": "en"}
            client.post(reverse(f"connections:{name}", args=[pair.pk]), {"words": canary, **token})
        read_all(client, pages_of(pair))
    rows = Notification.objects.values("facts", "kind", "key", "why")

    assert found(json.dumps(list(rows), default=str)) == set()
    assert found(json.dumps(rung, default=str)) == set()
    assert found(caplog.text) == set()


def test_messages_say_where_to_look_and_nothing_else(pair):
    for notification in Notification.objects.all():
        letter = notification.kind_of().letter(notification)
        assert found(str(letter)) == set()


def test_an_export_holds_ones_own_and_what_is_shared(pair):
    def taken(person):
        return found(json.dumps({k: f(person) for k, f in hooks.exports.items()}, default=str))

    assert taken(pair.mentor) == {PRIVATE, SHARED, GOAL}
    assert taken(pair.mentee) == {THEIRS, SHARED, GOAL, CONCERN, REPLY}
    assert taken(PersonFactory()) == set()


def test_erasing_a_person_takes_their_words_and_leaves_the_others(pair):
    for _again in range(2):
        for _order, eraser in hooks.erasers:
            eraser(pair.mentor, at=now())

    pair.refresh_from_db()
    assert pair.ended
    left = {one.words for one in Note.objects.opened_by(pair.mentee)}
    assert left == {THEIRS}
    assert Relationship.objects.filter(pk=pair.pk).exists()
    assert Concern.objects.get().opened() == CONCERN
