"""What must be true before the processes start, done again only when a file it rests on changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from devkit import commands
from devkit.bootstrap import ROOT, VAR, Trouble, digest, fresh
from devkit.supervisor import Supervisor, say

ROOMS = ("academy", "conditions", "capability", "connections")


def files(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    return sorted(p for p in found if p.is_file() and "__pycache__" not in p.parts)


def unless_done(stamp: Path, want: str, verb: Callable[[], None]) -> None:
    if not fresh(stamp, want):
        verb()
        stamp.write_text(want)


class Preparation:
    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor

    def run(self, name: str, *verbs: tuple[str, ...]) -> None:
        for verb in verbs:
            self.supervisor.once(verb, f"{name} failed; its own words are above")

    def words(self) -> None:
        """The Welsh catalogue as Django reads it."""
        sources = [path for path in files("locale") if path.suffix == ".po"]
        stamp = VAR / "stamp-words"
        if not all(path.with_suffix(".mo").exists() for path in sources):
            stamp.unlink(missing_ok=True)
        unless_done(stamp, digest(*sources), lambda: self.run("The catalogue", commands.WORDS))

    def static(self) -> None:
        """The published files, under names that change with their contents."""
        rooms = (f"{room}/static" for room in ROOMS)
        sources = files("static", "var/vendor", *rooms, "requirements")
        stamp = VAR / "static" / ".stamp"
        unless_done(stamp, digest(*sources), lambda: self.run("collectstatic", commands.STATIC))

    def own_database(self, home: Path) -> None:
        """Its stamps live and go with it."""

        def fill() -> None:
            self.run("Preparing the database", commands.MIGRATE, commands.REFERENCE)

        def seed() -> None:
            say("run", "Making the sample academy; only the first start does this")
            self.run("Making the sample academy", commands.SEED)

        unless_done(home / "stamp-filled", digest(*files(*ROOMS, "requirements")), fill)
        if not (home / "stamp-sample").exists():
            unless_done(home / "stamp-sample", "made", seed)

    def given_database(self, url: str) -> None:
        """Somebody else's server may have changed since; one that holds people keeps them."""

        def seed() -> None:
            try:
                self.run("Making the sample academy", commands.SEED)
            except Trouble:
                say("run", "This database keeps what it holds, without the sample academy")

        self.run("Preparing the database", commands.MIGRATE, commands.REFERENCE)
        unless_done(VAR / f"stamp-sample-{digest(url)[:12]}", "tried", seed)
