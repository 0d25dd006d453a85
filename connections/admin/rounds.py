from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.models import Topic
from academy.models.base import Refusal
from academy.permissions import signed_in
from connections import words
from connections.actions import publishing, rounds
from connections.admin.verbs import Verb, VerbAdmin
from connections.models import MatchingRound, RoundPair

State = MatchingRound.State


@admin.register(MatchingRound)
class MatchingRoundAdmin(VerbAdmin):
    """A round, from its name to its publication; a worker does the computing."""

    list_display = ("title", "state", "pairs_made", "left_out", "made_at", "published_at")
    list_filter = ("state",)
    ordering = ("-made_at", "-pk")
    seen = (
        "state",
        "weights",
        "progress",
        "outcome",
        "see_pairs",
        ("made_by", "made_at"),
        "computed_at",
        ("published_by", "published_at"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        rounds: Any = super().get_queryset(request)
        return rounds.originals().with_pairs()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("title", *self.seen) if obj else ("title",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        flat = [name if isinstance(name, tuple) else (name,) for name in self.seen]
        return ["title", *(name for names in flat for name in names)] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            made = rounds.draw_up(form.cleaned_data["title"], by=signed_in(request), at=now())
            obj.pk = made.pk

    @admin.display(description=gettext_lazy("pairs"), ordering="pair_count")
    def pairs_made(self, row: Any) -> int:
        count: int = row.pair_count
        return count

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, row: MatchingRound) -> str:
        if row.trouble:
            return words.trouble(row.trouble)
        if row.state != State.COMPUTING:
            return "-"
        more = _("Reload the page to see more.")
        return f"{words.stage(row.steps_done // 100)} {more}"

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, row: Any) -> str:
        if row.computed_at is None:
            return "-"
        said = _(
            "Requests looked at: %(requests)s. Mentors: %(mentors)s. Pairs: %(pairs)s."
            " Left out: %(left_out)s."
        ) % {
            "requests": row.requests_seen,
            "mentors": row.mentors_seen,
            "pairs": row.pair_count,
            "left_out": row.left_out,
        }
        proven = _("No better assignment of everybody exists.") if row.proven else ""
        return f"{said} {proven}".strip()

    @admin.display(description=gettext_lazy("drafts"))
    def see_pairs(self, row: MatchingRound) -> SafeString | str:
        return format_html(
            '<a href="{}">{}</a>', row.get_absolute_url(), _("See the round on its own page")
        )

    def verbs(self, request: HttpRequest, row: MatchingRound) -> list[Verb]:
        by, found = signed_in(request), []

        def start(row: Any, _words: str) -> str:
            rounds.start(row, by=by, at=now())
            return _("A worker is assigning everybody. Reload the page to see how far it is.")

        def publish(row: Any, _words: str) -> str:
            publishing.publish(row, by=by, at=now())
            return _("The round is being published; both people of each pair are told.")

        def abandon(row: Any, _words: str) -> str:
            rounds.abandon(row, by=by, at=now())
            return _("Abandoned: nobody is told anything.")

        if row.state == State.DRAFTED:
            found.append(Verb("start", _("Assign everybody"), start))
        if row.may_be_published:
            found.append(Verb("publish", _("Publish: ask the mentors, tell both people"), publish))
        if row.state == State.DRAFTS:
            found.append(Verb("start", _("Assign again, keeping locked pairs"), start))
        if row.state in (State.DRAFTED, State.COMPUTING, State.DRAFTS):
            found.append(Verb("abandon", _("Abandon this round"), abandon, careful=True))
        return found


def _by_round(chosen: QuerySet[RoundPair]) -> dict[MatchingRound, list[int]]:
    found: dict[MatchingRound, list[int]] = {}
    for pair in chosen.select_related("round").order_by("round", "pk"):
        found.setdefault(pair.round, []).append(pair.pk)
    return found


def _topic_names() -> dict[int, str]:
    return {topic.pk: topic.name for topic in Topic.objects.only("name_en", "name_cy")}


class PairList(ChangeList):
    """The names of topics are looked up once for the whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = _topic_names()
        for pair in self.result_list:
            pair.topic_names = names


@admin.register(RoundPair)
class RoundPairAdmin(VerbAdmin):
    """The drafts of a round, with the reasons in words; they are changed on the round's own pages."""

    list_display = ("mentee", "mentor", "why", "locked", "override_reason", "skipped")
    list_filter = ("round", "locked", "skipped")
    search_fields = ("request__mentee__name", "profile__shown_name")
    ordering = ("round", "request__mentee__name", "pk")
    list_select_related = ("request__mentee", "profile__person", "round")
    actions = ("lock", "unlock")
    fields = ("round", "mentee", "mentor", "why", "override_reason", "locked", "skipped")
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return PairList

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoundPair]:
        rows = super().get_queryset(request)
        rows = rows.filter(round__alternative_to=None)
        return rows.defer("request__words", "profile__words", "profile__vector")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("mentee"), ordering="request__mentee__name")
    def mentee(self, pair: RoundPair) -> str:
        return pair.request.mentee.name

    @admin.display(description=gettext_lazy("mentor"), ordering="profile__shown_name")
    def mentor(self, pair: RoundPair) -> str:
        return pair.profile.person.name

    @admin.display(description=gettext_lazy("why"))
    def why(self, pair: RoundPair) -> SafeString:
        said = words.sentences(pair.reasons, getattr(pair, "topic_names", None) or _topic_names())
        return format_html_join("", "<div>{}</div>", ((one,) for one in said))

    def verbs(self, request: HttpRequest, row: RoundPair) -> list[Verb]:
        if row.round.state != State.DRAFTS:
            return []
        by = signed_in(request)

        def toggle(row: Any, _words: str) -> str:
            rounds.lock(row.round, [row.pk], not row.locked, by=by, at=now())
            return _("Unlocked.") if row.locked else _("Locked: it stays when you assign again.")

        return [Verb("lock", _("Unlock") if row.locked else _("Lock"), toggle)]

    @admin.action(description=gettext_lazy("Lock these pairs"), permissions=["change"])
    def lock(self, request: HttpRequest, chosen: QuerySet[RoundPair]) -> None:
        self._lock(request, chosen, True)

    @admin.action(description=gettext_lazy("Unlock these pairs"), permissions=["change"])
    def unlock(self, request: HttpRequest, chosen: QuerySet[RoundPair]) -> None:
        self._lock(request, chosen, False)

    def _lock(self, request: HttpRequest, chosen: QuerySet[RoundPair], locked: bool) -> None:
        try:
            for round, pairs in _by_round(chosen).items():
                rounds.lock(round, pairs, locked, by=signed_in(request), at=now())
        except Refusal as refusal:
            self.message_user(request, self.refused(refusal))
