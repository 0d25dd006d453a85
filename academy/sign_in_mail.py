"""Mail that belongs to signing in. Its keys are made when it is sent and stand in no table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.letters import absolute
from academy.models import Notification, Person

LONGEST_PATH = 300
CHANGES = {
    "password_changed": _("Your password was changed."),
    "password_reset": _("Your password was reset."),
    "password_set": _("A password was set for your account."),
    "email_changed": _("The e-mail address of your account was changed."),
    "email_deleted": _("An e-mail address was removed from your account."),
    "email_confirm": _("An e-mail address was confirmed for your account."),
    "totp_activated": _("An authenticator app was added to your account."),
    "totp_deactivated": _("The authenticator app was removed from your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was removed from your account."),
    "recovery_codes_generated": _("New recovery codes were made for your account."),
    "account_connected": _("Another way of signing in was connected to your account."),
    "account_disconnected": _("A way of signing in was disconnected from your account."),
}


@hooks.notification("academy.confirm_address", label="", essential=True)
def confirm_address(letter: Notification) -> hooks.Letter | None:
    """The way to a page with a button: opening it confirms nothing, as scanners follow links."""
    address = EmailAddress.objects.filter(pk=letter.facts["address"], verified=False).first()
    if address is None:
        return None
    way = reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
    if then := letter.facts.get("then"):
        signing_in = with_next(reverse("account_login"), then)
        way = with_next(way, signing_in)
    return hooks.Letter({"url": absolute(way)})


def with_next(path: str, then: str) -> str:
    return f"{path}?{urlencode({'next': then})}"


def wanted_path(request: HttpRequest) -> str:
    """Where a newcomer was going when we asked for an account: a path of ours, or nothing."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours and len(path) <= LONGEST_PATH else ""


@hooks.notification("academy.reset_password", label="", essential=True)
def reset_password(letter: Notification) -> hooks.Letter | None:
    person = letter.person
    if person is None or not person.is_active:
        return None
    way = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return hooks.Letter({"url": absolute(reverse("account_reset_password_from_key", kwargs=way))})


@hooks.notification("academy.account_exists", label="", essential=True)
def account_exists(letter: Notification) -> hooks.Letter:
    """The answer to a second sign-up; the page itself tells nobody that an account exists."""
    return hooks.Letter(
        {
            "url": absolute(reverse("account_login")),
            "reset_url": absolute(reverse("account_reset_password")),
        }
    )


@hooks.notification("academy.no_account", label="", essential=True)
def no_account(letter: Notification) -> hooks.Letter:
    return hooks.Letter({"url": absolute(reverse("account_signup"))})


@hooks.notification("academy.account_changed", label="", essential=True)
def account_changed(letter: Notification) -> hooks.Letter:
    return hooks.Letter(
        {
            "change": CHANGES[letter.facts["what"]],
            "at": letter.created_at,
            "url": absolute(reverse("account")),
            "reset_url": absolute(reverse("account_reset_password")),
        }
    )


def post(
    kind: str, *, address: str, to: Person | None, facts: dict[str, Any] | None = None, at: datetime
) -> None:
    """Into the outbox. Each asking is a message of its own; rate limits keep them few."""
    Notification.objects.post(
        f"academy.{kind}", key=uuid4().hex, to=to, address=address, facts=facts, at=at
    )
