"""More time: a later end is proposed, and the other says yes or no."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate, now

from connections.models import Relationship, extensions
from tests.factories import PersonFactory
from tests.factories.hand_overs import AT, DAY, kinds_to
from tests.factories.relationships import current

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_a_later_end_needs_the_other_sides_yes(side):
    pair = current()
    one, later = getattr(pair, side), pair.ends_on + 90 * DAY
    extensions.propose(pair, until=later, by=one, at=AT)

    with pytest.raises(extensions.Changed):
        extensions.agree(pair, until=later, by=one, at=AT)
    for _again in range(2):
        extensions.agree(pair, until=later, by=pair.other(one), at=AT)
    assert (pair.ends_on, pair.later_on, pair.later_by) == (later, None, None)
    assert kinds_to(pair.other(one)).count("connections.extension_proposed") == 1
    assert kinds_to(one).count("connections.extension_agreed") == 1


def test_another_day_replaces_the_first_and_the_same_day_is_a_yes():
    pair = current()
    first, second = pair.ends_on + 30 * DAY, pair.ends_on + 60 * DAY
    extensions.propose(pair, until=first, by=pair.mentor, at=AT)
    extensions.propose(pair, until=second, by=pair.mentee, at=AT)

    with pytest.raises(extensions.Changed):
        extensions.agree(pair, until=first, by=pair.mentee, at=AT)
    extensions.propose(pair, until=second, by=pair.mentor, at=AT)
    assert (pair.ends_on, pair.later_on) == (second, None)


def test_the_end_stays_when_the_other_would_rather_not_and_the_past_is_no_end():
    pair = current()
    was = pair.ends_on
    with pytest.raises(extensions.NotLater):
        extensions.propose(pair, until=was, by=pair.mentor, at=AT)
    extensions.propose(pair, until=was + DAY, by=pair.mentor, at=AT)
    for _again in range(2):
        extensions.set_aside(pair, by=pair.mentee, at=AT)

    assert (pair.ends_on, pair.later_on) == (was, None)
    assert kinds_to(pair.mentor).count("connections.extension_kept") == 1
    with pytest.raises(Relationship.Outsider):
        extensions.propose(pair, until=was + DAY, by=PersonFactory(), at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.filter(pk=pair.pk).update(later_on=was + DAY)


def test_extending_is_one_form_and_one_press(sign_in):
    pair = current(at=now())
    mentor, mentee = sign_in(pair.mentor), sign_in(pair.mentee)
    day = mentor.get(url("extend", pair.pk)).context["form"]["until"].value()
    assert day > pair.ends_on

    early = {"until_day": "1", "until_month": "1", "until_year": str(localdate().year)}
    assert "The day must be after" in text(mentor.post(url("extend", pair.pk), early))
    said = {"until_day": day.day, "until_month": day.month, "until_year": day.year}
    mentor.post(url("extend", pair.pk), said)
    page = text(mentee.get(url("relationship", pair.pk)))
    assert "Yes, let us go on" in page
    for wrong in ({}, {"until": "x"}, {"until": "2020-01-01"}):
        mentee.post(url("agree_extension", pair.pk), wrong)
    mentee.post(url("agree_extension", pair.pk), {"until": day.isoformat()})
    pair.refresh_from_db()
    assert pair.ends_on == day
