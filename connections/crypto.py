"""Words sealed with a key that the database never sees: AES-256-GCM, bound to their row.

The first key of NOTES_KEYS seals; every key in the list opens what it sealed. What was sealed for
one row opens for no other, so that nobody can move one person's words under another's name.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE = 12
KEY = 32


class Unreadable(Exception):
    """The key is gone, or the words were moved or changed. Carries nothing of them."""


@dataclass(frozen=True, repr=False)
class Sealed:
    """What a row keeps: which key, and the sealed words. Its repr shows neither."""

    key_id: str
    content: bytes


@cache
def _named(text: str) -> tuple[str, AESGCM]:
    """A key and its short name; the name gives nothing of the key away."""
    try:
        key = urlsafe_b64decode(text)
    except ValueError:
        key = b""
    if len(key) != KEY:
        raise ImproperlyConfigured("Each of NOTES_KEYS must be 32 bytes in URL-safe base64")
    return sha256(b"notes key" + key).hexdigest()[:12], AESGCM(key)


def _keys() -> dict[str, AESGCM]:
    if not settings.NOTES_KEYS:
        raise ImproperlyConfigured("NOTES_KEYS is empty: private notes need a key")
    return dict(_named(text) for text in settings.NOTES_KEYS)


def newest_key() -> str:
    return next(iter(_keys()))


def seal(words: str, *, bound_to: str) -> Sealed:
    key_id, cipher = next(iter(_keys().items()))
    nonce = os.urandom(NONCE)
    content = nonce + cipher.encrypt(nonce, words.encode(), bound_to.encode())
    return Sealed(key_id, content)


def open_sealed(sealed: Sealed, *, bound_to: str) -> str:
    """The words; raises Unreadable when the key is gone or the row is not theirs."""
    cipher = _keys().get(sealed.key_id)
    if cipher is None:
        raise Unreadable
    nonce, content = sealed.content[:NONCE], sealed.content[NONCE:]
    try:
        return cipher.decrypt(nonce, content, bound_to.encode()).decode()
    except InvalidTag:
        raise Unreadable from None
