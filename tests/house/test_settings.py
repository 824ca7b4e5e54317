"""Settings: production refuses to start without a secret, everything else has a default."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from config import Settings, SettingsError

SECRET = "s" * 32


def settings(tmp_path, **changed):
    return Settings.from_environment({"QIPP_HOME": str(tmp_path / "home"), **changed})


def test_what_is_set_when_nothing_is(tmp_path):
    found = settings(tmp_path)
    assert not found.production
    assert (found.port, found.workers) == (8000, 2)
    assert found.database_url == f"sqlite:///{tmp_path / 'home' / 'qipp-assure.db'}"
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.smtp is None
    assert found.packs == tmp_path / "home" / "packs"
    assert found.mail == tmp_path / "home" / "mail"


def test_the_demonstration_keeps_the_secret_it_made(tmp_path):
    first = settings(tmp_path).secret_key
    assert len(first) == 64
    assert settings(tmp_path).secret_key == first
    kept = tmp_path / "home" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert settings(tmp_path, SECRET_KEY=SECRET).secret_key == SECRET


def test_starting_twice_at_once_makes_one_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: settings(tmp_path).secret_key, range(8)))
    assert len(found) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret_key"]


@pytest.mark.parametrize("secret", [None, "", "too short"])
def test_production_needs_a_secret(tmp_path, secret):
    given = {} if secret is None else {"SECRET_KEY": secret}
    with pytest.raises(SettingsError, match="SECRET_KEY is needed"):
        settings(tmp_path, QIPP_ENV="production", **given)
    assert not (tmp_path / "home").exists()
    assert settings(tmp_path, QIPP_ENV="production", SECRET_KEY=SECRET).production


@pytest.mark.parametrize(
    "changed",
    [
        {"PORT": "http"},
        {"PORT": "0"},
        {"PORT": "65536"},
        {"PORT": "٨٠"},
        {"PORT": "9" * 5_000},
        {"WORKERS": "-1"},
        {"QIPP_ENV": "prod"},
        {"QIPP_BASE_URL": "javascript:alert(1)"},
        {"SMTP_HOST": "mail", "SMTP_PORT": "none"},
    ],
)
def test_settings_that_cannot_be_read(tmp_path, changed):
    with pytest.raises(SettingsError):
        settings(tmp_path, **changed)


def test_secrets_are_not_shown(tmp_path):
    found = settings(
        tmp_path,
        SECRET_KEY=SECRET,
        SMTP_HOST="mail.example.nhs.uk",
        SMTP_USER="qipp",
        SMTP_PASSWORD="mail-secret",
        DATABASE_URL="postgresql://qipp:db-secret@db/qipp",
    )
    assert found.smtp is not None
    assert (found.smtp.port, found.smtp.starttls) == (587, True)
    assert not any(secret in repr(found) for secret in (SECRET, "mail-secret", "db-secret"))
