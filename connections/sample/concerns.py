"""Two concerns in the safeguarding lead's queue: one is new, one has been taken."""

from __future__ import annotations

from datetime import timedelta

from academy.sample import World, keep
from connections.models import Concern, Relationship
from connections.sample import tour
from connections.sample.people import written_in

WORDS = {
    "en": [
        "Something was said in our last meeting that I cannot keep to myself. Please ring me. (sample)",
        "My mentor writes to me late at night and I would like it to stop. (sample)",
    ],
    "cy": [
        "Dywedwyd rhywbeth yn ein cyfarfod diwethaf na allaf ei gadw i mi fy hun. Ffoniwch fi. (sampl)",
        "Mae fy mentor yn ysgrifennu ataf yn hwyr y nos ac rwyf am i hynny ddod i ben. (sampl)",
    ],
}


def fill(world: World, made: list[Relationship]) -> None:
    others = [one for one in made if one.current and not tour.shown(one)]
    keep(concern(world, pair, number) for number, pair in enumerate(others[:2]))


def concern(world: World, pair: Relationship, number: int) -> Concern:
    language = written_in(pair.mentee)
    row = Concern(
        relationship=pair,
        reporter=pair.mentee,
        about=pair.mentor,
        language=language,
        token=world.token(),
        reported_at=world.at - timedelta(days=1 + 4 * number),
        owner=world.people["safeguarding"][0] if number else None,
        taken_at=world.at - timedelta(days=3) if number else None,
    )
    row.seal(WORDS[language][number])
    return row
