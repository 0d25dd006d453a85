"""What the two agree for themselves, a version at a time: one proposes, the other says yes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from academy.rows import each
from connections.models.pair import NEWEST
from connections.models.relationships import Relationship
from connections.models.sealed import SealedQuerySet, SealedWords


@dataclass(frozen=True)
class OpenedTerms:
    """A version with its purpose opened, for one reader's page. Its repr does not show it."""

    terms: Terms
    purpose: str | None = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """Where the terms of a pair stand for the one who reads them."""

    in_force: OpenedTerms | None = None
    proposal: OpenedTerms | None = None
    older: list[OpenedTerms] = field(default_factory=list)
    mine: bool = False  # the proposal is the reader's own

    @property
    def newest(self) -> int:
        """The number of the newest version; 0 when there is none."""
        both = [one for one in (self.in_force, self.proposal, *self.older) if one is not None]
        return max((one.terms.number for one in both), default=0)


class TermsQuerySet(SealedQuerySet["Terms"]):
    def visible_to(self, reader: Any) -> Self:
        return self.filter(Q(relationship__mentor=reader) | Q(relationship__mentee=reader))

    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def proposed(self) -> Self:
        return self.filter(state=Terms.State.PROPOSED)

    def agreed(self) -> Self:
        """Both have said yes, now or once."""
        return self.exclude(accepted_at=None)

    def in_force(self) -> Self:
        return self.filter(in_force_for__isnull=False)

    def standing(self, pair: Relationship, reader: Any) -> Standing:
        """All versions of this pair, told apart; one query."""
        rows = self.of(pair).visible_to(reader).order_by("-number")
        opened = [OpenedTerms(one, one.opened()) for one in rows]
        proposal = next((one for one in opened if one.terms.proposed), None)
        in_force = next((one for one in opened if one.terms.pk == pair.terms_id), None)
        return Standing(
            in_force=in_force,
            proposal=proposal,
            older=[one for one in opened if one not in (in_force, proposal)],
            mine=proposal is not None and proposal.terms.proposed_by_id == reader.pk,
        )

    @transaction.atomic
    def propose(
        self,
        relationship: Relationship,
        *,
        by: Any,
        purpose: str,
        language: str,
        often: str,
        how: str,
        notes: str,
        review_on: date,
        seen: int,
        token: UUID,
        at: datetime,
    ) -> Terms:
        """Say yes to the words and to these terms in one go; the other is asked.

        `seen` is the newest version the proposer has read: nobody talks past the other.
        """
        pair = relationship.locked_open_for(by)
        same = self.of(pair).filter(token=token).first()
        if same is not None:
            return same
        newest = self.of(pair).aggregate(newest=models.Max("number"))["newest"] or 0
        if newest != seen:
            raise Terms.Newer
        self.of(pair).proposed().update(state=Terms.State.PASSED)
        terms = self.model(
            relationship=pair,
            number=newest + 1,
            version=NEWEST,
            language=language,
            often=often,
            how=how,
            notes=notes,
            review_on=review_on,
            token=token,
            proposed_by=by,
            proposed_at=at,
        )
        terms.seal(purpose)
        terms.save(force_insert=True)
        kind = "agreement_waiting" if pair.waiting else "terms_proposed"
        pair.tell(kind, pair.other(by), at=at, mark=str(terms.number))
        return terms

    @transaction.atomic
    def accept(self, relationship: Relationship, *, by: Any, number: int, at: datetime) -> None:
        """The other says yes to this very version; from now on it applies. Twice is once."""
        pair = relationship.locked_open_for(by)
        terms = self.of(pair).filter(number=number).first()
        if terms is None or terms.state == Terms.State.PASSED:
            raise Terms.Newer
        if terms.proposed and terms.proposed_by_id == by.pk:
            raise Terms.Own
        if terms.proposed:
            self._bring_into_force(terms, pair, by=by, at=at)
        relationship.refresh_from_db()

    def _bring_into_force(self, terms: Terms, pair: Relationship, *, by: Any, at: datetime) -> None:
        self.of(pair).in_force().update(state=Terms.State.REPLACED)
        terms.state, terms.accepted_by, terms.accepted_at = Terms.State.ACCEPTED, by, at
        terms.save(update_fields=["state", "accepted_by", "accepted_at"])
        pair.terms, pair.words_version = terms, terms.version
        changed = ["terms", "words_version"]
        kind = "terms_accepted"
        if pair.waiting:
            pair.state, pair.agreed_at, pair.last_contact_at = Relationship.State.CURRENT, at, at
            changed += ["state", "agreed_at", "last_contact_at"]
            kind = "agreement_complete"
        pair.save(update_fields=changed)
        pair.tell(kind, pair.other(by), at=at, mark=str(terms.number))

    @transaction.atomic
    def set_aside(self, relationship: Relationship, *, by: Any, number: int, at: datetime) -> None:
        """Go on with what was agreed before: the proposer takes it back, or the other would rather
        not. Needs no reason; twice is once."""
        pair = relationship.locked_open_for(by)
        if pair.waiting:
            raise Relationship.NotAgreed
        proposal = self.of(pair).proposed().filter(number=number)
        if proposal.update(state=Terms.State.PASSED):
            pair.tell("terms_kept", pair.other(by), at=at, mark=str(number))

    def review_due(self, at: datetime) -> Self:
        """In force in a pair under way, the review date reached, and nobody told yet."""
        return self.in_force().filter(
            relationship__state=Relationship.State.CURRENT,
            review_on__lte=localdate(at),
            review_told_at=None,
        )

    def tell_reviews(self, *, at: datetime) -> int:
        """Both are told once that the day has come which they chose to look again."""
        due = self.review_due(at).order_by("pk").values_list("pk", flat=True)
        return each(due, self._tell_review, at=at)

    @transaction.atomic
    def _tell_review(self, pk: int, *, at: datetime) -> bool:
        if not self.review_due(at).filter(pk=pk).update(review_told_at=at):
            return False  # another beat was first, or the terms have changed meanwhile
        terms = self.select_related("relationship__mentor", "relationship__mentee").get(pk=pk)
        pair = terms.relationship
        for person in (pair.mentor, pair.mentee):
            pair.tell("review_due", person, at=at, mark=str(terms.number))
        return True

    def forget(self) -> None:
        """These versions go, of pairs that have ended."""
        Relationship.objects.filter(terms__in=self).update(terms=None)
        self.delete()


