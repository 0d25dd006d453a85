"""Who may read concerns from now on is told to those who could before."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.timezone import now

from academy import hooks
from academy.letters import compose
from academy.models import Notification
from academy.roles import ADMINISTRATOR, COORDINATOR, SAFEGUARDING_LEAD
from tests.factories import PersonFactory, StaffFactory
from tests.factories.concerns import lead

pytestmark = pytest.mark.django_db
KIND = "connections.safeguarding_lead_added"


def given(person, role=SAFEGUARDING_LEAD):
    person.groups.add(Group.objects.get_or_create(name=role)[0])
    hooks.tell("academy.role_given", person=person, role=role, at=now())


def test_the_other_leads_hear_of_a_new_one(sign_in):
    first, person = lead(), PersonFactory(name="Ann Jones")
    client = sign_in(StaffFactory(role=ADMINISTRATOR))
    address = reverse("admin:academy_person_change", args=[person.pk])
    page = client.get(address)
    form = page.context["adminform"].form
    said = {name: value for name, value in form.initial.items() if value and name != "groups"}
    formsets = {
        f"{one.formset.prefix}-{name}_FORMS": 0
        for one in page.context["inline_admin_formsets"]
        for name in ("TOTAL", "INITIAL")
    }
    safeguarding = Group.objects.get(name=SAFEGUARDING_LEAD)

    client.post(address, {**said, **formsets, "groups": [safeguarding.pk]})

    letter = compose(Notification.objects.get(kind=KIND))
    assert letter.to == [first.email]
    assert "Ann Jones is a safeguarding lead from now on" in letter.body


def test_without_another_lead_the_safeguarding_address_hears_of_it(settings):
    given(PersonFactory())

    assert compose(Notification.objects.get(kind=KIND)).to == [settings.SITE_SAFEGUARDING]


def test_other_roles_are_nobodys_news_and_a_role_taken_back_sends_nothing():
    person = PersonFactory()
    lead()
    given(PersonFactory(), COORDINATOR)
    assert not Notification.objects.filter(kind=KIND).exists()

    given(person)
    person.groups.clear()
    assert compose(Notification.objects.get(kind=KIND)) is None
