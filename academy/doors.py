"""The three doors of the home page, in people's own words; each names a route, as urls.py does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Door:
    pillar: str  # whose colour it wears
    route: str
    title: Any
    words: Any
    go: Any

    def url(self) -> str:
        """Empty while the page behind it is not built."""
        try:
            return reverse(self.route)
        except NoReverseMatch:
            return ""


DOORS = (
    Door(
        "conditions",
        "ask",
        _("I want to start something"),
        _("Tell us in a few words. A named person helps you to a first step, within a week."),
        _("Ask for a first step"),
    ),
    Door(
        "capability",
        "capability:courses",
        _("I want to learn"),
        _("Short courses and longer programmes, online and near you, in Welsh and English."),
        _("Browse the courses"),
    ),
    Door(
        "connections",
        "connections:mentors",
        _("I need someone to talk to"),
        _("Mentors and coaches who know improvement, or know your field."),
        _("Find a mentor or coach"),
    ),
)
