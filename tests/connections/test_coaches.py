"""Credentials, steps, the log and the register: what coaches do, and who sees what of it."""

import csv
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, now

from academy import hooks
from academy.models import AuditEvent, Notification
from connections import tasks
from connections.models import CoachRules, Credential, LadderStep, LogLine, Practice, Requirement
from connections.models.credentials import Standing
from connections.models.ladder import ladder_of
from connections.models.register import Asked, dated, lines, narrowed, visible_to
from tests.factories import PersonFactory
from tests.factories.capability import BookingFactory, CohortFactory
from tests.factories.coaches import (
    coach,
    credential_of,
    group_of,
    logged,
    place_in,
    session_of,
    step,
    supervisor,
)
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO as AT
from tests.factories.relationships import current, met

pytestmark = pytest.mark.django_db
TODAY = localdate(AT)


def days(many):
    return timedelta(days=many)


def letters(kind):
    return Notification.objects.filter(kind=f"connections.{kind}")


# Credentials


def test_a_coach_hears_twice_that_a_credential_expires_and_no_more():
    one = credential_of(coach(), days=60)

    Credential.objects.remind_due(at=AT - days(1))
    early = letters("credential_expiring").count()
    for _again in range(3):
        Credential.objects.remind_due(at=AT)
    first = letters("credential_expiring").count()
    for late in (46, 47, 59):
        Credential.objects.remind_due(at=AT + days(late))
    Credential.objects.remind_due(at=AT + days(61))

    assert (early, first) == (0, 1)
    assert letters("credential_expiring").filter(person=one.person).count() == 2


def test_one_written_down_late_is_reminded_of_once():
    credential_of(coach(), days=10)

    for day in (0, 1, 5):
        Credential.objects.remind_due(at=AT + days(day))

    assert letters("credential_expiring").count() == 1


def test_a_renewed_one_starts_afresh():
    one = credential_of(coach(), days=10)
    Credential.objects.remind_due(at=AT)
    letter = letters("credential_expiring").get()
    facts = {"name": one.name, "awarded_by": one.awarded_by, "awarded_on": one.awarded_on}

    one.change(expires_on=TODAY + days(30), evidence="", language="en", **facts, at=AT)
    Credential.objects.remind_due(at=AT)

    assert letters("credential_expiring").count() == 2
    assert letter.kind_of().letter(letter) is None


def test_a_coordinator_confirms_but_never_their_own(staff):
    coordinator = staff("coordinator")
    theirs, own = credential_of(coach()), credential_of(coordinator)

    theirs.confirm(by=coordinator, at=AT)
    with pytest.raises(Credential.Settled):
        theirs.confirm(by=staff("coordinator"), at=AT)
    with pytest.raises(Credential.Oneself):
        own.confirm(by=coordinator, at=AT)

    assert theirs.confirmed_by == coordinator
    assert AuditEvent.objects.filter(verb="connections.credential_confirmed").count() == 1
    assert letters("credential_confirmed").get().person == theirs.person


def test_what_changed_while_a_coordinator_read_it_is_not_confirmed(staff):
    one = credential_of(coach())
    read = Credential.objects.get(pk=one.pk)
    facts = {"name": "Another", "awarded_by": "B", "awarded_on": TODAY, "expires_on": None}

    one.change(**facts, evidence="", language="en", at=AT + days(1))

    with pytest.raises(Credential.Settled):
        read.confirm(by=staff("coordinator"), at=AT + days(1))


def test_a_credential_stands_where_its_dates_say():
    def standing(one):
        return one.standing(on=TODAY, soon=CoachRules().expires_soon(TODAY))

    said = [
        standing(Credential(expires_on=expires, confirmed_at=confirmed, returned_at=returned))
        for expires, confirmed, returned in (
            (None, None, None),
            (None, None, AT),
            (None, AT, None),
            (TODAY + days(61), AT, None),
            (TODAY + days(60), AT, None),
            (TODAY, AT, None),
            (TODAY - days(1), AT, None),
            (TODAY - days(1), None, None),
        )
    ]

    assert said == [
        Standing.WAITING,
        Standing.RETURNED,
        *[Standing.CURRENT] * 2,
        *[Standing.SOON] * 2,
        *[Standing.EXPIRED] * 2,
    ]


def test_the_database_keeps_dates_and_reasons_in_order():
    person = coach()
    for wrong in (
        {"awarded_on": TODAY, "expires_on": TODAY},
        {"returned_at": AT, "returned_words": " "},
        {"returned_at": AT, "returned_words": "x", "confirmed_at": AT},
    ):
        one = credential_of(person)
        with pytest.raises(IntegrityError), transaction.atomic():
            Credential.objects.filter(pk=one.pk).update(**wrong)


