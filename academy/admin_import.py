"""Uploading a CSV file: a try that changes nothing, then the very same text saved whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks
from academy.csvs import Unreadable, as_csv, decoded
from academy.import_rows import both_names
from academy.importing import MOST_ROWS, Result, heading_of, labels_of, run
from academy.permissions import may_act_as, signed_in

LARGEST = 1_000_000


class UploadForm(forms.Form):
    """A file, or rows pasted from a spreadsheet. The file is read in memory and never stored."""

    file = forms.FileField(label=gettext_lazy("CSV file"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or paste the rows here"),
        required=False,
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "vLargeTextField"}),
    )

    def clean(self) -> dict[str, Any]:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if file is not None:
            try:
                text = decoded(file.read())
            except Unreadable as error:
                raise forms.ValidationError(str(error)) from error
        if not text.strip() and not self.errors:
            raise forms.ValidationError(_("Choose a file of at most 1 MB, or paste some rows."))
        return {**self.cleaned_data, "text": text}


def open_to(person: Any) -> list[hooks.Importer]:
    """The files this member of staff may upload."""
    known = sorted(hooks.importers.values(), key=lambda one: (one.order, one.name))
    return [one for one in known if person.is_superuser or may_act_as(person, *one.roles)]


def found(request: HttpRequest, name: str) -> hooks.Importer:
    for one in open_to(request.user):
        if one.name == name:
            return one
    raise Http404


def upload(request: HttpRequest, name: str) -> HttpResponse:
    importer = found(request, name)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, importer, form=form)
    text, really = form.cleaned_data["text"], "save" in request.POST
    try:
        result = run(importer, text, by=signed_in(request), at=now(), really=really)
    except Unreadable as error:
        form.add_error(None, str(error))
        return show(request, importer, form=form)
    if really and not result.wrong:
        return done(request, result)
    return show(request, importer, form=form, result=result, text=text)


def done(request: HttpRequest, result: Result) -> HttpResponse:
    counted = {"added": len(result.added), "changed": len(result.changed), "same": result.same}
    words = _("Saved. Added: %(added)s, changed: %(changed)s, the same as before: %(same)s.")
    messages.success(request, words % counted)
    return redirect("admin:index")


def show(request: HttpRequest, importer: hooks.Importer, **facts: Any) -> HttpResponse:
    fields: Any = importer.form
    columns = [
        (name, label, fields.base_fields[name].required)
        for name, label in labels_of(fields).items()
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Import: %(label)s") % {"label": importer.label},
        "importer": importer,
        "columns": columns,
        "passed": ", ".join(both_names(label)[-1] for label in fields.read_only.values()),
        "most": MOST_ROWS,
        "here": reverse("admin:import", args=[importer.name]),
        **facts,
    }
    return TemplateResponse(request, "admin/import.html", context)


def columns(request: HttpRequest, name: str) -> HttpResponse:
    """An empty file with the heading, to fill in."""
    fields: Any = found(request, name).form
    return HttpResponse(
        as_csv(heading_of(fields), []),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
