"""A coach's practice in words: how long, where a credential stands, when supervision is due."""

from __future__ import annotations

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from connections.models.credentials import Standing
from connections.models.own_practice import Stood
from connections.models.register import NONE, RegisterLine

register = template.Library()
TONES = {Standing.CURRENT: "green", Standing.SOON: "yellow", Standing.EXPIRED: "red"}


@register.filter
def duration(minutes: int) -> str:
    """90 is 1 h 30 min, in the reader's language."""
    hours, rest = divmod(minutes, 60)
    facts = {"hours": hours, "minutes": rest}
    if not hours:
        return _("%(minutes)s min") % facts
    return (_("%(hours)s h %(minutes)s min") if rest else _("%(hours)s h")) % facts


@register.filter
def validity(one: Stood) -> str:
    """From when to when, in one sentence."""
    row = one.credential
    facts = {"from": date_format(row.awarded_on, "j F Y")}
    if row.expires_on is None:
        return _("Awarded on %(from)s. It does not expire.") % facts
    facts["to"] = date_format(row.expires_on, "j F Y")
    if one.standing == Standing.EXPIRED:
        return _("Awarded on %(from)s. It expired on %(to)s.") % facts
    return _("Awarded on %(from)s. It expires on %(to)s.") % facts


@register.filter
def standing_words(line: RegisterLine) -> str:
    return _("None yet") if line.credential == NONE else str(Standing(line.credential).label)


@register.filter
def tone(standing: str) -> str:
    """The look of a tag; its words say the same."""
    return f"nhsuk-tag--{TONES.get(Standing(standing), 'grey')}"
