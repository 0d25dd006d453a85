"""What a pillar may offer the academy. Each pillar's hooks.py registers; the academy walks.

The academy knows hooks, not pillars. A name that does not fit is an error at start-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest

    from academy.models import Notification, Person

Facts = dict[str, Any]
Function = TypeVar("Function", bound=Callable[..., Any])

PLACES = ("now", "month", "story")  # of the home page: what is on, this month, one story
EVENTS = {
    "academy.person_left",  # person, at: an account was closed
    "academy.person_changed",  # person: name or job role
    "academy.role_given",  # person, role, at
    "academy.topic_changed",  # topic: its names
    "academy.person_erased",  # person, at: an account's rows are being removed
}


@dataclass(frozen=True)
class Hit:
    """One thing found by the search over everything."""

    kind: str
    title: str
    url: str
    summary: str = ""
    lang: str = ""  # of user text, when it may differ from the page's


@dataclass(frozen=True)
class Need:
    """One thing that waits for this person: shown first on their home page, oldest first."""

    text: str
    url: str
    action: str
    due_at: datetime | None = None
    first: bool = False  # before all else, whatever is due
    answers: bool = True  # due_at is the day to answer by, not the day to do it by


@dataclass(frozen=True)
class Queue:
    """A pile of work for staff: how many, since when, and where to do it."""

    label: str
    url: str
    count: int
    oldest_at: datetime | None = None


@dataclass(frozen=True)
class NavItem:
    label: str  # lazy
    url_name: str
    order: int
    audience: str  # "all" or "improver"


@dataclass(frozen=True)
class Panel:
    template: str
    facts: Callable[[HttpRequest], Facts | None]
    place: str
    order: int


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    type: str


@dataclass(frozen=True)
class Letter:
    """What a message needs when it is sent: fresh facts for its body, and its attachments."""

    context: Facts = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class NotificationKind:
    """A kind of message. Its templates are <pillar>/notifications/<name>.subject.txt and .txt.

    `letter` is asked at the moment of sending and answers None when the message has lost its point.
    A kind without a label is part of signing in: no choice is offered and it is never listed.
    """

    name: str
    label: str
    letter: Callable[[Notification], Letter | None]
    essential: bool
    start: str = "at_once"
    audience: Callable[[Person], bool] | None = None

    @property
    def template(self) -> str:
        pillar, _, name = self.name.partition(".")
        return f"{pillar}/notifications/{name}"


@dataclass(frozen=True)
class Importer:
    """A kind of CSV file: each row is one form, saved by one verb (row, by=, at=)."""

    name: str
    label: Any  # lazy
    form: type[Form]
    save: Callable[..., Any]  # answers academy.importing.Saved
    roles: tuple[str, ...]
    order: int


panels: list[Panel] = []
nav_items: list[NavItem] = []
searches: list[tuple[int, Callable[[str, Any], Iterable[Hit]]]] = []
needs: list[Callable[..., Iterable[Need]]] = []
queues: list[Callable[..., Iterable[Queue]]] = []
exports: dict[str, Callable[[Person], Any]] = {}
erasers: list[tuple[int, Callable[..., None]]] = []
listeners: dict[str, list[Callable[..., None]]] = {}
notification_kinds: dict[str, NotificationKind] = {}
references: list[tuple[int, Callable[[], str]]] = []
importers: dict[str, Importer] = {}
samples: list[tuple[int, Callable[[Any], str]]] = []
audit_words: dict[str, Any] = {}  # lazy


def _in_order(kept: list[Any], order: int) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        kept.append((order, function))
        kept.sort(key=lambda one: one[0])
        return function

    return register


def panel(template: str, *, place: str, order: int) -> Callable[[Function], Function]:
    """A part of the home page; its function answers None when it has nothing to show."""
    if place not in PLACES:
        raise ImproperlyConfigured(f"No place {place!r} on the home page; there are {PLACES}")

    def register(function: Function) -> Function:
        panels.append(Panel(template, function, place, order))
        panels.sort(key=lambda one: one.order)
        return function

    return register


def nav(label: Any, url_name: str, *, order: int, audience: str = "all") -> None:
    if audience not in ("all", "improver"):
        raise ImproperlyConfigured(f"No audience {audience!r}; say all or improver")
    nav_items.append(NavItem(label, url_name, order, audience))
    nav_items.sort(key=lambda one: one.order)


def search(*, order: int) -> Callable[[Function], Function]:
    """A function (words, reader) that yields at most ten Hits the reader may see."""
    return _in_order(searches, order)


def need(function: Function) -> Function:
    """A function (person, at=) that yields what waits for this person."""
    needs.append(function)
    return function


def queue(function: Function) -> Function:
    """A function (person, at=) that yields the piles of work this member of staff may do."""
    queues.append(function)
    return function


def export(section: str) -> Callable[[Function], Function]:
    """A function (person) that answers everything this pillar holds about them, as plain data."""
    if section in exports:
        raise ImproperlyConfigured(f"Two exports are called {section!r}")

    def register(function: Function) -> Function:
        exports[section] = function
        return function

    return register


def erase(*, order: int) -> Callable[[Function], Function]:
    """A function (person, at=) that removes or blanks this pillar's rows about them; re-runnable."""
    return _in_order(erasers, order)


