from datetime import timedelta
from uuid import uuid4

from connections.models import Agreement, Goal, Meeting, Note, Relationship
from connections.models.agreements import NEWEST
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO, PersonFactory


def begin(*, profile=None, mentee=None, kind="mentoring", at=LONG_AGO, request=None):
    """A pair that waits for its agreement."""
    return Relationship.objects.begin(
        profile=profile or MentorProfileFactory(),
        mentee=mentee or PersonFactory(),
        kind=kind,
        request=request,
        at=at,
    )


def agree(pair, *, at=LONG_AGO):
    """Both accept."""
    for person in (pair.mentor, pair.mentee):
        Agreement.objects.accept(pair, by=person, version=NEWEST, language="en", at=at)
    return pair


def current(**facts):
    """A pair under way."""
    return agree(begin(**facts), at=facts.get("at", LONG_AGO))


def met(pair, *, at, by=None, minutes=60, summary=""):
    return Meeting.objects.record(
        pair,
        by=by or pair.mentor,
        starts_at=at - timedelta(hours=1),
        minutes=minutes,
        how="online",
        token=uuid4(),
        summary=summary,
        at=at,
    )


def planned(pair, *, starts_at, at, by=None, token=None):
    return Meeting.objects.plan(
        pair,
        by=by or pair.mentor,
        starts_at=starts_at,
        minutes=60,
        how="online",
        token=token or uuid4(),
        at=at,
    )


def noted(pair, words, *, by=None, audience="shared", at=LONG_AGO, token=None):
    return Note.objects.write(
        pair,
        by=by or pair.mentor,
        audience=audience,
        words=words,
        language="en",
        token=token or uuid4(),
        at=at,
    )


def goal(pair, words, *, by=None, at=LONG_AGO):
    return Goal.objects.set(
        pair, by=by or pair.mentee, words=words, language="en", token=uuid4(), at=at
    )
