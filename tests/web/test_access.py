"""Who may reach a view: one policy each, and refused without."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qipp_assure.vocabulary import Role
from qipp_assure.web import access, signed_in


def test_a_view_without_a_policy_is_refused(client: FlaskClient) -> None:
    answer = client.get("/sink/undeclared")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_role_opens_its_pages_only(client: FlaskClient, seat: Any) -> None:
    assert client.get("/sink/admin").status_code == 403
    seat.give(Role.ANALYST)
    assert client.get("/sink/admin").status_code == 403
    seat.give(Role.ADMIN)
    assert client.get("/sink/admin").status_code == 200


def test_who_is_not_signed_in_is_asked_to(app: Flask, client: FlaskClient) -> None:
    signed_in.register_loader(app, lambda: None)
    answer = client.get("/sink?page=2")
    assert (answer.status_code, answer.location) == (302, "/login?next=/sink?page%3D2")
    here = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/sink", data={"words": "a long text"}, headers=here)
    assert answer.status_code == 401
    assert "a long text" in answer.text
    assert client.get("/sink/admin").status_code == 302


def test_a_view_has_one_policy() -> None:
    @access.policy("signed_in")
    def view() -> str:
        return ""

    with pytest.raises(ValueError, match="has a policy already"):
        access.policy("public")(view)


def test_a_policy_that_nobody_named_stops_the_start(app: Flask) -> None:
    access.check_names(app)
    app.add_url_rule("/x", "x", access.policy("sined_in")(lambda: ""))
    with pytest.raises(ValueError, match="no policy is named 'sined_in', which x asks for"):
        access.check_names(app)
    assert access.policy_of(app, "x") is None


def test_a_policy_gets_the_values_of_the_address(seat: Any) -> None:
    def own(_person: object, code: str) -> bool:
        return code == "Q30"

    rule = access.Policy("own", own)
    assert access.allows(rule, seat.account, {"code": "Q30"})
    assert not access.allows(rule, seat.account, {"code": "Q31"})
    assert not access.allows(rule, None, {"code": "Q30"})


def test_a_name_means_one_policy() -> None:
    access.name_policy("test_only", bool, needs_person=False)
    access.name_policy("test_only", bool, needs_person=False)
    with pytest.raises(ValueError, match="named already"):
        access.name_policy("test_only", callable, needs_person=False)
