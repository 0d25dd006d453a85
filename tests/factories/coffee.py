from datetime import UTC, date, datetime

import factory

from connections.actions import coffee_rounds
from connections.models import CoffeeGroup, CoffeeMember, CoffeePrompt, CoffeeRound, CoffeeSeat
from tests.factories.people import LONG_AGO, MembershipFactory, PersonFactory

MONTH = date(2026, 10, 1)
DRAW = datetime(2026, 10, 1, 9, tzinfo=UTC)  # the first working day of October, a Thursday


class CoffeeMemberFactory(factory.django.DjangoModelFactory):
    """Somebody in, in English and online, in an organisation of their own."""

    class Meta:
        model = CoffeeMember
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    in_english = True
    online = True
    reach = factory.LazyAttribute(lambda member: member.person.email)
    joined_at = LONG_AGO

    @factory.post_generation
    def work(self, create, extracted, **kwargs):
        """Where they work; False for nowhere known."""
        if create and extracted is not False:
            MembershipFactory(person=self.person, **(extracted or {}))


class CoffeePromptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CoffeePrompt

    slug = factory.Sequence(lambda n: f"prompt-{n}")
    text_en = "What makes a good day?"
    text_cy = "Beth sy’n gwneud diwrnod da?"
    published = True


def members(many, **facts):
    return [CoffeeMemberFactory(**facts).person for _one in range(many)]


def begun(*, month=MONTH, at=DRAW, seed=7, rounds_apart=12, share_wanted=70):
    return CoffeeRound.objects.create(
        month=month, seed=seed, rounds_apart=rounds_apart, share_wanted=share_wanted, begun_at=at
    )


def drawn(*, at=DRAW, **facts):
    """Drawn and told, as a worker does."""
    made = begun(at=at, **facts)
    coffee_rounds.compute(coffee_rounds.claim(made.pk, at=at), at=at)
    coffee_rounds.tell_some(made.pk, at=at)
    made.refresh_from_db()
    return made


def seat_of(person, round=None):
    seats = CoffeeSeat.objects.filter(person=person).order_by("-round__month")
    return seats.filter(round=round).get() if round else seats.first()


def company(person):
    """Who sits with them, as people."""
    seats = CoffeeSeat.objects.beside(seat_of(person)).order_by("pk")
    return [seat.person for seat in seats.select_related("person")]


def together(*people, at=DRAW, month=None, prompt=None):
    """These sit together in a round of their own, whoever they are."""
    round = CoffeeRound.objects.create(
        month=month or at.date().replace(day=1),
        state=CoffeeRound.State.DRAWN,
        seed=1,
        rounds_apart=12,
        share_wanted=70,
        begun_at=at,
        drawn_at=at,
        people=len(people),
        groups_made=1,
    )
    group = CoffeeGroup.objects.create(
        round=round, prompt=prompt or CoffeePromptFactory(), languages=1, seats_taken=len(people)
    )
    for person in people:
        CoffeeSeat.objects.create(round=round, group=group, person=person, told_at=at)
    return group
