"""May this person? Predicates about people only, and the policy every view must carry."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeAlias

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from academy import roles

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from academy.models import Person

Reader: TypeAlias = "Person | AnonymousUser"
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

VISITOR = "visitor"  # everybody, without an account
NEWCOMER = "newcomer"  # everybody who has signed in, approved or not: their own account
IMPROVER = "improver"  # everybody who has signed in and was approved
POLICIES = {VISITOR, NEWCOMER, IMPROVER, *roles.ROLES}


def policy(*names: str) -> Callable[[View[P]], View[P]]:
    """Who may reach this view at all: visitor, newcomer, improver, or holders of any named role."""
    unknown = set(names) - POLICIES
    if unknown or not names:
        raise ImproperlyConfigured(f"No policy {unknown or '(none named)'}; there are {POLICIES}")

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not {VISITOR, NEWCOMER} & set(names):
                require(not waits_for_approval(request.user))
            if not {VISITOR, NEWCOMER, IMPROVER} & set(names):
                require(may_act_as(request.user, *names))
            return view(request, *args, **kwargs)

        guarded.policy = names  # type: ignore[attr-defined] # read by the start-up check
        return login_not_required(guarded) if VISITOR in names else guarded

    return guard


def signed_in(request: HttpRequest) -> Person:
    """The person behind a request whose policy lets nobody else in; 403 for a visitor."""
    person = request.user
    if not person.is_authenticated:
        raise PermissionDenied
    return person


def require(allowed: bool) -> None:
    """403 unless allowed."""
    if not allowed:
        raise PermissionDenied


def may_act_as(person: Reader, *names: str) -> bool:
    """Holds one of these roles, and the second factor that staff roles need."""
    if not person.is_authenticated or not person.has_role(*names):
        return False
    return person.has_second_factor() or not (set(names) & roles.STAFF_ROLES)


def needs_second_factor(person: Reader) -> bool:
    """Holds a staff role and has not yet enrolled a second factor."""
    return person.is_authenticated and person.is_staff and not person.has_second_factor()


def waits_for_approval(person: Reader) -> bool:
    """Has confirmed an address, and nobody has let them in; a role is a way of being let in."""
    return person.is_authenticated and person.approved_at is None and not person.is_staff
