"""Administrators read in their language what was done, to what kind of thing, and which columns."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.urls import reverse

from academy.models import AuditEvent
from academy.roles import ADMINISTRATOR, CURATOR
from tests.factories import PersonFactory, StaffFactory, TopicFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import begin

pytestmark = pytest.mark.django_db
LIST = reverse("admin:academy_auditevent_changelist")


def done(verb, thing=None, **facts):
    AuditEvent.objects.record(verb, thing=thing, at=LONG_AGO, **{"actor": None, **facts})
    return AuditEvent.objects.latest("pk")


@pytest.fixture
def administrator(sign_in):
    return sign_in(StaffFactory(role=ADMINISTRATOR))


def read(client, address=LIST):
    return client.get(address).text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Changed", "Topic", "name (Welsh)", "Role given", "Curator", "Kind letter sent"]),
        ("cy", ["Newidiwyd", "Pwnc", "enw (Cymraeg)", "Rhoddwyd rôl", "Curadur", "llythyr"]),
    ],
)
def test_an_event_is_read_in_words(sign_in, language, words):
    administrator = sign_in(StaffFactory(role=ADMINISTRATOR, language=language))
    changed = done("topic.changed", TopicFactory(), fields=["name_cy"])
    done("role given", PersonFactory(), reason=CURATOR)
    done("connections.pair_nudged", begin(), fields=["mentor"])

    page = read(administrator)
    own = read(administrator, reverse("admin:academy_auditevent_change", args=[changed.pk]))

    for said in words:
        assert said in page
    for code in ("topic.changed", "academy.Topic", "name_cy", "role given", "pair_nudged"):
        assert code not in page.split("<tbody>")[1].split("</tbody>")[0]
    assert words[0] in own
    assert words[2] in own
    assert "topic.changed" not in own


def test_what_happened_can_be_asked_for_and_says_to_what_kind_of_thing(administrator):
    for verb in ("topic.changed", "cohort.changed", "imported topics", "role given"):
        done(verb)

    page = read(administrator)
    one = read(administrator, f"{LIST}?verb=cohort.changed")

    for said in ("Topic: Changed", "Cohort: Changed", "Imported from a file: Topics", "Role given"):
        assert f">{said}</a>" in page
    assert one.count('class="field-what') == 1


def test_a_verb_of_an_earlier_time_stays_as_it_was_written(administrator):
    done("topic.changed", TopicFactory(), fields=["once_a_column"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO academy_auditevent (at, verb, kind, object_id, fields, reason, request_id)"
            " VALUES (now(), 'bygone', 'bygone.Thing', '1', '[]', '', '')"
        )

    page = read(administrator)

    for said in ("once_a_column", "bygone", "bygone.Thing"):
        assert said in page


def test_nothing_is_written_down_without_words_for_it():
    with pytest.raises(ImproperlyConfigured, match="no words for"):
        done("topic.dropped")


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_list_costs_the_same_however_long(administrator, many, django_assert_num_queries):
    for _number in range(many):
        done("topic.changed", TopicFactory(), actor=PersonFactory(), fields=["name_en"])
    read(administrator)

    with django_assert_num_queries(16):
        read(administrator)
