"""Skills in which somebody has a place free: where whoever found nobody may look."""

from __future__ import annotations

from django.db.models import BooleanField, Case, F, Q, Sum, When

from academy.models import Topic
from connections.models.profiles import MentorProfile, MentorProfileQuerySet
from connections.models.requests import Kind, MentoringRequest

MOST_NAMED = 3


def room_for(request: MentoringRequest) -> list[Topic]:
    """Skills they did not name, of people whose kind and language suit: near their own first."""
    kinds = Q(offers_mentoring=True, offers_coaching=True, _connector=Q.OR)
    if request.kind != Kind.EITHER:
        kinds = Q(**{f"offers_{request.kind}": True})
    speaks = Q(pk=None)
    for language in ("in_welsh", "in_english"):
        if getattr(request, language):
            speaks |= Q(**{language: True})
    offers = MentorProfile.objects.taking().filter(kinds, speaks).exclude(person=request.mentee)
    return room(offers, named=list(request.methods.all()))


def room(offers: MentorProfileQuerySet, *, named: list[Topic] | tuple[()] = ()) -> list[Topic]:
    """The skills with most places free among these offers, those of the named groups first."""
    free = F("mentors_by_method__capacity") - F("mentors_by_method__places_taken")
    near = When(group__in={topic.group for topic in named}, then=True)
    return list(
        Topic.objects.methods()
        .filter(mentors_by_method__in=offers)
        .exclude(pk__in=[topic.pk for topic in named])
        .annotate(places=Sum(free), near=Case(near, default=False, output_field=BooleanField()))
        .order_by("-near", "-places", "pk")[:MOST_NAMED]
    )
