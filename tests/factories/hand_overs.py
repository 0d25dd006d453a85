from datetime import timedelta
from uuid import uuid4

from academy.models import Notification
from connections.actions import handing
from tests.factories.connections import MentoringRequestFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import current

DAY = timedelta(days=1)
AT = LONG_AGO + DAY


def kinds_to(person):
    return list(Notification.objects.of(person).values_list("kind", flat=True))


def asked_pair(**facts):
    """A pair that began with a request."""
    request = MentoringRequestFactory()
    return current(request=request, mentee=request.mentee, **facts)


def handed(pair, profile, *, by=None, words="", goals=True, at=AT, token=None):
    return handing.propose(
        pair,
        profile,
        by=by or pair.mentee,
        words=words,
        language="en",
        goals=goals,
        token=token or uuid4(),
        at=at,
    )
