"""What to talk about, for the stage a pair is at or for any other; to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from academy.pages import page
from academy.permissions import policy
from connections.models import Agenda, Stage
from connections.models.agendas import stage_of
from connections.views.relationships import pair_of


@require_safe
@policy("improver")
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    pair, at = pair_of(request, pk), now()
    now_at = stage_of(pair, on=localdate(pair.next_meeting_at or at))
    asked = request.GET.get("stage", "")
    stage = Stage(asked) if asked in Stage.values else now_at
    context = {
        "pair": pair,
        "other": pair.other(request.user),
        "agenda": Agenda.objects.of(pair, stage).first(),
        "stages": [(one, one == stage, one == now_at) for one in Stage],
    }
    return page(request, "connections/agendas/agenda.html", context)
