"""Work of the house for its staff: messages that could not be sent, content that needs a hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks, roles, second_factor
from academy.content_care import counted
from academy.models import Heartbeat, Notification
from academy.models.base import PublicContent
from academy.permissions import may_act_as
from academy.piles import pile

SAID = {
    "no_cy": gettext_lazy("%(things)s: Welsh missing"),
    "no_en": gettext_lazy("%(things)s: English missing"),
    "stale_cy": gettext_lazy("%(things)s: Welsh older than the English"),
    "stale_en": gettext_lazy("%(things)s: English older than the Welsh"),
    "ran_out": gettext_lazy("%(things)s: time to add the other language"),
    "review": gettext_lazy("%(things)s: not reviewed for a year"),
}


@hooks.queue
def parked(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    """Messages nobody could deliver: somebody looks why, and puts them back."""
    if not may_act_as(person, roles.ADMINISTRATOR):
        return
    rows, label = Notification.objects.parked(), _("Messages that could not be sent")
    yield pile(label, rows, since="created_at", where="state__exact=parked")


@hooks.queue
def silent_worker(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, roles.ADMINISTRATOR) or Heartbeat.fresh("worker", at=at):
        return
    beaten = Heartbeat.objects.filter(name="worker").values_list("beaten_at", flat=True).first()
    url = reverse("admin:academy_notification_changelist")
    yield hooks.Queue(_("Messages wait: the worker that sends them is silent"), url, 1, beaten)


@hooks.queue
def second_factors(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    """A colleague asked to reset somebody's second factor; another administrator confirms."""
    if not may_act_as(person, roles.ADMINISTRATOR):
        return
    asked = [one for one in second_factor.waiting(at=at) if one.actor_id != person.pk]
    url = reverse("admin:academy_person_changelist")
    if asked:
        url = reverse("admin:second_factor", args=[asked[0].object_id])
    oldest = asked[0].at if asked else None
    yield hooks.Queue(_("Lost second steps to confirm with a colleague"), url, len(asked), oldest)


@hooks.queue
def content(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    """Each kind of public content this person may change, and what it needs."""
    for model in apps.get_models():
        if not issubclass(model, PublicContent) or not admin.site.is_registered(model):
            continue
        meta = model._meta
        if not person.has_perm(f"{meta.app_label}.change_{meta.model_name}"):
            continue
        things = capfirst(str(meta.verbose_name_plural))
        page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        for wrong, (many, since) in counted(model, localdate(at)).items():
            yield hooks.Queue(
                SAID[wrong] % {"things": things}, f"{page}?language={wrong}", many, since
            )
