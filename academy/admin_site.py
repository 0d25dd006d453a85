from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST

from academy import admin_import, admin_second_factor, hooks
from academy.bilingual import LANGUAGES, site_words
from academy.middleware import LANGUAGE_HERE
from academy.permissions import needs_second_factor

# Django's templates count these, its Welsh does not: named here, they are in our catalogue.
COUNTED = ngettext_lazy("Please correct the error below.", "Please correct the errors below.", "n")
FAR = datetime.max.replace(tzinfo=UTC)


class AcademyAdminSite(AdminSite):
    """The admin behind the academy's own sign-in: a staff role, and a second factor."""

    index_title = gettext_lazy("What needs you today")
    index_template = "admin/queues.html"
    enable_nav_sidebar = False  # the room is for two languages side by side

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what is ours: keys, sessions and addresses of the libraries have no page here."""
        rows: Iterable[type[Model]] = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        ours = [model for model in rows if is_ours(model)]
        super().register(ours, admin_class, **options)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        title = _("%(academy)s: staff") % {"academy": site_words()["name"]}
        return {**super().each_context(request), "site_header": title, "site_title": title}

    def has_permission(self, request: HttpRequest) -> bool:
        person = request.user
        return bool(
            person.is_active
            and person.is_authenticated
            and person.is_staff
            and not needs_second_factor(person)
        )

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """No second door: everyone signs in at the academy's."""
        if request.user.is_authenticated:
            return redirect("home")
        wanted = urlencode({"next": reverse("admin:index")})
        return redirect(f"{reverse('account_login')}?{wanted}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """What waits for this person, oldest first; below it what their role may see."""
        at = now()
        piles = [pile for find in hooks.queues for pile in find(request.user, at=at)]
        waiting = sorted(
            (pile for pile in piles if pile.count), key=lambda pile: pile.oldest_at or FAR
        )
        facts = {
            "waiting": [(pile, age(pile, at)) for pile in waiting],
            "quiet": [pile for pile in piles if not pile.count],
            "importers": admin_import.open_to(request.user),
        }
        return super().index(request, {**facts, **(extra_context or {})})

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path("language/", self.admin_view(choose_language), name="language"),
            path("import/<slug:name>/", self.admin_view(admin_import.upload), name="import"),
            path(
                "second-factor/<int:pk>/",
                self.admin_view(admin_second_factor.reset),
                name="second_factor",
            ),
            path(
                "import/<slug:name>/columns.csv",
                self.admin_view(admin_import.columns),
                name="import_columns",
            ),
        ]
        return own + super().get_urls()


def is_ours(model: type[Model]) -> bool:
    return Path(apps.get_app_config(model._meta.app_label).path).parent == settings.BASE_DIR


def age(pile: hooks.Queue, at: datetime) -> int | None:
    """Days of the calendar in Wales since the oldest arrived."""
    if pile.oldest_at is None:
        return None
    return max(0, (localdate(at) - localdate(pile.oldest_at)).days)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language of staff pages until one signs out; for those whose own is both, for longer."""
    code, back = request.POST.get("language", ""), request.POST.get("next", "")
    own = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(back, own, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else reverse("admin:index"))
    if code in LANGUAGES:
        request.session[LANGUAGE_HERE] = code
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response
