"""A worker that is killed while it writes the drafts: a real process, and a real kill."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from connections.actions import computing, rounds
from connections.models import RoundPair
from tests.factories import StaffFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory

DIES_WHILE_WRITING = """
import os, signal, sys, django
django.setup()
from django.utils.timezone import now
from connections.actions import computing
from connections.models import LeftOut, RoundPair

def dies(*rows, **facts):
    assert RoundPair.objects.filter(round=claimed).count() == 4, "the drafts are written by now"
    os.kill(os.getpid(), signal.SIGKILL)

claimed = computing.claim(int(sys.argv[1]), at=now())
LeftOut.objects.bulk_create = dies
computing.compute(claimed, at=now())
"""


def killed_worker(round):
    """How a worker of its own fared, in the database of this test."""
    address = urlsplit(os.environ["DATABASE_URL"])
    here = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = [sys.executable, "-c", DIES_WHILE_WRITING, str(round.pk)]
    env = {**os.environ, "DATABASE_URL": here, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(command, env=env, cwd=settings.BASE_DIR, check=False).returncode


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_writing_leaves_no_half_round_and_another_takes_over():
    coordinator, topic = StaffFactory(role="coordinator"), TopicFactory()
    MentoringRequestFactory.create_batch(4, methods=[topic])
    MentorProfileFactory.create_batch(2, methods=[topic], capacity=2)
    made = rounds.draw_up("Spring", by=coordinator, seed=7, at=now())
    rounds.start(made, by=coordinator, at=now())

    fared = killed_worker(made)
    made.refresh_from_db()
    left_behind = RoundPair.objects.count()
    too_early = computing.claim(made.pk, at=now())
    later = now() + computing.LEASE + timedelta(minutes=1)
    computing.compute(computing.claim(made.pk, at=later), at=later)

    assert fared == -signal.SIGKILL
    assert (made.state, left_behind, too_early) == ("computing", 0, None)
    assert 0 < made.steps_done < made.steps
    made.refresh_from_db()
    assert (made.state, made.tries, made.pairs.count()) == ("drafts", 2, 4)
