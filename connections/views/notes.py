"""Notes and goals: one small page each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.pages import page
from academy.permissions import policy
from connections.forms.notes import GoalForm, PrivateNoteForm, SharedNoteForm
from connections.models import Agenda, Goal, Note, Relationship, Stage
from connections.views.relationships import pair_of, refused

Audience = Note.Audience


@require_http_methods(["GET", "POST"])
@policy("improver")
def write_shared(request: HttpRequest, pk: int) -> HttpResponse:
    return _write(request, pk, form_class=SharedNoteForm, audience=Audience.SHARED)


@require_http_methods(["GET", "POST"])
@policy("improver")
def write_private(request: HttpRequest, pk: int) -> HttpResponse:
    return _write(request, pk, form_class=PrivateNoteForm, audience=Audience.PRIVATE)


def _write(request: HttpRequest, pk: int, *, form_class: Any, audience: str) -> HttpResponse:
    pair = pair_of(request, pk)
    if not pair.under_way:
        return refused(request, pair, pair.refusal())
    other = pair.other(request.user)
    form = form_class(request.POST or None, other=other.name, initial=_start(request, pair))
    if form.is_valid():
        try:
            Note.objects.write(pair, by=request.user, audience=audience, at=now(), **form.told())
        except Relationship.NotCurrent:
            form.add_error(
                None, _("This relationship has just ended. Copy your words if you need them")
            )
        else:
            messages.success(request, _("Your note is kept."))
            return redirect(pair)
    return page(
        request,
        "connections/notes/write.html",
        {"pair": pair, "other": other, "form": form, "shared": audience == Audience.SHARED},
    )


def _start(request: HttpRequest, pair: Relationship) -> dict[str, str]:
    """An agenda may be the start of a note."""
    stage = request.GET.get("agenda", "")
    agenda = Agenda.objects.of(pair, stage).first() if stage in Stage.values else None
    return {"words": agenda.as_note()} if agenda else {}


@require_http_methods(["GET", "POST"])
@policy("improver")
def set_goal(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    if not pair.current:
        return refused(request, pair, pair.refusal())
    form = GoalForm(request.POST or None)
    if form.is_valid():
        try:
            Goal.objects.set(pair, by=request.user, at=now(), **form.told())
        except Goal.Enough:
            form.add_error(
                None,
                _(
                    "You have as many goals as a pair can keep in mind. Reach one or let one go first"
                ),
            )
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(request, _("The goal is kept."))
            return redirect(pair)
    return page(
        request,
        "connections/notes/goal.html",
        {
            "pair": pair,
            "other": pair.other(request.user),
            "form": form,
            "full": not form.is_bound and Goal.objects.full(pair),
        },
    )


def _goal(request: HttpRequest, pk: int, number: int) -> Goal:
    goals = Goal.objects.visible_to(request.user).select_related("relationship")
    return get_object_or_404(goals, relationship=pk, pk=number)


@require_POST
@policy("improver")
def reach_goal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    goal = _goal(request, pk, number)
    try:
        Goal.objects.reach(goal, by=request.user, at=now())
    except (Goal.NotOpen, Relationship.NotCurrent) as refusal:
        return refused(request, goal.relationship, refusal)
    messages.success(request, _("Well done, both of you."))
    return redirect(goal.relationship)


@require_POST
@policy("improver")
def let_goal_go(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """It matters no longer; or with again=yes it does after all, or is not reached yet."""
    goal, again = _goal(request, pk, number), request.POST.get("again") == "yes"
    try:
        if again:
            Goal.objects.take_up(goal, by=request.user)
        else:
            Goal.objects.let_go(goal, by=request.user, at=now())
    except Goal.Enough:
        messages.error(request, _("Reach another goal or let one go first: you have enough."))
    except (Goal.NotOpen, Relationship.NotCurrent) as refusal:
        return refused(request, goal.relationship, refusal)
    else:
        words = _("You have taken the goal up again.")
        if not again:
            words = _(
                "The goal is let go, and there is room for another. You can take it up again."
            )
        messages.success(request, words)
    return redirect(goal.relationship)
