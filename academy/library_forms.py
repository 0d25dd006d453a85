"""allauth's forms in our words: what is missing is named, a new password has one plain hint."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as app_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django.utils.translation import gettext_lazy as _

HINT = _("At least 12 characters. Three words nobody would guess make a good password.")
ADDRESS = _("Enter your e-mail address")
PASSWORD = _("Enter your password")
MISSING = {
    "email": ADDRESS,
    "login": ADDRESS,
    "password": PASSWORD,
    "oldpassword": PASSWORD,
    "password1": _("Choose a password"),
    "code": _("Type the digits, or a recovery code"),
}


class OurWords:
    """Says once what a good new password is, and what to enter where nothing was.

    A new password is asked for once: it can be shown, which finds more slips than typing it again.
    """

    missing = MISSING

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined] # a form's
        fields.pop("password2", None)
        for name, field in fields.items():
            if name in self.missing:
                field.error_messages["required"] = self.missing[name]
            if name == "password1":
                field.help_text = HINT
            if name in ("email", "login"):
                field.label = _("E-mail address")


class LoginForm(OurWords, forms.LoginForm):  # type: ignore[misc] # allauth ships no types
    pass


class SignupForm(OurWords, forms.SignupForm):  # type: ignore[misc] # allauth ships no types
    pass


class AddEmailForm(OurWords, forms.AddEmailForm):  # type: ignore[misc] # allauth ships no types
    pass


class ResetPasswordForm(OurWords, forms.ResetPasswordForm):  # type: ignore[misc] # allauth ships no types
    pass


class ChangePasswordForm(OurWords, forms.ChangePasswordForm):  # type: ignore[misc] # allauth ships no types
    pass


class SetPasswordForm(OurWords, forms.SetPasswordForm):  # type: ignore[misc] # allauth ships no types
    pass


class ResetPasswordKeyForm(OurWords, forms.ResetPasswordKeyForm):  # type: ignore[misc] # allauth ships no types
    pass


class ReauthenticateForm(OurWords, forms.ReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    pass


class AuthenticateForm(OurWords, factor_forms.AuthenticateForm):  # type: ignore[misc] # allauth ships no types
    pass


class ReauthenticateFactorForm(OurWords, factor_forms.ReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    pass


class ActivateAppForm(OurWords, app_forms.ActivateTOTPForm):  # type: ignore[misc] # allauth ships no types
    pass


class AddPasskeyForm(OurWords, passkey_forms.AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Signing in with the passkey alone is what people expect of one, so it starts ticked."""

    missing = {"name": _("Give it a name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("So that you can tell your passkeys from each other.")
        self.fields["passwordless"].label = _("Let me sign in with this passkey alone")
        self.fields["passwordless"].help_text = _("Leave this out for a shared device.")
        self.fields["passwordless"].initial = True


class EditPasskeyForm(OurWords, passkey_forms.EditWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    missing = {"name": _("Give it a name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
