"""An account's addresses: ours, and every page of allauth under words of both languages."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _

from academy import account_views, approval_views, leaving_views, work_accounts
from academy.permissions import policy

own = [
    path("", account_views.account, name="account"),
    path(_("profile/"), account_views.my_details, name="my_details"),
    path(_("language/"), account_views.choose_language, name="choose_language"),
    path(_("conflicts/"), account_views.my_conflicts, name="conflicts"),
    path(_("waiting/"), account_views.waiting, name="waiting"),
    path(_("privacy/"), leaving_views.account_privacy, name="account_privacy"),
    path(_("privacy/export/"), leaving_views.export, name="export"),
    path(_("privacy/deactivate/"), leaving_views.deactivate, name="deactivate"),
    path(_("privacy/delete/"), leaving_views.ask_for_deletion, name="ask_for_deletion"),
    path(_("approvals/"), approval_views.queue, name="approvals"),
    path(_("approvals/<int:pk>/approve/"), approval_views.approve, name="approve"),
    path(_("approvals/<int:pk>/decline/"), approval_views.turn_away, name="turn_away"),
]

signing_in = [
    path(_("sign-in/"), allauth.login, name="account_login"),
    path(_("sign-out/"), allauth.logout, name="account_logout"),
    path(_("sign-up/"), allauth.signup, name="account_signup"),
    path(_("inactive/"), allauth.account_inactive, name="account_inactive"),
    path(_("reauthenticate/"), allauth.reauthenticate, name="account_reauthenticate"),
    path(_("sign-in/two-step/"), mfa.authenticate, name="mfa_authenticate"),
    path(_("sign-in/passkey/"), passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        _("sign-in/with/<slug:provider_id>/"),
        work_accounts.sign_in,
        name="openid_connect_login",
    ),
]

address_and_password = [
    path(_("email/"), allauth.email, name="account_email"),
    path(
        _("email/confirm/"), allauth.email_verification_sent, name="account_email_verification_sent"
    ),
    path(_("email/confirm/<str:key>/"), allauth.confirm_email, name="account_confirm_email"),
    path(_("password/change/"), allauth.password_change, name="account_change_password"),
    path(_("password/set/"), allauth.password_set, name="account_set_password"),
    path(_("password/reset/"), allauth.password_reset, name="account_reset_password"),
    path(
        _("password/reset/done/"), allauth.password_reset_done, name="account_reset_password_done"
    ),
    path(
        _("password/reset/key/done/"),
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        _("password/reset/key/"),
        include(
            [
                re_path(
                    r"^(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
                    allauth.password_reset_from_key,
                    name="account_reset_password_from_key",
                )
            ]
        ),
    ),
]

second_factor = [
    path(_("two-step/"), mfa.index, name="mfa_index"),
    path(_("two-step/reauthenticate/"), mfa.reauthenticate, name="mfa_reauthenticate"),
    path(_("two-step/authenticator/add/"), totp.activate_totp, name="mfa_activate_totp"),
    path(_("two-step/authenticator/remove/"), totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        _("two-step/recovery-codes/"), recovery.view_recovery_codes, name="mfa_view_recovery_codes"
    ),
    path(
        _("two-step/recovery-codes/new/"),
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        _("two-step/recovery-codes/file/"),
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(_("two-step/passkeys/"), passkeys.list_webauthn, name="mfa_list_webauthn"),
    path(_("two-step/passkeys/add/"), passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        _("two-step/passkeys/reauthenticate/"),
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        _("two-step/passkeys/<int:pk>/remove/"),
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(_("two-step/passkeys/<int:pk>/edit/"), passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]

elsewhere = [
    path(_("sessions/"), sessions.list_usersessions, name="usersessions_list"),
    path(_("work-account/"), social.connections, name="socialaccount_connections"),
    path(_("work-account/sign-up/"), social.signup, name="socialaccount_signup"),
    path(
        _("work-account/cancelled/"), social.login_cancelled, name="socialaccount_login_cancelled"
    ),
    path(
        _("work-account/error/"),
        policy("visitor")(social.login_error),  # allauth forgets that nobody is signed in here
        name="socialaccount_login_error",
    ),
]

urlpatterns = [*own, *signing_in, *address_and_password, *second_factor, *elsewhere]
