"""Are you still taking requests? Two buttons; and, for coordinators, who was asked and paused."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.facets import turns
from academy.pages import page
from academy.permissions import policy, signed_in
from academy.roles import COORDINATOR
from connections.actions import still_there as verbs
from connections.models import MentorProfile, StillThere

A_PAGE = 50


@require_http_methods(["GET", "POST"])
@policy("improver")
def still_there(request: HttpRequest) -> HttpResponse:
    """One's own answer. Opening the page is a sign of life, and changes nothing else."""
    person, at = signed_in(request), now()
    mine = MentorProfile.objects.of(person).defer("vector", "words")
    profile = get_object_or_404(mine.select_related("person"))
    if request.method == "POST":
        here = request.POST.get("answer") == "here"
        if not here and request.POST.get("answer") != "pause":
            messages.error(request, _("Press one of the two buttons."))
            return redirect("connections:still_there")
        verbs.answer(profile, here=here, at=at)
        words = _("Paused. Come back any time with one press.")
        if here:
            words = _("Thank you: people can ask you.")
        messages.success(request, words)
        return redirect("connections:still_there")
    StillThere.objects.heard_from(person, at=at)
    return page(request, "connections/still_there/still_there.html", {"profile": profile})


@require_safe
@policy(COORDINATOR)
def quiet_mentors(request: HttpRequest) -> HttpResponse:
    """Mentors who are being asked, and those who were paused kindly and have not come back."""
    rows = StillThere.objects.shown_to_coordinators().select_related("profile__person")
    shown = Paginator(rows.order_by("asked_at", "pk"), A_PAGE).get_page(request.GET.get("page"))
    others = turns(request.GET, number=shown.number, last=shown.paginator.num_pages)
    return page(request, "connections/still_there/quiet.html", {"rows": shown, **others})
