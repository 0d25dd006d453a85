"""One's own offer: write it, see it as others do, ask for approval, pause, leave the directory."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.offers import OfferForm, PauseForm, as_offered
from connections.models import MentoringRules, MentorProfile
from connections.views.mentors import shown


def _mine(request: HttpRequest) -> MentorProfile:
    return get_object_or_404(MentorProfile.objects.of(signed_in(request)))


@require_safe
@policy("improver")
def my_profile(request: HttpRequest) -> HttpResponse:
    """Where the offer stands, how others see it, and what can be done with it."""
    mine = MentorProfile.objects.of(signed_in(request)).select_related("person")
    profile = mine.defer("vector", "words").first()
    if profile is None:
        return page(request, "connections/mentors/begin.html")
    context = {"offer": shown(profile), "pause_form": PauseForm()}
    return page(request, "connections/mentors/mine.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def edit_profile(request: HttpRequest) -> HttpResponse:
    """Write or change the offer."""
    person = signed_in(request)
    profile = MentorProfile.objects.of(person).first()
    start = {"capacity": MentoringRules.current().mentor_capacity, "in_directory": True}
    form = OfferForm(request.POST or None, initial=as_offered(profile) if profile else start)
    if form.is_valid():
        try:
            MentorProfile.write(person, **form.offered(), at=now())
        except MentorProfile.TooFew:
            form.add_error("capacity", _("You are helping more people than that now"))
        else:
            messages.success(request, _("Your offer is saved. This is how others see it."))
            return redirect("connections:my_profile")
    return page(request, "connections/mentors/edit.html", {"form": form, "profile": profile})


@require_POST
@policy("improver")
def ask_for_approval(request: HttpRequest) -> HttpResponse:
    try:
        _mine(request).ask_for_approval(at=now())
    except MentorProfile.NotReady:
        messages.error(request, _("Say what you offer, and with which skills or topics, first."))
        return redirect("connections:edit_profile")
    messages.success(request, _("Thank you. A coordinator reads your offer, and we write to you."))
    return redirect("connections:my_profile")


@require_http_methods(["GET", "POST"])
@policy("improver")
def pause(request: HttpRequest) -> HttpResponse:
    """A form of one's own page; a reload or another language after a refusal leads back there."""
    profile = _mine(request)
    if request.method == "GET":
        return redirect("connections:my_profile")
    form = PauseForm(request.POST)
    if form.is_valid():
        profile.pause(until=form.cleaned_data["until"], at=now())
        messages.success(request, _("Paused: nobody new can ask you. The people you have stay."))
        return redirect("connections:my_profile")
    return page(
        request, "connections/mentors/mine.html", {"offer": shown(profile), "pause_form": form}
    )


@require_POST
@policy("improver")
def resume(request: HttpRequest) -> HttpResponse:
    _mine(request).resume(at=now())
    messages.success(request, _("Welcome back: people can ask you again."))
    return redirect("connections:my_profile")


@require_POST
@policy("improver")
def list_me(request: HttpRequest) -> HttpResponse:
    """Into the directory, or out of it."""
    listed = request.POST.get("listed") == "yes"
    _mine(request).show_in_directory(listed, at=now())
    words = _("You are in the directory.") if listed else _("You have left the directory.")
    messages.success(request, words)
    return redirect("connections:my_profile")
