"""Signing in and out, links for passwords, and one's own account, through the pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from qipp_assure.accounts.gate import LONGEST_SESSION
from qipp_assure.accounts.letters import password_link_handler
from qipp_assure.accounts.sign_in import MAX_FAILURES, PASSWORD_LINK_JOB
from qipp_assure.database import Database
from qipp_assure.jobs.worker import work_once
from qipp_assure.mail.mailer import FileMailer
from tests.pages import PASSWORD, Pages, send

NEW = "another five plain words"
BASE = "https://qipp.example.nhs.uk"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are of pages."""
    return sqlite_database


class Letters:
    """The letters that the worker has sent."""

    def __init__(self, database: Database, folder) -> None:
        self.database = database
        self.folder = folder
        self.mailer = FileMailer(folder)

    def deliver(self) -> list[str]:
        """Does the waiting jobs and returns all letters so far."""
        handler = password_link_handler(self.database, self.mailer, BASE)
        while work_once(self.database, {PASSWORD_LINK_JOB: handler}):
            pass
        files = sorted(self.folder.glob("*.eml"), key=lambda p: p.stat().st_mtime_ns)
        return [file.read_text(encoding="utf-8").replace("=\n", "") for file in files]


@pytest.fixture
def letters(database: Database, tmp_path) -> Letters:
    """The letters of this test."""
    return Letters(database, tmp_path / "mail")


def enter(client: FlaskClient, name: str, password: str = PASSWORD, **more: str):
    return send(client, "/login", {"email": f"{name}@example.nhs.uk", "password": password, **more})


def link_in(letter: str) -> str:
    found = re.search(rf"{BASE}(/password/[\w-]+)", letter)
    assert found is not None
    return found[1]


