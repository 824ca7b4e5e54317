"""What all tests share: databases of both kinds, a browser, and walls around the test run.

Databases are made by the migrations once a process and copied for each test, so a test that asks
for ``database`` runs twice, on SQLite and on PostgreSQL, each time on a new and migrated one.
``./run test`` starts the server and names it in TEST_POSTGRES_URL, and the browser in
TEST_CHROMIUM.  A test that lacks one is skipped loudly, and with CI set it fails.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright
from sqlalchemy.engine import make_url

from qipp_assure.database import Database, upgrade

pytest_plugins = ["tests.world", "tests.pages", "tests.sent_in"]
MAIL_PORTS = {25, 465, 587}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
MISSING = "not here: "


def do_without(what: str) -> None:
    """Skip a test for want of a program; where CI is set that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{MISSING}{what}")
    pytest.skip(f"{MISSING}{what}")


# ---------------------------------------------------------------- walls


class WalledSocket(socket.socket):
    """A socket that connects only to this machine, and never to a mail server."""

    def _refuse_outside(self, address: Any) -> None:
        if not isinstance(address, tuple):
            return  # a socket in the file system
        host, port = address[0], address[1]
        if host in LOOPBACK and port not in MAIL_PORTS:
            return
        self.close()
        if host not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {host}:{port}, outside this machine")
        raise AssertionError(f"a test tried to send mail for real, through port {port}")

    def connect(self, address: Any, /) -> None:
        """Connect, if the address is one of this machine's."""
        self._refuse_outside(address)
        super().connect(address)

    def connect_ex(self, address: Any, /) -> int:
        """Connect without raising the system's errors, if the address is this machine's."""
        self._refuse_outside(address)
        return super().connect_ex(address)


def pytest_configure(config: pytest.Config) -> None:
    """Put up the wall before any test module is imported."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket, "socket", WalledSocket)
    config.add_cleanup(patch.undo)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees, or touches, what the person who runs it has set up."""
    for name in ("DATABASE_URL", "SECRET_KEY", "QIPP_ENV", "WORKERS", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QIPP_HOME", str(tmp_path / "qipp-home"))


# ---------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    upgrade(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


class PostgresServer:
    """The tests' PostgreSQL server: makes and drops databases on it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, autocommit=True)

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of another and return its name."""
        name = f"qipp_test_{uuid4().hex}"
        self._connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def address(self, name: str) -> str:
        """Return the SQLAlchemy address of a database on this server."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        """Close the connection that makes and drops."""
        self._connection.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server that `./run test` started."""
    url = os.environ.get("TEST_POSTGRES_URL")
    if not url:
        do_without("PostgreSQL (TEST_POSTGRES_URL is not set; ./run test sets it)")
    server = PostgresServer(str(url))
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database to copy."""
    name = postgres_server.create()
    upgrade(postgres_server.address(name))
    yield name
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on; tests that ask for it run on both."""
    return str(request.param)


@pytest.fixture
def empty_database_url(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """The address of a new database without any table, for tests of migrations."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.address(name)
    server.drop(name)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new, migrated database, once of each kind."""
    if backend == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    holds_world = "world" in request.fixturenames
    template: str = request.getfixturevalue(
        "postgres_world" if holds_world else "postgres_template"
    )
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create(template)
    yield server.address(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A new, migrated database, once of each kind."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, migrated SQLite database, for tests that need just one kind.

    For a test that asks for ``world`` too, here and on PostgreSQL, it holds the world already.
    """
    holds_world = "world" in request.fixturenames
    template: Path = request.getfixturevalue("sqlite_world" if holds_world else "sqlite_template")
    path = tmp_path / "qipp.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A new, migrated SQLite database, for tests of pages and words rather than of storage."""
    database = Database(sqlite_url)
    yield database
    database.dispose()


# ---------------------------------------------------------------- browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    program = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium")
    if not program:
        do_without("Chromium (TEST_CHROMIUM is not set; ./run test sets it)")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page of this test did wrong so far."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page in a context of its own.

    The test fails if the page asks for anything outside this machine, breaks its content security
    policy, or has an error in a script.
    """

    def keep_inside(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in {"http", "https"} and address.hostname not in LOOPBACK:
            complaints.append(f"asked for {route.request.url}")
            route.abort()
        else:
            route.continue_()

    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(15_000)
    context.route("**/*", keep_inside)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"console: {message.text}")
            # The status of an error page, which some tests ask for, is reported here as well.
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield page
    context.close()
    assert complaints == []


# ---------------------------------------------------------------- skips are loud


def _skipped(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return []
    return [report.nodeid for report in reporter.stats.get("skipped", [])]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI set, a run in which anything was skipped has failed."""
    if os.environ.get("CI") and _skipped(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say at the end, where it is seen, what did not run."""
    skipped = _skipped(config)
    if skipped:
        terminalreporter.section("TESTS THAT DID NOT RUN", red=True, bold=True)
        for nodeid in skipped:
            terminalreporter.line(f"  {nodeid}")
        terminalreporter.line(f"{len(skipped)} did not run; see the reasons above.", red=True)
