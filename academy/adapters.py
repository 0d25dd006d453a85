"""Where allauth meets the academy: mail through the outbox, accounts that open or wait."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ImproperlyConfigured
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from academy import approvals, sessions, sign_in_mail
from academy.bilingual import site_words
from academy.models import Person
from academy.permissions import waits_for_approval


def holder(address: str) -> Person | None:
    return Person.objects.active().filter(email__iexact=address).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Nothing is sent inside a request: each of allauth's mails becomes a row of the outbox."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's remaining mail; a kind nobody foresaw must not leave in its dress."""
        if template_prefix != "account/email/unknown_account":
            raise ImproperlyConfigured(f"No message takes the place of {template_prefix!r}")
        sign_in_mail.post("no_account", address=email, to=None, at=now())

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        address = emailconfirmation.email_address
        then = sign_in_mail.wanted_path(request)
        sign_in_mail.post(
            "confirm_address",
            address=address.email,
            to=address.user,
            facts={"address": address.pk, **({"then": then} if then else {})},
            at=now(),
        )

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        sign_in_mail.post("reset_password", address=email, to=user, at=now())

    def send_account_already_exists_mail(self, email: str) -> None:
        sign_in_mail.post("account_exists", address=email, to=holder(email), at=now())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        sign_in_mail.post(
            "account_changed",
            address=email or user.email,
            to=user,
            facts={"what": template_prefix.rpartition("/")[2]},
            at=now(),
        )

    def save_user(
        self, request: HttpRequest, user: Person, form: BaseForm, commit: bool = True
    ) -> Person:
        """The whole person in one row: the name and the language of messages with the address."""
        user.name = form.cleaned_data["name"]
        user.language = form.cleaned_data["language"]
        user.language_chosen_at = now()
        saved: Person = super().save_user(request, user, form, commit)
        return saved

    def set_password(self, user: Person, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            approvals.open_at_once(email_address.user, at=now())
        return confirmed

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account" if self.request.user.is_authenticated else "account_login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who waits for approval is told so first; everybody else starts at home."""
        return reverse("waiting" if waits_for_approval(request.user) else "home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        sessions.begin(request.session, user.role_names(), at=now())


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    def _get_site_name(self) -> str:
        return site_words()["name"]

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        many = Authenticator.objects.filter(user=user, type=type).count()
        return _("My passkey %(number)s") % {"number": many + 1} if many else _("My passkey")


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Work accounts: known by the provider's own id, never linked by an e-mail address."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        user: Person = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or "")[:120]
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name}

    def save_user(
        self, request: HttpRequest, sociallogin: Any, form: BaseForm | None = None
    ) -> Person:
        person: Person = super().save_user(request, sociallogin, form)
        approvals.open_at_once(person, at=now())
        return person
