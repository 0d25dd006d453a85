from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

FRESH = timedelta(minutes=3)


class Heartbeat(models.Model):
    """One row per kind of process, stamped by a task that a live worker ran."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    @classmethod
    def stamp(cls, name: str, *, at: datetime) -> None:
        cls.objects.update_or_create(name=name, defaults={"beaten_at": at})

    @classmethod
    def fresh(cls, name: str, *, at: datetime) -> bool:
        return cls.objects.filter(name=name, beaten_at__gt=at - FRESH).exists()
