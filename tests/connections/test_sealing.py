import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from connections.crypto import Sealed, Unreadable, newest_key, open_sealed, seal

OLD = base64.urlsafe_b64encode(b"o" * 32).decode()
NEW = base64.urlsafe_b64encode(b"n" * 32).decode()
WORDS = "Mae hi’n poeni am y tŷ a’r dŵr"


@pytest.fixture
def keys(settings):
    def set_to(*keys):
        settings.NOTES_KEYS = list(keys)

    set_to(OLD)
    return set_to


def test_sealed_words_open_again_and_show_nothing_meanwhile(keys):
    sealed = seal(WORDS, bound_to="note 1")

    assert open_sealed(sealed, bound_to="note 1") == WORDS
    assert b"poeni" not in sealed.content
    assert "poeni" not in repr(sealed) + str(sealed)
    assert seal(WORDS, bound_to="note 1").content != sealed.content


def test_words_moved_to_another_row_do_not_open(keys):
    sealed = seal(WORDS, bound_to="note 1")

    with pytest.raises(Unreadable):
        open_sealed(sealed, bound_to="note 2")


def test_a_changed_byte_does_not_open(keys):
    sealed = seal(WORDS, bound_to="note 1")
    changed = sealed.content[:-1] + bytes([sealed.content[-1] ^ 1])

    with pytest.raises(Unreadable):
        open_sealed(Sealed(sealed.key_id, changed), bound_to="note 1")


def test_a_newer_key_seals_and_the_older_still_opens(keys):
    before = seal(WORDS, bound_to="note 1")
    keys(NEW, OLD)
    after = seal(WORDS, bound_to="note 1")

    assert before.key_id != after.key_id == newest_key()
    assert open_sealed(before, bound_to="note 1") == open_sealed(after, bound_to="note 1") == WORDS


def test_with_its_key_gone_a_note_is_gone(keys):
    sealed = seal(WORDS, bound_to="note 1")
    keys(NEW)

    with pytest.raises(Unreadable):
        open_sealed(sealed, bound_to="note 1")


@pytest.mark.parametrize("wrong", ["short", "c2hvcnQ=", "ö"])
def test_a_key_of_the_wrong_shape_is_refused_in_words(keys, wrong):
    keys(wrong)

    with pytest.raises(ImproperlyConfigured, match="32 bytes"):
        seal(WORDS, bound_to="note 1")


def test_without_any_key_nothing_is_sealed(keys):
    keys()

    with pytest.raises(ImproperlyConfigured, match="NOTES_KEYS"):
        seal(WORDS, bound_to="note 1")
