from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models.organisations import Organisation
from academy.models.people import Person


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(ended_on=None)

    def places_of(self, people: Iterable[Any]) -> dict[int, str]:
        """Where each of these people works now, by name; who works nowhere has no entry."""
        rows = self.current().filter(person__in=people).select_related("organisation")
        return {one.person_id: one.organisation.name for one in rows}


class Membership(models.Model):
    """Where a person works, in which team and for whom, from a day to a day."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    team = models.CharField(_("team"), max_length=120, blank=True, default="")
    line_manager = models.ForeignKey(
        Person,
        verbose_name=_("line manager"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_memberships",
    )
    line_manager_email = models.EmailField(_("line manager’s e-mail"), blank=True, default="")
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                name="one_current_membership_each", fields=["person"], condition=Q(ended_on=None)
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="nobody_manages_themselves",
                condition=Q(line_manager=None) | ~Q(line_manager=F("person")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Membership %(number)s") % {"number": self.pk})

    @classmethod
    @transaction.atomic
    def start(
        cls,
        person: Person,
        *,
        organisation: Organisation,
        team: str = "",
        line_manager_email: str = "",
        on: date,
    ) -> Membership:
        """The person works here from `on`; what came before ends that day. The same again is kept."""
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        manager = None
        if line_manager_email:
            manager = (
                Person.objects.active()
                .exclude(pk=person.pk)
                .filter(email__iexact=line_manager_email)
                .first()
            )
        facts = {
            "organisation": organisation,
            "team": team,
            "line_manager": manager,
            "line_manager_email": line_manager_email,
        }
        current = person.memberships.current().first()
        if current and all(getattr(current, name) == value for name, value in facts.items()):
            return current
        if current and current.organisation == organisation:
            for name, value in facts.items():
                setattr(current, name, value)
            current.save(update_fields=list(facts))
            return current
        person.memberships.current().update(ended_on=on)
        return cls.objects.create(person=person, started_on=on, **facts)


class Conflict(models.Model):
    """Two people who must not be matched. Private: either may declare it, without a reason."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="conflicts")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="conflicts_of_others")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_conflict_each", fields=["person", "other"]),
            models.CheckConstraint(
                name="no_conflict_with_oneself", condition=~Q(person=F("other"))
            ),
        ]

    @classmethod
    def keeps(cls, name: str, person: Any) -> Q:
        """Rows whose `name` is to be kept apart from this person, whoever of the two said so."""
        hers = cls._default_manager.filter(person=person).values("other")
        theirs = cls._default_manager.filter(other=person).values("person")
        return Q(**{f"{name}__in": hers}) | Q(**{f"{name}__in": theirs})
