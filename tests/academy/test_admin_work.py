"""Staff change what is theirs: nothing else is undone, who did it is written down, lists go out safely."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.timezone import now

from academy import second_factor
from academy.models import AuditEvent, Notification, Person, Topic
from academy.roles import ADMINISTRATOR, COORDINATOR, CURATOR, SAFEGUARDING_LEAD
from capability.models import Cohort, Course
from tests.factories import PersonFactory, StaffFactory, TopicFactory
from tests.factories.capability import CohortFactory, CourseFactory
from tests.factories.conditions import ApproachFactory

pytestmark = pytest.mark.django_db


def sent_back(response):
    """What a browser sends when nothing was changed."""
    forms = [response.context["adminform"].form]
    for group in response.context["inline_admin_formsets"]:
        forms += [group.formset.management_form, *group.formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            widget = field.field.widget
            if hasattr(widget, "decompress"):
                for index, part in enumerate(widget.decompress(value)):
                    sent[f"{field.html_name}_{index}"] = "" if part is None else str(part)
            elif isinstance(value, list) and hasattr(widget, "can_add_related"):
                sent[field.html_name] = value
            elif value is not None and value is not False:
                formatted = widget.format_value(value)
                sent[field.html_name] = formatted if formatted is not None else value
    return sent


def read(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_form_opened_before_a_booking_does_not_undo_it(sign_in):
    cohort = CohortFactory(places=5)
    client = sign_in(StaffFactory(role=CURATOR))
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    opened = sent_back(client.get(address))
    cohort.book(PersonFactory(), hope="", token=uuid4(), at=cohort.starts_at - timedelta(days=9))

    answer = client.post(address, {**opened, "language": "cy"})

    cohort.refresh_from_db()
    assert answer.status_code == 302
    assert (cohort.places_taken, cohort.language) == (1, "cy")
    event = AuditEvent.objects.get(verb="cohort.changed")
    assert event.fields == ["language"]


def test_publishing_is_refused_with_the_names_of_what_is_missing(sign_in):
    course = CourseFactory(published=False, title_cy="", description_cy="  ")
    client = sign_in(StaffFactory(role=CURATOR))
    list_url = reverse("admin:capability_course_changelist")

    answer = client.post(
        list_url, {"action": "publish", "_selected_action": [course.pk]}, follow=True
    )

    assert "Still empty: title (Welsh) and description (Welsh)." in answer.text
    assert not Course.objects.get(pk=course.pk).published
    assert not AuditEvent.objects.filter(verb="course.published").exists()


def test_publishing_is_written_down(sign_in):
    course = CourseFactory(published=False)
    curator = StaffFactory(role=CURATOR)

    sign_in(curator).post(
        reverse("admin:capability_course_changelist"),
        {"action": "publish", "_selected_action": [course.pk]},
    )

    assert Course.objects.get(pk=course.pk).published
    assert AuditEvent.objects.get(verb="course.published").actor == curator


@pytest.mark.parametrize(
    ("facts", "filter_", "found"),
    [
        ({"title_cy": "", "published": False}, "no_cy", True),
        ({"title_en": "", "published": False}, "no_en", True),
        ({"en_changed_at": now(), "cy_changed_at": now() - timedelta(days=2)}, "stale_cy", True),
        ({"en_changed_at": now(), "cy_changed_at": now() - timedelta(days=2)}, "stale_en", False),
        ({"cy_changed_at": now(), "en_changed_at": now() - timedelta(hours=23)}, "stale_en", False),
        ({}, "no_cy", False),
    ],
)
def test_lists_are_filtered_by_missing_and_older_languages(sign_in, facts, filter_, found):
    approach = ApproachFactory(**facts)
    client = sign_in(StaffFactory(role=CURATOR))

    page = client.get(reverse("admin:conditions_approach_changelist"), {"language": filter_})

    assert (approach in page.context["cl"].queryset) is found


def test_both_languages_changed_together_are_not_older_than_each_other(sign_in):
    approach = ApproachFactory()
    client = sign_in(StaffFactory(role=CURATOR))
    address = reverse("admin:conditions_approach_change", args=[approach.pk])
    sent = sent_back(client.get(address))

    client.post(address, {**sent, "title_en": "New", "title_cy": "Newydd"})

    approach.refresh_from_db()
    assert approach.title_cy == "Newydd"
    assert not approach.is_stale("en")
    assert not approach.is_stale("cy")


def test_a_curator_says_that_both_languages_still_agree(sign_in):
    approach = ApproachFactory(
        en_changed_at=now(), cy_changed_at=now() - timedelta(days=5), title_en="Same"
    )
    client = sign_in(StaffFactory(role=CURATOR))
    address = reverse("admin:conditions_approach_change", args=[approach.pk])
    page = client.get(address)
    assert "The English was changed after the Welsh" in page.text

    client.post(address, {**sent_back(page), "_same": "1"})

    approach.refresh_from_db()
    assert not approach.is_stale("cy")


def test_inputs_say_their_language(sign_in):
    page = sign_in(StaffFactory(role=CURATOR)).get(reverse("admin:capability_course_add")).text

    for code in ("en", "cy"):
        (field,) = [tag for tag in page.split("<input") if f'name="title_{code}"' in tag]
        assert f'lang="{code}"' in field.partition(">")[0]


def test_a_role_given_and_taken_is_an_event_of_its_own(sign_in):
    person, administrator = PersonFactory(), StaffFactory(role=ADMINISTRATOR)
    client = sign_in(administrator)
    address = reverse("admin:academy_person_change", args=[person.pk])
    curators = Group.objects.get_or_create(name=CURATOR)[0]
    opened = sent_back(client.get(address))

    client.post(address, {**opened, "groups": [curators.pk]})
    client.post(address, {**opened, "groups": []})

    assert list(
        AuditEvent.objects.filter(kind="academy.Person", verb__startswith="role")
        .order_by("pk")
        .values_list("verb", "reason", "actor")
    ) == [("role given", CURATOR, administrator.pk), ("role taken", CURATOR, administrator.pk)]
    assert not Person.objects.get(pk=person.pk).role_names()


def test_nobody_gives_themselves_a_role(sign_in):
    administrator = StaffFactory(role=ADMINISTRATOR)
    client = sign_in(administrator)
    address = reverse("admin:academy_person_change", args=[administrator.pk])
    lead = Group.objects.get_or_create(name=SAFEGUARDING_LEAD)[0]
    opened = sent_back(client.get(address))

    client.post(address, {**opened, "name": "New Name", "groups": [lead.pk]})

    administrator = Person.objects.get(pk=administrator.pk)
    assert administrator.name == "New Name"
    assert administrator.role_names() == {ADMINISTRATOR}
    assert "changed by another administrator" in client.get(address).text


def test_a_coordinator_sees_people_and_can_give_nobody_a_role(sign_in):
    person, coordinator = PersonFactory(), StaffFactory(role=COORDINATOR)
    client = sign_in(coordinator)
    address = reverse("admin:academy_person_change", args=[person.pk])
    administrators = Group.objects.get_or_create(name=ADMINISTRATOR)[0]

    page = client.get(address)
    answer = client.post(address, {"name": person.name, "groups": [administrators.pk]})

    assert 'name="groups"' not in page.text
    assert answer.status_code == 403
    assert not person.groups.exists()


def test_history_holds_names_of_fields_and_no_values(sign_in):
    topic = TopicFactory(name_en="Before")
    client = sign_in(StaffFactory(role=CURATOR))
    address = reverse("admin:academy_topic_change", args=[topic.pk])

    client.post(address, {**sent_back(client.get(address)), "source": "A quiet source"})

    assert "A quiet source" not in LogEntry.objects.get().change_message
    assert "A quiet source" not in str(AuditEvent.objects.get(verb="topic.changed").fields)
    assert client.get(reverse("admin:academy_topic_history", args=[topic.pk])).status_code == 200


@pytest.mark.parametrize("risky", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "＝1", " =1"])
def test_a_spreadsheet_runs_nothing_of_an_export(sign_in, risky):
    topic = TopicFactory(name_en=f"{risky}x", name_cy="Tŷ ŵyn")
    curator = StaffFactory(role=CURATOR)

    answer = sign_in(curator).post(
        reverse("admin:academy_topic_changelist"),
        {"action": "export_as_csv", "_selected_action": [topic.pk]},
    )

    heading, row = read(answer)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert heading[1] == "Name (English) / Enw (Saesneg)"
    assert row[1].startswith("'")
    assert row[2] == "Tŷ ŵyn"
    event = AuditEvent.objects.get(verb="topic.exported")
    assert (event.actor, event.reason, "name_en" in event.fields) == (curator, "1", True)


def test_what_was_exported_is_read_back_unchanged(sign_in):
    topic = TopicFactory(name_en="=1+1", name_cy="-2")
    client = sign_in(StaffFactory(role=CURATOR))
    exported = client.post(
        reverse("admin:academy_topic_changelist"),
        {"action": "export_as_csv", "_selected_action": [topic.pk]},
    ).content.decode("utf-8-sig")

    answer = client.post(reverse("admin:import", args=["topics"]), {"text": exported, "try": "1"})

    assert answer.context["result"].wrong == []
    assert answer.context["result"].same == 1
    assert Topic.objects.get().name_en == "=1+1"


def test_a_list_of_people_leaves_by_an_administrators_hand_alone(sign_in):
    person = PersonFactory(name="Mair")
    request = {"action": "export_as_csv", "_selected_action": [person.pk]}
    url = reverse("admin:academy_person_changelist")

    refused = sign_in(StaffFactory(role=COORDINATOR)).post(url, request)
    given = sign_in(StaffFactory(role=ADMINISTRATOR)).post(url, request)

    assert "text/csv" not in refused.headers["Content-Type"]
    rows = read(given)
    assert rows[1][0] == "Mair"
    assert "password" not in str(rows[0]).casefold()


def test_a_lost_second_factor_needs_two_administrators(sign_in):
    person = StaffFactory(role=CURATOR)
    first, second = StaffFactory(role=ADMINISTRATOR), StaffFactory(role=ADMINISTRATOR)
    url = reverse("admin:second_factor", args=[person.pk])

    sign_in(first).post(
        url, {"ask": "1", "reason": "They rang from the ward, and I know the voice."}
    )
    sign_in(first).post(url, {"confirm": "1"})
    assert Authenticator.objects.filter(user=person).exists()
    queue = sign_in(second).get("/admin/")
    assert url in queue.text
    sign_in(second).post(url, {"confirm": "1"})

    assert not Authenticator.objects.filter(user=person).exists()
    kinds = Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["academy.second_factor_asked", "academy.second_factor_reset"]
    assert not second_factor.waiting(at=now())


def test_an_administrators_own_second_factor_waits_a_day(sign_in):
    person = StaffFactory(role=ADMINISTRATOR)
    first, second = StaffFactory(role=ADMINISTRATOR), StaffFactory(role=ADMINISTRATOR)
    second_factor.ask(person, by=first, reason="Lost phone", at=now())

    with pytest.raises(second_factor.NotNow):
        second_factor.confirm(person, by=second, at=now())
    second_factor.confirm(person, by=second, at=now() + timedelta(hours=25))

    assert not Authenticator.objects.filter(user=person).exists()


def test_nobody_but_administrators_reaches_the_reset(sign_in):
    url = reverse("admin:second_factor", args=[PersonFactory().pk])

    assert sign_in(StaffFactory(role=CURATOR)).get(url).status_code == 403
    assert sign_in(PersonFactory()).get(url).status_code == 302


def test_two_forms_saved_after_each_other_keep_both_changes(sign_in):
    cohort = CohortFactory()
    client = sign_in(StaffFactory(role=CURATOR))
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    one = sent_back(client.get(address))
    Cohort.objects.filter(pk=cohort.pk).update(format="blended")

    client.post(address, {**one, "language": "both"})

    cohort.refresh_from_db()
    assert cohort.language == "both"
