"""The walls around the test run, and the databases and browser that it gives to tests."""

from __future__ import annotations

import smtplib
import socket
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import sqlalchemy as sa
from playwright.sync_api import Error, Page

from qipp_assure.database import Database


def test_no_test_reaches_outside_this_machine() -> None:
    with pytest.raises(AssertionError, match="outside this machine"):
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)
    with socket.socket() as plain, pytest.raises(AssertionError, match="outside this machine"):
        plain.connect_ex(("192.0.2.1", 443))


@pytest.mark.parametrize("port", [25, 465, 587])
def test_no_test_sends_mail_for_real(port: int) -> None:
    with pytest.raises(AssertionError, match="send mail"):
        smtplib.SMTP("127.0.0.1", port, timeout=1)


def test_a_database_comes_migrated_and_is_the_tests_own(database: Database, backend: str) -> None:
    assert database.is_current()
    assert database.engine.dialect.name == backend
    with database.writing() as session:
        session.execute(sa.text("CREATE TABLE left_behind (id INTEGER)"))


def test_nothing_of_another_test_is_left_in_it(database: Database) -> None:
    assert "left_behind" not in sa.inspect(database.engine).get_table_names()


def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert sa.inspect(database.engine).get_table_names() == []
    database.dispose()


class Greeting(BaseHTTPRequestHandler):
    """Answers every request with a small page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Greeting</title><p>Good day")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_the_browser_opens_pages_of_this_machine(page: Page, address: str) -> None:
    page.goto(address)
    assert page.title() == "Greeting"


def test_the_browser_opens_no_others(page: Page, complaints: list[str]) -> None:
    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto("http://192.0.2.1/")
    assert complaints == ["asked for http://192.0.2.1/"]
    complaints.clear()
