"""Whoever reports a concern sees how far it is, and hears of it; nobody else does, and no word leaves."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from academy.letters import compose
from academy.models import AuditEvent, Notification
from connections.hooks.relationships import erase_relationships
from connections.models import Concern
from connections.models.working_days import working_days_after
from connections.urls import pair as routes_of_a_pair
from tests.factories import PersonFactory
from tests.factories.concerns import CLOSING, WORDS, close, lead, reported
from tests.factories.connections import MentorProfileFactory
from tests.factories.relationships import current, planned, times_for
from tests.factories.together import circle

pytestmark = pytest.mark.django_db
TO_REPORTER = ("connections.concern_taken", "connections.concern_closed")


def told(person=None):
    rows = Notification.objects.filter(kind__in=TO_REPORTER).order_by("pk")
    return list(rows.filter(person=person) if person else rows)


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def own_page(client):
    return text(client.get(url("my_concerns")))


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2026, 3, 2), date(2026, 3, 4)),  # a Monday
        (date(2026, 3, 6), date(2026, 3, 10)),  # a Friday
        (date(2026, 3, 7), date(2026, 3, 10)),  # a Saturday
        (date(2026, 4, 2), date(2026, 4, 8)),  # before Easter
        (date(2026, 12, 31), date(2027, 1, 5)),  # over New Year
    ],
)
def test_working_days_after_a_day_pass_over_weekends_and_bank_holidays(day, by):
    assert working_days_after(day, 2) == by


def test_the_day_counts_as_it_is_in_wales():
    late = datetime(2026, 6, 1, 23, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight there

    assert reported(at=late).word_by == date(2026, 6, 4)


def test_its_reporter_sees_that_it_arrived_who_has_it_and_that_it_is_closed(sign_in):
    concern, gwen = reported(), lead()
    mentee, mentor = sign_in(concern.reporter), sign_in(concern.about)
    pair = concern.relationship.get_absolute_url()

    def both_pages(client):
        yield own_page(client)
        yield client.get(pair).content.decode()

    with override("en"):
        assert all("You hear from the safeguarding lead by" in one for one in both_pages(mentee))
        concern.take(gwen, at=now())
        assert all("Gwen Vaughan, safeguarding lead" in one for one in both_pages(mentee))
        close(concern, gwen)
        assert all("looked into, and closed" in one for one in both_pages(mentee))
        for page in (*both_pages(mentor), own_page(sign_in(PersonFactory()))):
            assert "looked into, and closed" not in page
    mine, shared = both_pages(mentee)
    assert WORDS not in shared
    assert CLOSING not in mine + shared


def test_who_has_reported_nothing_is_told_where_one_does(sign_in):
    assert "You have not reported anything" in own_page(sign_in(PersonFactory()))


@pytest.mark.parametrize("many", [1, 4])
def test_the_own_page_costs_the_same_however_many(sign_in, many, django_assert_num_queries):
    pair, gwen = current(at=now()), lead()
    for _one in range(many):
        reported(pair).take(gwen, at=now())
    client = sign_in(pair.mentee)

    with django_assert_num_queries(3):  # session, reader, concerns
        page = own_page(client)

    assert page.count("Gwen Vaughan") == many


@pytest.mark.parametrize("language", ["en", "cy"])
def test_its_reporter_alone_hears_that_it_is_taken_and_that_it_is_closed_each_once(language):
    concern, gwen = reported(), lead()
    concern.reporter.language = language
    concern.reporter.save()
    for _twice in range(2):
        concern.take(gwen, at=now())
    [taken] = told()
    mails = [compose(taken)]
    another = lead("Another")
    concern.take(another, instead_of=gwen, at=now())
    close(concern, another)
    with pytest.raises(Concern.Closed):
        close(concern, another)

    assert [one.person for one in told()] == [concern.reporter, concern.reporter]
    assert tuple(one.kind for one in told()) == TO_REPORTER
    assert compose(taken) is None  # closed meanwhile
    mails.append(compose(told()[1]))
    with override(language):
        address = reverse("connections:my_concerns")
    for mail in mails:
        assert address in mail.body
        for word in (WORDS, CLOSING, concern.about.name, gwen.name):
            assert word not in f"{mail.subject} {mail.body}"
        for word in ("concern", "pryder", "safeguarding", "diogelu"):
            assert word not in f"{mail.subject} {mail.body}".lower()


def test_somebody_whose_account_is_erased_is_written_to_no_more():
    concern, gwen = reported(), lead()
    concern.take(gwen, at=now())
    [waiting] = told()
    erase_relationships(concern.reporter, at=now())

    assert compose(waiting) is None
    concern = Concern.objects.get()
    close(concern, gwen)
    assert len(told()) == 1


def test_a_second_lead_sees_who_has_it_and_is_asked_before_taking_it_over(sign_in):
    concern, first, second = reported(), lead(), lead("Huw Rees")
    address = reverse("connections:take_concern", args=[concern.pk])
    page = reverse("connections:concern", args=[concern.pk])
    sign_in(first).post(address)
    client = sign_in(second)
    shown = client.get(page).content.decode()

    assert "I answer for this" not in shown
    assert "Take it over from Gwen Vaughan" in shown
    assert "You answer for this concern:" in sign_in(first).get(page).content.decode()

    for stale in ({}, {"instead_of": str(second.pk)}, {"instead_of": "\0"}):
        said = client.post(address, stale, follow=True).content.decode()
        assert "Another lead has taken it" in said
    concern.refresh_from_db()
    assert concern.owner == first

    client.post(address, {"instead_of": str(first.pk)})
    concern.refresh_from_db()
    assert concern.owner == second
    verbs = AuditEvent.objects.filter(verb__startswith="connections.concern_taken")
    assert list(verbs.order_by("pk").values_list("verb", "actor")) == [
        ("connections.concern_taken", first.pk),
        ("connections.concern_taken_over", second.pk),
    ]


def test_what_is_closed_is_taken_by_nobody(sign_in):
    concern, gwen = reported(), lead()
    concern.take(gwen, at=now())
    close(concern, gwen)
    address = reverse("connections:take_concern", args=[concern.pk])
    said = sign_in(lead("Huw Rees")).post(address, {"instead_of": gwen.pk}, follow=True)

    assert "It has been closed in the meantime" in said.content.decode()
    assert Concern.objects.get().owner == gwen


@pytest.mark.django_db(transaction=True)
def test_of_leads_who_press_at_once_one_has_it():
    concern, people = reported(), [lead(f"Lead {number}") for number in range(4)]
    start, refused = Barrier(len(people)), []

    def press(person):
        mine = Concern.objects.get(pk=concern.pk)
        start.wait()
        try:
            mine.take(person, at=now())
        except Concern.Taken:
            refused.append(person)
        finally:
            connection.close()

    racers = [Thread(target=press, args=[one]) for one in people]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]

    concern.refresh_from_db()
    assert {*refused, concern.owner} == set(people)
    assert len(refused) == 3
    assert AuditEvent.objects.filter(verb="connections.concern_taken").count() == 1
    assert len(told()) == 1


ELSEWHERE = {"mentoring", "team", "hand_over_answer", "report_concern"}  # no pages of the two
BY_A_PRESS = {  # not pages: they change something, or are a file
    "keep_agreement", "resume", "agree_extension", "keep_end", "agree_hand_over", "stop_hand_over",
    "withdraw_proposal", "tick_task", "reach_goal", "let_goal_go", "next_meeting",
    "meeting_calendar", "rematch", "check_in",
}  # fmt: skip


def pages_of(pair):
    """Every address of a pair by its name, with the numbers of what stands in it."""
    meeting = planned(pair, starts_at=now() + timedelta(days=3), at=now())
    times = times_for(pair, times=[now() + timedelta(days=5)], at=now())
    numbers = {"meeting": meeting.pk, "cancel_meeting": meeting.pk, "move_meeting": meeting.pk}
    numbers |= {"proposal": times.pk}
    for name in sorted({one.name for one in routes_of_a_pair} - ELSEWHERE - BY_A_PRESS):
        yield name, [pair.pk, *([numbers[name]] if name in numbers else [])]
    yield "caseload_notes", [pair.pk]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_page_of_a_pair_says_where_a_concern_goes(sign_in, language):
    pair = current(at=now())
    mentor, mentee = sign_in(pair.mentor), sign_in(pair.mentee)
    with override(language):
        where = url("report_concern", pair.pk)
        for name, numbers in pages_of(pair):
            reader = mentor if name == "caseload_notes" else mentee
            page = text(reader.get(url(name, *numbers)))
            assert f'href="{where}"' in page, name
            assert {"en": "safeguarding lead", "cy": "diogelu"}[language] in page, name


def test_on_a_phone_each_cell_of_the_list_says_what_it_is(sign_in):
    reported()
    Concern.objects.filter(pk=reported().pk).update(taken_at=now(), closed_at=now())

    page = text(sign_in(lead()).get(url("concerns")))

    for label in ("Reported", "Answered for by"):
        assert page.count(f'<td data-label="{label}">') == 2


def test_my_mentoring_leads_to_what_i_have_reported_when_there_is_something(sign_in):
    concern = reported()
    address = f'href="{url("my_concerns")}"'

    assert address in text(sign_in(concern.reporter).get(url("mentoring")))
    assert address not in text(sign_in(concern.about).get(url("mentoring")))


def test_the_address_of_the_safeguarding_lead_opens_a_mail(sign_in, settings):
    settings.SITE_SAFEGUARDING = "lead@example.org"
    pair = current()
    theirs = circle(host=MentorProfileFactory(person=pair.mentee).person)
    mentee = sign_in(pair.mentee)

    for address in (
        url("my_concerns"),
        url("report_concern", pair.pk),
        url("report_from_circle", theirs.pk),
    ):
        assert '<a href="mailto:lead@example.org">lead@example.org</a>' in text(mentee.get(address))


def test_what_nobody_answers_for_stands_first_in_the_list_then_the_oldest(sign_in):
    gwen, day = lead(), now()
    older, taken, newer = (reported(at=day - timedelta(days=days)) for days in (2, 3, 1))
    taken.take(gwen, at=day)

    page = sign_in(gwen).get(url("concerns"))

    assert list(page.context["waiting"]) == [older, newer, taken]
