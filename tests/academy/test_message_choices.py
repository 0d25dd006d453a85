"""How a person wants their messages: what is asked, of whom, and one answer for all."""

import pytest
from django.urls import reverse

from academy import hooks
from academy.message_views import kinds_for
from academy.models import NotificationChoice
from tests.factories.connections import MentorProfileFactory

pytestmark = pytest.mark.django_db

OF_MENTORS = "connections.request_asked"


def names(person):
    return {kind.name for kind in kinds_for(person)}


def test_what_only_mentors_get_is_asked_of_mentors_alone(person):
    before = names(person)
    MentorProfileFactory(person=person)

    assert OF_MENTORS not in before
    assert OF_MENTORS in names(person)
    assert "connections.suggestions_ready" in before


def test_questions_stand_under_the_part_they_belong_to(sign_in, person):
    form = sign_in(person).get(reverse("notification_choices")).context["form"]

    titles = [title for title, _fields in form.groups()]
    assert len(titles) == len(set(titles))
    assert {"Academy", "Capability", "Connections"} <= set(titles)


@pytest.mark.parametrize("answer", ["at_once", "weekly", "off"])
def test_one_answer_for_all_counts_for_every_kind(sign_in, person, answer):
    said = {name.replace(".", "__"): "at_once" for name in names(person)}

    sign_in(person).post(reverse("notification_choices"), {**said, "all": answer})

    kept = NotificationChoice.objects.filter(person=person).values_list("kind", "choice")
    assert all(
        dict(kept).get(name, hooks.notification_kinds[name].start) == answer
        for name in names(person)
    )


def test_each_as_chosen(sign_in, person):
    said = {name.replace(".", "__"): "at_once" for name in names(person)}
    said["connections__suggestions_ready"] = "off"

    sign_in(person).post(reverse("notification_choices"), {**said, "all": "each"})

    kept = dict(NotificationChoice.objects.filter(person=person).values_list("kind", "choice"))
    assert kept["connections.suggestions_ready"] == "off"
    assert "off" not in {kept[name] for name in kept if name != "connections.suggestions_ready"}


def test_whom_a_kind_reaches_is_asked_once(person, django_assert_num_queries):
    with django_assert_num_queries(4):  # offers help, coaches, keeps credentials, hosts; each once
        kinds_for(person)
