from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.bilingual import Bilingual, in_both_languages
from academy.roles import STAFF_ROLES


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def choices(self) -> Self:
        """What a person may choose: former names are aliases of their successor."""
        return self.filter(successor=None).exclude(status=Organisation.Status.FORMER)


class Organisation(models.Model):
    """Where people work. Former names point at their successor."""

    class Status(models.TextChoices):
        CURRENT = "current", _("Current")
        BRAND_IN_USE = "brand_in_use", _("Name in use")
        FORMER = "former", _("Former name")

    class Kind(models.TextChoices):
        HEALTH_BOARD = "health_board", _("Health board")
        NHS_TRUST = "nhs_trust", _("NHS trust")
        NATIONAL = "national", _("National NHS body")
        GOVERNMENT = "government", _("Government, regulator or public body")
        LOCAL_AUTHORITY = "local_authority", _("Local authority")
        UNIVERSITY = "university", _("University")
        PARTNER = "partner", _("Partner or third sector")
        OTHER = "other", _("Other")

    class Region(models.TextChoices):
        """The seven regional partnerships, each the footprint of one health board."""

        NORTH_WALES = "north_wales", _("North Wales")
        POWYS = "powys", _("Powys")
        WEST_WALES = "west_wales", _("West Wales")
        WEST_GLAMORGAN = "west_glamorgan", _("West Glamorgan")
        CWM_TAF_MORGANNWG = "cwm_taf_morgannwg", _("Cwm Taf Morgannwg")
        CARDIFF_AND_VALE = "cardiff_and_vale", _("Cardiff and the Vale of Glamorgan")
        GWENT = "gwent", _("Gwent")
        ALL_WALES = "all_wales", _("All Wales")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=160)
    name_cy = models.CharField(_("name (Welsh)"), max_length=160)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.CURRENT)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_names",
    )
    region = models.CharField(
        _("region"), max_length=20, choices=Region, default=Region.ALL_WALES
    )
    cy_source = models.CharField(_("source of the Welsh"), max_length=20, default="own")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    name = Bilingual("name")
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                name="organisation_named_in_both_languages", condition=in_both_languages("name")
            ),
            models.CheckConstraint(
                name="organisation_is_not_its_own_successor",
                condition=Q(successor=None) | ~Q(successor=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def waiting_for_approval(self) -> Self:
        return self.filter(is_active=True, approved_at=None)

    def with_role(self, *roles: str) -> Self:
        return self.filter(groups__name__in=roles).distinct()


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


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(ended_on=None)


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
