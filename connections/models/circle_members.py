"""Who is in a circle, and who would like to be told when a place is free."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.models import Notification

if TYPE_CHECKING:
    from connections.models.circles import Circle


class CircleMemberQuerySet(models.QuerySet["CircleMember"]):
    def current(self) -> Self:
        return self.filter(left_at=None)

    def of(self, person: Any) -> Self:
        return self.filter(person=person)


class CircleMember(models.Model):
    """One place in a circle. Joining says that the others may see one's name."""

    class Why(models.TextChoices):
        OWN = "own", _("Left")
        HOST = "host", _("Asked to leave")
        ACCOUNT = "account", _("The account was closed")

    circle = models.ForeignKey(
        "connections.Circle",
        verbose_name=_("circle"),
        on_delete=models.CASCADE,
        related_name="members",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="circle_places",
    )
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"), null=True)
    left_why = models.CharField(
        _("why they left"), max_length=7, choices=Why, blank=True, default=""
    )

    objects = CircleMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("circle member")
        verbose_name_plural = _("circle members")
        constraints = [
            models.UniqueConstraint(
                name="one_place_each_in_a_circle",
                fields=["circle", "person"],
                condition=Q(left_at=None),
            ),
            models.CheckConstraint(
                name="circle_left_for_a_reason",
                condition=Q(left_at=None, left_why="") | (~Q(left_at=None) & ~Q(left_why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Place %(number)s in a circle") % {"number": self.pk})

    @staticmethod
    def post(
        kind: str, circle: Circle, person: Any, *, mark: str = "", at: datetime, **facts: Any
    ) -> None:
        """A message about a circle; names and words are looked up when it is sent."""
        here: tuple[str, list[Any]] = ("connections:circle", [circle.pk])
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{circle.pk}:{person.pk}:{mark}",
            to=person,
            facts={"circle": circle.pk, **facts},
            link=("connections:circles", []) if kind == "circle_left" else here,
            at=at,
        )


class CircleWishQuerySet(models.QuerySet["CircleWish"]):
    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def grant(self, circle: Circle, *, at: datetime) -> None:
        """Tell everybody who waits: who comes first has it, and the others may wish again."""
        for wish in self.select_related("person").order_by("wished_at", "pk"):
            if not type(circle).objects.apart_from(wish.person).filter(pk=circle.pk).exists():
                continue
            CircleMember.post("circle_room", circle, wish.person, mark=str(wish.pk), at=at)
        self.delete()


class CircleWish(models.Model):
    """“Tell me when a place is free.”"""

    circle = models.ForeignKey(
        "connections.Circle", on_delete=models.CASCADE, related_name="wishes"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="circle_wishes"
    )
    wished_at = models.DateTimeField(_("wished at"))

    objects = CircleWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for a place in a circle")
        verbose_name_plural = _("wishes for places in circles")
        constraints = [
            models.UniqueConstraint(name="one_wish_each_for_a_circle", fields=["circle", "person"]),
        ]

    def __str__(self) -> str:
        return str(_("Wish %(number)s") % {"number": self.pk})
