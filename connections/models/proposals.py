"""Times one of the two proposes and the other chooses from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from academy.models.base import Refusal
from connections.models.meetings import Meeting
from connections.models.planning import LONGEST, SHORTEST
from connections.models.relationships import Relationship

MOST = 5


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, reader: Any) -> Self:
        return self.filter(relationship__in=Relationship.objects.visible_to(reader))

    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def open(self) -> Self:
        return self.filter(state=Proposal.State.OPEN)

    def with_times(self, at: datetime) -> Self:
        """Open, with at least one time still to come; `to_come` holds those."""
        times = ProposedTime.objects.filter(starts_at__gt=at).order_by("starts_at", "pk")
        alive = self.open().filter(times__starts_at__gt=at).distinct()
        return alive.prefetch_related(Prefetch("times", times, to_attr="to_come"))

    def waiting_for(self, person: Any, at: datetime) -> Self:
        """What this person has to choose from, in pairs that go on."""
        mine = Relationship.objects.of(person).current()
        return self.with_times(at).filter(relationship__in=mine).exclude(proposed_by=person)

    @transaction.atomic
    def propose(
        self,
        relationship: Relationship,
        *,
        by: Any,
        times: Iterable[datetime],
        minutes: int,
        how: str,
        place: str = "",
        token: UUID,
        instead_of: int | None = None,
        at: datetime,
    ) -> Proposal:
        """Put up to five times before the other; what one proposed before lapses.

        When the other has proposed meanwhile, their times are looked at first, unless they are
        the ones (`instead_of`) that do not suit. The same form twice is one proposal.
        """
        pair = relationship.locked_for(by)
        same = self.filter(relationship=pair, token=token).first()
        if same is not None:
            return same
        chosen = sorted(set(times))[:MOST]
        if any(time <= at for time in chosen):
            raise Meeting.AlreadyPast
        self._make_room(pair, by=by, instead_of=instead_of, at=at)
        proposal = self.create(
            relationship=pair,
            proposed_by=by,
            proposed_at=at,
            minutes=minutes,
            how=how,
            place=place,
            token=token,
        )
        ProposedTime.objects.bulk_create(
            [ProposedTime(proposal=proposal, starts_at=time) for time in chosen]
        )
        proposal.tell("times_proposed", pair.other(by), at=at)
        return proposal

    def _make_room(
        self, pair: Relationship, *, by: Any, instead_of: int | None, at: datetime
    ) -> None:
        before = self.of(pair).open().first()
        if before is None:
            return
        theirs = before.proposed_by_id != by.pk
        if theirs and before.pk != instead_of and before.times.filter(starts_at__gt=at).exists():
            raise Proposal.Crossed(before)
        before.close(Proposal.State.DECLINED if theirs else Proposal.State.WITHDRAWN, at=at)

    @transaction.atomic
    def accept(self, time: ProposedTime, *, by: Any, at: datetime) -> Meeting:
        """This time it is: the meeting is planned and the other times lapse. Twice is once."""
        pair = Meeting.objects.held_still(time.proposal.relationship, by)
        proposal = self.select_related("meeting").get(pk=time.proposal_id)
        if proposal.meeting is not None and proposal.meeting.starts_at == time.starts_at:
            return proposal.meeting
        if proposal.proposed_by_id == by.pk or not proposal.open:
            raise Proposal.Closed
        meeting = Meeting.objects.plan(
            pair,
            by=by,
            starts_at=time.starts_at,
            minutes=proposal.minutes,
            how=proposal.how,
            place=proposal.place,
            token=proposal.token,
            at=at,
        )
        if not proposal.close(Proposal.State.ACCEPTED, at=at, meeting=meeting):
            raise Proposal.Closed
        return meeting

    @transaction.atomic
    def decline(self, proposal: Proposal, *, by: Any, at: datetime) -> None:
        """None of them fits; who proposed is told. Twice is once."""
        pair = proposal.relationship.locked_for(by)
        if proposal.proposed_by_id == by.pk:
            raise Proposal.Closed
        if proposal.close(Proposal.State.DECLINED, at=at):
            proposal.tell("times_declined", pair.other(by), at=at)
        elif proposal.state != Proposal.State.DECLINED:
            raise Proposal.Closed

    @transaction.atomic
    def withdraw(self, proposal: Proposal, *, by: Any, at: datetime) -> None:
        """Who proposed takes them back. Twice is once."""
        proposal.relationship.locked_for(by)
        if proposal.proposed_by_id != by.pk:
            raise Proposal.Closed
        proposal.close(Proposal.State.WITHDRAWN, at=at)
        if proposal.state != Proposal.State.WITHDRAWN:
            raise Proposal.Closed


class Proposal(models.Model):
    """Up to five times for one meeting, and what became of them."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("One was chosen")
        DECLINED = "declined", _("None of them fitted")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Crossed(Refusal):
        """The other has proposed times too, and they have not been looked at."""

        def __init__(self, proposal: Proposal) -> None:
            super().__init__(proposal.pk)
            self.proposal = proposal

    class Closed(Refusal):
        """Another time was chosen, the times were taken back, or they are one's own."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="proposals"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    how = models.CharField(_("how"), max_length=9, choices=Meeting.How)
    place = models.CharField(_("where, or a link to join"), max_length=200, blank=True, default="")
    token = models.UUIDField(editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.SET_NULL, null=True, related_name="proposal"
    )

    to_come: list[ProposedTime]  # where the rows were asked for with_times()

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_of_a_pair",
                fields=["relationship"],
                condition=Q(state="open"),
            ),
            models.UniqueConstraint(
                name="one_proposal_for_each_form", fields=["relationship", "token"]
            ),
            models.CheckConstraint(
                name="proposal_lasts_minutes_not_days",
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Proposal %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:proposal", args=[self.relationship_id, self.pk])

    @property
    def open(self) -> bool:
        return self.state == self.State.OPEN

    def close(self, state: State, *, at: datetime, meeting: Meeting | None = None) -> bool:
        """An end to it, if it has none yet."""
        won = (
            Proposal.objects.open()
            .filter(pk=self.pk)
            .update(state=state, answered_at=at, meeting=meeting)
        )
        self.refresh_from_db()
        return bool(won)

    def tell(self, kind: str, person: Any, *, at: datetime) -> None:
        """Where to choose; where none fitted, to propose others."""
        link: tuple[str, list[Any]] = ("connections:proposal", [self.relationship_id, self.pk])
        if not self.open:
            link = ("connections:propose", [self.relationship_id])
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{self.pk}:{person.pk}",
            to=person,
            facts={"proposal": self.pk},
            link=link,
            at=at,
        )


class ProposedTime(models.Model):
    """One of the times; when it has passed it can no longer be chosen."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField(_("starts at"))

    class Meta:
        verbose_name = _("proposed time")
        verbose_name_plural = _("proposed times")
        constraints = [
            models.UniqueConstraint(
                name="each_time_is_proposed_once", fields=["proposal", "starts_at"]
            )
        ]

    def __str__(self) -> str:
        return str(_("Proposed time %(number)s") % {"number": self.pk})
