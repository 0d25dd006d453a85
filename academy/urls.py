"""Addresses. The language stands in the path, and path words are translated."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from academy import health, help_views, message_views, views, work_accounts

handler400 = "academy.errors.bad_request"
handler403 = "academy.errors.forbidden"
handler404 = "academy.errors.not_found"
handler429 = "academy.errors.too_many"
handler500 = "academy.errors.broken"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    path(
        "sign-in/<slug:provider_id>/callback/",
        work_accounts.come_back,
        name="openid_connect_callback",
    ),
    *i18n_patterns(
        path("", views.home, name="home"),
        path(_("search/"), views.search, name="search"),
        path(
            _("accessibility/"), views.small_print, {"name": "accessibility"}, name="accessibility"
        ),
        path(_("cookies/"), views.small_print, {"name": "cookies"}, name="cookies"),
        path(_("privacy/"), views.small_print, {"name": "privacy"}, name="privacy"),
        path(_("contact/"), views.small_print, {"name": "contact"}, name="contact"),
        path(_("ask/"), help_views.ask, name="ask"),
        path(_("ask/queue/"), help_views.queue, name="questions"),
        path(_("ask/<int:pk>/"), help_views.question, name="question"),
        path(_("ask/<int:pk>/withdraw/"), help_views.withdraw, name="withdraw_question"),
        path(_("ask/<int:pk>/take/"), help_views.take, name="take_question"),
        path(_("ask/<int:pk>/answer/"), help_views.answer, name="answer_question"),
        path(_("messages/"), message_views.notifications, name="notifications"),
        path(_("messages/read/"), message_views.mark_read, name="notifications_read"),
        path(_("messages/choices/"), message_views.choices, name="notification_choices"),
        path(_("messages/stop/<str:token>/"), message_views.stop, name="stop"),
        path(_("account/"), include("academy.account_urls")),
        path("", include("capability.urls")),
        path("", include("connections.urls")),
        path("", include("conditions.urls")),
        prefix_default_language=True,
    ),
]
