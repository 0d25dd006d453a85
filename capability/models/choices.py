"""Codes people choose from; docs/glossary.md has their Welsh."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    INTRODUCTORY = "introductory", _("Introductory")
    PRACTITIONER = "practitioner", _("Practitioner")
    COACH = "coach", _("Coach")
    EXPERT = "expert", _("Expert")
    LEADERSHIP = "leadership", _("Leadership")
    BOARD = "board", _("Board")
    TEAM = "team", _("Whole team")
    ORGANISATION = "organisation", _("Whole organisation")
    ALL = "all", _("Everyone")


class Format(models.TextChoices):
    ONLINE_LIVE = "online_live", _("Live online")
    IN_PERSON = "in_person", _("In person")
    OWN_TIME = "own_time", _("In your own time")
    BLENDED = "blended", _("Online and in person")
    UNKNOWN = "unknown", _("Not confirmed")


class Kind(models.TextChoices):
    COURSE = "course", _("Course")
    PROGRAMME = "programme", _("Programme")
    COLLABORATIVE = "collaborative", _("Collaborative")
    SUPPORT = "support", _("Support")
    NETWORK = "network", _("Network")
    REQUEST_ROUTE = "request_route", _("Help on request")
    RESOURCE = "resource", _("Resource")
    LAB = "lab", _("Lab")
    FUNDING = "funding", _("Funding")


class Status(models.TextChoices):
    CURRENT = "current", _("Running at last report")
    HISTORICAL = "historical", _("No longer running")
    EXTERNAL = "external", _("Run by another organisation")
    UNCONFIRMED = "unconfirmed", _("Not confirmed")


class Aspect(models.TextChoices):
    """Of a quality management system."""

    PLANNING = "planning", _("Quality planning")
    IMPROVEMENT = "improvement", _("Quality improvement")
    CONTROL = "control", _("Quality control")
    ASSURANCE = "assurance", _("Quality assurance")


class Taught(models.TextChoices):
    """The language a cohort is taught in."""

    CY = "cy", _("Welsh")
    EN = "en", _("English")
    BOTH = "both", _("Welsh and English")


def takes_interest(kind: str, form: str, status: str) -> bool:
    """Of ours, and held on dates: only then can we promise to tell people when there are some."""
    return (
        kind in (Kind.COURSE, Kind.PROGRAMME, Kind.COLLABORATIVE)
        and form != Format.OWN_TIME
        and status not in (Status.HISTORICAL, Status.EXTERNAL)
    )
