"""Mail goes out whole, to whom it is for, and nothing typed becomes a header."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qipp_assure.mail import mailer as mailing
from qipp_assure.mail.mailer import FileMailer, SmtpMailer, compose


def read(path):
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def test_without_a_server_mail_is_a_file(tmp_path):
    folder = tmp_path / "mail"
    FileMailer(folder).send("ann@example.nhs.uk", "Your link", "Line one\nLine two £5\n")
    FileMailer(folder).send("ann@example.nhs.uk", "Your link", "Again")
    found = sorted(folder.iterdir())
    assert len(found) == 2
    assert all(path.suffix == ".eml" for path in found)
    message = read(found[0])
    assert message["To"] == "ann@example.nhs.uk"
    assert message["Subject"] == "Your link"
    assert message.get_content() == "Line one\nLine two £5\n"


def test_another_try_is_the_same_message(tmp_path):
    for body in ("first try", "second try"):
        FileMailer(tmp_path).send("ann@example.nhs.uk", "Link", body, key="job/7")
    (only,) = tmp_path.iterdir()
    assert read(only)["Message-ID"] == "<job-7@localhost>"


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_typed_becomes_a_header(subject, body):
    hostile = f"{subject}\r\nBcc: all@example.com\n\n{subject}"
    message = compose("a@example.nhs.uk", "b@example.nhs.uk", hostile, body, None)
    again = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert again["Bcc"] is None
    assert again["To"] == "b@example.nhs.uk"


class FakeServer:
    """Notes what a mailer asks of an SMTP server."""

    def __init__(self, host, port, timeout):
        self.said = [("connect", host, port)]
        self.timeout = timeout
        FakeServer.last = self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.said.append(("quit",))

    def starttls(self, context):
        assert context.check_hostname
        self.said.append(("starttls",))

    def login(self, user, password):
        self.said.append(("login", user, password))

    def send_message(self, message):
        self.said.append(("send", message["To"]))


@pytest.mark.parametrize("starttls", [True, False])
def test_sending_by_smtp(monkeypatch, starttls):
    monkeypatch.setattr(mailing.smtplib, "SMTP", FakeServer)
    mailer = SmtpMailer(
        "mail.example.nhs.uk", 587, "qipp@example.nhs.uk", "user", "pass", starttls=starttls
    )
    mailer.send("ann@example.nhs.uk", "Your link", "Hello")
    expected = [
        ("connect", "mail.example.nhs.uk", 587),
        ("starttls",),
        ("login", "user", "pass"),
        ("send", "ann@example.nhs.uk"),
        ("quit",),
    ]
    if not starttls:
        expected.remove(("starttls",))
    assert FakeServer.last.said == expected
    assert FakeServer.last.timeout == 20
