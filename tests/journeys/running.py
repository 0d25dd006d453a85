"""The product as people meet it: gunicorn, worker and beat as processes, and a real mail sink."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from aiosmtpd.controller import Controller

from devkit import commands, processes

ROOT = Path(__file__).parents[2]
PASSWORD = "a sample of journeys"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


# Somebody new, with the groups and the second factor of somebody who is here.
LIKE_THE_FIRST = """
    WITH old AS (SELECT * FROM academy_person WHERE email = %(old)s),
    made AS (
        INSERT INTO academy_person
        SELECT (jsonb_populate_record(NULL::academy_person, to_jsonb(old) || jsonb_build_object(
            'id', nextval(pg_get_serial_sequence('academy_person', 'id')),
            'email', %(new)s::text, 'name', %(name)s::text, 'language', %(language)s::text,
            'language_chosen_at', now()
        ))).* FROM old RETURNING id
    ),
    address AS (
        INSERT INTO account_emailaddress (user_id, email, verified, "primary")
        SELECT id, %(new)s, true, true FROM made
    ),
    roles AS (
        INSERT INTO academy_person_groups (person_id, group_id)
        SELECT made.id, held.group_id FROM made, old
        JOIN academy_person_groups held ON held.person_id = old.id
    )
    INSERT INTO mfa_authenticator (user_id, type, data, created_at)
    SELECT made.id, factor.type, factor.data, now() FROM made, old
    JOIN mfa_authenticator factor ON factor.user_id = old.id
"""


class Post:
    """The letters that reached the relay, to be waited for."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.slow = Event()  # while set, every letter is being received and none has arrived
        self.arriving = 0
        self.receiving = 0  # whose line is still open

    async def handle_DATA(self, server, session, envelope) -> str:
        self.arriving += 1
        self.receiving += 1
        try:
            while self.slow.is_set():
                await asyncio.sleep(0.05)
        finally:
            self.receiving -= 1
        letter = message_from_bytes(envelope.content, policy=policy.default)
        letter["X-To"] = ", ".join(envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str, saying: str | re.Pattern[str] = "") -> list[EmailMessage]:
        """The letters to this address that say this, in the subject or in the text."""
        wanted = saying if isinstance(saying, re.Pattern) else re.compile(re.escape(saying))
        return [
            letter
            for letter in list(self.letters)
            if address in letter["X-To"] and wanted.search(f"{letter['Subject']}\n{body(letter)}")
        ]

    def wait_for(
        self, address: str, saying: str | re.Pattern[str] = "", *, seconds: float = 45
    ) -> EmailMessage:
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

    def __init__(
        self, *, url: str, post: Post, env: dict[str, str], children: dict, mail_port: int = 0
    ) -> None:
        self.url, self.post, self.env, self.children = url, post, env, children
        self.mail_port, self.sink = mail_port, ExitStack()

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + 90
        while self.get("/health/live")[0] != 200:
            log = (Path(self.env["VAR_DIR"]) / "web.log").read_text()
            alive = self.children["web"].poll() is None
            assert alive and time.monotonic() < end, log[-2000:]
            time.sleep(0.2)

    def shell(self, code: str) -> None:
        manage(self.env, "shell", "-v0", "-c", code)

    def get(self, path: str) -> tuple[int, str, float]:
        """Status, body and seconds of one plain request; status 0 for no answer."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:  # noqa: S310 -- our own
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            status, text = refused.code, ""
        except OSError:
            status, text = 0, ""
        return status, text, time.monotonic() - began

    def ask(self, sql: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql: str, *values: object) -> Any:
        """The one value this asks for."""
        rows = self.ask(sql, *values)
        assert rows, f"nothing found: {sql} {values}"
        return rows[0][0]

    def newcomer(self, language: str, *, role: str = "improver") -> str:
        """The address of somebody new with this role, who is written to in this language."""
        address = f"{role}-{uuid4().hex[:12]}@example.org"
        name, old = f"Sampl {address[-18:-12]}", f"{role}1@example.org"
        facts = {"new": address, "name": name, "language": language, "old": old}
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(LIKE_THE_FIRST, facts)
        return address

    def speaks(self, address: str, language: str) -> None:
        """Mail to this person comes in this language from now on."""
        words = (
            "UPDATE academy_person SET language = %s, language_chosen_at = now() WHERE email = %s"
        )
        self.ask(words, language, address)

    def open_relay(self) -> None:
        sink = Controller(self.post, hostname="127.0.0.1", port=self.mail_port)
        sink.start()
        self.sink.callback(sink.stop)

    def close_relay(self) -> None:
        self.sink.close()

    def kill(self, name: str) -> None:
        """As a crash would: the whole process group, without a word."""
        os.killpg(self.children[name].pid, signal.SIGKILL)
        self.children[name].wait(10)

    def start(self, name: str, *, as_well: str = "") -> None:
        """One of the product's processes by its own command; `as_well` names a second of its kind."""
        folder, called = Path(self.env["VAR_DIR"]), as_well or name
        command = [*commands.RUNNING[name]]
        if name == "web":
            command += ["--bind", f"127.0.0.1:{urlsplit(self.url).port}", "--workers", "1"]
        if name == "worker":
            command[command.index("-Q") + 1] = "celery,rounds"
            command[command.index("--concurrency") + 1] = "1"
        if name == "beat":
            command[command.index("--schedule") + 1] = str(folder / called)
        program = Path(sys.executable).parent / command[0]
        self.children[called] = processes.start(
            [*processes.dies_with_parent(signal.SIGTERM), str(program), *command[1:]],
            log=folder / f"{called}.log",
            env=self.env,
            cwd=ROOT,
        )

    def revive(self) -> None:
        """Start again whatever has died, as the supervisor does."""
        for name, child in list(self.children.items()):
            if child.poll() is not None:
                self.start(name.split("-")[0], as_well=name)

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


