"""What a line manager may see: the mentee's choice, and the line manager's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.pages import page
from academy.permissions import policy, signed_in
from connections.models import ManagerConsent, Relationship
from connections.models.manager_consents import manager_of


@require_http_methods(["GET", "POST"])
@policy("improver")
def manager_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The mentee alone: yes, or no longer."""
    person, at = signed_in(request), now()
    mine = Relationship.objects.visible_to(person).received_by(person)
    pair = get_object_or_404(mine.select_related("mentor", "mentee"), pk=pk)
    if request.method == "POST":
        return _choose(request, pair)
    manager = manager_of(person)
    given = ManagerConsent.objects.of(pair).given().filter(manager=manager).first()
    context = {"pair": pair, "manager": manager, "given": given, "at": at}
    return page(request, "connections/manager_consents/choose.html", context)


def _choose(request: HttpRequest, pair: Relationship) -> HttpResponse:
    person, at = signed_in(request), now()
    if request.POST.get("answer") != "yes":
        ManagerConsent.objects.withdraw(pair, by=person, at=at)
        messages.success(request, _("Your line manager sees nothing of this."))
        return redirect("connections:manager_consent", pk=pair.pk)
    try:
        ManagerConsent.objects.give(pair, by=person, at=at)
    except ManagerConsent.NoManager:
        messages.error(request, _("We do not know your line manager."))
    except Relationship.Ended:
        messages.error(
            request, _("This relationship has ended. You can read, and nothing is added.")
        )
    else:
        messages.success(request, _("Your line manager sees these counts now, and nothing else."))
    return redirect("connections:manager_consent", pk=pair.pk)


@require_safe
@policy("improver")
def team(request: HttpRequest) -> HttpResponse:
    """People of one's team who chose to show counts; of the others not even that there is anything."""
    rows = ManagerConsent.objects.visible_to(request.user).rows()
    return page(request, "connections/manager_consents/team.html", {"rows": rows})
