"""The database as views reach it: one read session a request, a write session where asked."""

from __future__ import annotations

from contextlib import ExitStack
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from qipp_assure.database import Database

_EXTENSION = "qipp_database"


def register(app: Flask, database: Database) -> None:
    """Gives the application its database, and closes what a request opened when it ends."""
    app.extensions[_EXTENSION] = database
    app.teardown_appcontext(_close)


def current_database() -> Database:
    """The application's database; `.writing()` is the way to change anything."""
    return cast("Database", current_app.extensions[_EXTENSION])


def current_session() -> Session:
    """The session this request reads with, opened when it is first asked for."""
    if "read_session" not in g:
        stack = ExitStack()
        g.read_session = stack.enter_context(current_database().reading())
        g.read_session_stack = stack
    return cast("Session", g.read_session)


def _close(_error: BaseException | None) -> None:
    stack = g.pop("read_session_stack", None)
    g.pop("read_session", None)
    if stack is not None:
        stack.close()
