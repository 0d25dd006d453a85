"""Staff's window on courses: what changes places, dates or people goes through the verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.admin import (
    AcademyAdmin,
    HouseRulesAdmin,
    ReadOnlyAdmin,
    pairs,
)
from academy.permissions import signed_in
from capability.admin_courses import CourseAdmin
from capability.models import Booking, BookingRules, Cohort, Interest, Session

__all__ = ["CourseAdmin"]

if TYPE_CHECKING:
    CohortModelForm = forms.ModelForm[Cohort]
    SessionModelForm = forms.ModelForm[Session]
    SessionTabularInline = admin.TabularInline[Session, Cohort]
else:
    CohortModelForm = SessionModelForm = forms.ModelForm
    SessionTabularInline = admin.TabularInline


class SessionForm(SessionModelForm):
    """A meeting; a tick cancels it."""

    cancel = forms.BooleanField(
        label=gettext_lazy("Cancel it and tell everyone"), required=False, initial=False
    )

    class Meta:
        model = Session
        fields = ["starts_at", "ends_at", "place_en", "place_cy"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.cancelled_at and self.has_changed():
            raise forms.ValidationError(_("This session is cancelled and cannot be changed."))
        return cleaned


class SessionInline(SessionTabularInline):
    model = Session
    form = SessionForm
    extra = 0
    can_delete = False
    fields = ("starts_at", "ends_at", "cancel", "cancelled_at", "place_en", "place_cy")
    readonly_fields = ("cancelled_at",)
    template = "admin/capability/sessions_inline.html"
    ordering = ("starts_at", "pk")
    verbose_name_plural = gettext_lazy("sessions (a change is sent to everyone with a place)")


TOO_FEW = gettext_lazy("%(taken)s people have a place already.")


class CohortForm(CohortModelForm):
    def clean_places(self) -> int:
        places: int = self.cleaned_data["places"]
        taken = self.instance.bookings.current().count() if self.instance.pk else 0
        if places < taken:
            raise forms.ValidationError(TOO_FEW % {"taken": taken})
        return places


class FewBookings(admin.SimpleListFilter):
    """Soon, and less than half full."""

    title = gettext_lazy("bookings")
    parameter_name = "few"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Few bookings, and starting soon"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.few_booked(now()) if self.value() else queryset


@admin.register(Cohort)
class CohortAdmin(AcademyAdmin):
    form = CohortForm
    list_display = (
        *("course", "starts_at", "language", "region", "taken"),
        *("published", "cancelled_at", "roster"),
    )
    list_filter = (FewBookings, "published", "language", "format", "region")
    list_select_related = ("course",)
    search_fields = ("course__title_en", "course__title_cy")
    autocomplete_fields = ("course", "organisation")
    date_hierarchy = "starts_at"
    fields = (
        "course",
        "organisation",
        ("language", "format", "region"),
        *pairs("place"),
        "joining_link",
        "booking_link",
        "places",
        ("starts_at", "closes_at", "published", "cancelled_at"),
    )
    readonly_fields = ("starts_at", "closes_at", "published", "cancelled_at")
    inlines = (SessionInline,)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    actions = ("publish", "withdraw", "cancel")
    ordering = ("-starts_at", "-pk")
    export_fields = (
        *("course", "organisation", "region", "place_en", "place_cy", "language", "format"),
        *("starts_at", "ends_at", "places", "places_taken", "published", "cancelled_at"),
    )

    @admin.display(description=gettext_lazy("places taken"))
    def taken(self, cohort: Cohort) -> str:
        return f"{cohort.places_taken} / {cohort.places}"

    @admin.display(description=gettext_lazy("who is coming"))
    def roster(self, cohort: Cohort) -> str:
        address = reverse("capability:roster", args=[cohort.pk])
        return format_html('<a href="{}">{}</a>', address, _("Who is coming"))

    def save_model(self, request: HttpRequest, obj: Cohort, form: Any, change: bool) -> None:
        """A new place goes through the verb that tells everyone, a new number through the lock."""
        moved = {"place_en", "place_cy", "joining_link"} & set(form.changed_data)
        if change and moved:
            Cohort.objects.get(pk=obj.pk).relocate(
                place=(obj.place_en, obj.place_cy),
                joining_link=obj.joining_link,
                by=signed_in(request),
                at=now(),
            )
        if change and "places" in form.changed_data:
            self._change_places(request, obj, form)
        super().save_model(request, obj, form, change)

    def _change_places(self, request: HttpRequest, obj: Cohort, form: Any) -> None:
        try:
            Cohort.objects.get(pk=obj.pk).change_places(obj.places, by=signed_in(request), at=now())
        except Cohort.TooFew:  # somebody booked since the form was looked at
            form.changed_data.remove("places")
            taken = {"taken": obj.bookings.current().count()}
            self.message_user(request, TOO_FEW % taken, messages.ERROR)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Every change of a session is a verb, so that whoever has a place hears of it."""
        cohort, at = form.instance, now()
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for one in formset.forms:
            if not one.has_changed() or not one.cleaned_data:
                continue
            said = one.cleaned_data
            times = {"starts_at": said["starts_at"], "ends_at": said["ends_at"]}
            place = (said["place_en"], said["place_cy"])
            if one.instance.pk is None:
                cohort.add_session(**times, place=place, at=at)
                continue
            session = Session.objects.get(pk=one.instance.pk)
            if said["cancel"]:
                self._cancel_session(request, session)
            else:
                session.move(**times, place=place, by=signed_in(request), at=at)

    def _cancel_session(self, request: HttpRequest, session: Session) -> None:
        try:
            session.cancel(by=signed_in(request), at=now())
        except Session.LastOne:
            words = _("This is the only session left: cancel the whole cohort instead.")
            self.message_user(request, words, messages.ERROR)

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, chosen: Any) -> None:
        for cohort in chosen:
            try:
                cohort.publish(by=signed_in(request), at=now())
            except Cohort.NotReady:
                words = _("“%(title)s” needs a published course and at least one session.")
                self.message_user(request, words % {"title": cohort}, messages.ERROR)

    @admin.action(description=gettext_lazy("Withdraw from the site"), permissions=["change"])
    def withdraw(self, request: HttpRequest, chosen: Any) -> None:
        for cohort in chosen:
            cohort.withdraw(by=signed_in(request), at=now())

    @admin.action(
        description=gettext_lazy("Cancel and tell everyone with a place"), permissions=["change"]
    )
    def cancel(self, request: HttpRequest, chosen: Any) -> None:
        for cohort in chosen.order_by("pk"):
            cohort.cancel(by=signed_in(request), at=now())


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    list_display = ("cohort", "person", "joined_at", "left_at", "left_why")
    list_filter = (("left_at", admin.EmptyFieldListFilter), "left_why")
    list_select_related = ("cohort__course", "person")
    search_fields = ("person__name", "person__email", "cohort__course__title_en")
    fields = list_display
    ordering = ("-joined_at", "-pk")
    export_fields = list_display

    def get_queryset(self, request: HttpRequest) -> Any:
        """An organisation lead sees the people of their own organisation."""
        person, rows = signed_in(request), Booking.objects.order_by(*self.ordering)
        return rows if person.is_superuser else rows.visible_to(person)


@admin.register(Interest)
class InterestAdmin(ReadOnlyAdmin):
    list_display = ("course", "person", "declared_at", "told_at")
    list_filter = (("told_at", admin.EmptyFieldListFilter),)
    list_select_related = ("course", "person")
    search_fields = ("course__title_en", "course__title_cy")
    fields = list_display
    ordering = ("declared_at", "pk")


@admin.register(BookingRules)
class BookingRulesAdmin(HouseRulesAdmin):
    pass
