"""allauth's decorators with types on."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.decorators import rate_limit

from academy.permissions import P, View


def confirmed(view: View[P]) -> View[P]:
    """Asks the person once more who they are, unless they said so in the last five minutes."""
    return cast("View[P]", reauthentication_required(view))


def limited(action: str) -> Callable[[View[P]], View[P]]:
    """Answers 429 when the door named in ACCOUNT_RATE_LIMITS was knocked at too often."""

    def limit(view: View[P]) -> View[P]:
        return cast("View[P]", rate_limit(action=action)(view))

    return limit
