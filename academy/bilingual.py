"""Words in two languages: two plain columns for each public text, read as one."""

from __future__ import annotations

from typing import Any, overload

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

LANGUAGES = ("en", "cy")


def language() -> str:
    """The reader's language: `en` or `cy`."""
    return "cy" if (get_language() or "").startswith("cy") else "en"


def other(code: str) -> str:
    return "en" if code == "cy" else "cy"


class Bilingual:
    """`title = Bilingual("title")` reads title_en or title_cy, whichever the reader speaks.

    Where one is empty (a dated exception), the other stands in; `missing_from` tells a template.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, kind: type[object]) -> Bilingual: ...

    @overload
    def __get__(self, row: object, kind: type[object]) -> str: ...

    def __get__(self, row: object | None, kind: type[object]) -> Bilingual | str:
        if row is None:
            return self
        code = language()
        said: str = getattr(row, f"{self.name}_{code}")
        return said or getattr(row, f"{self.name}_{other(code)}")


def in_both_languages(*names: str) -> Q:
    """True of a row whose named words hold more than blanks in English and in Welsh."""
    both = Q()
    for name in names:
        both &= Q(**{f"{name}_en__regex": r"\S"}) & Q(**{f"{name}_cy__regex": r"\S"})
    return both


def columns(*names: str) -> list[str]:
    """title, summary -> title_en, title_cy, summary_en, summary_cy: side by side in forms."""
    return [f"{name}_{code}" for name in names for code in LANGUAGES]


def site_words() -> dict[str, str]:
    """The site's own name and strapline in the reader's language, from settings."""
    code = language()
    return {
        "name": settings.SITE_NAME[code],
        "other_name": settings.SITE_NAME[other(code)],
        "strapline": settings.SITE_STRAPLINE[code],
    }


def empty_columns(row: Any, *names: str) -> list[str]:
    """The columns of `names` that hold nothing: what stands between a row and publishing it."""
    return [column for column in columns(*names) if not str(getattr(row, column)).strip()]
