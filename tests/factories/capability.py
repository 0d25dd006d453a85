from datetime import UTC, datetime, timedelta
from uuid import uuid4

import factory

from capability.models import Booking, Cohort, Course, Session
from tests.factories.people import PersonFactory

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)  # when things happen in the tests of this pillar
FIRST = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)  # the first session of a cohort


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"course-{n}")
    title_en = factory.Sequence(lambda n: f"Measuring {n}")
    title_cy = factory.Sequence(lambda n: f"Mesur {n}")
    summary_en = "Choose a few measures and draw them over time."
    summary_cy = "Dewis ychydig o fesurau a’u darlunio dros amser."
    description_en = "You will draw a chart of your own."
    description_cy = "Byddwch yn llunio siart eich hun."
    level = "introductory"
    format = "online_live"
    published = True

    @factory.post_generation
    def topics(self, create, extracted, **kwargs):
        if create and extracted:
            self.topics.set(extracted)
            self.refresh_from_db()


class CohortFactory(factory.django.DjangoModelFactory):
    """A published cohort with one session of three hours; `starts_at` moves it."""

    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    language = "en"
    format = "in_person"
    place_en = "Cardiff"
    place_cy = "Caerdydd"
    places = 12
    starts_at = FIRST
    ends_at = factory.LazyAttribute(lambda cohort: cohort.starts_at + timedelta(hours=3))
    closes_at = factory.LazyAttribute(lambda cohort: cohort.starts_at - timedelta(hours=24))
    published = True
    published_at = AT

    @factory.post_generation
    def sessions(self, create, extracted, **kwargs):
        """How many meetings, a week apart; one unless said otherwise."""
        for week in range((1 if extracted is None else extracted) if create else 0):
            SessionFactory(cohort=self, starts_at=self.starts_at + timedelta(weeks=week))


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Session

    cohort = factory.SubFactory(CohortFactory)
    starts_at = FIRST
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=3))


class BookingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Booking

    cohort = factory.SubFactory(CohortFactory)
    person = factory.SubFactory(PersonFactory)
    hope = "Fewer falls on the ward"
    hope_language = "en"
    token = factory.LazyFunction(uuid4)
    joined_at = AT
