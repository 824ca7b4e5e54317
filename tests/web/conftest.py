"""The application with pages that use everything, and somebody signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from qipp_assure.accounts.gate import Account
from qipp_assure.accounts.queries import Held, RolesOf
from qipp_assure.app import create_app
from qipp_assure.database import Database
from qipp_assure.vocabulary import Role, Tier
from qipp_assure.web import frame, signed_in
from tests.sink import sink


class Seat:
    """Where somebody sits before the screen, with the roles a test gives them."""

    def __init__(self) -> None:
        self.give()

    def give(self, *roles: Role) -> None:
        """Gives them these roles of the national body, and no others."""
        held = frozenset(Held(role, "DH", tier=Tier.NATIONAL) for role in roles)
        self.account = Account(7, "Nasreen Ali", "nasreen@example.nhs.uk", RolesOf(7, held))


@pytest.fixture
def seat() -> Seat:
    """Whoever is signed in."""
    return Seat()


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path, seat: Seat) -> Flask:
    """The application with the sink in it, and somebody signed in."""
    settings = Settings(home=tmp_path, database_url=sqlite_database.url, secret_key="s" * 32)
    app = create_app(settings, sqlite_database)
    app.register_blueprint(sink)
    signed_in.register_loader(app, lambda: seat.account)
    frame.register_navigation(app, lambda _person: [frame.Link("Sink", "/sink")])
    return app


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client of that application."""
    with app.test_client() as client:
        yield client
