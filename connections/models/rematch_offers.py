"""“Would either of you like somebody else?”, asked of both by a coordinator.

Who said yes is stored nowhere: a yes ends the pair as the academy's doing, and both get one letter.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent
from academy.models.base import Refusal
from connections.models.care import CareRules
from connections.models.profiles import MentorProfile
from connections.models.relationships import Relationship


class RematchOfferQuerySet(models.QuerySet["RematchOffer"]):
    def of(self, pair: Relationship) -> Self:
        return self.filter(relationship=pair)

    def open(self, at: datetime) -> Self:
        """Not closed, and asked so lately that an answer is still waited for."""
        days = timedelta(days=CareRules.current().offer_days)
        return self.filter(closed_at=None, offered_at__gt=at - days)

    def answered(self) -> Self:
        """One of the two has said that they go on; a wish to part closes the offer."""
        return self.filter(Q(mentor_stays=True) | Q(mentee_stays=True))

    def waiting_for(self, person: Any, at: datetime) -> Self:
        """What this person has not said yet; ended pairs ask nothing."""
        mentor = Q(relationship__mentor=person, mentor_stays=False)
        mentee = Q(relationship__mentee=person, mentee_stays=False)
        ended = Q(relationship__state=Relationship.State.ENDED)
        return self.open(at).filter(mentor | mentee).exclude(ended)

    def asked_of(self, person: Any, at: datetime) -> list[tuple[Relationship, Any]]:
        """The pairs in which this person has yet to answer, each with the other half."""
        waiting = self.waiting_for(person, at).order_by("offered_at", "pk")
        pairs = waiting.select_related("relationship__mentor", "relationship__mentee")
        return [(one.relationship, one.relationship.other(person)) for one in pairs]

    @transaction.atomic
    def offer(self, pair: Relationship, *, by: Any, at: datetime) -> RematchOffer:
        """Ask both in the same words. While one offer waits, a second is the same offer."""
        pair = Relationship.objects.locked().get(pk=pair.pk)
        if pair.ended:
            raise Relationship.Ended
        same = self.of(pair).open(at).first()
        if same is not None:
            return same
        self.of(pair).filter(closed_at=None).update(
            closed_at=at, outcome=RematchOffer.Outcome.LAPSED
        )
        made = self.create(relationship=pair, offered_by=by, offered_at=at)
        for person in (pair.mentor, pair.mentee):
            pair.tell("rematch_offered", person, where="rematch", at=at, mark=str(made.pk))
        AuditEvent.objects.record("connections.rematch_offered", actor=by, thing=pair, at=at)
        return made

    @transaction.atomic
    def stay(self, pair: Relationship, *, by: Any, at: datetime) -> None:
        """We go on. When both say so the offer is closed. Twice is once."""
        offer = self._held(pair, by=by, at=at)
        if by.pk == pair.mentor_id:
            offer.mentor_stays = True
        else:
            offer.mentee_stays = True
        if offer.mentor_stays and offer.mentee_stays:
            offer.closed_at, offer.outcome = at, RematchOffer.Outcome.STAY
        offer.save(update_fields=["mentor_stays", "mentee_stays", "closed_at", "outcome"])

    @transaction.atomic
    def part(self, pair: Relationship, *, by: Any, at: datetime) -> None:
        """Somebody else, please: it ends without blame, and nothing says who wished it."""
        MentorProfile.objects.locked().filter(person_id=pair.mentor_id).first()
        offer = self._held(pair, by=by, at=at)
        offer.mentor_stays = offer.mentee_stays = False
        offer.closed_at, offer.outcome = at, RematchOffer.Outcome.APART
        offer.save(update_fields=["mentor_stays", "mentee_stays", "closed_at", "outcome"])
        pair.end(by=by, why=Relationship.Why.APART, at=at)

    def _held(self, pair: Relationship, *, by: Any, at: datetime) -> RematchOffer:
        """The offer that waits, its pair locked."""
        pair = Relationship.objects.locked().get(pk=pair.pk)
        if not pair.includes(by):
            raise Relationship.Outsider
        offer = self.of(pair).open(at).first()
        if pair.ended or offer is None:
            raise RematchOffer.Closed
        return offer


class RematchOffer(models.Model):
    """One offer to both of a pair. `mentor_stays` and `mentee_stays` know a no, never a yes."""

    class Outcome(models.TextChoices):
        STAY = "stay", _("They go on")
        APART = "apart", _("They part without blame")
        LAPSED = "lapsed", _("Nobody answered")

    class Closed(Refusal):
        """It has been settled, or its time is over."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="rematch_offers"
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    offered_at = models.DateTimeField(_("offered at"))
    mentor_stays = models.BooleanField(default=False, editable=False)
    mentee_stays = models.BooleanField(default=False, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome, blank=True, default="")

    objects = RematchOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of somebody else")
        verbose_name_plural = _("offers of somebody else")
        constraints = [
            models.UniqueConstraint(
                name="one_rematch_offer_waits_for_a_pair",
                fields=["relationship"],
                condition=Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="a_closed_rematch_offer_says_how",
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="who_parts_is_not_written_down",
                condition=~Q(outcome="apart") | Q(mentor_stays=False, mentee_stays=False),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Offer %(number)s") % {"number": self.pk})
