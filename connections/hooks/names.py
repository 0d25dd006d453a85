"""The directory is searched by names kept in the offer's row: they follow when a name changes."""

from __future__ import annotations

from django.db.models import Q

from academy import hooks
from academy.models import Person, Topic
from connections.models import MentorProfile


@hooks.on("academy.person_changed")
def follow_a_person(*, person: Person) -> None:
    _gather(Q(person=person))


@hooks.on("academy.topic_changed")
def follow_a_topic(*, topic: Topic) -> None:
    _gather(Q(methods=topic) | Q(services=topic))


def _gather(whose: Q) -> None:
    these = MentorProfile.objects.filter(whose).values_list("pk", flat=True).distinct()
    MentorProfile.objects.reindex(these=list(these))
