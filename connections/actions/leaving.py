"""Somebody leaves: hand-overs to them stop, relationships end kindly, requests are released."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from connections.actions import answering, asking, handing
from connections.models import MentoringRequest, MentorProfile, Relationship


@transaction.atomic
def leave(person: Any, *, at: datetime) -> None:
    """Every mentor whose place this may free is held first: the order of docs/map.md. Twice is once."""
    mine = Relationship.objects.open().received_by(person).values_list("mentor", flat=True)
    profiles = list(MentorProfile.objects.locked().filter(person__in=[person.pk, *mine]))
    handing.stop_all_to(person, at=at)
    Relationship.objects.end_all_of(person, at=at)
    for profile in profiles:
        if profile.person_id == person.pk:
            profile.pause(until=None, at=at)
            answering.release_all(profile, at=at)
    requests = MentoringRequest.objects.of(person).exclude(state__in=["accepted", "withdrawn"])
    for request in requests.order_by("pk"):
        asking.withdraw(request, at=at)
