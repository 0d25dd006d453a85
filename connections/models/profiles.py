"""An offer to mentor or coach: written, approved, listed, paused; and the places it has."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Notification, Topic
from academy.models.base import Refusal
from connections.models.fit import speaks_and_meets, ways_have_two_ends
from connections.models.offer import REINDEX, TEXTS, Offer
from connections.models.rules import LEAST_PLACES, MOST_PLACES, MentoringRules
from connections.models.suggestions import Suggestion


class MentorProfileQuerySet(models.QuerySet["MentorProfile"]):
    """Which offers, and what is done to many of them."""

    def approved(self) -> Self:
        return self.filter(state="approved", person__is_active=True)

    def waiting(self) -> Self:
        """Asked for approval and not answered: a coordinator's queue."""
        return self.filter(state="waiting", person__is_active=True)

    def listed(self) -> Self:
        return self.approved().filter(in_directory=True)

    def visible_to(self, reader: Any) -> Self:
        """The directory, one's own, and who was suggested to them; coordinators see all."""
        if reader.has_role("coordinator"):
            return self
        approved = Q(state="approved", person__is_active=True)
        suggested = Exists(
            Suggestion.objects.filter(profile=OuterRef("pk"), request__mentee=reader)
        )
        return self.filter(approved & (Q(in_directory=True) | suggested) | Q(person=reader))

    def taking(self) -> Self:
        """May be given one more person now."""
        return self.approved().filter(closed=False)

    def unpaused(self) -> Self:
        """Approved and not paused, whether or not a place is free."""
        return self.approved().filter(paused=False)

    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def locked(self) -> Self:
        """These rows until the transaction ends, by number: every change of places starts here."""
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def to_resume(self, on: date) -> Self:
        return self.filter(paused=True, paused_until__lte=on)

    def reindex(self, *, these: list[int] | None = None) -> None:
        """Gather what the directory searches by: for all, or for these."""
        with connection.cursor() as cursor:
            cursor.execute(REINDEX, {"all": these is None, "these": these or []})

    def forget(self, person: Any, *, at: datetime) -> None:
        """The person's words are removed; the row stays, because relationships rest on it."""
        for profile in self.of(person):
            profile.methods.clear()
            profile.services.clear()
        self.of(person).update(
            **dict.fromkeys((*TEXTS, "words", "shown_name", "decision"), ""),
            method_ids=[],
            service_ids=[],
            in_directory=False,
            state="draft",
            changed_at=at,
        )

    def resume_due(self, *, on: date) -> int:
        """Take new people again where the pause is over."""
        return self.to_resume(on).update(paused=False, paused_until=None)


