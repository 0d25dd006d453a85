"""Seal all private words with the newest of NOTES_KEYS.

Put the new key first in NOTES_KEYS and restart; run this; when it says that nothing is left under
an older key, the older key may go. May be stopped and run again at any time.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from connections.models.sealed import SealedWords


class Command(BaseCommand):
    help = "Seal all private words with the newest key of NOTES_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = sum(self._rotate(model) for model in SealedWords.__subclasses__())
        if unreadable:
            self.stderr.write(
                f"{unreadable} could not be opened by any key in NOTES_KEYS: keep looking for it"
            )
            raise SystemExit(1)
        self.stdout.write("Nothing is left under an older key.")

    def _rotate(self, model: Any) -> int:
        """All rows of one kind, a batch at a time; how many no key opens."""
        after, done = 0, 0
        lost: int = 0
        while True:
            changed, unopened, last = model.objects.reseal(after=after)
            done, lost = done + changed, lost + unopened
            if last == after:
                break
            after = last
        self.stdout.write(f"{model._meta.verbose_name_plural}: {done} sealed anew")
        return lost
