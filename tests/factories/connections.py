import uuid
from datetime import timedelta

import factory

from connections.actions import rounds
from connections.models import MatchingRound, MentoringRequest, MentorProfile, RoundPair
from tests.factories.people import LONG_AGO, PersonFactory


class MentorProfileFactory(factory.django.DjangoModelFactory):
    """An approved, listed mentor with three free places."""

    class Meta:
        model = MentorProfile
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    offers_mentoring = True
    in_english = True
    about_help = "Measuring what matters."
    capacity = 3
    state = "approved"

    @factory.post_generation
    def methods(self, create, extracted, **kwargs):
        self.methods.set(extracted or [])

    @factory.post_generation
    def services(self, create, extracted, **kwargs):
        self.services.set(extracted or [])
        MentorProfile.objects.reindex(these=[self.pk])


class MentoringRequestFactory(factory.django.DjangoModelFactory):
    """Somebody is being looked for."""

    class Meta:
        model = MentoringRequest
        skip_postgeneration_save = True

    mentee = factory.SubFactory(PersonFactory)
    token = factory.LazyFunction(uuid.uuid4)
    words = "I want to measure falls on my ward."
    written_in = "en"
    in_english = True
    asked_at = LONG_AGO
    remind_at = factory.LazyAttribute(lambda o: o.asked_at + timedelta(days=7))
    closes_at = factory.LazyAttribute(lambda o: o.asked_at + timedelta(days=14))

    @factory.post_generation
    def methods(self, create, extracted, **kwargs):
        self.methods.set(extracted or [])

    @factory.post_generation
    def services(self, create, extracted, **kwargs):
        self.services.set(extracted or [])


def drafted_pair(request, profile, *, by, at=LONG_AGO, **facts):
    """A pair of a round of its own, which waits in drafts."""
    made = rounds.draw_up("Drafts", by=by, at=at)
    MatchingRound.objects.filter(pk=made.pk).update(
        state="drafts", computed_at=at, requests_seen=1, mentors_seen=1
    )
    made.refresh_from_db()
    return RoundPair.objects.create(round=made, request=request, profile=profile, **facts)
