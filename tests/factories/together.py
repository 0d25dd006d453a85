from datetime import time, timedelta
from uuid import uuid4

from django.utils.timezone import localdate

from connections.models import Circle, OfficeHour
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO, PersonFactory, TopicFactory


def office_hour(*, host=None, at=LONG_AGO, topics=None, days=7, **said):
    """Open hours of an approved mentor: four slots at ten, first in a week, then every week."""
    first = localdate(at) + timedelta(days=days)
    facts = {
        "about": "Bring one question about measuring.",
        "written_in": "en",
        "in_welsh": False,
        "in_english": True,
        "how": "online",
        "place": "https://example.org/room",
        "weekday": first.weekday(),
        "begins": time(10),
        "many": 4,
        "rhythm": 1,
        "from_on": first,
        "until_on": None,
        "token": uuid4(),
        **said,
    }
    host = host or MentorProfileFactory().person
    topics = [TopicFactory()] if topics is None else topics
    return OfficeHour.objects.begin(host, topics=topics, at=at, **facts)


def first_slot(hour):
    return hour.slots.order_by("starts_at", "pk").first()


def booked(slot, person=None, *, words="How do I begin?", at=LONG_AGO, token=None):
    return slot.book(
        person or PersonFactory(), words=words, language="en", token=token or uuid4(), at=at
    )


def circle(*, host=None, by=None, at=LONG_AGO, topics=None, **said):
    """A circle of four places around one thing."""
    host = host or MentorProfileFactory().person
    facts = {
        "title": "New to leading change",
        "about": "Six of us talk about our first months.",
        "written_in": "en",
        "in_welsh": False,
        "in_english": True,
        "places": 4,
        "rhythm": "monthly",
        "how": "online",
        "place": "https://example.org/circle",
        "token": uuid4(),
        **said,
    }
    topics = [TopicFactory()] if topics is None else topics
    return Circle.objects.begin(host, by=by or host, topics=topics, at=at, **facts)


def filled(one, many, *, at=LONG_AGO):
    return [one.join(person, at=at) for person in PersonFactory.create_batch(many)]


def dated(one, *, at=LONG_AGO, days=14):
    """A date of this circle."""
    return one.plan(starts_at=at + timedelta(days=days), minutes=60, token=uuid4(), at=at)
