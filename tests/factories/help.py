from datetime import timedelta
from uuid import uuid4

import factory
from django.utils.timezone import now

from academy.models import SupportRequest
from academy.models.help import REPLY_WITHIN
from tests.factories.people import PersonFactory


class SupportRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportRequest

    class Params:
        overdue = factory.Trait(asked_at=factory.LazyFunction(lambda: now() - timedelta(days=9)))

    asker = factory.SubFactory(PersonFactory)
    words = "Where do we start?"
    language = "en"
    asked_at = factory.LazyFunction(now)
    reply_by = factory.LazyAttribute(lambda row: row.asked_at + REPLY_WITHIN)
    token = factory.LazyFunction(uuid4)
