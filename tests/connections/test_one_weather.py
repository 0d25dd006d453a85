"""A pair has one weather: its coordinators, its two and the letter of a nudge say the same."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, localtime, now

from academy.letters import compose
from academy.models import Notification
from connections.models import Care, Relationship, RelationshipRules, Terms
from connections.models.outlook import outlook
from connections.models.weather import weather
from tests.factories import StaffFactory
from tests.factories.relationships import begin, current, met, planned, proposed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ago(days):
    return now() - days * DAY


def silent(days, *, ahead=None, over=False):
    """Last in touch so many days ago; the next meeting so many days ahead, or back."""
    pair = current(at=ago(120))
    met(pair, at=ago(days))
    if ahead is not None:
        planned(pair, starts_at=now() + ahead * DAY, at=ago(days))
    if over:
        Relationship.objects.filter(pk=pair.pk).update(ends_on=localdate() - 3 * DAY)
    return later(pair, days)


def unmet(days, *, ahead=None):
    pair = current(at=ago(days))
    if ahead is not None:
        planned(pair, starts_at=now() + ahead * DAY, at=ago(days))
    return later(pair, days)


def later(pair, days):
    """Planning is no contact here: these pairs show what silence alone comes to."""
    Relationship.objects.filter(pk=pair.pk).update(last_contact_at=ago(days))
    pair.refresh_from_db()
    return pair


def early_in_the_day(days):
    """The last word was late on a day so many days back: less than that many times 24 hours."""
    pair = silent(days)
    last = (localtime(now()) - days * DAY).replace(hour=23, minute=59, second=0)
    Relationship.objects.filter(pk=pair.pk).update(last_contact_at=last)
    return pair


CASES = [
    (lambda: silent(2), "calm", "A few words or a date"),
    (lambda: silent(22), "watch", "A few words or a date"),
    (lambda: silent(40), "help", "A few words or a date"),
    (lambda: early_in_the_day(30), "help", "A few words or a date"),
    (lambda: silent(40, ahead=5), "calm", "Your next meeting is planned for"),
    (lambda: silent(40, ahead=60), "help", "A few words or a date"),
    (lambda: silent(5, ahead=-1), "watch", "A meeting was planned for"),
    (lambda: silent(40, ahead=-1), "watch", "A meeting was planned for"),
    (lambda: silent(60, ahead=-35), "help", "A meeting was planned for"),
    (lambda: silent(2, over=True), "watch", "The agreed time ended on"),
    (lambda: silent(40, over=True), "help", "The agreed time ended on"),
    (lambda: silent(40, over=True, ahead=5), "calm", "Your next meeting is planned for"),
    (lambda: silent(60, over=True, ahead=60), "help", "The agreed time ended on"),
    (lambda: unmet(2), "calm", "You have not met yet"),
    (lambda: unmet(25), "watch", "You have not met yet"),
    (lambda: unmet(35), "help", "You have not met yet"),
    (lambda: unmet(25, ahead=3), "calm", "Your next meeting is planned for"),
    (lambda: begin(at=ago(2)), "calm", "The agreement waits for your yes"),
    (lambda: begin(at=ago(9)), "watch", "The agreement waits for your yes"),
    (lambda: begin(at=ago(35)), "help", "The agreement waits for your yes"),
]


def letter_to(person):
    [letter] = Notification.objects.of(person).filter(kind="connections.gentle_nudge")
    return compose(letter).body


@pytest.mark.parametrize(("make", "level", "said"), CASES)
def test_coordinators_the_two_and_the_letter_say_the_same(make, level, said):
    pair, rules = make(), RelationshipRules.current()
    [seen] = outlook(Relationship.objects.filter(pk=pair.pk), at=now())
    own = weather(Relationship.objects.get(pk=pair.pk), rules=rules, agreed=False, at=now())

    assert (seen.level, own.level) == (level, level)
    Care.objects.nudge(pair, by=StaffFactory(role="coordinator"), at=now())
    assert said in letter_to(pair.mentor)
    assert said in letter_to(pair.mentee)


def test_a_letter_about_an_agreement_says_for_whom_it_waits():
    """It was told to wait for one of the two, whoever had said yes."""
    pair = begin(at=ago(9))
    proposed(pair, at=ago(8))
    terms = Terms.objects.of(pair).get()
    other = pair.other(terms.proposed_by)
    Care.objects.nudge(pair, by=StaffFactory(role="coordinator"), at=now())

    assert f"{other.name} has not yet" in letter_to(terms.proposed_by)
    assert "waits for your yes" in letter_to(other)


def test_a_letter_on_its_way_says_what_is_true_when_it_leaves():
    pair = silent(40)
    Care.objects.nudge(pair, by=StaffFactory(role="coordinator"), at=now())
    planned(pair, starts_at=now() + 3 * DAY, at=now())

    assert "Your next meeting is planned for" in letter_to(pair.mentee)
