"""The Improvement Academy: shared ground of the three pillars, and the project package."""

import os

# Small products of sparse matrices: a second thread only waits for the first. Before numpy starts.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from academy.celery import app as celery_app  # the setting above must come first

__all__ = ["celery_app"]
