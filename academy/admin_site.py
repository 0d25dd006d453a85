from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from academy.permissions import needs_second_factor


class AcademyAdminSite(AdminSite):
    """The admin behind the academy's own sign-in: a staff role, and a second factor."""

    site_header = _("Improvement Academy: staff")
    site_title = _("Improvement Academy: staff")
    index_title = _("What needs you today")

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