# Steps


def test_a_step_is_given_with_a_reason_and_told_once(staff):
    person, coordinator = PersonFactory(), staff("coordinator")

    for _twice in range(2):
        Practice.objects.give_step(person, "coach", by=coordinator, reason="Ready", at=AT)
    with pytest.raises(Practice.Oneself):
        Practice.objects.give_step(coordinator, "supervisor", by=coordinator, reason="x", at=AT)

    event = AuditEvent.objects.get(verb="connections.step_given")
    assert (event.actor, event.reason) == (coordinator, "Ready")
    assert letters("step_given").get().person == person


def test_a_step_stays_off_the_profile_until_the_person_agrees(sign_in):
    profile = MentorProfileFactory(offers_coaching=True)
    step(profile.person, "coach")
    page = reverse("connections:mentor", args=[profile.pk])
    stranger, own = sign_in(PersonFactory()), sign_in(profile.person)

    before = stranger.get(page).content.decode()
    own.post(reverse("connections:show_step"), {"shown": "yes"})
    during = stranger.get(page).content.decode()
    own.post(reverse("connections:show_step"), {"shown": "no"})
    after = stranger.get(page).content.decode()

    assert ["Step as a coach" in one for one in (before, during, after)] == [False, True, False]


def test_the_ladder_shows_what_is_done_and_what_is_next():
    call_command("load_reference")
    person = PersonFactory()
    everything = {one.fact for one in Requirement.objects.all()}

    def done():
        ladder = ladder_of(person, at=AT)
        return sum(point.done for rung in ladder.rungs for point in rung.points)

    counts = [done()]
    cohort = CohortFactory(starts_at=AT - days(9), ends_at=AT - days(8))
    BookingFactory(cohort=cohort, person=person)
    counts.append(done())
    profile = MentorProfileFactory(person=person, offers_coaching=True, capacity=3)
    counts.append(done())
    met(current(profile=profile, kind="coaching", at=AT - days(20)), at=AT - days(3))
    counts.append(done())
    logged(person, "Sat in", kind="sat_in", at=AT)
    logged(person, "Supervision", kind="supervision", at=AT)
    counts.append(done())
    Credential.objects.filter(pk=credential_of(person).pk).update(confirmed_at=AT)
    counts.append(done())

    assert counts == [0, 1, 2, 4, 7, 9]
    assert everything >= {"first_course", "sat_in", "credential"}
    ladder = ladder_of(person, at=AT)
    assert (ladder.here.step, ladder.next.step, ladder.to_do) == ("learner", "peer_helper", [])
    assert ladder.start_values


def test_a_step_left_behind_is_never_said_to_be_not_reached(sign_in, staff):
    call_command("load_reference")
    person = coach()

    said = sign_in(person).get(reverse("connections:ladder")).content.decode()
    learner, helper, here, _above = said.split('class="k-rung')[1:]
    given = sign_in(staff("coordinator")).get(reverse("connections:give_step", args=[person.pk]))

    for reached in (learner, helper):
        assert "Reached, as the step was given:" in reached
        assert "Not yet:" not in reached
    assert "Not yet:" in here
    assert "The step now: Coach." in given.content.decode()
    seen = given.content.decode().partition('class="k-points"')[2].partition("<form")[0]
    for reached in seen.split('class="k-points"')[:2]:
        assert "Reached, as the step was given:" in reached
        assert "Not yet:" not in reached


def test_reference_is_loaded_once_and_keeps_what_an_administrator_wrote(staff, sign_in):
    call_command("load_reference")
    row = LadderStep.objects.get(step="coach")
    url = reverse("admin:connections_ladderstep_change", args=[row.pk])
    words = {"means_en": "Our own words", "means_cy": "Ein geiriau ni"}

    sign_in(staff("administrator")).post(url, words)
    call_command("load_reference")

    row.refresh_from_db()
    assert (row.means_en, row.start_value) == ("Our own words", False)
    assert Requirement.objects.filter(ladder_step=row).count() == 3


def test_words_of_the_ladder_are_never_in_one_language():
    with pytest.raises(IntegrityError), transaction.atomic():
        LadderStep.objects.create(step="coach", means_en="Words", means_cy=" ")


# The log


