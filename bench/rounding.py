"""One round as a worker computes it, timed by the stages it tells of; in a process of its own."""

from __future__ import annotations

import resource
import time
from typing import Any

from django.utils.timezone import now

from connections.actions import computing, rounds

PARTS = {
    "loading": "load",
    "candidates": "solve",
    "assigning": "solve",
    "proving": "solve",
    "explaining": "reasons",
    "widening": "reasons",
    "writing": "write",
}


class Watch:
    """Listens to what the worker tells of its progress, and passes it on."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(PARTS.values(), 0.0)
        self.since, self.part = time.perf_counter(), "load"
        self.told, self.silence, self.kept = 0, 0.0, time.perf_counter()

    def hears(self, tell: Any) -> Any:
        def heard(stage: str, share: float) -> None:
            self.turn(PARTS[stage])
            tell(stage, share)

        return heard

    def turn(self, part: str) -> None:
        at = time.perf_counter()
        self.seconds[self.part] += at - self.since
        self.since, self.part = at, part

    def keeps(self, update: Any) -> Any:
        """Every time progress reaches the row that people read."""

        def kept(round: Any) -> Any:
            at = time.perf_counter()
            self.told, self.silence, self.kept = (
                self.told + 1, max(self.silence, at - self.kept), at,
            )  # fmt: skip
            return update(round)

        return kept


def main() -> dict[str, Any]:
    round = rounds.draw_up("Bench", by=None, seed=1, at=now())
    rounds.start(round, by=None, at=now())
    claimed = computing.claim(round.pk, at=now())
    assert claimed is not None
    watch, progress, mine = Watch(), computing.progress_of, computing.still_mine
    computing.progress_of = lambda round: watch.hears(progress(round))
    computing.still_mine = watch.keeps(mine)
    computing.compute(claimed, at=now())
    watch.turn("load")
    round.refresh_from_db()
    return {
        "seconds": watch.seconds,
        "pairs": round.pairs.count(),
        "proven": round.proven,
        "told": watch.told,
        "silence": watch.silence,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
