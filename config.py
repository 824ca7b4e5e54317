"""Settings, read once from the environment."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_HOME = Path(__file__).resolve().parent / "var"
_MIN_SECRET = 32


class SettingsError(Exception):
    """A setting is missing or cannot be read; the message names it and what would be right."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How mail is sent; without a host it is written into files."""

    host: str
    port: int = 587
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = "qipp-assure@localhost"
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process."""

    home: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    production: bool = False
    port: int = 8000
    workers: int = 2
    base_url: str = "http://127.0.0.1:8000"
    smtp: SmtpSettings | None = None

    @property
    def packs(self) -> Path:
        """Where finished feedback packs lie."""
        return self.home / "packs"

    @property
    def mail(self) -> Path:
        """Where mail is written when there is no SMTP server."""
        return self.home / "mail"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings.

        A production start needs SECRET_KEY; elsewhere a random one is made and kept in the home.

        Raises:
            SettingsError: a setting is missing or cannot be read.
        """
        production = _production(environment)
        home = Path(environment.get("QIPP_HOME") or DEFAULT_HOME).expanduser().absolute()
        port = _whole(environment, "PORT", 8000, 1, 65_535)
        key = environment.get("SECRET_KEY") or ""
        if production and len(key) < _MIN_SECRET:
            raise SettingsError(
                f"SECRET_KEY is needed in production: at least {_MIN_SECRET} random characters, "
                'such as python -c "import secrets; print(secrets.token_hex(32))" prints'
            )
        base_url = environment.get("QIPP_BASE_URL") or f"http://127.0.0.1:{port}"
        if not base_url.startswith(("http://", "https://")):
            raise SettingsError("QIPP_BASE_URL must begin with https:// or http://")
        return cls(
            home=home,
            database_url=environment.get("DATABASE_URL") or f"sqlite:///{home / 'qipp-assure.db'}",
            secret_key=key or _kept_key(home),
            production=production,
            port=port,
            workers=_whole(environment, "WORKERS", 2, 1, 64),
            base_url=base_url.rstrip("/"),
            smtp=_smtp(environment),
        )


def _production(environment: Mapping[str, str]) -> bool:
    name = environment.get("QIPP_ENV") or "demonstration"
    if name not in {"production", "demonstration"}:
        raise SettingsError(f"QIPP_ENV is production or demonstration, not {name[:40]!r}")
    return name == "production"


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not (
        text.isascii()
        and text.isdigit()
        and len(text) <= len(str(most))
        and least <= int(text) <= most
    ):
        raise SettingsError(f"{name} must be a whole number from {least} to {most:,}")
    return int(text)


def _smtp(environment: Mapping[str, str]) -> SmtpSettings | None:
    host = environment.get("SMTP_HOST")
    if not host:
        return None
    return SmtpSettings(
        host=host,
        port=_whole(environment, "SMTP_PORT", 587, 1, 65_535),
        user=environment.get("SMTP_USER") or None,
        password=environment.get("SMTP_PASSWORD") or None,
        sender=environment.get("SMTP_SENDER") or "qipp-assure@localhost",
        starttls=(environment.get("SMTP_STARTTLS") or "1") != "0",
    )


def _kept_key(home: Path) -> str:
    """Return the home's own key; the first start makes it, readable by its owner alone."""
    path = home / "secret_key"
    home.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # A name of its own for each that tries, readable by its owner alone.
        handle, name = tempfile.mkstemp(prefix=".secret_key.", dir=home)
        passing = Path(name)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        # A link appears whole or not at all, and the first of two processes wins.
        with contextlib.suppress(FileExistsError):
            os.link(passing, path)
        passing.unlink()
    return path.read_text(encoding="ascii").strip()
