"""Messages about relationships. Names are looked up when a message is sent; words never are."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.models import Notification
from connections.models import Concern, Relationship, RelationshipRules, Suggestion, Terms


def _pair(letter: Notification) -> Relationship | None:
    pairs = Relationship.objects.select_related("mentor", "mentee")
    return pairs.filter(pk=letter.facts["relationship"]).first()


def _facts(pair: Relationship, letter: Notification, **more: Any) -> hooks.Letter:
    return hooks.Letter(
        {"other": pair.other(letter.person).name, "coaching": pair.coaching, **more}
    )


@hooks.notification("connections.relationship_begun", label=_("A relationship begins"))
def relationship_begun(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    if pair is None or pair.ended:
        return None
    mine = letter.person_id == pair.mentee_id and pair.request_id is not None
    words = mine and Suggestion.objects.welcoming(pair.request_id).exists()
    return _facts(pair, letter, words_wait=words)


@hooks.notification("connections.agreement_waiting", label=_("An agreement waits for you"))
def agreement_waiting(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    return _facts(pair, letter) if pair and pair.waiting else None


@hooks.notification("connections.agreement_complete", label=_("Both have accepted the agreement"))
def agreement_complete(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    return _facts(pair, letter) if pair and pair.current else None


def _terms(letter: Notification, *states: str) -> hooks.Letter | None:
    """About one version of the terms; nothing when more has happened to it since."""
    pair, number = _pair(letter), int(letter.key.rpartition(":")[2])
    if pair is None or pair.ended:
        return None
    here = Terms.objects.of(pair).filter(number=number, state__in=states).exists()
    return _facts(pair, letter) if here else None


@hooks.notification("connections.terms_proposed", label=_("A change to your agreement is proposed"))
def terms_proposed(letter: Notification) -> hooks.Letter | None:
    return _terms(letter, Terms.State.PROPOSED)


@hooks.notification("connections.terms_accepted", label=_("A change to your agreement is accepted"))
def terms_accepted(letter: Notification) -> hooks.Letter | None:
    return _terms(letter, Terms.State.ACCEPTED)


@hooks.notification("connections.terms_kept", label=_("Your agreement stays as it was"))
def terms_kept(letter: Notification) -> hooks.Letter | None:
    return _terms(letter, Terms.State.PASSED)


@hooks.notification("connections.review_due", label=_("Time to look at your agreement again"))
def review_due(letter: Notification) -> hooks.Letter | None:
    return _terms(letter, Terms.State.ACCEPTED)


@hooks.notification("connections.extension_proposed", label=_("More time together is proposed"))
def extension_proposed(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    if pair is None or pair.later_on is None or pair.later_by_id == letter.person_id:
        return None
    return _facts(pair, letter, until=pair.later_on)


@hooks.notification("connections.extension_agreed", label=_("You have more time together"))
def extension_agreed(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    return _facts(pair, letter, until=pair.ends_on) if pair and pair.under_way else None


@hooks.notification("connections.extension_kept", label=_("The end stays as it was"))
def extension_kept(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    return _facts(pair, letter) if pair and pair.under_way else None


@hooks.notification("connections.relationship_paused", label=_("A relationship is paused"))
def relationship_paused(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    return _facts(pair, letter, until=pair.paused_until) if pair and pair.paused else None


@hooks.notification("connections.relationship_resumed", label=_("A relationship goes on"))
def relationship_resumed(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    return _facts(pair, letter) if pair and pair.current else None


@hooks.notification("connections.pause_over", label=_("A pause is over"))
def pause_over(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    return _facts(pair, letter) if pair and pair.current else None


@hooks.notification("connections.relationship_ended", label=_("A relationship has ended"))
def relationship_ended(letter: Notification) -> hooks.Letter | None:
    pair = _pair(letter)
    if pair is None or letter.person is None:
        return None
    return _facts(
        pair,
        letter,
        left=pair.why == Relationship.Why.LEFT,
        apart=pair.why == Relationship.Why.APART,
        is_mentor=letter.person.pk == pair.mentor_id,
        kept_days=RelationshipRules.current().kept_days,
    )


@hooks.notification("connections.silence_nudge", label=_("A nudge when it has been quiet"))
def silence_nudge(letter: Notification) -> hooks.Letter | None:
    """Lost its point when they have met or written meanwhile, or a meeting comes soon."""
    pair = _pair(letter)
    if pair is None or pair.ended or pair.paused:
        return None
    at, coming = now(), pair.next_meeting_at
    if coming and at <= coming <= RelationshipRules.current().soon(at):
        return None
    if pair.nudged_at is None or pair.last_contact_at > pair.nudged_at:
        return None
    return _facts(pair, letter, waiting=pair.waiting, unmet=pair.first_met_at is None)


@hooks.notification("connections.concern_received", label=_("A concern"), essential=True)
def concern_received(letter: Notification) -> hooks.Letter | None:
    """Says that there is one, and where; not one word of it."""
    number = letter.facts["link"][1][0]
    return hooks.Letter() if Concern.objects.open().filter(pk=number).exists() else None