def test_totals_are_of_the_working_year_and_count_learning_with_others_apart():
    person = coach()
    for on, kind, minutes in (
        (date(2025, 3, 31), "alone", 500),
        (date(2025, 4, 1), "alone", 30),
        (date(2025, 9, 1), "supervision", 90),
        (date(2026, 1, 2), "with_others", 60),
        (date(2026, 1, 3), "sat_in", 45),
    ):
        logged(person, "x", kind=kind, minutes=minutes, done_on=on)

    totals = LogLine.objects.totals(person, year=2025)

    assert (totals.together, totals.alone, totals.all, totals.given) == (195, 30, 225, 0)


def test_a_line_is_written_changed_and_taken_back_by_its_owner_alone(sign_in):
    owner, token = coach(), str(uuid4())
    browser, other = sign_in(owner), sign_in(coach())
    today = localdate(now())
    form = {
        "done_on_day": today.day, "done_on_month": today.month, "done_on_year": today.year,
        "minutes": 45, "kind": "alone", "title": "Read", "reflection": "", "language": "en",
        "token": token,
    }  # fmt: skip

    for _twice in range(2):
        browser.post(reverse("connections:write_log"), form)
    line = LogLine.objects.get(person=owner)
    page = reverse("connections:change_log", args=[line.pk])
    stranger = other.post(page, {**form, "title": "Mine now"}).status_code
    browser.post(page, {**form, "title": "Read again", "minutes": 50})
    line.refresh_from_db()
    changed = (line.words().title, line.minutes)
    remove = reverse("connections:remove_log", args=[line.pk])
    still_there = (other.post(remove).status_code, LogLine.objects.count())
    browser.post(remove)

    assert stranger == 404
    assert changed == ("Read again", 50)
    assert still_there == (404, 1)
    assert not LogLine.objects.exists()


@pytest.mark.parametrize("minutes", ["4", "1441", "abc", "", "9" * 30])
def test_odd_minutes_get_the_words_back(sign_in, minutes):
    browser = sign_in(coach())

    page = browser.post(
        reverse("connections:write_log"),
        {"minutes": minutes, "title": "Kept words", "kind": "alone", "token": str(uuid4())},
    )

    assert page.status_code == 200
    said = page.content.decode()
    assert 'value="Kept words"' in said
    named = "Give the minutes as a number from 5 to 1440" if minutes else "Enter how many minutes"
    assert named in said


# The register


@pytest.fixture
def some_coaches():
    """Three coaches: cared for, overdue, and new."""
    fresh, late, new = coach(name="A"), coach(name="B"), coach(name="C")
    Credential.objects.filter(pk=credential_of(fresh).pk).update(confirmed_at=AT)
    Credential.objects.filter(pk=credential_of(late, days=30).pk).update(confirmed_at=AT)
    credential_of(new)
    logged(fresh, "x", kind="supervision", done_on=TODAY - days(5))
    logged(late, "x", kind="supervision", done_on=TODAY - days(100))
    profile = MentorProfileFactory(person=fresh, offers_coaching=True)
    met(current(profile=profile, at=AT - days(20)), at=AT - days(3), minutes=90)
    return fresh, late, new


def test_the_register_counts_and_dates(some_coaches):
    found = dated(visible_to(supervisor(name="Z")), at=AT).order_by("name", "pk")

    fresh, late, new, _supervisor = lines(found, at=AT)

    assert (fresh.credential, fresh.people, fresh.hours, fresh.overdue) == ("current", 1, 2, False)
    assert (late.credential, late.overdue) == ("soon", True)
    assert late.due_on == TODAY - days(100) + days(91)
    assert (new.credential, new.supervised_on, new.overdue) == ("waiting", None, True)


def test_the_register_says_on_which_day_a_credential_expired(sign_in, staff):
    gone, held = credential_of(coach(name="A")), credential_of(coach(name="B"))
    ends = {gone.pk: localdate() - days(1), held.pk: localdate() + days(200)}
    for pk, day in ends.items():
        Credential.objects.filter(pk=pk).update(confirmed_at=AT, expires_on=day)

    said = sign_in(staff("coordinator")).get(reverse("connections:register")).content.decode()

    assert f"on {date_format(ends[gone.pk], 'j F Y')}" in said
    assert f"to {date_format(ends[held.pk], 'j F Y')}" in said


def test_whom_the_filter_calls_due_the_table_calls_due(sign_in, staff):
    overdue, never = coach(name="Overdue"), coach(name="Never")
    logged(overdue, "x", kind="supervision", done_on=localdate() - days(200))
    client, address = sign_in(staff("coordinator")), reverse("connections:register")
    due, none = (
        client.get(address, {"supervision": one}).content.decode() for one in ("due", "none")
    )

    assert due.count('<th scope="row">') == due.count("due since") == 1
    assert overdue.name in due
    assert never.name in none
    assert overdue.name not in none


