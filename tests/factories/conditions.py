from datetime import date

import factory

from conditions.models import Approach


class ApproachFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Approach

    slug = factory.Sequence(lambda n: f"approach-{n}")
    title_en = factory.Sequence(lambda n: f"Approach {n}")
    title_cy = factory.Sequence(lambda n: f"Dull {n}")
    summary_en, summary_cy = "In short.", "Yn gryno."
    mechanism_en, mechanism_cy = "It works.", "Mae’n gweithio."
    who_can_change_en, who_can_change_cy = "Leaders.", "Arweinwyr."
    first_step_en, first_step_cy = "Ask five people.", "Gofynnwch i bum person."
    effect = "helps"
    levels = ["team"]
    strength = 2
    sources = ["A source 2026"]
    checked_on = date(2026, 11, 1)
    published = True
