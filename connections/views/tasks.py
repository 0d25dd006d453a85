"""Small promises: add one, tick it, untick it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.pages import page
from academy.permissions import policy
from connections.forms.tasks import TaskForm
from connections.models import Goal, Relationship, Task
from connections.views.relationships import pair_of, refused


@require_http_methods(["GET", "POST"])
@policy("improver")
def set_task(request: HttpRequest, pk: int) -> HttpResponse:
    pair, at = pair_of(request, pk), now()
    if not pair.current:
        return refused(request, pair, pair.refusal())
    other = pair.other(request.user)
    goals = Goal.objects.of(pair).open().opened_by(request.user)
    form = TaskForm(
        request.POST or None,
        reader=request.user,
        other=other,
        goals={one.goal.pk: one.words or str(one.goal) for one in goals},
        today=localdate(at),
    )
    if form.is_valid():
        said = form.told()
        said["doer"] = other if said["doer"] == other.pk else request.user
        said["goal"] = {one.goal.pk: one.goal for one in goals}.get(said["goal"])
        try:
            Task.objects.set(pair, by=request.user, at=at, **said)
        except Task.Enough:
            form.add_error(
                None, _("You have as many tasks as a pair can keep in mind. Finish one first")
            )
        except (Goal.NotOpen, Relationship.NotCurrent) as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(request, _("The task is kept."))
            return redirect(pair)
    context = {"pair": pair, "other": other, "form": form}
    return page(request, "connections/tasks/task.html", context)


@require_POST
@policy("improver")
def tick_task(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Done; or with done=no, after all not yet."""
    tasks = Task.objects.visible_to(request.user).select_related("relationship")
    task = get_object_or_404(tasks, relationship=pk, pk=number)
    done = request.POST.get("done") != "no"
    try:
        Task.objects.tick(task, by=request.user, done=done, at=now())
    except Task.Enough:
        messages.error(request, _("Finish another task first: you have many open ones."))
    except Relationship.NotCurrent as refusal:
        return refused(request, task.relationship, refusal)
    else:
        messages.success(request, _("Ticked off.") if done else _("It is open again."))
    return redirect(task.relationship)
