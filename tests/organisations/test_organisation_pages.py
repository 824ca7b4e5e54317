"""The administrator's pages for organisations."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from qipp_assure.database import Database
from tests.pages import Pages, send

NEW = {
    "name": "Tees Valley CCG",
    "code": "00K",
    "kind": "ccg",
    "tier": "commissioner",
    "parent": "Q30",
    "starts_on-day": "1",
    "starts_on-month": "4",
    "starts_on-year": "2013",
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are of pages."""
    return sqlite_database


@pytest.fixture
def admin(pages: Pages) -> FlaskClient:
    """An administrator's client."""
    return pages.visit("admin")


def test_an_organisation_is_added_corrected_and_succeeded(admin: FlaskClient) -> None:
    answer = send(admin, "/organisations/new", NEW)
    assert answer.status_code == 303
    path = answer.location
    page = admin.get(path).text
    assert "North East (Q30)" in page
    assert "From 1 April 2013" in page
    assert "Local commissioner" in page
    edited = {
        "name": "NHS <b>Tees</b>",
        "starts_on-day": "2",
        "starts_on-month": "4",
        "starts_on-year": "2013",
        "ends_on-day": "31",
        "ends_on-month": "3",
        "ends_on-year": "2020",
    }
    assert send(admin, f"{path}/edit", edited).location == path
    page = admin.get(path).text
    assert "NHS &lt;b&gt;Tees&lt;/b&gt;" in page
    assert "From 2 April 2013 to 31 March 2020" in page
    when = {"on-day": "1", "on-month": "4", "on-year": "2020"}
    named = send(admin, f"{path}/successors/new", {"successor": "Q31", **when})
    assert named.location == path
    assert "North West (Q31)" in admin.get(path).text
    again = send(admin, f"{path}/successors/new", {"successor": "Q31", **when})
    assert "are linked already" in again.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "q 30"}, "A code has 1 to 10 capital letters"),
        ({"code": "Q30"}, "There is an organisation with the code Q30 already"),
        ({"tier": ""}, "Choose the tier"),
        ({"parent": "nobody"}, "Choose one of the answers shown"),
        ({"name": " "}, "Enter the organisation&#39;s name"),
        (
            {"ends_on-day": "1", "ends_on-month": "4", "ends_on-year": "2012"},
            "The last day cannot come before the first",
        ),
    ],
)
def test_what_cannot_be_comes_back_in_the_form(
    admin: FlaskClient, fields: dict[str, str], words: str
) -> None:
    answer = send(admin, "/organisations/new", {**NEW, **fields})
    assert answer.status_code == 200
    assert words in answer.text
    assert 'value="ccg"' in answer.text


def test_the_form_holds_what_is_known(admin: FlaskClient) -> None:
    page = admin.get("/organisations/2/edit").text
    assert 'value="North East"' in page
    assert 'value="2009"' in page


def test_organisations_are_found_by_name_or_code(admin: FlaskClient) -> None:
    page = admin.get("/organisations/?q=q3").text
    assert "2 organisations found" in page
    assert "Newcastle" not in page
    assert "No organisation has this" in admin.get("/organisations/?q=%3Cscript%3E").text
