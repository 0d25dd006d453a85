import http.client
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest

from devkit import inbox, processes


def letter(subject="Your place", html="<p>Hello <a href='https://a.example/b'>there</a></p>"):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "improver1@example.org", subject
    mail.set_content("Open https://a.example/confirm/abc. <b>Diolch</b> ŵŷ")
    mail.add_alternative(html, subtype="html")
    mail.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="place.ics")
    return mail


@pytest.fixture
def running(tmp_path):
    """The inbox as its own process, keeping mail in this test's folder."""
    smtp, pages = processes.free_port(), processes.free_port()
    code = (
        "import asyncio, sys; from pathlib import Path; from devkit import inbox;"
        "smtp, pages, folder = sys.argv[1:];"
        "asyncio.run(inbox.serve('127.0.0.1', int(smtp), int(pages), Path(folder)))"
    )
    command = [sys.executable, "-c", code, str(smtp), str(pages), str(tmp_path)]
    with subprocess.Popen(command) as child:
        while not (processes.port_open(smtp) and processes.port_open(pages)):
            assert child.poll() is None
            time.sleep(0.05)
        yield smtp, pages
        child.terminate()


def ask(port, path, host="localhost"):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("GET", path, headers={"Host": f"{host}:{port}"})
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return answer.status, answer.headers, body


def test_a_mail_is_kept_and_shown_newest_first(running, tmp_path):
    smtp, pages = running
    with smtplib.SMTP("127.0.0.1", smtp) as sender:
        sender.send_message(letter("First"))
        sender.send_message(letter("Second"))

    _, headers, listed = ask(pages, "/")
    newest = max(tmp_path.glob("*.eml"))
    _, _, shown = ask(pages, f"/mail/{newest.stem}")
    _, html_headers, html = ask(pages, f"/html/{newest.stem}")

    assert listed.index("Second") < listed.index("First")
    assert '<a href="https://a.example/confirm/abc" target="_blank"' in shown
    assert "&lt;b&gt;Diolch&lt;/b&gt; ŵŷ" in shown
    assert "<a href='https://a.example/b'>there</a>" in html
    assert "Attached: place.ics" in shown
    assert "<pre>BEGIN:VCALENDAR" in shown
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in html_headers["Content-Security-Policy"]
    assert newest.stat().st_mode & 0o777 == 0o600


def test_a_page_elsewhere_cannot_read_it_under_a_borrowed_name(running):
    status, _, body = ask(running[1], "/", host="evil.example")

    assert (status, body) == (403, "Not here")


@pytest.mark.parametrize("path", ["/mail/..%2fkeys", "/mail/../keys", "/mail/", "/x", "/html/1"])
def test_there_is_nothing_but_mail_to_read(running, path):
    assert ask(running[1], path)[0] == 404


def test_markup_in_a_subject_is_only_text(tmp_path):
    inbox.keep(letter("<script>alert(1)</script>").as_bytes(), tmp_path)

    assert "<script>" not in inbox.inbox(tmp_path)


def test_mails_of_one_moment_are_all_kept(tmp_path):
    for _ in range(3):
        inbox.keep(letter().as_bytes(), tmp_path)

    assert len(list(tmp_path.glob("*.eml"))) == 3
