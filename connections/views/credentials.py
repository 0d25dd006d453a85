"""A coach's own credentials; and a coordinator's yes, or what is missing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.credentials import CredentialForm, SendBackForm, as_written
from connections.models import Credential


@require_http_methods(["GET", "POST"])
@policy("improver")
def add(request: HttpRequest) -> HttpResponse:
    form = CredentialForm(request.POST or None)
    if form.is_valid():
        token = form.cleaned_data["token"]
        Credential.objects.add(signed_in(request), token=token, at=now(), **form.facts())
        messages.success(request, _("Your credential is kept. A coordinator looks at it next."))
        return redirect("connections:practice")
    return page(request, "connections/credentials/add.html", {"form": form})


def _mine(request: HttpRequest, pk: int) -> Credential:
    return get_object_or_404(Credential.objects.of(signed_in(request)), pk=pk)


@require_http_methods(["GET", "POST"])
@policy("improver")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    form = CredentialForm(request.POST or None, initial=as_written(mine))
    if form.is_valid():
        if mine.change(at=now(), **form.facts()):
            messages.success(request, _("Changed. A coordinator looks at it again."))
        return redirect("connections:practice")
    return page(request, "connections/credentials/change.html", {"form": form, "credential": mine})


@require_POST
@policy("improver")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    Credential.objects.of(signed_in(request)).remove(_mine(request, pk))
    messages.success(request, _("The credential is removed."))
    return redirect("connections:practice")


def _theirs(request: HttpRequest, pk: int) -> Credential:
    seen = Credential.objects.for_coordinator(signed_in(request)).select_related("person")
    return get_object_or_404(seen, pk=pk)


@require_POST
@policy("coordinator")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    credential = _theirs(request, pk)
    try:
        credential.confirm(by=signed_in(request), at=now())
    except Credential.Settled:
        messages.error(request, _("Somebody has decided about this credential meanwhile."))
    else:
        messages.success(request, _("Confirmed, and the coach is told."))
    return redirect("connections:coach", pk=credential.person_id)


@require_http_methods(["GET", "POST"])
@policy("coordinator")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    credential = _theirs(request, pk)
    form = SendBackForm(request.POST or None)
    if form.is_valid():
        try:
            credential.send_back(by=signed_in(request), at=now(), **form.cleaned_data)
        except Credential.Settled:
            messages.error(request, _("Somebody has decided about this credential meanwhile."))
        else:
            messages.success(request, _("The coach is told what is missing."))
        return redirect("connections:coach", pk=credential.person_id)
    context = {"form": form, "credential": credential}
    return page(request, "connections/credentials/send_back.html", context)
