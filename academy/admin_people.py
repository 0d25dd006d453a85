"""People in the admin: where they work, and roles and approval for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy, ngettext

from academy import approvals, hooks, roles
from academy.admin_base import AcademyAdmin
from academy.models import AuditEvent, Membership, Person
from academy.permissions import may_act_as, signed_in

if TYPE_CHECKING:
    GroupsField = forms.ModelMultipleChoiceField[Group]
    TabularInline = admin.TabularInline[Membership, Person]
else:
    GroupsField, TabularInline = forms.ModelMultipleChoiceField, admin.TabularInline


def seen_by(people: Any, reader: Any) -> Any:
    """An organisation lead sees the people who work in their own organisation, and nobody else."""
    if reader.is_superuser or may_act_as(reader, roles.COORDINATOR, roles.ADMINISTRATOR):
        return people
    ours = reader.memberships.current().values("organisation")
    return people.filter(memberships__ended_on=None, memberships__organisation__in=ours)


class MembershipInline(TabularInline):
    model = Membership
    fk_name = "person"
    extra = 0
    autocomplete_fields = ("organisation", "line_manager")
    can_delete = False
    verbose_name_plural = gettext_lazy("Where they work")


class RolesField(GroupsField):
    """Roles by the names people know them by."""

    def label_from_instance(self, group: Group) -> str:
        return str(roles.NAMES.get(group.name, group.name))


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(roles.NAMES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.with_role(self.value()) if self.value() else queryset


@admin.register(Person)
class PersonAdmin(AcademyAdmin):
    list_display = ("name", "email", "job_role", "is_active", "approved_at", "joined_at")
    list_filter = ("is_active", RoleFilter, "language")
    search_fields = ("name", "email")
    fields = (
        ("name", "email"),
        ("job_role", "language"),
        "groups",
        ("is_active", "approved_at", "joined_at"),
    )
    readonly_fields = ("email", "is_active", "approved_at", "joined_at")
    inlines = (MembershipInline,)
    ordering = ("name", "pk")
    actions = (
        "approve",
        "reopen",
    )
    export_fields = (
        *("name", "email", "job_role", "organisation", "team"),
        *("language", "is_active", "approved_at", "joined_at"),
    )
    change_form_template = "admin/academy/person_change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves, or come in by the CSV import."""
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        """A list of people leaves the house by an administrator's hand alone."""
        return may_act_as(request.user, roles.ADMINISTRATOR)

    def has_administer_permission(self, request: HttpRequest) -> bool:
        return may_act_as(request.user, roles.ADMINISTRATOR)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        return RolesField(
            Group.objects.filter(name__in=roles.ROLES).order_by("pk"),
            label=gettext_lazy("Roles"),
            help_text=gettext_lazy("Each role but the sponsor’s needs a second step at sign-in."),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> Any:
        """Nobody gives themselves a role: a second person is always needed."""
        form: Any = super().get_form(request, obj, change, **more)
        if "groups" in form.base_fields and obj == request.user and not request.user.is_superuser:
            form.base_fields["groups"].disabled = True
            form.base_fields["groups"].help_text = gettext_lazy(
                "Your own roles are changed by another administrator."
            )
        return form

    def get_queryset(self, request: HttpRequest) -> Any:
        return seen_by(super().get_queryset(request), request.user)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter if self.has_administer_permission(request) else ("is_active",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who holds which role is for administrators to see and to change."""
        if self.has_administer_permission(request) or request.user.is_superuser:
            return self.fields
        return (("name", "email"), ("job_role", "language"))

    @admin.display(description=gettext_lazy("organisation"))
    def organisation(self, person: Person) -> str:
        return getattr(person, "organisation_code", None) or ""

    @admin.display(description=gettext_lazy("team"))
    def team(self, person: Person) -> str:
        return getattr(person, "team_name", None) or ""

    def export_as_csv(self, request: HttpRequest, chosen: Any) -> HttpResponse:
        """With where each works now, in the same query."""
        now_at = Membership.objects.current().filter(person=OuterRef("pk"))
        places = chosen.annotate(
            organisation_code=Subquery(now_at.values("organisation__code")[:1]),
            team_name=Subquery(now_at.values("team")[:1]),
        )
        return super().export_as_csv(request, places)

    @admin.action(description=gettext_lazy("Open these accounts"), permissions=["administer"])
    def approve(self, request: HttpRequest, chosen: Any) -> None:
        by, at = signed_in(request), now()
        opened = sum(approvals.approve(person, by=by, at=at) for person in chosen)
        words = ngettext("%(n)s account is open now.", "%(n)s accounts are open now.", opened)
        self.message_user(request, words % {"n": opened})

    @admin.action(
        description=gettext_lazy("Open closed accounts again"), permissions=["administer"]
    )
    def reopen(self, request: HttpRequest, chosen: Any) -> None:
        by, at = signed_in(request), now()
        opened = sum(approvals.reopen(person, by=by, at=at) for person in chosen)
        words = ngettext("%(n)s account is open now.", "%(n)s accounts are open now.", opened)
        self.message_user(request, words % {"n": opened})

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if {"name", "job_role"} & set(form.changed_data):
            hooks.tell("academy.person_changed", person=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Each role given or taken is an event of its own in the audit; other rooms may tell of it."""
        before = set(form.instance.groups.values_list("name", flat=True))
        super().save_related(request, form, formsets, change)
        after = set(form.instance.groups.values_list("name", flat=True))
        person, at = form.instance, now()
        for verb, names in (("role given", after - before), ("role taken", before - after)):
            for name in sorted(names):
                AuditEvent.objects.record(
                    verb, actor=request.user, thing=person, reason=name, at=at
                )
        for name in sorted(after - before):
            hooks.tell("academy.role_given", person=person, role=name, at=at)
