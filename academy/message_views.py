"""A person's messages, how they want them, and the link that stops a kind without signing in."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy import hooks
from academy.bilingual import language
from academy.facets import turns
from academy.letters import link, read_stop_token, subject
from academy.models import Notification, NotificationChoice, Person
from academy.models.notifications import Choice
from academy.pages import page
from academy.permissions import policy, signed_in


@require_safe
@policy("improver")
def notifications(request: HttpRequest) -> HttpResponse:
    """What the academy wrote to this person, newest first."""
    mine = Notification.objects.of(signed_in(request)).listed().order_by("-created_at", "-pk")
    shown = Paginator(mine, 20).get_page(request.GET.get("page"))
    rows = [
        {
            "subject": subject(row, language()),
            "url": link(row),
            "at": row.created_at,
            "new": row.read_at is None,
        }
        for row in shown
        if row.kind in hooks.notification_kinds
    ]
    others = turns(request.GET, number=shown.number, last=shown.paginator.num_pages)
    return page(request, "academy/notifications.html", {"rows": rows, **others})


@require_POST
@policy("improver")
def mark_read(request: HttpRequest) -> HttpResponse:
    Notification.objects.of(signed_in(request)).listed().mark_read(at=now())
    return redirect("notifications")


EACH = "each"  # the answer that leaves every kind as it is chosen below


def kinds_for(person: Person) -> list[hooks.NotificationKind]:
    """What this person may choose about; whom a kind reaches is asked once, not for each kind."""
    kinds = [kind for kind in hooks.notification_kinds.values() if kind.label]
    reached = {ask: ask(person) for ask in {kind.audience for kind in kinds} if ask}
    return [
        one
        for one in kinds
        if not one.essential and (one.audience is None or reached[one.audience])
    ]


class ChoicesForm(forms.Form):
    """One question about all messages, then one for each kind a person may choose about."""

    all = forms.ChoiceField(
        label=gettext_lazy("All of them"),
        choices=[*Choice.choices, (EACH, gettext_lazy("As I choose below"))],
        initial=EACH,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: object,
        kinds: Iterable[hooks.NotificationKind],
        made: dict[str, str],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.kinds = {kind.name.replace(".", "__"): kind for kind in kinds}
        for name, kind in self.kinds.items():
            self.fields[name] = forms.ChoiceField(
                label=kind.label,
                choices=Choice.choices,
                initial=made.get(kind.name, kind.start),
                widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--inline"}),
            )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions of each part of the academy under its name."""
        found: dict[str, list[forms.BoundField]] = {}
        for name in self.kinds:
            found.setdefault(name.partition("__")[0], []).append(self[name])
        return [(str(apps.get_app_config(app).verbose_name), rows) for app, rows in found.items()]

    def chosen(self) -> dict[str, str]:
        for_all = self.cleaned_data["all"]
        return {
            kind.name: self.cleaned_data[name] if for_all == EACH else for_all
            for name, kind in self.kinds.items()
        }


@require_http_methods(["GET", "POST"])
@policy("improver")
def choices(request: HttpRequest) -> HttpResponse:
    """At once, weekly or off, for each kind."""
    person = signed_in(request)
    made = dict(NotificationChoice.objects.filter(person=person).values_list("kind", "choice"))
    form = ChoicesForm(request.POST or None, kinds=kinds_for(person), made=made)
    if form.is_valid():
        NotificationChoice.objects.choose(person, form.chosen())
        messages.success(request, _("We will write to you as you chose."))
        return redirect("notification_choices")
    return page(request, "academy/notification_choices.html", {"form": form})


@csrf_exempt  # mail programs press this button for a person; the signed address is the authority
@require_http_methods(["GET", "POST"])
@policy("visitor")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of e-mail, without signing in. Opening the page stops nothing."""
    try:
        pk, name = read_stop_token(token)
    except BadSignature as error:
        raise Http404 from error
    person = get_object_or_404(Person, pk=pk)
    kind = hooks.notification_kinds.get(name)
    if kind is None:
        raise Http404
    stopped = request.method == "POST"
    if stopped:
        NotificationChoice.objects.choose(person, {name: Choice.OFF})
    return page(request, "academy/stop.html", {"kind": kind, "stopped": stopped})
