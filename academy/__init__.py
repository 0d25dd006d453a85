"""The Improvement Academy: shared ground of the three pillars, and the project package."""

from academy.celery import app as celery_app

__all__ = ["celery_app"]
