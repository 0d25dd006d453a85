import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.timezone import localtime, now

from academy import hooks
from academy.models import Person
from academy.sample import World, last_nine

LEAST = 50  # among fewer two who are together already would be made a pair again


class Command(BaseCommand):
    help = "Fill an empty academy with sample people, courses and mentoring, marked as sample."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--people", type=int, default=400, help=f"how many ({LEAST} to 1,000,000)"
        )
        parser.add_argument(
            "--force", action="store_true", help="even among people who are no sample"
        )

    def handle(self, *args: Any, people: int, force: bool, **options: Any) -> None:
        if not settings.SAMPLE_PASSWORD:
            raise CommandError("Set SAMPLE_PASSWORD: the password all sample people share")
        if people < LEAST:
            raise CommandError(
                f"Ask for at least {LEAST} people: among fewer not every sample pair finds its two"
            )
        if people > 1_000_000:
            raise CommandError("Ask for at most 1,000,000 people")
        if Person.objects.filter(sample=False).exists() and not force:
            raise CommandError(
                "There are people here who are no sample; --force adds a sample to them"
            )
        if Person.objects.filter(sample=True).exists():
            self.stdout.write("The sample academy is here already")
            return
        autodiscover_modules("sample")
        world = World(
            size=people,
            at=last_nine(localtime(now())),
            password=settings.SAMPLE_PASSWORD,
            totp_secret=settings.SAMPLE_TOTP_SECRET,
        )
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
            for _order, fill in hooks.samples:
                started = time.monotonic()
                self.stdout.write(f"{fill(world)} in {time.monotonic() - started:.1f} s")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
