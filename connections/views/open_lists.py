"""What the pages of office hours and of circles share: filters in the address, and turns."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from academy.facets import chosen, last_page, turns
from connections.forms import open_lists
from connections.forms.cards import language_words, names
from connections.forms.open_lists import SIZE


def page_of(request: HttpRequest) -> int:
    """The number in the address; one, where it is none."""
    asked = request.GET.get("page", "1")
    plain = asked.isascii() and asked.isdigit() and len(asked) < 4
    return max(int(asked), 1) if plain else 1


def narrowed(request: HttpRequest, found: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page of an open list needs: numbers of this page, filters, total."""
    rows = [open_lists.row(one) for one in found]
    asked = open_lists.ticked(dict(request.GET.lists()))
    slugs = {slug for one in rows for slug in one.has["topic"]}
    groups = open_lists.facets(rows, asked, open_lists.topic_names(slugs))
    numbers, turn = open_lists.narrowed(rows, asked), page_of(request)
    return {
        "numbers": numbers[(turn - 1) * SIZE : turn * SIZE],
        "total": len(numbers),
        "roomy": sum(one.meets(asked) and not one.full for one in rows),
        "facets": groups,
        "chosen": chosen(request.GET, groups),
        "narrowed": bool(asked),
        **turns(request.GET, number=turn, last=last_page(len(numbers), SIZE)),
    }


def card(offer: Any, **more: Any) -> dict[str, Any]:
    """The words of one card, made once here."""
    return {
        "topics": ", ".join(names(offer.topics)),
        "spoken": language_words(offer.in_welsh, offer.in_english),
        **more,
    }
