"""The application as a whole: production settings, the log, and a database that is busy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import capture_logs

from config import Settings
from qipp_assure import database as storage
from qipp_assure.app import create_app
from qipp_assure.database import Database
from tests.pages import Pages, send


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are of pages."""
    return sqlite_database


@pytest.fixture
def production(sqlite_database: Database, tmp_path: Path) -> Flask:
    """The application as it is in production."""
    settings = Settings(
        home=tmp_path, database_url=sqlite_database.url, secret_key="s" * 32, production=True
    )
    return create_app(settings, sqlite_database)


def test_production_asks_for_encryption(production: Flask) -> None:
    answer = production.test_client().get("/login", base_url="https://qipp.example.nhs.uk")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-qipp=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_the_log_names_nobody(pages: Pages) -> None:
    client = pages.visit("admin")
    with capture_logs() as lines:
        client.get("/people/?q=ann.other@example.nhs.uk")
        client.get(f"/people/{pages.person_id('lead')}")
        client.get("/password/a-secret-token")
    assert [line["rule"] for line in lines] == [
        "/people/",
        "/people/<row:person_id>",
        "/password/<token>",
    ]
    for secret in ("ann.other", "example.nhs.uk", "a-secret-token", "127.0.0.1"):
        assert secret not in json.dumps(lines)


def test_a_database_that_is_locked_gets_503_and_reading_goes_on(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BUSY_TIMEOUT_MS", 100)
    pages.database.dispose()  # new connections wait for a moment only
    client = pages.visit("admin")
    with pages.database.writing():
        answer = send(client, "/people/new", {"name": "Ann", "email": "ann@example.nhs.uk"})
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "The service is busy or away" in answer.text
        assert client.get("/people/").status_code == 200
    answer = send(client, "/people/new", {"name": "Ann", "email": "ann@example.nhs.uk"})
    assert answer.status_code == 303


def test_readiness_says_what_is_missing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    settings = Settings(home=tmp_path, database_url=database.url, secret_key="s" * 32)
    client = create_app(settings, database).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["reasons"] == ["the database lacks migrations"]
    assert client.get("/healthz").status_code == 200
    database.dispose()
