"""The columns of a pair: its state and dates, and what can be read from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from connections.models.requests import Kind

# The words of each version stay as people read them: connections/relationships/agreements/<n>.html
NEWEST = 3


class Pair(models.Model):
    """States and dates alone: words are in terms, notes, goals and concerns."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the agreement")
        CURRENT = "current", _("Under way")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    class Why(models.TextChoices):
        CHOSEN = "chosen", _("One of the two ended it")
        LEFT = "left", _("One of the two closed their account")
        APART = "apart", _("The academy asked both, and ended it without blame")
        HANDED = "handed", _("Handed over to another mentor")

    class NotCurrent(Refusal):
        """Nothing may be written in it now; which of the three below says why."""

    class NotAgreed(NotCurrent):
        """Both accept the agreement before the first meeting or note."""

    class Ended(NotCurrent):
        """It has ended: both may read, nobody writes."""

    class Paused(NotCurrent):
        """It rests: nothing is written until one of the two takes it up again."""

    class Outsider(Refusal):
        """Only the two of the pair act in it."""

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("mentor or coach"),
        on_delete=models.CASCADE,
        related_name="relationships_given",
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("mentee"),
        on_delete=models.CASCADE,
        related_name="relationships_received",
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    request = models.OneToOneField(
        "connections.MentoringRequest",
        verbose_name=_("request"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="relationship",
    )
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    began_at = models.DateTimeField(_("began at"))
    agreed_at = models.DateTimeField(_("both agreed at"), null=True)
    words_version = models.PositiveSmallIntegerField(_("version of the words"), db_default=1)
    terms = models.OneToOneField(
        "connections.Terms", on_delete=models.RESTRICT, null=True, related_name="+"
    )
    ends_on = models.DateField(_("ends on"))
    later_on = models.DateField(_("later end, proposed"), null=True)
    later_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    first_met_at = models.DateTimeField(_("first met at"), null=True)
    last_contact_at = models.DateTimeField(_("last contact at"))
    kind_word_at = models.DateTimeField(_("kind word to several at"), null=True)
    next_meeting_at = models.DateTimeField(_("next meeting at"), null=True)
    paused_at = models.DateTimeField(_("paused at"), null=True)
    paused_until = models.DateField(_("paused until"), null=True)
    resumed_at = models.DateTimeField(_("taken up again at"), null=True)
    nudged_at = models.DateTimeField(_("nudged at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    why = models.CharField(_("how it ended"), max_length=6, choices=Why, blank=True, default="")
    forgotten_at = models.DateTimeField(_("words deleted at"), null=True)

    class Meta:
        abstract = True

    @property
    def waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def current(self) -> bool:
        return self.state == self.State.CURRENT

    @property
    def paused(self) -> bool:
        return self.state == self.State.PAUSED

    @property
    def under_way(self) -> bool:
        """Agreed and not ended: current, or at rest."""
        return self.current or self.paused

    @property
    def ended(self) -> bool:
        return self.state == self.State.ENDED

    @property
    def coaching(self) -> bool:
        return self.kind == Kind.COACHING

    @property
    def quiet_from(self) -> datetime:
        """When silence began to count: the last contact, or the end of a pause."""
        return max(filter(None, (self.last_contact_at, self.resumed_at)))

    def includes(self, person: Any) -> bool:
        return person.pk in (self.mentor_id, self.mentee_id)

    def other(self, person: Any) -> Any:
        """The other half."""
        return self.mentee if person.pk == self.mentor_id else self.mentor
