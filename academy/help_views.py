"""Ask for help: a question with an owner and a reply-by date, and where it is."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy import roles
from academy.bilingual import language
from academy.facets import turns
from academy.help_forms import AnswerForm, AskForm
from academy.models import SupportRequest
from academy.pages import page
from academy.permissions import may_act_as, policy, signed_in


@require_http_methods(["GET", "POST"])
@policy("improver")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask, and see what one has asked before."""
    person = signed_in(request)
    form = AskForm(request.POST or None, initial={"language": language()})
    if form.is_valid():
        try:
            question = SupportRequest.ask(person, **form.cleaned_data, at=now())
        except SupportRequest.TooMany:
            form.add_error(
                None, _("As many of your questions wait as may. You can take one back below.")
            )
        else:
            messages.success(request, _("We have your question. Here you see where it is."))
            return redirect("question", question.pk)
    mine = SupportRequest.objects.asked_by(person).order_by("-asked_at", "-pk")[:20]
    return page(request, "academy/ask.html", {"form": form, "questions": mine})


@require_safe
@policy("improver")
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a question is: received, a named person, the date, the answer."""
    person = signed_in(request)
    asked = get_object_or_404(
        SupportRequest.objects.visible_to(person).select_related("topic", "owner", "asker"), pk=pk
    )
    shown = {
        "question": asked,
        "mine": asked.asker == person,
        "may_answer": asked.is_open() and may_act_as(person, roles.COORDINATOR),
    }
    return page(request, "academy/question.html", shown)


@require_POST
@policy("improver")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(SupportRequest.objects.asked_by(signed_in(request)), pk=pk)
    asked.withdraw(at=now())
    messages.success(request, _("You have taken your question back."))
    return redirect("ask")


@require_safe
@policy(roles.COORDINATOR)
def queue(request: HttpRequest) -> HttpResponse:
    """Every question without an answer, the oldest promise first; any coordinator may take any."""
    person, at = signed_in(request), now()
    waiting = SupportRequest.objects.visible_to(person).open().for_desk()
    shown = Paginator(waiting.order_by("reply_by", "pk"), 50).get_page(request.GET.get("page"))
    others = turns(request.GET, number=shown.number, last=shown.paginator.num_pages)
    return page(request, "academy/questions.html", {"questions": shown, "now": at, **others})


@require_POST
@policy(roles.COORDINATOR)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator becomes the named person of a question, or takes it over."""
    person = signed_in(request)
    asked = get_object_or_404(SupportRequest.objects.visible_to(person), pk=pk)
    asked.take(person, at=now())
    messages.success(request, _("The question is yours, and the asker sees your name."))
    return redirect("answer_question", pk)


@require_http_methods(["GET", "POST"])
@policy(roles.COORDINATOR)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a question and answer it; what was written is given back if somebody was first."""
    person = signed_in(request)
    asked = get_object_or_404(
        SupportRequest.objects.visible_to(person).select_related("topic", "owner", "asker"), pk=pk
    )
    form = AnswerForm(request.POST or None, initial={"language": asked.language})
    if form.is_valid():
        try:
            asked.answer(person, **form.cleaned_data, at=now())
        except SupportRequest.Answered:
            asked.refresh_from_db()
            form.add_error(None, _("It has been answered or taken back in the meantime."))
        else:
            messages.success(request, _("Your answer is on its way."))
            return redirect("questions")
    return page(request, "academy/answer.html", {"question": asked, "form": form})
