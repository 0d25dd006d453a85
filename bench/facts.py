"""What there is to ask an academy for: pages, words that fit its rows, a session; see bench.inside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from academy.models import Person
from academy.welsh import words_of
from bench.goals import BARE, BIG, SMALL
from capability.models import Cohort, Course, catalogue
from connections.models import MentorProfile, directory

SHARE = 0.05  # words that match up to this part of the rows
READER = "improver1@example.org"
WORD = re.compile(r"[a-z]{5,}")


def main() -> dict[str, Any]:
    with override("en"):
        return {"session": session(), "pages": pages(), "rows": rows()}


def session(address: str = READER) -> str:
    """A signed-in person's, as the product makes it at sign-in."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(email=address))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def rows() -> dict[str, int]:
    return {
        "people": Person.objects.count(),
        "mentors": MentorProfile.objects.count(),
        "courses": Course.objects.count(),
        "cohorts": Cohort.objects.count(),
    }


def pages() -> list[dict[str, Any]]:
    """Name, address, whether for signed-in people, and how many times a bare page it may take."""
    courses, mentors = reverse("capability:courses"), reverse("connections:mentors")
    learn, meet = word_of_courses(), word_of_mentors()
    dated = Cohort.objects.to_come(now()).filter(course__slug__regex=r"^\D+$")
    course = dated.select_related("course").order_by("course__slug").first()
    listed = MentorProfile.objects.filter(state="approved", in_directory=True, closed=False)
    profile = listed.order_by("pk").first()
    assert course, profile
    assert profile
    found = [
        (BARE, reverse("bench_bare"), False, 0),
        ("home", reverse("home"), False, 0),
        ("catalogue with facets", courses, False, BIG),
        ("catalogue, two ticks", f"{courses}?format=online_live&dated=1", False, BIG),
        (f"catalogue, “{learn}”", f"{courses}?q={learn}", False, BIG),
        ("course", reverse("capability:course", args=[course.course.slug]), False, SMALL),
        ("approaches with facets", reverse("conditions:approaches"), False, BIG),
        (f"search over everything, “{learn}”", f"{reverse('search')}?q={learn}", False, BIG),
        (BARE, reverse("bench_bare"), True, 0),
        ("home", reverse("home"), True, 0),
        ("directory with facets", mentors, True, BIG),
        ("directory, two ticks", f"{mentors}?language=cy&format=online", True, BIG),
        (f"directory, “{meet}”", f"{mentors}?q={meet}", True, BIG),
        ("mentor profile", reverse("connections:mentor", args=[profile.pk]), True, SMALL),
        (f"search over everything, “{meet}”", f"{reverse('search')}?q={meet}", True, BIG),
    ]
    return [dict(zip(("name", "url", "signed_in", "goal"), one, strict=True)) for one in found]


def word_of_courses() -> str:
    published = Course.objects.filter(published=True)
    texts = published.values_list("title_en", "summary_en")

    def total(word: str) -> int:
        question = catalogue.Question(words=word, ended=True)
        answer = catalogue.ask(question, language="en", at=now())
        return 0 if answer.guessed else answer.total

    return commonest(texts, total, published.count())


def word_of_mentors() -> str:
    listed = MentorProfile.objects.filter(state="approved", in_directory=True)
    texts = listed.filter(written_in="en").values_list("about_help", "about_story")

    def total(word: str) -> int:
        return directory.ask(directory.Question(words=word), language="en").total

    return commonest(texts, total, listed.count())


def commonest(texts: Any, total: Callable[[str], int], rows: int) -> str:
    """The word that finds most, yet no more than the share."""
    counted = Counter(
        word for text in texts.iterator() for word in {*words_of(" ".join(text).lower())}
    )
    rare = [word for word, many in counted.items() if many <= SHARE * rows and WORD.fullmatch(word)]
    for word in sorted(rare, key=lambda word: (-counted[word], word)):
        if 0 < total(word) <= SHARE * rows:
            return word
    return "improvement"
