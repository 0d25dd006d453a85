from datetime import timedelta
from uuid import uuid4

from connections.models import Goal, Meeting, Note, Proposal, Relationship, Task, Terms
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
    """The mentor proposes terms, and the mentee accepts them."""
    terms = proposed(pair, at=at)
    Terms.objects.accept(pair, by=pair.mentee, number=terms.number, at=at)
    return pair


def proposed(pair, *, by=None, purpose="To measure falls", at=LONG_AGO, **said):
    """Terms that wait for the other's yes."""
    newest = Terms.objects.of(pair).order_by("-number").first()
    facts = {
        "language": "en",
        "often": "monthly",
        "how": "online",
        "notes": "either",
        "review_on": (at + timedelta(days=90)).date(),
        "seen": newest.number if newest else 0,
        "token": uuid4(),
    }
    return Terms.objects.propose(
        pair, by=by or pair.mentor, purpose=purpose, at=at, **(facts | said)
    )


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
        another=True,
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


def times_for(pair, *, times, at, by=None, token=None, instead_of=None):
    return Proposal.objects.propose(
        pair,
        by=by or pair.mentor,
        times=times,
        minutes=60,
        how="online",
        place="",
        token=token or uuid4(),
        instead_of=instead_of,
        at=at,
    )


def task(pair, words, *, by=None, doer=None, due_on=None, goal=None, at=LONG_AGO):
    return Task.objects.set(
        pair,
        by=by or pair.mentee,
        words=words,
        language="en",
        doer=doer or pair.mentee,
        due_on=due_on,
        goal=goal,
        token=uuid4(),
        at=at,
    )
