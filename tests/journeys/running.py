"""The product as people meet it: gunicorn, worker and beat as processes, and a real mail sink."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from aiosmtpd.controller import Controller

from devkit import commands, processes

ROOT = Path(__file__).parents[2]
PASSWORD = "a sample of journeys"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class Post:
    """The letters that reached the relay, to be waited for."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        letter = message_from_bytes(envelope.content, policy=policy.default)
        letter["X-To"] = ", ".join(envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str, saying: str = "") -> list[EmailMessage]:
        return [
            letter
            for letter in list(self.letters)
            if address in letter["X-To"] and (saying in letter["Subject"] or saying in body(letter))
        ]

    def wait_for(self, address: str, saying: str = "", *, seconds: float = 45) -> EmailMessage:
        """The newest letter to this address that says this; the running worker sends it."""
        end = time.monotonic() + seconds
        while not (found := self.to(address, saying)):
            if time.monotonic() > end:
                heard = [(letter["X-To"], letter["Subject"]) for letter in self.letters]
                raise AssertionError(f"No letter to {address} saying {saying!r}; heard: {heard}")
            time.sleep(0.1)
        return found[-1]


def body(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return part.get_content() if part else ""


def link_in(letter: EmailMessage, holding: str = "") -> str:
    links = re.findall(r"https?://\S+", body(letter))
    return next(link for link in links if holding in link)


class Academy:
    """A running academy with sample people, its address, its post and its database."""

    def __init__(self, *, url: str, post: Post, env: dict[str, str], children: dict) -> None:
        self.url, self.post, self.env, self.children = url, post, env, children

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def ask(self, sql: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def kill(self, name: str) -> None:
        """As a crash would: the whole process group, without a word."""
        os.killpg(self.children[name].pid, signal.SIGKILL)
        self.children[name].wait(10)

    def start(self, name: str) -> None:
        extra = (
            ["--bind", f"127.0.0.1:{urlsplit(self.url).port}", "--workers", "1"]
            if name == "web"
            else []
        )
        command = list(commands.RUNNING[name])
        if name == "worker":
            command[command.index("-Q") + 1] = "celery,rounds"
            command[command.index("--concurrency") + 1] = "1"
        if name == "beat":
            command[command.index("--schedule") + 1] = f"{self.env['VAR_DIR']}/beat"
        program = Path(sys.executable).parent / command[0]
        log = Path(self.env["VAR_DIR"]) / f"{name}.log"
        self.children[name] = processes.start(
            [*processes.dies_with_parent(signal.SIGTERM), str(program), *command[1:], *extra],
            log=log,
            env=self.env,
            cwd=ROOT,
        )

    def stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in self.children.values():
            try:
                child.wait(8)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait(5)


def fresh_database(url: str, name: str) -> str:
    base, _, _old = url.rpartition("/")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{base}/{name}"


@contextmanager
def running_academy(folder: Path, number: int, *, people: int):
    """Everything started, seeded and answering; everything stopped at the end."""
    port, post = processes.free_port(), Post()
    url = f"http://localhost:{port}"
    with ExitStack() as last:
        sink = Controller(post, hostname="127.0.0.1", port=processes.free_port())
        sink.start()
        last.callback(sink.stop)
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "academy.settings",
            "DATABASE_URL": fresh_database(os.environ["DATABASE_URL"], f"journeys_{number}"),
            "DATABASE_POOL": "4",
            "REDIS_URL": f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{8 + number}",
            "CACHE_URL": f"{os.environ['CACHE_URL'].rpartition('/')[0]}/{8 + number}",
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "SITE_URL": url,
            "ALLOWED_HOSTS": "localhost",
            "OPEN_MAIL_DOMAINS": "wales.nhs.uk,example.org",
            "VAR_DIR": str(folder),
            "SAMPLE_PASSWORD": PASSWORD,
            "SAMPLE_TOTP_SECRET": TOTP_SECRET,
            "PYTHONUNBUFFERED": "1",
        }
        academy = Academy(url=url, post=post, env=env, children={})
        academy.manage("migrate", "-v0")
        academy.manage("collectstatic", "--noinput", "-v0")
        academy.manage("load_reference")
        academy.manage("seed_sample", "--people", str(people))
        last.callback(academy.stop)
        for name in ("web", "worker", "beat"):
            academy.start(name)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{url}/health/live", timeout=2):  # noqa: S310 -- our own
                    break
            except OSError:
                time.sleep(0.2)
        else:
            raise AssertionError((folder / "web.log").read_text()[-4000:])
        yield academy