def test_supervision_a_coach_wrote_down_is_told_apart_from_what_a_supervisor_recorded(
    sign_in, staff
):
    person, leads = coach(name="A"), supervisor(name="Z")
    written = logged(person, "x", kind="supervision", done_on=localdate() - days(3))
    client = sign_in(staff("coordinator"))
    addresses = reverse("connections:register"), reverse("connections:coach", args=[person.pk])
    before = [client.get(one).content.decode() for one in addresses]
    session = session_of(group_of(leads), starts_at=AT + days(1))
    LogLine.objects.filter(pk=written.pk).update(session=session)
    after = [client.get(one).content.decode() for one in addresses]

    assert all("written by the coach" in page for page in before)
    assert not any("written by the coach" in page for page in after)


def test_who_has_booked_supervision_reads_the_day_and_is_not_sent_to_find_one(sign_in):
    call_command("load_reference")
    person = coach()
    session = session_of(group_of(supervisor()), starts_at=now() + days(3), at=now())
    client, address = sign_in(person), reverse("connections:ladder")
    before = client.get(address).content.decode()
    place_in(session, person, at=now())
    after = client.get(address).content.decode()

    booked = f"Booked for {date_format(localdate(session.starts_at), 'l j F')}"
    assert "Find a session" in before
    assert "Find a session" not in after
    assert booked in after
    assert booked not in before


def test_who_is_given_the_first_step_stays_in_the_register(sign_in, staff):
    person, client = PersonFactory(name="Ann"), sign_in(staff("coordinator"))
    step(person, "peer_helper")
    url = reverse("connections:give_step", args=[person.pk])

    told = client.post(url, {"step": "learner", "reason": "As asked"}, follow=True)

    assert (told.status_code, client.get(url).status_code) == (200, 200)
    assert "The step is given" in told.content.decode()
    assert list(visible_to(supervisor(name="Z")).filter(pk=person.pk)) == [person]


def test_a_step_whose_points_are_not_done_is_given_only_knowingly(sign_in, staff):
    call_command("load_reference")
    person, client = coach(), sign_in(staff("coordinator"))
    url = reverse("connections:give_step", args=[person.pk])
    sent = {"step": "supervisor", "reason": "As asked"}

    fresh = client.get(url).content.decode()
    asked = client.post(url, sent).content.decode()
    stands = Practice.objects.step_of(person)
    down = client.post(url, {**sent, "step": "peer_helper"}, follow=True).content.decode()
    up = client.post(url, {**sent, "all_the_same": "supervisor"}, follow=True).content.decode()

    assert 'name="all_the_same"' not in fresh
    assert 'name="all_the_same"' in asked
    assert "tick to give it all the same" in asked
    assert "Not yet: Coach somebody within the last year." in asked
    assert stands == "coach"
    assert "The step is given" in down
    assert "The step is given" in up
    assert Practice.objects.step_of(person) == "supervisor"


def test_a_tick_for_one_step_gives_no_other(sign_in, staff):
    call_command("load_reference")
    person, client = PersonFactory(), sign_in(staff("coordinator"))
    step(person, "peer_helper")
    url = reverse("connections:give_step", args=[person.pk])
    sent = {"step": "supervisor", "reason": "As asked", "all_the_same": "coach"}

    asked = client.post(url, sent).content.decode()
    stands = Practice.objects.step_of(person)
    client.post(url, {**sent, "all_the_same": "supervisor"})

    assert "Not yet: Coach somebody within the last year." in asked
    assert 'value="supervisor" checked' in asked.partition('name="step"')[2]
    assert "checked" not in asked.partition('name="all_the_same"')[2].partition(">")[0]
    assert stands == "peer_helper"
    assert Practice.objects.step_of(person) == "supervisor"


def test_giving_the_step_that_stands_changes_nothing_and_says_so(sign_in, staff):
    call_command("load_reference")
    person, client = coach(name="Ann"), sign_in(staff("coordinator"))
    letters = Notification.objects.count()
    url = reverse("connections:give_step", args=[person.pk])

    said = client.post(url, {"step": "coach", "reason": "As asked"}, follow=True).content.decode()

    assert "Ann has this step already: nothing changes" in said
    assert "The step is given" not in said
    assert Notification.objects.count() == letters


