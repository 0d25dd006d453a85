from datetime import timedelta
from uuid import uuid4

from django.utils.timezone import now

from connections.models import Concern
from tests.factories import StaffFactory
from tests.factories.relationships import current

WORDS, CLOSING = "CANARY-concern", "CANARY-closing"


def reported(pair=None, at=None, by=None):
    pair = pair or current(at=now() - timedelta(days=10))
    return Concern.objects.report(
        pair, by=by or pair.mentee, words=WORDS, language="en", token=uuid4(), at=at or now()
    )


def lead(name="Gwen Vaughan"):
    return StaffFactory(role="safeguarding_lead", name=name)


def close(concern, by, **said):
    concern.close(by, words=CLOSING, language="en", at=now(), **said)
