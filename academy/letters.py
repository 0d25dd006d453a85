"""A notification made into mail: text and HTML, in the reader's language or in both."""

from __future__ import annotations

from email.header import Header
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from academy.bilingual import site_words
from academy.hooks import Letter
from academy.models import Notification, Person

SUBJECT_LENGTH = 120
STOP = "academy.letters.stop"


def absolute(path: str) -> str:
    return urljoin(settings.SITE_URL, path)


def chosen_words(facts: dict[str, Any], code: str) -> dict[str, Any]:
    """The facts, and each pair x_en / x_cy offered as x in the language being written."""
    words = dict(facts)
    for name in facts:
        stem, _, end = name.rpartition("_")
        if end == code and stem:
            words[stem] = facts[name] or facts.get(f"{stem}_{'en' if code == 'cy' else 'cy'}", "")
    return words


def subject(notification: Notification, code: str) -> str:
    """One line from the facts alone; it asks the database nothing. Call inside override(code)."""
    template = f"{notification.kind_of().template}.subject.txt"
    line = render_to_string(template, chosen_words(notification.facts, code))
    return " ".join(line.split())[:SUBJECT_LENGTH]


def link(notification: Notification) -> str:
    """The path the message points at, in the active language; empty when it points nowhere."""
    target = notification.facts.get("link")
    return reverse(target[0], args=target[1]) if target else ""


def stop_token(person: Person, kind: str) -> str:
    return signing.dumps([person.pk, kind], salt=STOP)


def read_stop_token(token: str) -> tuple[int, str]:
    """Person and kind; raises django.core.signing.BadSignature."""
    person, kind = signing.loads(token, salt=STOP)
    return int(person), str(kind)


def part(notification: Notification, letter: Letter, code: str) -> dict[str, Any]:
    """One language's part of a message: subject, text, links."""
    kind = notification.kind_of()
    path = link(notification)
    stop = ""
    if notification.person and kind.label and not kind.essential:
        stop = absolute(reverse("stop", args=[stop_token(notification.person, kind.name)]))
    context = {
        **chosen_words(notification.facts, code),
        "facts": notification.facts,
        "person": notification.person,
        "url": absolute(path) if path else "",
        **letter.context,
    }
    body = render_to_string(f"{kind.template}.txt", context).strip()
    return {
        "code": code,
        "subject": subject(notification, code),
        "body": body,
        "stop": stop,
        "site": site_words(),
    }


class Mail(EmailMultiAlternatives):
    """Its first encoded word leaves room for the name of the header: else the line is folded before
    it, and some programs show a subject that starts with a space."""

    def message(self, **how: Any) -> Any:
        made = super().message(**how)  # which refuses a subject of two lines
        encoded = Header(str(self.subject), header_name="Subject").encode()
        made.replace_header("Subject", encoded)
        return made


def compose(
    notification: Notification, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives | None:
    """The mail, ready to send; None when the message has lost its point."""
    parts, attachments = [], None
    for code in notification.languages():
        with override(code):
            letter = notification.kind_of().letter(notification)
            if letter is None:
                return None
            parts.append(part(notification, letter, code))
            attachments = letter.attachments if attachments is None else attachments
    context = {"parts": parts}
    headers = {"Message-ID": notification.message_id(), "Auto-Submitted": "auto-generated"}
    if parts[0]["stop"]:
        headers["List-Unsubscribe"] = f"<{parts[0]['stop']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = Mail(
        subject=" / ".join(one["subject"] for one in parts),
        body=render_to_string("academy/letter.txt", context),
        to=[notification.recipient()],
        headers=headers,
        connection=connection,
    )
    message.attach_alternative(render_to_string("academy/letter.html", context), "text/html")
    for attachment in attachments or ():
        message.attach(attachment.name, attachment.content, attachment.type)
    return message
