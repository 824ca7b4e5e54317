"""The administrator's pages for people and roles."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from qipp_assure.accounts.queries import list_grants
from qipp_assure.database import Database
from tests.pages import Pages, send

GRANT = {
    "role": "region_lead",
    "organisation": "Q31",
    "starts_on-day": "1",
    "starts_on-month": "4",
    "starts_on-year": "2011",
}
PAGES = (
    "/people/",
    "/people/new",
    "/people/roles/waiting",
    "/people/{person}",
    "/people/{person}/close",
    "/people/{person}/roles/new",
    "/people/roles/{grant}/end",
    "/organisations/",
    "/organisations/new",
    "/organisations/1",
    "/organisations/1/edit",
    "/organisations/1/successors/new",
)
POSTS = (
    "/people/new",
    "/people/{person}/close",
    "/people/{person}/reopen",
    "/people/{person}/unlock",
    "/people/{person}/link",
    "/people/{person}/roles/new",
    "/people/roles/{grant}/confirm",
    "/people/roles/{grant}/end",
    "/organisations/new",
    "/organisations/1/edit",
    "/organisations/1/successors/new",
)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are of pages."""
    return sqlite_database


@pytest.fixture
def admin(pages: Pages) -> FlaskClient:
    """An administrator's client."""
    return pages.visit("admin")


def grant_of(pages: Pages, name: str) -> int:
    with pages.database.reading() as session:
        return list_grants(session, person=pages.world.person(session, name))[0].id


@pytest.mark.parametrize(
    "name", ["lead", "director", "contributor", "reviewer", "approver", "analyst"]
)
def test_other_roles_are_kept_out(pages: Pages, name: str) -> None:
    client = pages.visit(name)
    numbers = {"person": pages.person_id("neighbour"), "grant": grant_of(pages, "neighbour")}
    for path in PAGES:
        assert client.get(path.format(**numbers)).status_code == 403, path
    for path in POSTS:
        answer = send(client, "/account", to=path.format(**numbers))
        assert answer.status_code == 403, path
    assert "/people/" not in client.get("/account").text


def test_every_page_opens_for_an_administrator(pages: Pages, admin: FlaskClient) -> None:
    numbers = {"person": pages.person_id("neighbour"), "grant": grant_of(pages, "neighbour")}
    for path in PAGES:
        answer = admin.get(path.format(**numbers))
        assert answer.status_code == 200, path
        assert answer.text.count("<h1") == 1
        for form in re.findall(r'<form[^>]*method="post".*?</form>', answer.text, re.DOTALL):
            assert 'name="csrf_token"' in form
    assert admin.get("/").location == "/people/"
    for path in ("/people/999999", "/people/roles/999999/end", "/organisations/99999999999999999"):
        assert admin.get(path).status_code == 404


def test_people_are_found_by_part_of_name_or_address(admin: FlaskClient) -> None:
    page = admin.get("/people/?q=NEIGH").text
    assert "1 person found" in page
    assert "neighbour@example.nhs.uk" in page
    assert "lead@example.nhs.uk" not in page
    assert "1 person found" in admin.get("/people/?q=_").text  # in an address, not a wildcard
    for words in ("%", "__", "<script>", "\\"):
        assert "Nobody has this" in admin.get("/people/", query_string={"q": words}).text


def test_a_person_is_added_and_given_a_role(pages: Pages, admin: FlaskClient) -> None:
    hostile = 'Ann <script>alert(1)</script> "O\u2019Neill'
    answer = send(admin, "/people/new", {"name": hostile, "email": "Ann@Example.nhs.uk"})
    assert answer.status_code == 303
    page = admin.get(answer.location).text
    assert "<script>alert" not in page
    assert "A link is on its way to ann@example.nhs.uk" in page
    assert "Has not signed in yet" in page
    answer = send(admin, f"{answer.location}/roles/new", GRANT)
    assert answer.status_code == 303
    page = admin.get(answer.location).text
    assert "Region&#39;s QIPP lead" in page
    assert "North West (Q31)" in page
    assert "From 1 April 2011" in page
    assert "Held" in page