class Terms(SealedWords):
    """One version: the purpose, sealed, and a handful of choices. The words they stand beside are
    those of `version`: connections/relationships/agreements/<n>.html"""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("In force")
        REPLACED = "replaced", _("Replaced by a newer version")
        PASSED = "passed", _("Not taken up")

    class Often(models.TextChoices):
        TAPERING = "tapering", _("Every two weeks at first, then about once a month")
        FORTNIGHTLY = "fortnightly", _("Every two weeks")
        MONTHLY = "monthly", _("About once a month")
        AS_NEEDED = "as_needed", _("When one of us needs it")

    class How(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("By phone")
        MIXED = "mixed", _("Whatever suits us each time")

    class Notes(models.TextChoices):
        EITHER = "either", _("Whoever wants to writes shared notes")
        MENTEE = "mentee", _("The mentee writes down what we agree each time")
        MENTOR = "mentor", _("The mentor or coach writes down what we agree each time")
        NONE = "none", _("We keep no shared notes")

    class Newer(Refusal):
        """The other has proposed something since this was read."""

    class Own(Refusal):
        """Who proposes has said yes already: the other's yes is what is missing."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    version = models.PositiveSmallIntegerField(_("version of the words"))
    often = models.CharField(_("how often"), max_length=11, choices=Often)
    how = models.CharField(_("how"), max_length=9, choices=How)
    notes = models.CharField(_("shared notes"), max_length=6, choices=Notes)
    review_on = models.DateField(_("look again on"))
    review_told_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    token = models.UUIDField(editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    in_force_for = models.GeneratedField(
        expression=Case(When(state="accepted", then=F("relationship_id"))),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                name="terms_of_a_pair_are_numbered", fields=["relationship", "number"]
            ),
            models.UniqueConstraint(
                name="one_version_of_terms_for_each_form", fields=["relationship", "token"]
            ),
            models.UniqueConstraint(
                name="one_proposal_of_terms_at_a_time",
                fields=["relationship"],
                condition=Q(state="proposed"),
            ),
            models.UniqueConstraint(
                name="one_version_of_terms_in_force",
                fields=["relationship"],
                condition=Q(state="accepted"),
            ),
            models.UniqueConstraint(name="terms_in_force_of", fields=["id", "in_force_for"]),
            models.CheckConstraint(
                name="terms_in_force_were_accepted_by_both",
                condition=Q(
                    ~Q(accepted_by=F("proposed_by")),
                    state__in=["accepted", "replaced"],
                    accepted_by__isnull=False,
                    accepted_at__isnull=False,
                )
                | Q(state__in=["proposed", "passed"], accepted_by=None, accepted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Terms %(number)s") % {"number": self.pk})

    @property
    def proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    def bond(self) -> str:
        return f"terms:{self.relationship_id}:{self.token}"
