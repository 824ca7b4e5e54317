"""What the room of accounts adds to the application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from flask import Flask, url_for

from qipp_assure.accounts import administration, views
from qipp_assure.accounts.gate import Account, load_account
from qipp_assure.accounts.policies import can_administer
from qipp_assure.accounts.queries import UnknownPerson
from qipp_assure.web import errors, frame, signed_in
from qipp_assure.web.signed_in import SignedIn


def register(app: Flask) -> None:
    """Adds the pages, the signed-in person, and an administrator's start."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(administration.blueprint)
    signed_in.register_loader(app, load_account)
    errors.not_found(app, UnknownPerson)
    frame.register_navigation(app, _links)
    frame.register_start(app, _start)


def _links(person: SignedIn) -> Iterator[frame.Link]:
    if can_administer(cast("Account", person).roles):
        yield frame.Link("People", url_for("people.list_all"))


def _start(person: SignedIn) -> str | None:
    if can_administer(cast("Account", person).roles):
        return url_for("people.list_all")
    return None
