"""Three concerns: one is new, one has been taken, one is closed with words for who reported it."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from academy.sample import World, keep
from connections.models import ClosingNote, Concern, ConcernReply, Relationship
from connections.sample import tour
from connections.sample.people import written_in

Written = TypeVar("Written", ClosingNote, ConcernReply)
WORDS = {
    "en": [
        "Something was said in our last meeting that I cannot keep to myself. Please ring me. (sample)",
        "My mentor writes to me late at night and I would like it to stop. (sample)",
        "My mentor told others what I had said in confidence. (sample)",
    ],
    "cy": [
        "Dywedwyd rhywbeth yn ein cyfarfod diwethaf na allaf ei gadw i mi fy hun. Ffoniwch fi. (sampl)",
        "Mae fy mentor yn ysgrifennu ataf yn hwyr y nos ac rwyf am i hynny ddod i ben. (sampl)",
        "Dywedodd fy mentor wrth eraill yr hyn a ddywedais yn gyfrinachol. (sampl)",
    ],
}
DONE = {
    "en": "We have talked, each on their own, and agreed what stays between them. (sample)",
    "cy": "Rydym wedi siarad â’r ddau ar wahân, ac wedi cytuno beth sy’n aros rhyngddynt. (sampl)",
}
BACK = {
    "en": "Thank you for telling us. You did right, and it will not happen again. (sample)",
    "cy": "Diolch am ddweud wrthym. Gwnaethoch y peth iawn, ac ni fydd yn digwydd eto. (sampl)",
}


def fill(world: World, made: list[Relationship]) -> None:
    others = [one for one in made if one.current and not tour.shown(one)]
    rows = keep(concern(world, pair, number) for number, pair in enumerate(others[:3]))
    closed = [row for row in rows if row.closed_at]
    keep(sealed(ClosingNote(concern=row, author=row.owner), row, DONE) for row in closed)
    keep(sealed(ConcernReply(concern=row), row, BACK) for row in closed)


def sealed(row: Written, of: Concern, words: dict[str, str]) -> Written:
    """At the closing of this concern, in its language."""
    row.language, row.written_at = of.language, of.closed_at or of.reported_at
    row.seal(words[row.language])
    return row


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
        closed_at=world.at - timedelta(days=1) if number == 2 else None,
    )
    row.seal(WORDS[language][number])
    return row
