"""The coordinators' page: which pair stands where and why, and what may be done about it."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime, now

from academy.letters import compose
from academy.models import AuditEvent, Notification
from connections.actions import handing
from connections.hooks import weather as offered
from connections.models import Care, CareRules, Relationship, RelationshipRules
from connections.models.outlook import counts, in_order, needing_a_word, outlook, watched_by
from connections.models.pair_care import CareQuerySet
from connections.models.weather import weather
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, StaffFactory
from tests.factories.check_ins import asked, says
from tests.factories.connections import MentorProfileFactory
from tests.factories.hand_overs import handed
from tests.factories.relationships import begin, current, met, noted, planned

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def ago(days):
    return now() - days * DAY


def seen(pair):
    [one] = outlook(Relationship.objects.filter(pk=pair.pk), at=now())
    return one.level, one.reason


def quiet(days):
    pair = current(at=ago(120))
    met(pair, at=ago(days))
    return pair


def resting():
    pair = quiet(5)
    planned(pair, starts_at=now() + DAY, at=now())
    return pair


def past_its_end():
    pair = quiet(2)
    Relationship.objects.filter(pk=pair.pk).update(ends_on=ago(3).date())
    return pair


def paused(days, resumed=None):
    pair = quiet(days)
    pair.pause(by=pair.mentee, at=ago(days))
    if resumed:
        pair.resume(by=pair.mentor, at=ago(resumed))
    return pair


def says_both(one, other):
    pair = asked(quiet(2), at=ago(1))
    says(pair, pair.mentor, one, at=now())
    says(pair, pair.mentee, other, at=now())
    return pair


def rests(pair):
    pair.pause(by=pair.mentor, at=now())
    return pair


WEATHERS = [
    (lambda: quiet(2), "calm", "in_touch"),
    (lambda: quiet(21), "watch", "silent"),
    (lambda: quiet(30), "help", "silent"),
    (resting, "calm", "planned"),
    (lambda: current(at=ago(5)), "calm", "in_touch"),
    (lambda: current(at=ago(21)), "watch", "unmet"),
    (lambda: current(at=ago(30)), "help", "unmet"),
    (lambda: begin(at=ago(2)), "calm", "beginning"),
    (lambda: begin(at=ago(7)), "watch", "not_agreed"),
    (lambda: begin(at=ago(30)), "help", "not_agreed"),
    (lambda: paused(90), "calm", "resting"),
    (lambda: paused(90, resumed=3), "calm", "in_touch"),
    (lambda: paused(90, resumed=22), "watch", "silent"),
    (past_its_end, "watch", "over"),
    (lambda: asked(quiet(2), at=ago(13)), "calm", "in_touch"),
    (lambda: asked(quiet(2), at=ago(15)), "watch", "unanswered"),
    (lambda: says_both("w", "w"), "calm", "in_touch"),
    (lambda: says_both("b", "w"), "watch", "felt"),
    (lambda: says_both("w", "h"), "help", "felt"),
    (lambda: rests(says_both("w", "h")), "help", "felt"),
    (lambda: rests(says_both("b", "w")), "calm", "resting"),
]


@pytest.mark.parametrize(("make", "level", "reason"), WEATHERS)
def test_a_pair_stands_where_its_dates_and_taps_put_it(make, level, reason):
    assert seen(make()) == (level, reason)


def test_a_shared_note_or_a_planned_meeting_breaks_the_silence_and_a_private_note_does_not():
    pair = quiet(40)
    noted(pair, "To myself", audience="private", at=ago(1))
    assert seen(pair) == ("help", "silent")
    noted(pair, "Hello", at=ago(1))
    assert seen(pair) == ("calm", "in_touch")


def test_what_has_ended_is_not_watched():
    pair = quiet(40)
    pair.end(by=pair.mentor, at=now())

    assert list(watched_by(StaffFactory(role="coordinator"))) == []


def test_of_an_ended_pair_a_coordinator_reads_who_and_when_and_no_reason(staff, sign_in):
    pair, by = quiet(40), staff("coordinator")
    own = current(profile=MentorProfileFactory(person=by), at=ago(40))
    for one in (pair, own):
        one.end(by=one.mentee, at=now())

    def shown(one):
        return sign_in(by).get(reverse("connections:pair_weather", args=[one.pk]))

    page = shown(pair).content.decode()
    assert "This pair has ended" in page
    for words in (pair.mentor.name, pair.mentee.name, date_format(localtime(now()), "j F Y")):
        assert words in page
    for words in ("Nudge", "Look after", "handed over", "has ended your time"):
        assert words not in page
    assert f'<a href="{reverse("connections:weather")}">Show all pairs</a>' in page
    assert shown(own).status_code == 404


def test_of_a_pair_handed_over_a_coordinator_reads_to_whom(staff, sign_in):
    pair, new = current(at=ago(40)), MentorProfileFactory(person__name="Catrin Sampl")
    handing.accept(handed(pair, new, at=ago(2)), by=new.person, at=now())

    address = reverse("connections:pair_weather", args=[pair.pk])
    page = sign_in(staff("coordinator")).get(address).content.decode()

    assert "It was handed over to Catrin Sampl." in page


def test_who_needs_a_word_first_stands_first(staff):
    by = staff("coordinator")
    calm, longest, watched, silent = quiet(1), quiet(60), quiet(22), quiet(35)
    tended = quiet(90)
    Care.objects.look_after(tended, by=by, at=now())
    order = list(in_order(outlook(watched_by(by), at=now())))

    assert order == [longest, silent, watched, tended, calm]
    assert (counts(outlook(watched_by(by), at=now()))).all == 5


def test_a_coordinator_does_not_see_the_level_of_their_own_pair(staff, sign_in):
    """Who knows one of two answers could tell the other from the level."""
    by = staff("coordinator")
    pair = asked(current(profile=MentorProfileFactory(person=by), at=ago(40)), at=ago(1))
    says(pair, pair.mentee, "h", at=now())
    client = sign_in(by)

    assert pair.mentee.name not in client.get(reverse("connections:weather")).content.decode()
    for name in ("pair_weather", "nudge", "look_after"):
        address = reverse(f"connections:{name}", args=[pair.pk])
        assert client.post(address).status_code in (404, 405)
    assert client.get(reverse("connections:pair_weather", args=[pair.pk])).status_code == 404


@pytest.mark.parametrize("button", ["nudge", "look_after", "stop_looking_after", "offer_rematch"])
def test_a_button_on_a_page_left_open_since_the_pair_ended_leads_to_the_list(
    staff, sign_in, button
):
    by, pair, other = staff("coordinator"), quiet(40), quiet(40)
    own = current(profile=MentorProfileFactory(person=by), at=ago(40))
    for one in (pair, own):
        one.end(by=one.mentee, at=now())
    client = sign_in(by)

    def press(one):
        address = reverse(f"connections:{button}", args=[one.pk])
        return client.post(address, {"whom": "both"}, follow=True)

    page = press(pair).content.decode()

    assert "This pair has ended in the meantime: nothing was done." in page
    assert other.mentor.name in page
    assert nudges() == 0
    assert press(own).status_code == 404


def test_of_many_ticked_those_that_ended_meanwhile_are_passed_over(staff, sign_in):
    ended, still = quiet(40), quiet(40)
    ended.end(by=ended.mentee, at=now())
    client, address = sign_in(staff("coordinator")), reverse("connections:nudge_many")

    both = client.post(address, {"pairs": [ended.pk, still.pk]}, follow=True).content.decode()
    alone = client.post(address, {"pairs": [ended.pk]}, follow=True).content.decode()

    assert "Letters to 1 pair are on their way." in both
    assert nudges() == 2
    for page in (both, alone):
        assert "rest or have ended" in page
    assert "are on their way" not in alone


def nudges():
    return Notification.objects.filter(kind="connections.gentle_nudge").count()


def test_the_page_of_a_pair_names_the_two_apart_from_their_dates(staff, sign_in):
    pair = quiet(2)
    address = reverse("connections:pair_weather", args=[pair.pk])

    page = sign_in(staff("coordinator")).get(address).content.decode()
    _before, two, dates = re.split(r'<h2[^>]*id="(?:two|dates)">', page)

    assert two.startswith("The two people")
    assert pair.mentor.name in two
    assert pair.mentee.name in two
    assert "Began" not in two
    assert dates.startswith("Dates")
    assert "Began" in dates
    assert f"<dt>{pair.mentee.name}" not in dates


def test_each_half_sees_their_own_answer_in_the_weather_and_not_the_others(sign_in):
    pair = asked(quiet(2), at=ago(1))
    says(pair, pair.mentee, "h", at=now())

    def page(person):
        return sign_in(person).get(pair.get_absolute_url()).content.decode()

    assert "You said so in your last check-in" in page(pair.mentee)
    assert "Needs help" in page(pair.mentee)
    assert "All is well" in page(pair.mentor)
    assert "check-in" not in page(pair.mentor).replace("/check-in/", "").split("<main")[1][:1500]


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_a_call_for_help_is_not_hidden_by_a_pause(who, sign_in, staff):
    pair = asked(quiet(2), at=ago(1))
    says(pair, pair.mentee, "h", at=now())
    pair.pause(by=getattr(pair, who), at=now())
    desk = sign_in(by := staff("coordinator"))

    def page(browser, name):
        return browser.get(reverse(f"connections:{name}", args=[pair.pk])).content.decode()

    assert needing_a_word(by, at=now()).get() == pair
    coordinators = page(desk, "pair_weather")
    assert "Needs help" in coordinators
    assert "From check-ins: this pair may welcome a word. They are taking a pause." in coordinators
    own = page(sign_in(pair.mentee), "relationship")
    assert "You said so in your last check-in" in own
    assert "All is well" in page(sign_in(pair.mentor), "relationship")

    Care.objects.look_after(pair, by=by, at=now())
    assert not needing_a_word(by, at=now()).exists()
    pair.resume(by=pair.mentor, at=now())
    says(pair, pair.mentee, "w", at=now())
    assert seen(pair) == ("calm", "in_touch")


def test_one_press_nudges_both_and_a_second_sends_nothing(staff, sign_in):
    by, pair = staff("coordinator"), quiet(40)
    client, address = sign_in(by), reverse("connections:nudge", args=[pair.pk])
    for _twice in range(2):
        client.post(address, {"whom": "both", "from": "list"})

    told = Notification.objects.filter(kind="connections.gentle_nudge")
    assert {one.person for one in told} == {pair.mentor, pair.mentee}
    assert told.count() == 2
    [event] = AuditEvent.objects.filter(verb="connections.pair_nudged")
    assert (event.actor, event.fields, event.object_id) == (by, ["mentee", "mentor"], str(pair.pk))
    assert "not a complaint" in compose(told[0]).body


def test_who_presses_twice_is_not_refused_and_a_colleague_is(staff, sign_in):
    pair = quiet(40)
    address = reverse("connections:nudge", args=[pair.pk])
    first, colleague = sign_in(staff("coordinator")), sign_in(staff("coordinator"))

    def pressed(client):
        return client.post(address, {"whom": "both"}, follow=True).content.decode()

    assert "A kind letter is on its way." in pressed(first)
    assert "Your letter of today is on its way: one is enough." in pressed(first)
    assert "A coordinator has written to them a few days ago." in pressed(colleague)
    Care.objects.filter(relationship=pair).update(nudged_at=ago(1))
    assert "A coordinator has written to them a few days ago." in pressed(first)


def test_a_pair_is_nudged_again_after_some_days_and_one_side_alone():
    pair, by = quiet(40), StaffFactory(role="coordinator")
    Care.objects.nudge(pair, by=by, whom="mentee", at=ago(7))
    Care.objects.nudge(pair, by=by, whom="mentor", at=now())

    told = Notification.objects.filter(kind="connections.gentle_nudge").order_by("pk")
    assert [one.person for one in told] == [pair.mentee, pair.mentor]
    with pytest.raises(Care.NudgedLately):
        Care.objects.nudge(pair, by=by, at=now() + 6 * DAY)


def test_the_academy_does_not_nudge_the_day_after_a_coordinator_did():
    pair = quiet(40)
    Care.objects.nudge(pair, by=StaffFactory(role="coordinator"), at=now())

    assert Relationship.objects.nudge_silent(at=now() + DAY) == 0


def test_what_has_ended_or_rests_is_not_nudged():
    ended, by = quiet(40), StaffFactory(role="coordinator")
    ended.end(by=ended.mentor, at=now())

    for pair in (ended, paused(40)):
        with pytest.raises(Care.LeftInPeace):
            Care.objects.nudge(pair, by=by, at=now())


def test_many_are_nudged_at_once_and_the_nudged_are_passed_over(staff, sign_in):
    by, pairs = staff("coordinator"), [quiet(40) for _pair in range(3)]
    Care.objects.nudge(pairs[0], by=by, at=ago(1))
    sent = {"pairs": [pair.pk for pair in pairs]}
    page = sign_in(by).post(reverse("connections:nudge_many"), sent, follow=True)

    assert "Letters to 2 pairs are on their way" in page.content.decode()
    assert nudges() == 6


@pytest.mark.parametrize("sent", [{}, {"pairs": ["x"]}, {"pairs": ["999999"]}, {"pairs": ["\0"]}])
def test_nothing_ticked_is_said(staff, sign_in, sent):
    page = sign_in(staff("coordinator")).post(reverse("connections:nudge_many"), sent, follow=True)

    assert "Tick the pairs" in page.content.decode()


@pytest.mark.parametrize("ticked", [True, False])
def test_a_list_that_was_narrowed_stays_so_after_the_nudge(staff, sign_in, ticked):
    pair, where = quiet(40), {"level": "help", "page": "1"}
    many = reverse("connections:nudge_many", query=where)
    client = sign_in(staff("coordinator"))

    drawn = client.get(reverse("connections:weather", query=where)).content.decode()
    sent = client.post(many, {"pairs": [pair.pk] if ticked else []})

    assert many.replace("&", "&amp;") in drawn
    assert sent["Location"] == reverse("connections:weather", query=where)


def test_who_nudges_one_pair_of_a_narrowed_list_comes_back_to_it(staff, sign_in):
    pair, where = quiet(40), {"level": "help"}
    one = reverse("connections:nudge", args=[pair.pk], query=where)
    client = sign_in(staff("coordinator"))

    drawn = client.get(reverse("connections:weather", query=where)).content.decode()
    sent = client.post(one, {"whom": "both", "from": "list"})

    assert one in drawn
    assert sent["Location"] == reverse("connections:weather", query=where)


def test_a_reason_that_comes_from_check_ins_says_so_as_the_two_are_told(staff, sign_in):
    pair = asked(current(at=ago(40)), at=ago(1))
    for person in (pair.mentor, pair.mentee):
        says(pair, person, "h", at=now())

    page = sign_in(staff("coordinator")).get(reverse("connections:weather")).content.decode()

    assert "From check-ins: this pair may welcome a word." in page


def race(pair, people):
    """Each presses the button at the same moment; how many letters went out."""
    start = Barrier(len(people))

    def press(person):
        start.wait()
        try:
            Care.objects.nudge(pair, by=person, at=now())
        except Care.NudgedLately:
            pass
        finally:
            connection.close()

    racers = [Thread(target=press, args=[one]) for one in people]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    return nudges()


@pytest.mark.django_db(transaction=True)
def test_coordinators_who_press_at_once_send_one_letter_to_each():
    people = [StaffFactory(role="coordinator") for _one in range(5)]

    assert race(quiet(40), people) == 2


@pytest.mark.django_db(transaction=True)
def test_control_without_the_claim_everybody_sends(monkeypatch):
    people = [StaffFactory(role="coordinator") for _one in range(3)]
    pair = quiet(40)
    monkeypatch.setattr(CareQuerySet, "filter", lambda rows, *_fresh, **facts: super(
        CareQuerySet, rows).filter(**facts))  # fmt: skip

    assert race(pair, people) == 6


def test_another_coordinator_takes_a_pair_over_and_the_queue_forgets_it_for_a_while(staff):
    first, second, pair = staff("coordinator"), staff("coordinator"), quiet(40)

    def queue(at):
        [pile] = offered.pairs_needing_a_word(first, at=at)
        return pile.count

    assert queue(now()) == 1
    for one in (first, first, second):
        Care.objects.look_after(pair, by=one, at=now())
    assert Care.objects.of(pair).looked_after_by == second
    assert AuditEvent.objects.filter(verb="connections.pair_looked_after").count() == 2
    assert queue(now() + 13 * DAY) == 0
    assert queue(now() + 15 * DAY) == 1


def test_the_queue_counts_what_the_list_it_leads_to_shows(staff, sign_in):
    by, alone, tended = staff("coordinator"), quiet(40), quiet(50)
    Care.objects.look_after(tended, by=by, at=now())
    [pile] = offered.pairs_needing_a_word(by, at=now())
    page = sign_in(by).get(pile.url)

    assert [row.pair.pk for row in page.context["rows"]] == [alone.pk]
    assert (pile.count, page.context["counts"].alone, page.context["counts"].help) == (1, 1, 2)


def test_worse_news_ends_the_looking_after():
    pair = asked(quiet(2), at=ago(1))
    Care.objects.look_after(pair, by=StaffFactory(role="coordinator"), at=now())
    says(pair, pair.mentor, "b", at=now())

    assert Care.objects.of(pair).looked_after_by is None


def test_the_page_filters_by_level_and_by_where_either_works(staff, sign_in):
    here, there = quiet(40), quiet(2)
    place = MembershipFactory(person=here.mentee).organisation
    client, address = sign_in(staff("coordinator")), reverse("connections:weather")

    def shown(query):
        page = client.get(f"{address}?{query}").content.decode()
        return [pair for pair in (here, there) if f'value="{pair.pk}" form="many"' in page]

    assert shown("") == [here, there]
    assert shown("level=calm") == [there]
    assert shown(f"organisation={place.pk}") == [here]
    assert shown(f"organisation={place.pk}&level=calm") == []
    nowhere = f"{address}?organisation={OrganisationFactory().pk}"
    assert "No pair fits this filter." in client.get(nowhere).content.decode()
    assert "No pairs yet." not in client.get(nowhere).content.decode()
    assert shown("level=%00&organisation=x&page=-1") == [here, there]


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_page_costs_the_same_however_many(staff, sign_in, many, django_assert_num_queries):
    by = staff("coordinator")
    for _number in range(many):
        pair = Relationship.objects.create(
            mentor=MembershipFactory().person,
            mentee=PersonFactory(),
            kind="mentoring",
            state="current",
            words_version=1,
            began_at=ago(60),
            agreed_at=ago(60),
            last_contact_at=ago(60),
            ends_on=(now() + 90 * DAY).date(),
        )
        Care.objects.look_after(pair, by=by, at=now())
    client = sign_in(by)

    # session, reader, rules (four), counts, pairs, where people work, organisations
    with django_assert_num_queries(10):
        page = client.get(reverse("connections:weather")).content.decode()

    assert page.count('<th scope="row">') == many


def test_the_rules_of_care_are_an_administrators(staff, sign_in):
    client = sign_in(staff("administrator"))
    values = {
        "pulse_first_days": 30,
        "pulse_every_days": 60,
        "apart_days": 7,
        "unanswered_days": 14,
        "nudge_again_days": 3,
        "looked_after_days": 14,
        "offer_days": 14,
    }
    client.post(reverse("admin:connections_carerules_add"), values)

    assert CareRules.current().nudge_again_days == 3


@pytest.mark.parametrize(
    ("silent", "ahead", "stands"),
    [
        (40, 20, ("calm", "planned", "next")),
        (40, 60, ("help", "silent", "silent")),
        (22, 60, ("watch", "silent", "silent")),
        (5, 60, ("calm", "planned", "next")),
    ],
)
def test_a_meeting_far_away_is_no_contact_that_comes_soon(silent, ahead, stands):
    """Nearer than the days of silence it counts; further away the silence does."""
    pair = quiet(silent)
    planned(pair, starts_at=now() + ahead * DAY, at=now())
    pair.refresh_from_db()

    own = weather(pair, rules=RelationshipRules.current(), agreed=True, at=now())

    assert (*seen(pair), str(own.why)) == stands
    assert own.level == stands[0]


def test_a_first_meeting_far_away_is_watched_like_none():
    pair = current(at=ago(25))
    planned(pair, starts_at=now() + 40 * DAY, at=now())

    assert seen(pair) == ("watch", "unmet")


def test_who_looks_after_a_pair_can_lay_it_down_and_nobody_elses(staff, sign_in):
    first, second, pair = staff("coordinator"), staff("coordinator"), quiet(40)
    page = reverse("connections:pair_weather", args=[pair.pk])
    stop = reverse("connections:stop_looking_after", args=[pair.pk])
    Care.objects.look_after(pair, by=first, at=now())
    mine, theirs = (sign_in(one).get(page).content.decode() for one in (first, second))

    assert "I no longer look after this pair" in mine
    assert "I look after this pair" not in mine
    assert "I no longer look after this pair" not in theirs
    sign_in(second).post(stop)
    assert Care.objects.of(pair).looked_after_by == first

    for _twice in range(2):
        said = sign_in(first).post(stop, follow=True).content.decode()
        assert "You no longer look after this pair." in said
        assert "I look after this pair" in said
    assert Care.objects.of(pair).looked_after_by is None
    [event] = AuditEvent.objects.filter(verb="connections.pair_no_longer_looked_after")
    assert (event.actor, event.object_id) == (first, str(pair.pk))
    [pile] = offered.pairs_needing_a_word(second, at=now())
    assert pile.count == 1


def test_after_a_nudge_no_button_that_would_be_refused_and_when_the_next_can_go(staff, sign_in):
    pair, by = quiet(40), staff("coordinator")
    address, client = reverse("connections:pair_weather", args=[pair.pk]), sign_in(by)

    def pages():
        for page in (address, reverse("connections:weather")):
            yield client.get(page).content.decode()

    form = f'action="{reverse("connections:nudge", args=[pair.pk])}"'
    assert all(form in page for page in pages())
    Care.objects.nudge(pair, by=by, at=now())
    again = date_format(localtime(now() + 7 * DAY), "j F")
    for page in pages():
        assert form not in page
        assert f"from {again}" in page or f"{again}." in page
        assert f"{again}, " not in page
    Care.objects.filter(relationship=pair).update(nudged_at=ago(7))
    for page in pages():
        assert form in page


def test_the_day_said_is_the_day_from_whose_morning_a_pair_is_nudged_again():
    pair, by = quiet(40), StaffFactory(role="coordinator")
    late = localtime(now()).replace(hour=22, minute=30)
    Care.objects.nudge(pair, by=by, at=late)
    said = outlook(Relationship.objects.all(), at=late).get().nudge_from
    morning = (late + 7 * DAY).replace(hour=0, minute=1)

    assert said == localdate(late) + 7 * DAY == localdate(morning)
    with pytest.raises(Care.NudgedLately):
        Care.objects.nudge(pair, by=by, at=morning - timedelta(minutes=2))
    Care.objects.nudge(pair, by=by, at=morning)
