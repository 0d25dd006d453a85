from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.logs import current_request_id

IMPORTED = "imported "  # how the verb of a file begins; the importer's name follows


def happened(verb: str) -> str:
    """What this verb says in words, whatever it was done to; empty for one that nobody registers."""
    if verb.startswith(IMPORTED):
        file = hooks.importers.get(verb.removeprefix(IMPORTED))
        return gettext("Imported from a file: %(what)s") % {"what": file.label} if file else ""
    words = hooks.audit_words
    return str(words.get(verb) or words.get(verb.rpartition(".")[2]) or "")


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def record(
        self,
        verb: str,
        *,
        actor: Any,
        thing: models.Model | None = None,
        fields: list[str] | None = None,
        reason: str = "",
        at: datetime,
    ) -> AuditEvent:
        """Write down who did what; names of fields, never their values."""
        if not happened(verb):
            raise ImproperlyConfigured(f"The audit has no words for {verb!r}")
        return self.create(
            verb=verb,
            actor=actor if getattr(actor, "pk", None) else None,
            kind=thing._meta.label if thing is not None else "",
            object_id=str(thing.pk) if thing is not None else "",
            fields=sorted(fields or []),
            reason=reason,
            at=at,
            request_id=current_request_id(),
        )


class AuditEvent(models.Model):
    """Who did what, when. The database lets nobody change or remove a row."""

    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    verb = models.CharField(_("what"), max_length=80)
    kind = models.CharField(_("kind of thing"), max_length=80, blank=True)
    object_id = models.CharField(_("which one"), max_length=40, blank=True)
    fields = models.JSONField(_("fields"), default=list)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    request_id = models.CharField(_("request"), max_length=40, blank=True, default="")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")

    def __str__(self) -> str:
        return str(_("Audit event %(number)s") % {"number": self.pk})
