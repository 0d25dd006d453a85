"""Whom to keep apart, beside line managers and pairs: one question, asked again for every request.

It is written in SQL because as querysets it takes four times as long to say as to answer.
"""

from __future__ import annotations

from django.db import connection

from connections.models import MentoringRequest, Suggestion

Pairs = list[tuple[int, int]]

APART = """
-- conflicts of interest that somebody declared
SELECT person_id, other_id FROM academy_conflict WHERE person_id = ANY(%(people)s)
UNION
-- who has answered this need with a no, or not at all, and whom the mentee passed over
SELECT request.mentee_id, profile.person_id
FROM connections_suggestion AS suggested
JOIN connections_mentoringrequest AS request ON request.id = suggested.request_id
JOIN connections_mentorprofile AS profile ON profile.id = suggested.profile_id
WHERE suggested.request_id = ANY(%(requests)s) AND suggested.outcome = ANY(%(final)s)
UNION
-- the mentors of before, whom the request is to leave out
SELECT request.mentee_id, former.person_id
FROM connections_mentoringrequest_kept_apart AS former
JOIN connections_mentoringrequest AS request ON request.id = former.mentoringrequest_id
WHERE former.mentoringrequest_id = ANY(%(requests)s)
UNION
-- whom a coordinator took out of a round for this need
SELECT request.mentee_id, profile.person_id
FROM connections_setapart AS removed
JOIN connections_mentoringrequest AS request ON request.id = removed.request_id
JOIN connections_mentorprofile AS profile ON profile.id = removed.profile_id
WHERE removed.request_id = ANY(%(requests)s)
UNION
-- who is being asked for another need of the same mentee
SELECT other.mentee_id, profile.person_id
FROM connections_mentoringrequest AS request
JOIN connections_mentoringrequest AS other ON other.mentee_id = request.mentee_id
JOIN connections_mentorprofile AS profile ON profile.id = other.mentor_id
WHERE request.id = ANY(%(requests)s) AND other.state = %(asked)s AND other.id <> ALL(%(requests)s)
"""


def apart(people: list[int], requests: list[int]) -> Pairs:
    """Two people each, whichever asks: of these people and these requests."""
    facts: dict[str, str | list[int] | list[str]] = {
        "people": people,
        "requests": requests,
        "final": list(Suggestion.FINAL),
        "asked": MentoringRequest.State.ASKED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(APART, facts)
        found: Pairs = cursor.fetchall()
        return found