LOCK = 20261123  # only one test worker fills the academy all others are copies of
FILLED = "journeys_filled"


def database(name: str) -> str:
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def copy_of_filled(name: str, env: dict[str, str], static: Path) -> None:
    """A database of its own, filled once for all test workers, and then copied."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [FILLED])
        if not found.fetchone() or not static.exists():
            fill(connection, env, static)
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{FILLED}"')


def fill(connection: psycopg.Connection, env: dict[str, str], static: Path) -> None:
    connection.execute(f'DROP DATABASE IF EXISTS "{FILLED}" WITH (FORCE)')
    connection.execute('DROP DATABASE IF EXISTS "journeys_filling" WITH (FORCE)')
    connection.execute('CREATE DATABASE "journeys_filling"')
    filling = {**env, "DATABASE_URL": database("journeys_filling"), "VAR_DIR": str(static.parent)}
    for words in (
        ("migrate", "-v0"),
        ("load_reference",),
        ("seed_sample", "--people", "120"),
        ("collectstatic", "--noinput", "-v0"),
    ):
        manage(filling, *words)
    connection.execute(f'ALTER DATABASE "journeys_filling" RENAME TO "{FILLED}"')


def manage(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@contextmanager
def running_academy(folder: Path, name: str, *, shared: Path, number: int = 8, **settings: str):
    """Everything started, filled and answering; everything stopped at the end."""
    port, post, mail = processes.free_port(), Post(), processes.free_port()
    url = f"http://localhost:{port}"
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "academy.settings",
        "DATABASE_URL": database(f"journeys_{name}"),
        "DATABASE_POOL": "4",
        "REDIS_URL": f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}",
        "CACHE_URL": f"{os.environ['CACHE_URL'].rpartition('/')[0]}/{number}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "SITE_URL": url,
        "ALLOWED_HOSTS": "localhost",
        "OPEN_MAIL_DOMAINS": "wales.nhs.uk,example.org",
        "VAR_DIR": str(folder),
        "SAMPLE_PASSWORD": PASSWORD,
        "SAMPLE_TOTP_SECRET": TOTP_SECRET,
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    copy_of_filled(f"journeys_{name}", env, shared / "static")
    (folder / "static").symlink_to(shared / "static")
    academy = Academy(url=url, post=post, env=env, children={}, mail_port=mail)
    with ExitStack() as last:
        academy.open_relay()
        last.callback(academy.close_relay)
        last.callback(academy.stop)
        for part in ("web", "worker", "beat"):
            academy.start(part)
        academy.wait_until_it_answers()
        yield academy
