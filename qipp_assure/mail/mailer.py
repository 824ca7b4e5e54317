"""The one door through which mail goes out."""

from __future__ import annotations

import re
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

SEND_MAIL_JOB = "send_mail"
"""Name of the job that sends one message; its payload is `to`, `subject` and `body`."""

_TIMEOUT_SECONDS = 20


class Mailer(Protocol):
    """Whatever can send a message."""

    def send(self, to: str, subject: str, body: str, *, key: str | None = None) -> None:
        """Send plain text to one address; `key` makes the same Message-ID on another try."""


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends by SMTP, with STARTTLS unless it is switched off."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = True

    def send(self, to: str, subject: str, body: str, *, key: str | None = None) -> None:
        """Send a message; raises OSError or SMTPException where that fails."""
        message = compose(self.sender, to, subject, body, key)
        with smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_SECONDS) as server:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user is not None and self.password is not None:
                server.login(self.user, self.password)
            server.send_message(message)


@dataclass(frozen=True, slots=True)
class FileMailer:
    """Puts each message as an ``.eml`` file into a folder, for demonstrations and tests."""

    folder: Path
    sender: str = "qipp-assure@localhost"

    def send(self, to: str, subject: str, body: str, *, key: str | None = None) -> None:
        """Write a message whole: under a passing name first, then moved into place."""
        message = compose(self.sender, to, subject, body, key)
        self.folder.mkdir(parents=True, exist_ok=True)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        name = _slug(key) if key else f"{moment}-{secrets.token_hex(4)}"
        passing = self.folder / f".{name}.part"
        passing.write_bytes(message.as_bytes())
        passing.replace(self.folder / f"{name}.eml")


def compose(sender: str, to: str, subject: str, body: str, key: str | None) -> EmailMessage:
    """Make a message; line breaks in what becomes a header are taken out."""
    message = EmailMessage()
    message["From"] = _one_line(sender)
    message["To"] = _one_line(to)
    message["Subject"] = _one_line(subject)
    message["Date"] = format_datetime(datetime.now(UTC))
    domain = _one_line(sender).rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{_slug(key) if key else secrets.token_hex(16)}@{domain}>"
    message.set_content(body.replace("\x00", "\ufffd"))
    return message


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)[:100]
