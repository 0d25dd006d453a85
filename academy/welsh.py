"""Welsh words as people search for them: without accents, and whatever their first letter became."""

from __future__ import annotations

import re
import unicodedata

VOWELS = "aeiouwy"
# What a word may begin with after a mutation, and what its dictionary form may begin with.
# The longest beginning that fits decides: ngh before ng before n.
UNDONE: dict[str, tuple[str, ...]] = {
    "ngh": ("c",),
    "ng": ("g",),
    "mh": ("p",),
    "nh": ("t",),
    "ph": ("p",),
    "th": ("t",),
    "ch": ("c",),
    "dd": ("d",),
    "ff": (),
    "ll": (),
    "rh": (),
    "b": ("p",),
    "d": ("t",),
    "g": ("c",),
    "f": ("b", "m"),
    "l": ("ll", "gl"),
    "r": ("rh", "gr"),
    "m": ("b",),
    "n": ("d",),
    **{vowel: (f"g{vowel}",) for vowel in VOWELS},
    **{f"h{vowel}": (vowel,) for vowel in VOWELS},
}
DONE: dict[str, tuple[str, ...]] = {
    "ch": (),
    "dd": (),
    "ff": (),
    "ll": ("l",),
    "ng": (),
    "ph": (),
    "rh": ("r",),
    "th": (),
    "p": ("b", "mh", "ph"),
    "t": ("d", "nh", "th"),
    "c": ("g", "ngh", "ch"),
    "b": ("f", "m"),
    "d": ("dd", "n"),
    "g": ("", "ng"),
    "m": ("f",),
    **{vowel: (f"h{vowel}",) for vowel in VOWELS},
}


def plain(words: str) -> str:
    """Lower case, no accents: Dŵr becomes dwr, whichever way its letters were typed."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str, *, most: int = 12) -> list[str]:
    """The plain words of what somebody typed, each once, in order."""
    found = re.findall(r"[^\W_]+", plain(text[:200].replace("\x00", " ")))
    return list(dict.fromkeys(found))[:most]


def _swapped(word: str, table: dict[str, tuple[str, ...]]) -> set[str]:
    for length in (3, 2, 1):
        if word[:length] in table:
            return {new + word[length:] for new in table[word[:length]]}
    return set()


def radicals(word: str) -> set[str]:
    """The forms a dictionary might list this word under: wella gives gwella, and wella itself."""
    word = plain(word)
    return {word} | {form for form in _swapped(word, UNDONE) if len(form) > 1}


def forms(word: str) -> set[str]:
    """Every shape in which the same word may stand in a text: gwella, wella, ngwella."""
    bases = radicals(word)
    return bases | {form for base in bases for form in _swapped(base, DONE) if len(form) > 1}
