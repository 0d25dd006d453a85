"""For a pair that no request brought together: mentors who offer what their mentor offers now.

Nobody has named a need, so nothing is said of wishes: of what both offer, and of people, alone.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from connections.models import MentorProfile, Weights
from connections.pool.answers import OF_PEOPLE, Reasons, held
from connections.pool.loading import Row, as_arrays, offered
from connections.pool.suggestions import first

KINDS = {"mentoring": 1, "coaching": 2}
OF_BOTH = {"methods": "same_methods", "topics": "same_topics"}


def suggest_alike(
    mentor: Any, mentee: int, weights: Weights, *, kind: str, most: int
) -> list[tuple[int, Reasons]]:
    """The best few; nobody where the mentor offers nothing any more."""
    asking = _asking(mentor, mentee, kind=kind)
    found = first(asking, weights, most=most) if asking else []
    return [(pk, _known(reasons)) for pk, reasons in found]


def reasons_alike(
    mentor: Any, mentee: int, profiles: QuerySet[MentorProfile], *, kind: str
) -> dict[int, Reasons]:
    """Why these may suit the mentee, by the keys of their profiles."""
    asking = _asking(mentor, mentee, kind=kind)
    if not asking:
        return {pk: [] for pk in profiles.values_list("pk", flat=True)}
    found = held(as_arrays(asking, offered(profiles)))
    return {pk: _known(one.reasons) for pk, one in found.items()}


def _asking(mentor: Any, mentee: int, *, kind: str) -> list[Row]:
    """The offer of this mentor, as if the mentee had asked for it."""
    rows = offered(MentorProfile.objects.filter(person=mentor))
    asked = {"pk": 0, "mentee_id": mentee, "person": mentee, "left_out": False}
    return [{**row, **asked, "kind": kind, "kinds": KINDS[kind]} for row in rows]


def _known(reasons: Reasons) -> Reasons:
    both = [{**one, "code": OF_BOTH[one["code"]]} for one in reasons if one["code"] in OF_BOTH]
    return both + [one for one in reasons if one["code"] in OF_PEOPLE]
