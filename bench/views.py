"""What the pages are measured against."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from academy.bilingual import columns
from academy.pages import page
from academy.permissions import policy
from capability.models import Course
from connections.models import MentorProfile

ROWS = 20


@require_safe
@policy("visitor")
def bare(request: HttpRequest) -> HttpResponse:
    """The base template and twenty rows of one indexed query."""
    rows = Course.objects.only("slug", *columns("title", "summary")).order_by("pk")[:ROWS]
    return page(request, "bench/bare.html", {"rows": rows})


@require_safe
@policy("visitor")
def mentors(request: HttpRequest) -> HttpResponse:
    """The base template and twenty people of the directory."""
    listed = MentorProfile.objects.approved().select_related("person").defer("vector", "words")
    return page(request, "bench/mentors.html", {"rows": listed.order_by("pk")[:ROWS]})


@require_safe
@policy("visitor")
def plain(request: HttpRequest) -> HttpResponse:
    """A page of the NHS style sheet and script, with nothing of ours."""
    return render(request, "bench/plain.html")
