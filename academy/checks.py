"""Start-up checks: every view carries a policy, every hook fits, the settings are safe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from academy import hooks

# Views of libraries, by the start of their route's name, and who keeps their door.
FOREIGN = {
    "admin:": "the admin site asks for a staff role and a second factor itself",
    "account_": "allauth closes what needs a sign-in",
    "mfa_": "allauth closes what needs a sign-in",
    "usersessions_": "allauth closes what needs a sign-in",
    "socialaccount_": "allauth closes what needs a sign-in",
    "openid_connect_": "allauth's callback, outside the language paths",
}


def routes(
    patterns: list[Any] | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every route by its full name (`capability:course`) with its pattern; unnamed ones too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern


def is_foreign(name: str) -> bool:
    return name.startswith(tuple(FOREIGN))


@register(Tags.security)
def every_view_carries_a_policy(**_kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The view of {name} carries no policy.",
            hint="Put @policy(...) of academy.permissions above it; visitor is a policy too.",
            id="academy.E001",
        )
        for name, pattern in routes()
        if not is_foreign(name) and not hasattr(pattern.callback, "policy")
    ]


@register()
def hooks_fit(**_kwargs: Any) -> list[CheckMessage]:
    return [Error(f"A hook is misused: {what}.", id="academy.E002") for what in hooks.misuses()]


@register(Tags.security, deploy=True)
def settings_are_safe(**_kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS must name its hosts.", id="academy.E003"))
    if not settings.NOTES_KEYS:
        found.append(Error("NOTES_KEYS is empty: private notes need a key.", id="academy.E004"))
    if settings.DATABASES["default"].get("OPTIONS", {}).get("isolation_level"):
        found.append(
            Error(
                "Places are counted under READ COMMITTED; leave the isolation level alone.",
                id="academy.E005",
            )
        )
    return found
