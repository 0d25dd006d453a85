"""Why a request or an answer is refused, in words, and where it can be mended."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from academy.models.base import Refusal
from connections.models import MentoringRequest, MentorProfile


def refused(refusal: Refusal) -> str:
    """Why not, in words, and without telling what only one side may know."""
    if isinstance(refusal, MentoringRequest.AskedAlready):
        return _already(refusal.waiting)
    if isinstance(refusal, MentoringRequest.ShutOut):
        return shut_out(refusal.profile, refusal.part)
    said = {
        MentoringRequest.TooMany: _(
            "You have as many requests waiting as one person may have. "
            "Take one back, or wait for an answer."
        ),
        MentoringRequest.Closed: _("This request has been answered or closed meanwhile."),
        MentoringRequest.NotPossible: _(
            "We cannot put the two of you together. That is so within one team, between people and"
            " their line managers, for people who are together already or where one has said no"
            " before, and for other reasons that we never name. Please choose somebody else, or let"
            " us suggest."
        ),
        MentorProfile.Full: _("The last place has just been taken."),
        MentorProfile.NotTaking: _("This mentor takes nobody new just now."),
    }
    return said.get(type(refusal), _("This can no longer be done."))


def not_changed(asked: MentoringRequest) -> str:
    """Why what is needed cannot be put otherwise now."""
    if asked.pending and asked.mentor is not None:
        said = _(
            "%(name)s has been asked and has not answered yet. "
            "If they cannot, you can change your request then."
        )
        return said % {"name": asked.mentor.person.name}
    if asked.pending:
        return _(
            "We are asking the next person on your list. "
            "If nobody on it can, you can change your request then."
        )
    return refused(MentoringRequest.Closed())


def _already(waiting: MentoringRequest) -> str:
    name = waiting.mentor.person.name if waiting.mentor else ""
    day = date_format(localtime(waiting.answer_by), "l j F")
    return _("You have asked %(name)s already. An answer comes by %(day)s.") % {
        "name": name,
        "day": day,
    }


def with_link(refusal: Refusal, asked: MentoringRequest) -> str:
    """The words, and the request they speak of or the one choice that can be changed."""
    if isinstance(refusal, MentoringRequest.AskedAlready):
        there, said = refusal.waiting.get_absolute_url(), _("See your request")
    elif isinstance(refusal, MentoringRequest.ShutOut):
        there, said = wider(asked, refusal.part)
    else:
        return refused(refusal)
    return format_html('{} <a href="{}">{}</a>', refused(refusal), there, said)


def wider(asked: MentoringRequest, part: str) -> tuple[str, str]:
    """Where the one choice is changed that shuts somebody out, and what the link says."""
    there = reverse("connections:change_request", args=[asked.pk])
    named = {"kind": _("Change what you are looking for"), "languages": _("Change the languages")}
    return f"{there}?part={part}", named[part]


def shut_out(profile: MentorProfile, part: str) -> str:
    """Which choice of the mentee leaves nothing in common with this offer."""
    if part == "kind":
        said = _("%(name)s coaches only, and you asked for mentoring.")
        if profile.offers_mentoring:
            said = _("%(name)s mentors only, and you asked for coaching.")
    elif profile.in_welsh:
        said = _("%(name)s helps in Welsh only, and you asked for English.")
    else:
        said = _("%(name)s helps in English only, and you asked for Welsh.")
    return said % {"name": profile.person.name}