def test_an_address_that_is_taken_comes_back_in_the_form(admin: FlaskClient) -> None:
    answer = send(admin, "/people/new", {"name": "Second", "email": "LEAD@example.nhs.uk"})
    assert answer.status_code == 200
    assert "There is an account for lead@example.nhs.uk already" in answer.text
    assert 'value="Second"' in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role": "king"}, "Choose one of the answers shown"),
        ({"organisation": "Q99"}, "Choose one of the answers shown"),
        ({"organisation": ""}, "Choose an organisation"),
        ({"organisation": "DH"}, "is not a role of the national body"),
        ({"role": "reviewer"}, "is a role of the national body"),
        ({"workstream": "w1"}, "Only a contributor&#39;s role can be for one workstream"),
        ({"starts_on-day": "31"}, "First day must be a real date"),
        (
            {"ends_on-day": "1", "ends_on-month": "3", "ends_on-year": "2011"},
            "The last day cannot come before the first",
        ),
    ],
)
def test_a_role_that_cannot_be_is_refused_in_the_form(
    pages: Pages, admin: FlaskClient, fields: dict[str, str], words: str
) -> None:
    path = f"/people/{pages.person_id('lead')}/roles/new"
    answer = send(admin, path, {**GRANT, **fields})
    assert answer.status_code == 200
    assert words in answer.text
    assert 'value="2011"' in answer.text


def test_nobody_grants_themselves_a_role(pages: Pages, admin: FlaskClient) -> None:
    path = f"/people/{pages.person_id('admin')}"
    assert "Give a role" not in admin.get(path).text
    fields = {**GRANT, "role": "reviewer", "organisation": "DH"}
    assert "Nobody can grant a role to themselves" in send(admin, f"{path}/roles/new", fields).text


def test_a_reviewer_takes_a_second_administrator(pages: Pages, admin: FlaskClient) -> None:
    path = f"/people/{pages.person_id('analyst')}"
    send(admin, f"{path}/roles/new", {**GRANT, "role": "reviewer", "organisation": "DH"})
    assert "Waiting for a second administrator" in admin.get(path).text
    confirm = f"/people/roles/{grant_of(pages, 'analyst')}/confirm"
    assert confirm not in admin.get(path).text
    send(admin, path, to=confirm)
    assert "Another administrator has to confirm this role" in admin.get(path).text
    second = pages.visit("second_admin")
    assert confirm in second.get("/people/roles/waiting").text
    assert send(second, path, to=confirm).location == path
    assert "The role of Analyst is confirmed." in second.get(path).text
    assert "No role waits" in second.get("/people/roles/waiting").text
    assert "Waiting for a second administrator" not in admin.get(path).text


def test_a_role_ends_at_once_or_after_a_day(pages: Pages, admin: FlaskClient) -> None:
    end = f"/people/roles/{grant_of(pages, 'lead')}/end"
    assert "Choose when the role ends" in send(admin, end, {}).text
    assert "Enter the last day" in send(admin, end, {"when": "later"}).text
    day = {"last_day-day": "31", "last_day-month": "3", "last_day-year": "2013"}
    assert send(admin, end, {"when": "later", **day}).status_code == 303
    assert "to 31 March 2013" in admin.get(f"/people/{pages.person_id('lead')}").text
    end = f"/people/roles/{grant_of(pages, 'analyst')}/end"
    assert send(admin, end, {"when": "now"}).status_code == 303
    assert "This role has ended already" in send(admin, end, {"when": "now"}).text


def test_closing_an_account_signs_them_out_at_once(pages: Pages, admin: FlaskClient) -> None:
    lead = pages.visit("lead")
    assert lead.get("/account").status_code == 200
    path = f"/people/{pages.person_id('lead')}"
    assert send(admin, f"{path}/close").status_code == 303
    assert lead.get("/account").status_code == 302
    page = admin.get(path).text
    assert "The account of Lead is closed." in page
    assert "Give a role" not in page
    send(admin, path, to=f"{path}/reopen")
    assert "is open again" in admin.get(path).text
    own = f"/people/{pages.person_id('admin')}"
    send(admin, own, to=f"{own}/close")
    assert "You cannot close your own account" in admin.get(own).text


def test_a_role_that_has_ended_opens_nothing(pages: Pages, admin: FlaskClient) -> None:
    second = pages.visit("second_admin")
    assert second.get("/people/").status_code == 200
    send(admin, f"/people/roles/{grant_of(pages, 'second_admin')}/end", {"when": "now"})
    assert second.get("/people/").status_code == 403
    assert "You have no role yet" in second.get("/").text


def test_a_list_of_people_asks_the_database_a_few_times_only(
    pages: Pages, admin: FlaskClient
) -> None:
    import sqlalchemy as sa

    asked: list[str] = []
    sa.event.listen(
        pages.database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: asked.append(statement),
    )
    admin.get("/people/")
    selects = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(selects) <= 5
    assert not [s for s in asked if s.startswith(("INSERT", "UPDATE", "DELETE", "COMMIT"))]