def test_a_step_shown_or_not_puts_nobody_in_the_register(sign_in):
    person = PersonFactory()
    sign_in(person).post(reverse("connections:show_step"), {"shown": "yes"})

    assert not visible_to(supervisor()).filter(pk=person.pk).exists()


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (Asked(step="coach"), "ABC"),
        (Asked(step="supervisor"), "Z"),
        (Asked(credential="current"), "A"),
        (Asked(credential="soon"), "B"),
        (Asked(credential="waiting"), "C"),
        (Asked(credential="none"), "Z"),
        (Asked(credential="expired"), ""),
        (Asked(supervision="due"), "B"),
        (Asked(supervision="none"), "CZ"),
        (Asked(supervision="recent"), "A"),
        (Asked(words="b"), "B"),
        (Asked(step="coach", supervision="none"), "C"),
    ],
)
def test_the_register_is_narrowed(some_coaches, asked, names):
    found = narrowed(dated(visible_to(supervisor(name="Z")), at=AT), asked, at=AT)

    assert "".join(one.name for one in found.order_by("name")) == names


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_register_costs_the_same_however_long(sign_in, staff, many, django_assert_num_queries):
    for _one in range(many):
        person = coach()
        credential_of(person)
        logged(person, "x", kind="supervision")
    client = sign_in(staff("coordinator"))

    # session, reader, second factor, rules, how many, people with all that is counted, workplaces
    with django_assert_num_queries(7):
        page = client.get(reverse("connections:register")).content.decode()

    assert page.count('<th scope="row">') == many


@pytest.mark.parametrize("many", [1, 3])
def test_ones_own_page_costs_the_same_however_much_is_on_it(
    sign_in, many, django_assert_num_queries
):
    person = coach()
    for _one in range(many):
        credential_of(person)
        logged(person, "x")

    client = sign_in(person)
    # what the frame needs, then step, ladder, what is booked, credentials, supervision, places, log
    with django_assert_num_queries(16):
        page = client.get(reverse("connections:practice")).content.decode()

    assert page.count("<article") == many


def test_odd_filters_and_pages_narrow_nothing(sign_in, staff):
    person = coach(name="Still here")
    client = sign_in(staff("coordinator"))

    for query in ("step=nobody", "page=abc", "page=999999999999", "q=%00", "credential=%00&page=0"):
        page = client.get(f"{reverse('connections:register')}?{query}")
        assert person.name in page.content.decode(), query


def test_the_csv_of_the_register_follows_the_filters(sign_in, staff, some_coaches):
    client = sign_in(staff("coordinator"))

    rows = client.get(
        f"{reverse('connections:register_export')}?credential=waiting"
    ).content.decode()

    assert rows.count("\r\n") == 2
    assert '"C"' in rows


def test_the_csv_says_in_words_who_wrote_down_the_last_supervision(sign_in, staff):
    mine, theirs, leads = coach(name="A"), coach(name="B"), supervisor(name="Z")
    for person in (mine, theirs):
        logged(person, "x", kind="supervision", done_on=localdate() - days(3))
    session = session_of(group_of(leads), starts_at=AT + days(1))
    LogLine.objects.of(theirs).update(session=session)
    address = reverse("connections:register_export")

    text = sign_in(staff("coordinator")).get(address).content.decode("utf-8-sig")
    said = {row["Name"]: row["Who wrote it down"] for row in csv.DictReader(io.StringIO(text))}

    assert said == {"A": "written by the coach", "B": "recorded by a supervisor", "Z": ""}


# Timed work, leaving and taking along


def test_the_timed_tasks_run_twice_without_harm():
    credential_of(coach(at=now()), at=now(), days=3)
    for _twice in range(2):
        tasks.remind_of_credentials()
        tasks.remind_of_supervision()
        tasks.tell_supervision_due()

    assert letters("credential_expiring").count() == 1


def test_who_is_erased_leaves_no_practice(sign_in):
    person = coach()
    credential_of(person)
    logged(person, "x")
    taken = hooks.exports["coaching practice"](person)

    for _twice in range(2):
        for _order, eraser in hooks.erasers:
            eraser(person, at=AT)

    assert (taken["step"], len(taken["credentials"]), taken["log"][0]["title"]) == ("coach", 1, "x")
    assert not Practice.objects.of(person).exists()
    assert not Credential.objects.exists()
    assert not LogLine.objects.exists()


def test_a_coordinator_finds_credentials_to_confirm_in_the_queue(staff):
    credential_of(coach(), at=AT)
    coordinator = staff("coordinator")

    piles = [
        one
        for queue in hooks.queues
        for one in queue(coordinator, at=AT)
        if "redential" in one.label
    ]

    assert [(one.count, one.oldest_at) for one in piles] == [(1, AT)]
