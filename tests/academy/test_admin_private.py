"""Private words are planted everywhere; no page of the admin shows or finds them, for any role."""

import re
from collections import deque
from datetime import timedelta
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from academy.models import AuditEvent, Conflict, Membership, Notification
from academy.roles import (
    ADMINISTRATOR,
    COORDINATOR,
    CURATOR,
    ORGANISATION_LEAD,
    SAFEGUARDING_LEAD,
)
from connections.models import Concern
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, StaffFactory
from tests.factories.capability import BookingFactory
from tests.factories.conditions import ApproachFactory
from tests.factories.help import SupportRequestFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import current, goal, noted, planned

pytestmark = pytest.mark.django_db
CANARY = "Zzyzx"
READERS = [CURATOR, COORDINATOR, ADMINISTRATOR, ORGANISATION_LEAD, SAFEGUARDING_LEAD, "superuser"]
MOST_PAGES = 250


@pytest.fixture
def planted(db):
    """The canary in every private field there is."""
    words = f"{CANARY} nobody else reads this"
    pair = current()
    noted(pair, words, audience="private")
    noted(pair, words, audience="shared")
    goal(pair, words)
    meeting = planned(pair, starts_at=LONG_AGO + timedelta(days=3), at=LONG_AGO)
    type(meeting).objects.filter(pk=meeting.pk).update(place=words)
    Concern.objects.report(
        pair, by=pair.mentee, words=words, language="en", token=uuid4(), at=LONG_AGO
    )
    SupportRequestFactory(words=words, asker=pair.mentee, reply=words, answered_at=LONG_AGO)
    SupportRequestFactory(words=words, asker=pair.mentee)
    BookingFactory(person=pair.mentee, hope=words)
    Notification.objects.filter(person=pair.mentee).update(facts={"words": words})
    Conflict.objects.create(person=pair.mentee, other=PersonFactory(), declared_at=LONG_AGO)
    ApproachFactory()
    AuditEvent.objects.record("relationship.changed", actor=pair.mentor, thing=pair, at=LONG_AGO)
    return pair


@pytest.fixture
def enter(sign_in):
    def enter(role):
        if role != "superuser":
            return sign_in(StaffFactory(role=role))
        person = PersonFactory(is_superuser=True)
        Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
        return sign_in(person)

    return enter


def links(page, here):
    for href in re.findall(r'href="([^"#]+)"', page):
        target = urlsplit(urljoin(here, href.replace("&amp;", "&")))
        if target.path.startswith("/admin/") and not target.netloc:
            yield f"{target.path}?{target.query}" if target.query else target.path


@pytest.mark.parametrize("role", READERS)
def test_no_page_of_the_admin_holds_the_planted_words(planted, enter, role):
    client, seen, ahead = enter(role), set(), deque(["/admin/"])

    while ahead and len(seen) < MOST_PAGES:
        here = ahead.popleft()
        if here in seen or "/logout/" in here:
            continue
        seen.add(here)
        answer = client.get(here)
        if "text/html" in answer.headers.get("Content-Type", ""):
            assert CANARY not in answer.text, here
            ahead.extend(links(answer.text, here))

    assert len(seen) > (0 if role == SAFEGUARDING_LEAD else 3)


@pytest.mark.parametrize("role", READERS)
def test_nothing_is_deleted_and_no_history_or_form_is_reached_round_the_lists(planted, enter, role):
    client = enter(role)
    for model in apps.get_models():
        rows = model._default_manager.order_by("pk")[:2] if model._meta.managed else []
        for row in rows:
            for page in ("change", "history", "delete"):
                meta = model._meta
                try:
                    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[row.pk])
                except NoReverseMatch:
                    continue
                answer = client.get(url)
                assert CANARY not in answer.text, url
                if page == "delete":
                    assert answer.status_code in (302, 403, 404), url
                    assert client.post(url, {"post": "yes"}).status_code in (302, 403, 404), url
                    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("role", READERS)
def test_searching_by_its_first_letters_finds_nothing(planted, enter, role):
    client = enter(role)
    for model in admin.site._registry:
        meta = model._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        answer = client.get(url, {"q": CANARY[:3]})
        if answer.status_code == 200 and admin.site._registry[model].search_fields:
            assert answer.context["cl"].result_count == 0, url


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("academy_person", "mentoring_notes__sealed__startswith"),
        ("academy_person", "support_requests__words__startswith"),
        ("academy_person", "bookings__hope__startswith"),
        ("academy_person", "password__startswith"),
        ("academy_person", "conflicts__other"),
        ("academy_supportrequest", "words__startswith"),
        ("academy_notification", "facts__words__startswith"),
        ("connections_relationship", "notes__token"),
        ("capability_booking", "hope__startswith"),
    ],
)
def test_no_filter_made_by_hand_reaches_private_columns(planted, enter, model, lookup):
    for role in (CURATOR, COORDINATOR, ADMINISTRATOR, "superuser"):
        answer = enter(role).get(reverse(f"admin:{model}_changelist"), {lookup: CANARY[:3]})

        assert answer.status_code in (302, 400, 403), (role, answer.status_code)


@pytest.mark.parametrize("app", ["mfa", "account", "socialaccount", "usersessions", "auth"])
def test_keys_sessions_and_addresses_of_the_libraries_have_no_page(app):
    assert app not in {model._meta.app_label for model in admin.site._registry}


def test_an_organisation_lead_sees_the_people_of_their_own_organisation_alone(sign_in):
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    lead = StaffFactory(role=ORGANISATION_LEAD)
    MembershipFactory(person=lead, organisation=ours)
    mine = MembershipFactory(organisation=ours).person
    other = MembershipFactory(organisation=theirs).person
    left = Membership.start(
        MembershipFactory(organisation=ours).person, organisation=theirs, on=LONG_AGO.date()
    ).person
    for person in (mine, other, left):
        BookingFactory(person=person)
    client = sign_in(lead)

    people = client.get(reverse("admin:academy_person_changelist")).context["cl"].queryset
    bookings = client.get(reverse("admin:capability_booking_changelist")).context["cl"].queryset

    assert set(people) == {lead, mine}
    assert {booking.person for booking in bookings} == {mine}
    refused = client.get(reverse("admin:academy_person_change", args=[other.pk]))
    assert refused.status_code == 302
    assert other.name not in client.get(refused.url).text
    assert "groups" not in client.get(reverse("admin:academy_person_change", args=[mine.pk])).text
