"""A person's own account: who they are, in which language we write, whom never to match them with."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy import conflicts, workplaces
from academy.account_forms import ConflictForm, DetailsForm, LanguageForm
from academy.borrowed import limited
from academy.pages import page
from academy.permissions import policy, signed_in, waits_for_approval


@require_safe
@policy("newcomer")
def account(request: HttpRequest) -> HttpResponse:
    """Everything about this account, each with the way to change it."""
    person = signed_in(request)
    membership = person.memberships.current().select_related("organisation", "line_manager").first()
    facts = {"membership": membership, "waiting": waits_for_approval(person)}
    return page(request, "account/overview.html", {**facts, "person": person})


@require_http_methods(["GET", "POST"])
@policy("newcomer")
def my_details(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    form = DetailsForm(request.POST or None, initial=DetailsForm.of(person))
    if form.is_valid():
        workplaces.describe(
            person,
            name=form.cleaned_data["name"],
            job_role=form.cleaned_data["job_role"],
            on=localdate(),
            **form.workplace(),
        )
        messages.success(request, _("Your details are saved."))
        return redirect("account")
    words = {"title": _("Your details"), "button": _("Save"), "back_url": reverse("account")}
    return page(request, "account/details.html", {"form": form, **words})


@require_http_methods(["GET", "POST"])
@policy("newcomer")
def choose_language(request: HttpRequest) -> HttpResponse:
    """In which language we write; the page's own language is a link in its head."""
    person = signed_in(request)
    form = LanguageForm(request.POST or None, initial={"language": person.language})
    if form.is_valid():
        person.choose_language(form.cleaned_data["language"], at=now())
        messages.success(request, _("We will write to you in the language you chose."))
        return redirect("account")
    words = {"title": _("Language"), "button": _("Save"), "back_url": reverse("account")}
    return page(request, "account/language.html", {"form": form, **words})


@require_safe
@policy("newcomer")
def waiting(request: HttpRequest) -> HttpResponseBase:
    """We are looking at this account; what is open until then."""
    if not waits_for_approval(signed_in(request)):
        return redirect("home")
    return page(request, "account/waiting.html", {"contact": settings.SITE_CONTACT})


@require_http_methods(["GET", "POST"])
@policy("improver")
@limited("declare_conflict")
def my_conflicts(request: HttpRequest) -> HttpResponseBase:
    """The same answer whether or not the address has an account; so nobody is listed either."""
    form = ConflictForm(request.POST or None)
    if form.is_valid():
        address = form.cleaned_data["email"]
        if "take_back" in request.POST:
            conflicts.take_back(signed_in(request), address=address)
            messages.success(
                request, _("If you had told us about this person, we have forgotten it.")
            )
        else:
            conflicts.declare(signed_in(request), address=address, at=now())
            messages.success(
                request,
                _("If this person has an account, we will never match you with each other."),
            )
        return redirect("conflicts")
    return page(request, "account/conflicts.html", {"form": form})
