"""The page on which two administrators reset a lost second factor."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import roles, second_factor
from academy.models import Person
from academy.permissions import may_act_as, signed_in


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("How do you know that it is really them who ask?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """One administrator asks, another confirms."""
    if not may_act_as(request.user, roles.ADMINISTRATOR):
        raise PermissionDenied
    person, by, at = get_object_or_404(Person, pk=pk), signed_in(request), now()
    form = WhyForm(request.POST if "ask" in request.POST else None)
    try:
        if "confirm" in request.POST:
            second_factor.confirm(person, by=by, at=at)
            messages.success(request, _("Their second step is removed, and we have told them."))
            return redirect("admin:academy_person_change", pk)
        if form.is_valid():
            second_factor.ask(person, by=by, reason=form.cleaned_data["reason"], at=at)
            messages.success(request, _("Noted. Another administrator now has to confirm it."))
            return redirect("admin:second_factor", pk)
    except second_factor.NotNow:
        messages.error(request, _("This needs two administrators, neither of them the person."))
        return redirect("admin:second_factor", pk)
    asked = second_factor.asked_for(person, at=at)
    context = {
        **admin.site.each_context(request),
        "title": _("A lost second step"),
        "subtitle": person.name,
        "person": person,
        "form": form,
        "asked": asked,
        "from": localtime(second_factor.may_confirm_from(person, asked)) if asked else None,
        "may_confirm": asked is not None
        and by.pk not in (asked.actor_id, person.pk)
        and at >= second_factor.may_confirm_from(person, asked),
    }
    return TemplateResponse(request, "admin/second_factor.html", context)
