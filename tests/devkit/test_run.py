"""`make run` from its first line to its last, with a small stand-in for the academy."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar

import pytest

from devkit import processes
from devkit.keys import MAKERS

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {"DATABASE_URL", "REDIS_URL", "CACHE_URL", "EMAIL_URL", "SITE_URL", "PORT", *MAKERS}
GIVEN.add("DJANGO_SETTINGS_MODULE")
STAND_IN = {
    "manage.py": ("import os, sys; print('did', sys.argv[1]); sys.exit(sys.argv[1] in os.environ)"),
    "academy/__init__.py": "",
    "academy/wsgi.py": "def application(_env, start): start('200 OK', []); return [b'croeso']",
    "academy/celery.py": (
        "import os; from celery import Celery\n"
        "app = Celery('academy', broker=os.environ['REDIS_URL'])\n"
        "app.conf.broker_connection_retry_on_startup = True\n"
    ),
    "requirements/app.txt": "",
    "static/own.css": "",
    "locale/.keep": "",
    "var/static/.keep": "",
}


@pytest.fixture
def house(tmp_path):
    """A folder with the real devkit, and an academy of a few lines."""
    shutil.copytree(ROOT / "devkit", tmp_path / "devkit")
    for name, text in STAND_IN.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    yield tmp_path
    while Run.every:  # whatever a test that failed left running
        Run.every.pop().ends(signal.SIGKILL)


class Run:
    every: ClassVar[list["Run"]] = []

    def __init__(self, house, **extra):
        self.every.append(self)
        bare = {k: v for k, v in os.environ.items() if k not in GIVEN}
        self.port = extra.pop("PORT", processes.free_port())
        ports = {"PORT": str(self.port), "INBOX_PORT": str(processes.free_port())}
        self.log = house / f"run-{len(self.every)}.log"
        with self.log.open("w") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "devkit.run"],
                cwd=house,
                env={**bare, **ports, **extra},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def says(self, words, seconds=40.0):
        end = time.monotonic() + seconds
        while not re.search(words, self.log.read_text()):
            assert time.monotonic() < end, self.log.read_text()
            assert self.child.poll() is None or re.search(words, self.log.read_text())
            time.sleep(0.05)

    def ends(self, how=None, seconds=30.0):
        if how is not None:
            self.child.send_signal(how)
        return self.child.wait(seconds)


def left_over(house):
    """Every process that stands in this folder or was started from it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            here = str((entry / "cwd").readlink()).startswith(str(house))
            named = str(house).encode() in (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if here or named:
            found.append(entry.name)
    return found


def gone(house, seconds):
    end = time.monotonic() + seconds
    while left_over(house) and time.monotonic() < end:
        time.sleep(0.1)
    return not left_over(house)


def test_it_starts_tells_the_way_in_and_stops_in_order(house):
    run = Run(house)
    run.says("Ctrl-C stops it")
    said = run.log.read_text()

    assert f"http://localhost:{run.port}/" in said
    assert "Every mail it sends: http://localhost:" in said
    assert (house / "var/keys/SAMPLE_PASSWORD").read_text().strip() in said
    assert all(f"{who}1@example.org" in said for who in ("improver", "coach", "curator"))
    verbs = re.findall(r"did (\w+)", said)
    assert verbs == ["collectstatic", "migrate", "load_reference", "seed_sample"]

    run.says(r"worker@\S+ ready")
    assert run.ends(signal.SIGINT) == 0
    assert "All stopped" in run.log.read_text()
    assert gone(house, 0)


def test_the_second_start_repeats_nothing_and_a_kill_leaves_nothing(house):
    first = Run(house)
    first.says("Ctrl-C stops it")
    first.ends(signal.SIGTERM)

    second = Run(house)
    second.says("Ctrl-C stops it")
    second.says(r"worker@\S+ ready")
    assert "did " not in second.log.read_text()

    second.ends(signal.SIGKILL)
    assert gone(house, 10), left_over(house)


def test_a_worker_that_dies_is_started_again(house):
    run = Run(house)
    run.says(r"beat: Starting")
    run.says(r"rounds@\S+ ready")
    pid = next(
        p
        for p in left_over(house)
        if b"rounds@%h" in Path("/proc", p, "cmdline").read_bytes()
        and Path("/proc", p, "stat").read_text().rsplit(")", 1)[1].split()[1] == str(run.child.pid)
    )

    os.kill(int(pid), signal.SIGKILL)

    run.says("rounds ended with -9; starting it again")
    run.says(r"(?s)starting it again.*rounds@\S+ ready")
    assert run.ends(signal.SIGINT) == 0


def test_a_port_in_use_is_one_line(house):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = Run(house, PORT=port)

        assert run.ends() == 1
    assert run.log.read_text() == (
        f"Port {port} is in use; choose another: PORT={port + 1} make run\n"
    )


def test_a_second_run_from_one_folder_is_one_line(house):
    run = Run(house)
    run.says("Ctrl-C stops it")

    other = Run(house)

    assert other.ends() == 1
    assert other.log.read_text() == "It is already running from this folder\n"
    run.ends(signal.SIGINT)


@pytest.mark.parametrize("verb", ["migrate", "seed_sample"])
def test_a_step_that_fails_is_said_and_ends_it(house, verb):
    run = Run(house, **{verb: "fails"})

    assert run.ends() == 1
    assert "failed; its own words are above\n" in run.log.read_text()
    assert "Traceback" not in run.log.read_text()
    assert gone(house, 0)


def test_a_folder_that_cannot_be_written_is_one_line(house):
    (house / "var/keys").write_text("a file where a folder should be")
    run = Run(house)

    assert run.ends() == 1
    assert run.log.read_text() == f"File exists: {house}/var/keys\n"
