"""The web application over the small world, and people who visit it.

``pages.visit("lead")`` is a client signed in as one of ``tests.world.PEOPLE``.  A module whose
tests need just one kind of database says so with a fixture of its own::

    @pytest.fixture
    def database(sqlite_database):
        return sqlite_database
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from qipp_assure.accounts.passwords import hash_password
from qipp_assure.app import create_app
from qipp_assure.database import Database
from tests.world import World

PASSWORD = "four plain words here"


def token(page: str) -> str:
    """The token in a page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None, "the page has no form with a token"
    return found[1]


def send(
    client: FlaskClient, path: str, fields: dict[str, Any] | None = None, *, to: str | None = None
) -> TestResponse:
    """Open a page and send its form, there or to another address."""
    mark = token(client.get(path).text)
    return client.post(to or path, data={"csrf_token": mark, **(fields or {})})


class Pages:
    """An application and its visitors."""

    def __init__(self, app: Flask, world: World, database: Database) -> None:
        self.app = app
        self.world = world
        self.database = database

    def anonymous(self) -> FlaskClient:
        """A client of nobody in particular."""
        return self.app.test_client()

    def visit(self, name: str) -> FlaskClient:
        """A client signed in as somebody of the world."""
        client = self.anonymous()
        with self.database.reading() as session:
            person = self.world.person(session, name)
        with client.session_transaction() as cookie:
            cookie["person_id"] = person.id
            cookie["generation"] = person.generation
            cookie["signed_in_at"] = int(datetime.now(UTC).timestamp())
        return client

    def person_id(self, name: str) -> int:
        """The row id of somebody of the world."""
        with self.database.reading() as session:
            return self.world.person(session, name).id


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of the password that people of the world have."""
    return hash_password(PASSWORD)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an application over the test's database."""
    return Settings(home=tmp_path / "home", database_url=database.url, secret_key="s" * 32)


@pytest.fixture
def pages(settings: Settings, world: World, database: Database, password_hash: str) -> Pages:
    """The application over the small world, in which everybody has the same password."""
    with database.writing() as session:
        for name in world.actors:
            world.person(session, name).password_hash = password_hash
    app = create_app(settings, database)
    app.testing = True  # a fault of ours is raised, not shown as a page
    return Pages(app, world, database)
