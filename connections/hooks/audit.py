"""What staff read in the audit of what happened here."""

from django.utils.translation import gettext_lazy as _

from academy import hooks

MATCHING = {
    "profile_approved": _("Offer approved"),
    "profile_declined": _("Offer declined"),
    "mentor_paused_kindly": _("Offer of a quiet mentor paused"),
    "weights_added": _("Version of the weights added"),
    "round_started": _("Computation of the round started"),
    "round_published": _("Round published"),
    "round_abandoned": _("Round abandoned"),
    "alternative_started": _("Comparison with other weights started"),
    "alternative_used": _("Pairs of the comparison taken over"),
    "alternative_put_back": _("Comparison put away"),
    "pair_locked": _("Pair of a round locked"),
    "pair_unlocked": _("Pair of a round unlocked"),
    "pair_overridden": _("Somebody else chosen for a pair of a round"),
    "pair_removed": _("Pair removed from a round"),
}
CARE = {
    "pair_nudged": _("Kind letter sent to a pair"),
    "pair_looked_after": _("Pair taken into a coordinator’s care"),
    "pair_no_longer_looked_after": _("Pair no longer in a coordinator’s care"),
    "rematch_offered": _("Both asked whether they would like somebody else"),
    "concern_read": _("Concern read"),
    "concern_taken": _("Concern taken on"),
    "concern_taken_over": _("Concern taken over from a colleague"),
    "concern_closed": _("Concern closed"),
}
COACHES = {
    "credential_confirmed": _("Credential confirmed"),
    "credential_returned": _("Credential sent back with a question"),
    "step_given": _("Step of the coach ladder given"),
    "supervision_recorded": _("Who came to supervision recorded"),
    "supervision_changed": _("Supervision session changed"),
    "supervision_cancelled": _("Supervision session cancelled"),
    "supervision_closed": _("Supervision group closed"),
}
TOGETHER = {
    "circle_begun": _("Circle begun"),
    "circle_changed": _("Circle changed"),
    "circle_closed": _("Circle closed"),
    "office_hour_stopped": _("Office hours stopped"),
    "coffee_round_begun": _("Coffee round drawn"),
}

hooks.audited(
    {f"connections.{verb}": words for verb, words in (MATCHING | CARE | COACHES | TOGETHER).items()}
)
