import base64
from uuid import uuid4

import pytest
from django.core.management import call_command

from connections.models import ClosingNote, Concern, ConcernReply, Goal, Note, Terms
from tests.factories import StaffFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import current, goal, noted

pytestmark = pytest.mark.django_db
OLD, NEW = (base64.urlsafe_b64encode(byte * 32).decode() for byte in (b"o", b"n"))


@pytest.fixture
def pair(settings):
    settings.NOTES_KEYS = [OLD]
    pair = current()
    for number in range(5):
        noted(pair, f"Note {number}", audience="private")
    goal(pair, "A goal")
    concern = Concern.objects.report(
        pair, by=pair.mentee, words="A concern", language="en", token=uuid4(), at=LONG_AGO
    )
    lead = StaffFactory(role="safeguarding_lead")
    concern.take(lead, at=LONG_AGO)
    back = {"reply": "Thank you", "reply_language": "en"}
    concern.close(lead, words="We have talked", language="en", **back, at=LONG_AGO)
    return pair


def words(pair):
    opened = {one.words for one in Note.objects.opened_by(pair.mentor)}
    sealed = (Goal, Concern, Terms, ClosingNote, ConcernReply)
    return opened | {kind.objects.get().opened() for kind in sealed}


def test_after_rotating_the_old_key_may_go(pair, settings, capsys):
    before = words(pair)
    settings.NOTES_KEYS = [NEW, OLD]

    assert words(pair) == before
    call_command("rotate_note_keys")
    settings.NOTES_KEYS = [NEW]

    assert words(pair) == before
    assert "Nothing is left" in capsys.readouterr().out


def test_rotating_twice_changes_nothing_the_second_time(pair, settings):
    settings.NOTES_KEYS = [NEW, OLD]
    call_command("rotate_note_keys")
    once = list(Note.objects.order_by("pk").values_list("sealed", flat=True))
    call_command("rotate_note_keys")

    assert list(Note.objects.order_by("pk").values_list("sealed", flat=True)) == once


def test_batches_go_on_where_the_last_one_ended(pair, settings):
    settings.NOTES_KEYS = [NEW, OLD]
    changed, lost, last = Note.objects.reseal(limit=2)

    assert (changed, lost) == (2, 0)
    assert Note.objects.under_older_keys().count() == 3
    assert Note.objects.reseal(after=last, limit=10)[0] == 3


def test_with_the_old_key_lost_the_operator_is_told_and_the_page_says_so(pair, settings, capsys):
    settings.NOTES_KEYS = [NEW]

    with pytest.raises(SystemExit):
        call_command("rotate_note_keys")
    assert "10 could not be opened" in capsys.readouterr().err
    assert words(pair) == {None}


def test_what_is_stored_shows_nothing(pair):
    stored = b"".join(bytes(row.sealed) for row in [*Note.objects.all(), *Concern.objects.all()])

    assert b"Note" not in stored
    assert b"concern" not in stored
