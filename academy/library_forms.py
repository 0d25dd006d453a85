"""allauth's forms in our words: one plain hint in place of a list of rules, passkeys with a name."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.mfa.webauthn import forms as passkey_forms
from django.utils.translation import gettext_lazy as _

HINT = _("At least 12 characters. Three words nobody would guess make a good password.")


class PlainHint:
    """Says once what a good new password is; asks for the address in the same words everywhere.

    A new password is asked for once: it can be shown, which finds more slips than typing it again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)  # type: ignore[attr-defined] # a form's
        for name, field in self.fields.items():  # type: ignore[attr-defined] # a form's
            if name == "password1":
                field.help_text = HINT
            if name in ("email", "login"):
                field.label = _("E-mail address")


class LoginForm(PlainHint, forms.LoginForm):  # type: ignore[misc] # allauth ships no types
    pass


class SignupForm(PlainHint, forms.SignupForm):  # type: ignore[misc] # allauth ships no types
    pass


class ChangePasswordForm(PlainHint, forms.ChangePasswordForm):  # type: ignore[misc] # allauth ships no types
    pass


class SetPasswordForm(PlainHint, forms.SetPasswordForm):  # type: ignore[misc] # allauth ships no types
    pass


class ResetPasswordKeyForm(PlainHint, forms.ResetPasswordKeyForm):  # type: ignore[misc] # allauth ships no types
    pass


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Signing in with the passkey alone is what people expect of one, so it starts ticked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("So that you can tell your passkeys from each other.")
        self.fields["passwordless"].label = _("Let me sign in with this passkey alone")
        self.fields["passwordless"].help_text = _("Leave this out for a shared device.")
        self.fields["passwordless"].initial = True


class EditPasskeyForm(passkey_forms.EditWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
