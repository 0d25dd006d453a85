"""Buttons on an admin page, each of them one verb; nothing is saved beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from academy.admin import AcademyAdmin
from academy.models.base import Refusal

PRESSED = "_verb:"  # begins the name of each button
NOTHING_TO_SAVE = {
    "show_save": False,
    "show_save_and_continue": False,
    "show_save_and_add_another": False,
}


@dataclass(frozen=True)
class Verb:
    """A button: `run` is told the row and the words typed, if it asks for words."""

    name: str
    label: str
    run: Callable[[Any, str], str]
    asks_words: str = ""  # the label of the box above the button
    careful: bool = False  # it ends something


class VerbAdmin(AcademyAdmin):
    """A page that shows a row and offers its verbs."""

    change_form_template = "admin/connections/verbs_change_form.html"
    saves = False  # whether an existing row also has fields to save

    def verbs(self, request: HttpRequest, row: Any) -> list[Verb]:
        """What can be done to this row in its present state."""
        return []

    def refused(self, refusal: Refusal) -> str:
        return _("This cannot be done any more: the row has changed meanwhile.")

    def after(self, request: HttpRequest, row: Any) -> str:
        """Where a pressed button leads to."""
        return request.get_full_path()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        row = self.get_object(request, object_id) if object_id else None
        if row is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        may = self.has_change_permission(request, row)
        verbs = self.verbs(request, row) if may else []
        pressed = next((key[len(PRESSED) :] for key in request.POST if key.startswith(PRESSED)), "")
        if pressed:
            if not may:
                raise PermissionDenied
            return self._run(request, row, {verb.name: verb for verb in verbs}.get(pressed))
        shown = {"verbs": verbs, **({} if self.saves else NOTHING_TO_SAVE)}
        return super().changeform_view(
            request, object_id, form_url, {**shown, **(extra_context or {})}
        )

    def _run(self, request: HttpRequest, row: Any, verb: Verb | None) -> HttpResponse:
        words = request.POST.get("_words", "").strip()
        if verb is None:
            messages.error(
                request, _("This cannot be done any more: the row has changed meanwhile.")
            )
        elif verb.asks_words and not words:
            messages.error(request, _("Write a reason first"))
        else:
            try:
                messages.success(request, verb.run(row, words))
            except Refusal as refusal:
                messages.error(request, self.refused(refusal))
        return HttpResponseRedirect(self.after(request, row))
