"""A canary in every private column, then everything is read as everybody: who finds it may."""

import json
import logging

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.mail import get_connection
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.timezone import now
from psycopg import sql

from academy import hooks
from academy.letters import compose
from academy.models import Notification
from connections.models import Concern, Relationship, Suggestion
from tests import private
from tests.everywhere import READERS, VISITOR, build
from tests.factories.connections import MentoringRequestFactory
from tests.test_permission_matrix import own_routes

pytestmark = pytest.mark.django_db
ROWS = 5  # of each model in the admin, enough for a row of everybody


@pytest.fixture
def world():
    """Everything, and a mentor who said yes in words."""
    world, at = build(), now()
    pair = Relationship.objects.get(pk=world.things["pair"])
    profile = pair.mentor.mentor_profile
    facts = {"mentor": profile, "asked_at": at, "ended_at": at}
    request = MentoringRequestFactory(mentee=pair.mentee, state="accepted", **facts)
    Suggestion.objects.create(
        request=request,
        profile=profile,
        outcome="accepted",
        made_at=at,
        asked_at=at,
        answered_at=at,
    )
    Relationship.objects.filter(pk=pair.pk).update(request=request)
    return world


@pytest.fixture
def canaries(world):
    return private.plant()


def test_every_column_that_holds_words_is_private_or_named_as_open():
    assert private.unlisted() == set()


def test_every_private_column_has_a_row_to_be_looked_for(canaries):
    assert {canary.column for canary in canaries} == set(private.SECRET)


def read(client, address):
    """Whatever comes back, and nothing that looking may change."""
    with transaction.atomic():
        answer = client.get(address, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return body.decode(errors="replace")


def own_pages(world):
    yield from (world.address(name) for name in own_routes() if "logout" not in name)
    yield from (reverse("connections:concern", args=[one.pk]) for one in Concern.objects.all())


def admin_pages(canaries):
    yield reverse("admin:index")
    for model in admin.site._registry:
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        lists = reverse(f"{stem}_changelist")
        yield lists
        if admin.site._registry[model].search_fields:
            yield f"{lists}?q={canaries[0].word[:2]}"
        for row in model._base_manager.order_by("pk")[:ROWS]:
            for page in ("change", "delete", "history"):
                try:
                    yield reverse(f"{stem}_{page}", args=[row.pk])
                except NoReverseMatch:
                    continue


def letters_to(person):
    """Each letter as it would leave, attachments and all."""
    for notification in Notification.objects.filter(person=person):
        message = compose(
            notification, get_connection("django.core.mail.backends.dummy.EmailBackend")
        )
        if message is not None:
            yield f"{message.subject} {message.body} {message.alternatives} {message.attachments}"


def hits_of(canaries, person):
    """A page of results repeats what was asked, so what finds is asked itself."""
    for canary in canaries:
        if any(list(find(canary.word, person)) for _order, find in hooks.searches):
            yield canary.word


def everything_for(world, reader, canaries):
    client, person = Client(), world.people.get(reader)
    if reader != VISITOR:
        client.force_login(person)
    said = [read(client, page) for page in own_pages(world)]
    if person is not None and person.is_staff:
        said += [read(client, page) for page in admin_pages(canaries)]
    if person is not None:
        said += letters_to(person)
        said.append(json.dumps({k: take(person) for k, take in hooks.exports.items()}, default=str))
    return "".join([*said, *hits_of(canaries, person or AnonymousUser())])


@pytest.mark.parametrize("reader", READERS)
def test_nobody_finds_a_word_that_is_not_theirs_to_read(
    world, canaries, reader, caplog, monkeypatch
):
    rung = []
    monkeypatch.setattr("academy.doorbell.app.send_task", lambda *a, **k: rung.append((a, k)))
    caplog.set_level(logging.DEBUG)
    person = world.people.get(reader)

    found = everything_for(world, reader, canaries)

    wrong = [
        (canary.column, canary.row.pk)
        for canary in canaries
        if canary.word in found and (person is None or not canary.may_be_read_by(person))
    ]
    assert wrong == []
    assert [one.column for one in canaries if one.word in caplog.text] == []
    assert [one.column for one in canaries if one.word in json.dumps(rung, default=str)] == []


def test_the_search_for_canaries_is_not_blind(world, canaries):
    """Each private word is found by somebody who may read it, so that not finding means something."""
    found = {reader: everything_for(world, reader, canaries) for reader in READERS}
    unseen = {
        canary.column
        for canary in canaries
        if canary.secret.shown and not any(canary.word in text for text in found.values())
    }
    assert unseen == set()


def test_timed_work_says_no_private_word(world, canaries, caplog, monkeypatch):
    """Every task of the beat runs; the log, the bells and the letters carry none of it."""
    rung = []
    monkeypatch.setattr("academy.doorbell.app.send_task", lambda *a, **k: rung.append((a, k)))
    caplog.set_level(logging.DEBUG)
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        import_string(entry["task"]).apply(throw=True)
    rows = list(Notification.objects.exclude(facts__has_key="planted").values())

    for canary in canaries:
        said = (caplog.text, json.dumps(rung, default=str), json.dumps(rows, default=str))
        assert not any(canary.word in text for text in said), canary.column


def test_a_copy_of_the_database_holds_no_sealed_word(canaries):
    sealed = [canary for canary in canaries if canary.column.endswith(".sealed")]
    dump = []
    for model in apps.get_models():
        with connection.cursor() as cursor:
            table = sql.Identifier(model._meta.db_table)
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(table))
            dump += [row[0] for row in cursor.fetchall()]
    held = "".join(dump) + "".join(bytes(one.row.sealed).hex() for one in sealed)

    for canary in sealed:
        assert canary.word not in held, canary.column
        assert canary.word.encode().hex() not in held, canary.column
