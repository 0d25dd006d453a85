"""Sessions in the database that know when they were last used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

IDLE = timedelta(hours=8)
IDLE_STAFF = timedelta(minutes=30)
LONGEST = timedelta(days=7)
LONGEST_STAFF = timedelta(hours=12)
STAMP_EVERY = timedelta(minutes=1)


class SessionStore(DatabaseSessions):
    """Each save stamps the time, so that an idle session can be told from one in use."""

    def save(self, must_create: bool = False) -> None:
        stamp = datetime.now(UTC).timestamp()
        self.setdefault("began_at", stamp)
        self["seen_at"] = stamp
        super().save(must_create=must_create)


def is_over(session: Any, *, staff: bool, at: datetime) -> bool:
    """Idle too long, or too old, for what its owner may do."""
    idle, longest = (IDLE_STAFF, LONGEST_STAFF) if staff else (IDLE, LONGEST)
    seen, began = (
        datetime.fromtimestamp(session.get(name, 0), UTC) for name in ("seen_at", "began_at")
    )
    return at - seen > idle or at - began > longest


def begin(session: Any, names: frozenset[str], *, at: datetime) -> None:
    """A sign-in: its longest life counts from here, and the roles it began with are kept."""
    session["began_at"] = at.timestamp()
    session["roles"] = sorted(names)


def has_lost_a_role(session: Any, names: frozenset[str]) -> bool:
    """Whether the session began with a role its owner no longer holds."""
    return not set(session.get("roles", ())) <= names


def keep(session: Any, *, at: datetime) -> None:
    """Stamp a session in use, once a minute at most."""
    if at - datetime.fromtimestamp(session.get("seen_at", 0), UTC) > STAMP_EVERY:
        session.modified = True