def reference(*, order: int) -> Callable[[Function], Function]:
    """A function that loads facts the product ships, again and again, and says what it did."""
    return _in_order(references, order)


def sample(*, order: int) -> Callable[[Function], Function]:
    """A function (world) that fills this pillar with sample rows, and says what it made."""
    return _in_order(samples, order)


def importer(
    name: str, *, label: Any, form: type[Form], roles: tuple[str, ...], order: int
) -> Callable[[Function], Function]:
    """A verb (row, by=, at=) that saves one row of a CSV file; staff with a role may upload it."""
    if name in importers:
        raise ImproperlyConfigured(f"Two importers are called {name!r}")

    def register(function: Function) -> Function:
        importers[name] = Importer(name, label, form, function, roles, order)
        return function

    return register


def audited(words: dict[str, Any]) -> None:
    """What the verbs a pillar writes into the audit are called where staff read it."""
    if twice := audit_words.keys() & words.keys():
        raise ImproperlyConfigured(f"Two words for the audit's {sorted(twice)}")
    audit_words.update(words)


def declare(event: str) -> str:
    """Name an event of a pillar, so that a misspelt listener is an error."""
    EVENTS.add(event)
    return event


def on(event: str) -> Callable[[Function], Function]:
    """Run this function, in the teller's transaction, when the event is told."""

    def register(function: Function) -> Function:
        listeners.setdefault(event, []).append(function)
        return function

    return register


def tell(event: str, **facts: Any) -> None:
    if event not in EVENTS:
        raise ImproperlyConfigured(f"No event {event!r}; declare it first")
    for listener in listeners.get(event, []):
        listener(**facts)


def notification(
    name: str,
    *,
    label: Any,
    essential: bool = False,
    start: str = "at_once",
    audience: Callable[[Person], bool] | None = None,
) -> Callable[[Function], Function]:
    """Register a kind of message by its letter function. `start` is the choice before any is made.

    `audience` (person) says whom a choice about it is offered; without it, everybody.
    """
    if name in notification_kinds:
        raise ImproperlyConfigured(f"Two notification kinds are called {name!r}")

    def register(function: Function) -> Function:
        notification_kinds[name] = NotificationKind(
            name, label, function, essential, start, audience
        )
        return function

    return register


def misuses() -> Iterator[str]:
    """What the registrations got wrong, for the start-up check."""
    for event in listeners:
        if event not in EVENTS:
            yield f"a listener waits for {event!r}, which nobody declares"
    for kind in notification_kinds.values():
        if "." not in kind.name:
            yield f"the notification kind {kind.name!r} lacks its pillar"
        if kind.start not in ("at_once", "weekly", "off"):
            yield f"the notification kind {kind.name!r} starts as {kind.start!r}"