class MentorProfile(Offer):
    """What a mentor or coach offers, how they work, and how many people they have room for."""

    class Full(Refusal):
        """No place is free."""

    class NotTaking(Refusal):
        """Paused, not approved, or the account is closed."""

    class NotReady(Refusal):
        """Something is missing before it can be approved."""

    class TooFew(Refusal):
        """More people are being mentored than there would be places."""

    class Decided(Refusal):
        """Somebody has answered it before, or it was never asked."""

    objects = MentorProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor profile")
        verbose_name_plural = _("mentor profiles")
        indexes = [
            GinIndex(name="mentor_words", fields=["vector"]),
            GinIndex(name="mentor_methods", fields=["method_ids"]),
            GinIndex(name="mentor_services", fields=["service_ids"]),
            models.Index(
                name="mentor_directory",
                fields=["closed", "shown_name", "id"],
                condition=Q(state="approved", in_directory=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="mentor_never_over_capacity",
                condition=Q(places_taken__gte=0, places_taken__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="mentor_has_one_to_ten_places",
                condition=Q(capacity__gte=LEAST_PLACES, capacity__lte=MOST_PLACES),
            ),
            models.CheckConstraint(
                name="mentor_pause_ends_only_if_begun",
                condition=Q(paused=True) | Q(paused_until=None),
            ),
            models.CheckConstraint(
                name="mentor_asked_or_approved_offers_something",
                condition=Q(state__in=["draft", "declined"])
                | Q(offers_mentoring=True)
                | Q(offers_coaching=True),
            ),
            models.CheckConstraint(
                name="mentor_declined_with_a_reason",
                condition=~Q(state="declined") | Q(decision__regex=r"\S"),
            ),
            speaks_and_meets("mentor"),
            ways_have_two_ends("mentor"),
        ]

    def __str__(self) -> str:
        return self.shown_name or str(_("Mentor profile %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:mentor", args=[self.pk])

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.places_taken)

    @property
    def approved(self) -> bool:
        return self.state == self.State.APPROVED

    def kind_bits(self) -> int:
        return int(self.offers_mentoring) | int(self.offers_coaching) << 1

    def offers(self, kind: str) -> bool:
        """`either` is offered by everybody who offers something."""
        either = {"mentoring": self.offers_mentoring, "coaching": self.offers_coaching}
        return either.get(kind, True)

    @classmethod
    @transaction.atomic
    def write(
        cls, person: Any, *, methods: list[Topic], services: list[Topic], at: datetime, **said: Any
    ) -> MentorProfile:
        """Keep what this person offers; the first time makes a draft."""
        profile, _new = MentorProfile.objects.get_or_create(
            person=person, defaults={"in_english": True, "capacity": cls.start_capacity(said)}
        )
        profile = MentorProfile.objects.locked().get(pk=profile.pk)
        if said.get("capacity", profile.capacity) < profile.places_taken:
            raise cls.TooFew
        for name, value in said.items():
            setattr(profile, name, value)
        profile.changed_at = at
        profile.save(update_fields=[*said, "changed_at"])
        profile.methods.set(methods)
        profile.services.set(services)
        cls.objects.reindex(these=[profile.pk])
        profile.refresh_from_db()
        return profile

    @staticmethod
    def start_capacity(said: dict[str, Any]) -> int:
        rules = MentoringRules.current()
        return rules.coach_capacity if said.get("offers_coaching") else rules.mentor_capacity

    def lacking(self) -> list[str]:
        """What stands between this offer and asking for approval: names of its parts."""
        lacks = []
        if not (self.offers_mentoring or self.offers_coaching):
            lacks.append("kind")
        if not (self.method_ids or self.service_ids):
            lacks.append("topics")
        if not self.about_help.strip():
            lacks.append("about_help")
        return lacks

    @transaction.atomic
    def ask_for_approval(self, *, at: datetime) -> None:
        """Put the offer before the coordinators. Asking twice is asking once."""
        if self.lacking():
            raise MentorProfile.NotReady(", ".join(self.lacking()))
        MentorProfile.objects.filter(
            pk=self.pk, state__in=[self.State.DRAFT, self.State.DECLINED]
        ).update(state=self.State.WAITING, asked_at=at)
        self.refresh_from_db(fields=["state", "asked_at"])

    @transaction.atomic
    def approve(self, *, by: Any, at: datetime) -> None:
        """From now on people find this offer and may ask. The mentor is told."""
        months = MentoringRules.current().review_after_months
        self._decide(
            self.State.APPROVED, by=by, at=at, review_on=at.date() + timedelta(days=30 * months)
        )

    @transaction.atomic
    def decline(self, *, by: Any, words: str, language: str, at: datetime) -> None:
        """Not now, with the reason in words; the mentor may change the offer and ask again."""
        self._decide(self.State.DECLINED, by=by, at=at, decision=words, decision_language=language)

    def _decide(self, state: Offer.State, *, by: Any, at: datetime, **facts: Any) -> None:
        won = MentorProfile.objects.filter(pk=self.pk, state=self.State.WAITING).update(
            state=state, decided_by=by, decided_at=at, **facts
        )
        if not won:
            raise MentorProfile.Decided
        self.refresh_from_db()
        AuditEvent.objects.record(
            f"connections.profile_{state.value}", actor=by, thing=self, fields=["state"], at=at
        )
        Notification.objects.post(
            f"connections.profile_{state.value}",
            key=f"{self.pk}-{at.timestamp()}",
            to=self.person,
            facts={"profile": self.pk},
            link=("connections:my_profile", []),
            at=at,
        )

    @transaction.atomic
    def pause(self, *, until: date | None, at: datetime) -> None:
        """Take nobody new. People who have asked are still waiting for an answer."""
        MentorProfile.objects.filter(pk=self.pk).update(
            paused=True, paused_until=until, changed_at=at
        )
        self.refresh_from_db(fields=["paused", "paused_until", "closed"])

    def resume(self, *, at: datetime) -> None:
        MentorProfile.objects.filter(pk=self.pk).update(
            paused=False, paused_until=None, changed_at=at
        )
        self.refresh_from_db(fields=["paused", "paused_until", "closed"])

    def show_in_directory(self, shown: bool, *, at: datetime) -> None:
        MentorProfile.objects.filter(pk=self.pk).update(in_directory=shown, changed_at=at)
        self.refresh_from_db(fields=["in_directory"])

    def take_place(self) -> None:
        """One person more. Call it on a row that is `locked()`; the CHECK catches who did not."""
        if self.places_taken >= self.capacity:
            raise MentorProfile.Full
        self._move_places(1)

    def release_place(self) -> None:
        """One person fewer. Call it on a row that is `locked()`."""
        self._move_places(-1)

    def _move_places(self, by: int) -> None:
        """Added by the database, so that two who did not lock do not overwrite one another."""
        MentorProfile.objects.filter(pk=self.pk).update(places_taken=F("places_taken") + by)
        self.refresh_from_db(fields=["places_taken", "closed"])
