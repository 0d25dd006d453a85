import pytest
from django.db import IntegrityError

from connections.models import MentorProfile
from tests.factories import TopicFactory
from tests.factories.connections import MentorProfileFactory

pytestmark = pytest.mark.django_db


def test_the_database_gives_nobody_more_people_than_they_agreed_to():
    profile = MentorProfileFactory(capacity=1)

    with pytest.raises(IntegrityError, match="mentor_never_over_capacity"):
        MentorProfile.objects.filter(pk=profile.pk).update(places_taken=2)


def test_an_offer_is_found_by_its_topics_in_both_languages():
    topic = TopicFactory(name_en="Measurement", name_cy="Mesur")
    profile = MentorProfileFactory(methods=[topic])

    profile.refresh_from_db()

    assert profile.method_ids == [topic.pk]
    assert "Mesur" in profile.words
    assert profile.shown_name == profile.person.name