def test_somebody_signs_in_and_out(pages: Pages) -> None:
    client = pages.anonymous()
    assert client.get("/account").location == "/login?next=/account"
    answer = enter(client, "lead", next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "lead@example.nhs.uk" in client.get("/account").text
    assert client.get("/login").status_code == 303
    answer = send(client, "/account", to="/logout")
    assert answer.location == "/login"
    assert "You are signed out." in client.get("/login").text
    assert client.get("/account").status_code == 302


def test_an_address_elsewhere_is_not_followed_after_signing_in(pages: Pages) -> None:
    for target in ("//evil.example", "/%09/evil.example", "https://evil.example"):
        assert enter(pages.anonymous(), "lead", next=target).location == "/"


def test_signing_in_begins_a_new_session(pages: Pages) -> None:
    client = pages.anonymous()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    enter(client, "lead")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "csrf_token" not in cookie
        assert cookie.permanent


def test_the_cookie_is_closed_to_scripts_and_other_sites(pages: Pages) -> None:
    cookie = enter(pages.anonymous(), "lead").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_wrong_password_and_a_wrong_address_get_the_same_answer(pages: Pages) -> None:
    known = enter(pages.anonymous(), "lead", "wrong").text
    unknown = enter(pages.anonymous(), "leap", "wrong").text
    assert "The email address or the password is not right" in known
    mark = re.compile(r'value="[^"]*"')
    assert mark.sub("", known) == mark.sub("", unknown)
    assert "wrong" not in re.findall(r'value="([^"]*)"', known)


def test_too_many_wrong_passwords_lock_and_an_administrator_unlocks(pages: Pages) -> None:
    client = pages.anonymous()
    for _ in range(MAX_FAILURES):
        answer = enter(client, "lead", "wrong")
    assert "too many attempts" in answer.text
    assert "too many attempts" in enter(client, "lead").text
    admin = pages.visit("admin")
    path = f"/people/{pages.person_id('lead')}"
    assert "Locked until" in admin.get(path).text
    assert send(admin, path, to=f"{path}/unlock").status_code == 303
    assert "Lead can sign in again." in admin.get(path).text
    assert enter(client, "lead").status_code == 303


def test_what_is_missing_is_said(pages: Pages) -> None:
    answer = send(pages.anonymous(), "/login", {})
    assert "Enter your email address" in answer.text
    assert "Enter your password" in answer.text


@pytest.mark.parametrize("path", ["/forgotten-password", "/first-sign-in"])
def test_asking_for_a_link_says_the_same_for_everybody(
    pages: Pages, letters: Letters, path: str
) -> None:
    answers = {
        send(pages.anonymous(), path, {"email": email}).text.replace(email, "")
        for email in ("lead@example.nhs.uk", "nobody@example.nhs.uk")
    }
    assert len(answers) == 1
    sent = letters.deliver()
    assert len(sent) == 1
    assert "To: lead@example.nhs.uk" in sent[0]


def test_a_link_sets_a_password_once_and_ends_other_sessions(
    pages: Pages, letters: Letters
) -> None:
    elsewhere = pages.visit("lead")
    assert elsewhere.get("/account").status_code == 200
    client = pages.anonymous()
    send(client, "/forgotten-password", {"email": "lead@example.nhs.uk"})
    path = link_in(letters.deliver()[0])
    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200  # opening it uses nothing up
    weak = send(client, path, {"password": "aaaaaaaaaaaa", "password_again": "aaaaaaaaaaaa"})
    assert "one of the first that anybody would try" in weak.text
    unlike = send(client, path, {"password": NEW, "password_again": NEW + "x"})
    assert "Enter the same new password twice" in unlike.text
    assert NEW not in unlike.text
    done = send(client, path, {"password": NEW, "password_again": NEW})
    assert done.location == "/login"
    assert elsewhere.get("/account").status_code == 302
    assert client.get(path).status_code == 400
    assert "The email address or the password is not right" in enter(client, "lead").text
    assert enter(client, "lead", NEW).status_code == 303


@pytest.mark.parametrize("mark", ["x", "x" * 5000, "%00", "../login%00"])
def test_a_link_that_nobody_issued_is_explained(pages: Pages, mark: str) -> None:
    answer = pages.anonymous().get(f"/password/{mark}")
    assert answer.status_code in {400, 404}


def test_a_letter_names_its_person_and_how_long_it_lasts(pages: Pages, letters: Letters) -> None:
    send(pages.anonymous(), "/forgotten-password", {"email": "LEAD@example.nhs.uk"})
    (letter,) = letters.deliver()
    assert "Dear Lead," in letter
    assert "works once, for 2 hours" in letter


def test_nobody_asks_twice_within_a_minute(pages: Pages, letters: Letters) -> None:
    for _ in range(3):
        send(pages.anonymous(), "/forgotten-password", {"email": "lead@example.nhs.uk"})
    assert len(letters.deliver()) == 1


def test_ones_own_password_takes_the_present_one(pages: Pages) -> None:
    client, elsewhere = pages.visit("lead"), pages.visit("lead")
    path = "/account/password"
    new = {"password": NEW, "password_again": NEW}
    wrong = send(client, path, {"password_now": "wrong", **new})
    assert "The current password is not right" in wrong.text
    assert send(client, path, {"password_now": PASSWORD, **new}).location == "/account"
    assert "signed out everywhere else" in client.get("/account").text
    assert elsewhere.get("/account").status_code == 302


def test_a_session_ends_after_half_a_day(pages: Pages) -> None:
    client = pages.visit("lead")
    with client.session_transaction() as cookie:
        cookie["signed_in_at"] = int((datetime.now(UTC) - LONGEST_SESSION).timestamp()) + 60
    assert client.get("/account").status_code == 200
    with client.session_transaction() as cookie:
        cookie["signed_in_at"] -= int(timedelta(minutes=2).total_seconds())
    assert client.get("/account").status_code == 302


def test_a_forged_cookie_is_nobody(pages: Pages) -> None:
    for held in ({"person_id": "1"}, {"person_id": 999_999}, {"person_id": True}):
        client = pages.anonymous()
        with client.session_transaction() as cookie:
            cookie.update(generation=1, signed_in_at=int(datetime.now(UTC).timestamp()), **held)
        assert client.get("/account").status_code in {200, 302}
        if held["person_id"] is not True:
            assert client.get("/account").status_code == 302
