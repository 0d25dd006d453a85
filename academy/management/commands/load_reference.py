from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from academy import hooks


class Command(BaseCommand):
    help = "Load organisations, topics, programmes and approaches. Run again, it adds what is new."

    def handle(self, *args: Any, **options: Any) -> None:
        for _order, load in hooks.references:
            with transaction.atomic():
                self.stdout.write(load())
