from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.bilingual import columns, language
from academy.errors import too_slow
from academy.facets import address, last_page, turns
from academy.pages import page
from academy.permissions import policy, signed_in
from academy.queries import TooSlow
from capability.forms.cards import cards
from capability.forms.dates import rows
from capability.forms.facets import chosen, facets
from capability.models import Booking, Course, Interest, catalogue
from capability.models.catalogue import SIZE, Question, ask

SHOWN = (  # of a date in the list
    *("course", "starts_at", "closes_at", "places", "places_taken", "format", "language"),
    *("published", "cancelled_at", "booking_link", *columns("place")),
)


@require_safe
@policy("visitor")
def courses(request: HttpRequest) -> HttpResponse:
    """The catalogue: words and ticks in the address, counts beside every tick."""
    question = Question.read(request.GET.dict(), dict(request.GET.lists())).known()
    try:
        answer = ask(question, language=language(), at=now())
    except TooSlow:
        return too_slow(request, reverse("capability:courses"), _("See all courses"))
    groups = facets(question, answer)
    context = {
        "question": question,
        "typed": request.GET.get("q", "").replace("\x00", "")[:200],
        "answer": answer,
        "rows": cards(answer.rows),
        "facets": groups,
        "chosen": chosen(request.GET, groups, question),
        "with_ended": address(request.GET, ended="1"),
        "most": catalogue.MOST,
        **turns(request.GET, number=answer.page, last=last_page(answer.total, SIZE)),
    }
    return page(request, "capability/courses.html", context)


@require_safe
@policy("visitor")
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """A course and its deliveries to come."""
    seen = Course.objects.visible_to(request.user).defer("search", "plain")
    found = get_object_or_404(seen.prefetch_related("topics"), slug=slug)
    at = now()
    kept = Count("sessions", filter=Q(sessions__cancelled_at=None))
    to_come = found.cohorts.to_come(at).annotate(meetings=kept)
    cohorts = to_come.only(*SHOWN).order_by("starts_at", "pk")[:50]
    mine: set[int] = set()
    waiting = False
    if request.user.is_authenticated:
        current = Booking.objects.of(request.user).current()
        mine = set(current.filter(cohort__course=found).values_list("cohort", flat=True))
        waiting = found.interests.of(request.user).waiting().exists()
    dates = rows(cohorts, mine=mine, at=at)
    context = {"course": found, "rows": dates, "waiting": waiting}
    return page(request, "capability/course.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def interest(request: HttpRequest, slug: str) -> HttpResponse:
    """No dates yet: tell me. The page asks first, so that a link alone does nothing."""
    person = signed_in(request)
    found = get_object_or_404(Course.objects.visible_to(person).defer("search", "plain"), slug=slug)
    if request.method == "POST":
        Interest.objects.declare(person, found, at=now())
        messages.success(request, _("We will write to you when there are dates."))
        return redirect(found)
    return page(request, "capability/interest.html", {"course": found})
