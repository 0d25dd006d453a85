from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.roles import STAFF_ROLES


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def waiting_for_approval(self) -> Self:
        return self.filter(is_active=True, approved_at=None)

    def with_role(self, *roles: str) -> Self:
        return self.filter(groups__name__in=roles).distinct()

    def hold(self, *numbers: int) -> None:
        """The rows of these people until the transaction ends, by number: nobody waits crosswise."""
        rows = self.filter(pk__in=numbers).order_by("pk")
        list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


class PersonManager(BaseUserManager["Person"]):
    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> Person:
        person = self.model(email=self.normalize_email(email), **facts)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> Person:
        """Break glass only: people who run the academy are given the administrator role."""
        return self.create_user(email, password, is_superuser=True, **facts)


class Person(AbstractBaseUser, PermissionsMixin):
    """Everyone who signs in is an improver; other roles add to that."""

    class Language(models.TextChoices):
        BOTH = "both", _("Welsh and English")
        CY = "cy", _("Welsh")
        EN = "en", _("English")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    job_role = models.CharField(_("job role"), max_length=120, blank=True, default="")
    language = models.CharField(
        _("language of messages"), max_length=4, choices=Language, default=Language.BOTH
    )
    language_chosen_at = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    deactivated_at = models.DateTimeField(_("deactivated at"), null=True, editable=False)
    deletion_asked_at = models.DateTimeField(_("deletion asked at"), null=True, editable=False)
    sample = models.BooleanField(_("sample"), default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager.from_queryset(PersonQuerySet)()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_for_each_address"),
        ]

    class NotNow(Exception):
        """Something the person asked for has already happened or cannot happen."""

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """May enter the admin at all: holds a staff role, today."""
        return self.is_superuser or bool(self.role_names() & STAFF_ROLES)

    def role_names(self) -> frozenset[str]:
        """The names of the person's groups; free of queries for the reader of a page."""
        if not hasattr(self, "_role_names"):
            self._role_names = list(self.groups.values_list("name", flat=True))
        return frozenset(self._role_names)

    def has_role(self, *roles: str) -> bool:
        return bool(self.role_names() & set(roles))

    def has_second_factor(self) -> bool:
        if not hasattr(self, "_second_factor"):
            factors = apps.get_model("mfa", "Authenticator").objects.filter(user=self)
            self._second_factor = factors.filter(type__in=["totp", "webauthn"]).exists()
        return bool(self._second_factor)

    def unread(self) -> int:
        """How many messages they have not opened; known only of the reader of a page."""
        return int(getattr(self, "_unread", 0) or 0)

    def languages(self) -> list[str]:
        """The languages of a message to them, in order; Welsh first when both."""
        return ["cy", "en"] if self.language == self.Language.BOTH else [self.language]

    def choose_language(self, language: str, *, at: datetime) -> None:
        self.language, self.language_chosen_at = language, at
        self.save(update_fields=["language", "language_chosen_at"])

    def approve(self, *, at: datetime) -> None:
        Person.objects.filter(pk=self.pk, approved_at=None).update(approved_at=at)
        self.refresh_from_db(fields=["approved_at"])

    @transaction.atomic
    def deactivate(self, *, at: datetime) -> None:
        """Close the account: places are freed, requests released, relationships end kindly."""
        won = Person.objects.filter(pk=self.pk, is_active=True).update(
            is_active=False, deactivated_at=at
        )
        if won:
            hooks.tell("academy.person_left", person=self, at=at)
        self.refresh_from_db(fields=["is_active", "deactivated_at"])

    @transaction.atomic
    def ask_for_deletion(self, *, at: datetime) -> None:
        """Closed at once, erased by the nightly task when the days of grace are over."""
        Person.objects.filter(pk=self.pk, deletion_asked_at=None).update(deletion_asked_at=at)
        self.deactivate(at=at)
        self.refresh_from_db(fields=["deletion_asked_at"])
