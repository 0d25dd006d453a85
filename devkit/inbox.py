"""A mail server that sends nothing on: it keeps each mail in `var/mail` and shows it on a page."""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from devkit.bootstrap import VAR, told

MAIL = VAR / "mail"
NEWEST = 200
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; {}".format(
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A mail's own HTML may bring its looks, and nothing else: no script, no picture from elsewhere.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; {}".format(
    "form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
STYLE = """
body { font: 1rem/1.5 sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem }
td, th { padding: .25rem 1rem .25rem 0; text-align: left; vertical-align: top }
pre { background: #f0f4f5; overflow-wrap: anywhere; padding: 1rem; white-space: pre-wrap }
iframe { border: 1px solid #aeb7bd; height: 40rem; width: 100% }
"""
numbers = count()


def keep(content: bytes, folder: Path) -> None:
    """A file named by its moment, whole or not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns():020}-{next(numbers):04}"
    part = folder / f"{name}.part"
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.rename(folder / f"{name}.eml")


class Keeper:
    """What aiosmtpd calls for each mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        keep(envelope.original_content or b"", self.folder)
        return "250 Kept"


def read(name: str, folder: Path) -> EmailMessage | None:
    file = folder / f"{name}.eml"
    if not re.fullmatch(r"[\d-]+", name) or not file.is_file():
        return None
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body else ""


def linked(text: str) -> str:
    """Escaped text with its web addresses made links."""
    pieces = re.split(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])", text)
    return "".join(
        f'<a href="{escape(piece)}" target="_blank" rel="noopener">{escape(piece)}</a>'
        if odd % 2
        else escape(piece)
        for odd, piece in enumerate(pieces)
    )


def page(title: str, body: str) -> str:
    head = (
        f'<meta charset="utf-8"><title>{escape(title)}</title><link rel="stylesheet" href="/style">'
    )
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def rows(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*.eml"), reverse=True)[:NEWEST]:
        mail = read(file.stem, folder)
        if mail is not None:
            when = time.strftime("%d %b %H:%M:%S", time.localtime(int(file.stem[:20]) / 1e9))
            link = f'<a href="/mail/{file.stem}">{escape(str(mail["subject"] or "No subject"))}</a>'
            yield f"<tr><td>{when}<td>{escape(str(mail['to']))}<td>{link}"


def inbox(folder: Path) -> str:
    table = "".join(rows(folder)) or "<tr><td colspan=3>No mail yet"
    head = "<tr><th scope=col>When<th scope=col>To<th scope=col>Subject"
    words = "<p>Everything the academy sends lands here and goes no further. Newest first.</p>"
    return page("Inbox", f"<h1>Inbox</h1>{words}<table>{head}{table}</table>")


def shown(name: str, mail: EmailMessage) -> str:
    names = ("From", "To", "Subject", "Date", "Message-ID")
    facts = "".join(f"<tr><th scope=row>{n}<td>{escape(str(mail[n] or ''))}" for n in names)
    files = ", ".join(escape(a.get_filename() or "a file") for a in mail.iter_attachments())
    body = f'<p><a href="/">Inbox</a></p><h1>{escape(str(mail["subject"] or ""))}</h1>'
    body += f"<table>{facts}</table><h2>Text</h2><pre>{linked(part(mail, 'plain'))}</pre>"
    body += f"<p>Attached: {files}</p>" if files else ""
    for one in mail.walk():
        if one.get_content_type() == "text/calendar":
            body += f"<h2>Calendar</h2><pre>{escape(str(one.get_content()))}</pre>"
    if part(mail, "html"):
        body += f'<h2>HTML</h2><iframe src="/html/{name}" title="The HTML part"></iframe>'
    return page(str(mail["subject"] or "No subject"), body)


class Reader(BaseHTTPRequestHandler):
    """The inbox page, for a browser on this machine: any other host name is refused."""

    folder = MAIL

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        if host not in {"localhost", "127.0.0.1"}:
            return self.answer("Not here", status=HTTPStatus.FORBIDDEN)
        if self.path == "/":
            return self.answer(inbox(self.folder))
        if self.path == "/style":
            return self.answer(STYLE, kind="text/css")
        _, room, *rest = self.path.split("/")
        mail = read(rest[0], self.folder) if rest else None
        if mail is None or room not in {"mail", "html"}:
            return self.answer("No such mail", status=HTTPStatus.NOT_FOUND)
        if room == "html":
            base = '<base target="_blank">'
            return self.answer(base + part(mail, "html"), policy=MAIL_POLICY)
        return self.answer(shown(rest[0], mail))

    def answer(
        self,
        text: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        kind: str = "text/html",
        policy: str = PAGE_POLICY,
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Addresses of mails are nobody's business in a log."""


async def serve(host: str, smtp: int, http: int, folder: Path = MAIL) -> None:
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, done.set)
    reader = type("FolderReader", (Reader,), {"folder": folder})
    pages = ThreadingHTTPServer((host, http), reader)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    server = await loop.create_server(
        lambda: SMTP(Keeper(folder), enable_SMTPUTF8=True), host, smtp
    )
    async with server:
        await done.wait()
    pages.shutdown()


def main(_words: list[str]) -> int:
    host = os.environ.get("INBOX_HOST", "127.0.0.1")
    smtp, http = (
        int(os.environ.get(n, d)) for n, d in (("SMTP_PORT", "1025"), ("INBOX_PORT", "8025"))
    )
    asyncio.run(serve(host, smtp, http))
    return 0


if __name__ == "__main__":
    sys.exit(told(main))
