from datetime import timedelta

from connections.models import CheckIn
from tests.factories.people import LONG_AGO
from tests.factories.relationships import current

DAY = timedelta(days=1)


def asked(pair=None, *, occasion=30, at=None):
    """Both of a pair are asked on this occasion."""
    at = at or LONG_AGO + 30 * DAY
    pair = pair or current()
    for person in (pair.mentor, pair.mentee):
        CheckIn.objects.of(pair).filter(person=person).open().update(lapsed_at=at)
        CheckIn.objects.create(relationship=pair, person=person, occasion=occasion, asked_at=at)
    return pair


def says(pair, person, answer, *, occasion=30, at=None):
    CheckIn.objects.answer(
        pair, by=person, occasion=occasion, answer=answer, at=at or LONG_AGO + 31 * DAY
    )
