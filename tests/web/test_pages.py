"""Pages: what is typed comes out as text, forms keep it, faults are explained."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qipp_assure.web import access, headers
from qipp_assure.web.components import nhs
from qipp_assure.web.limits import REQUEST_LIMIT_BYTES

HOSTILE = '<script>alert("x")</script>{{7*7}}'
GOOD = {
    "name": "Ann",
    "email": "ann@example.nhs.uk",
    "colour": "red",
    "begins-day": "30",
    "begins-month": "6",
    "begins-year": "2011",
    "amount": "£1,250,000",
}


def token(client: FlaskClient, path: str = "/sink") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def send(client: FlaskClient, **fields: object):
    return client.post("/sink", data={"csrf_token": token(client), **GOOD, **fields})


def test_user_text_in_a_component_comes_out_escaped() -> None:
    for made in (
        nhs.input({"name": "a", "id": "a", "label": {"text": HOSTILE}, "value": HOSTILE}),
        nhs.button({"text": HOSTILE}),
        nhs.radios({"name": "a", "items": [{"value": HOSTILE, "text": HOSTILE}]}),
        nhs.error_summary({"titleText": HOSTILE, "errorList": [{"text": HOSTILE, "href": "#a"}]}),
        nhs.table({"rows": [[{"text": HOSTILE}]]}),
        nhs.summary_list({"rows": [{"key": {"text": HOSTILE}, "value": {"text": HOSTILE}}]}),
    ):
        assert "&lt;script&gt;" in made
        assert "<script" not in made


def test_hostile_text_comes_back_as_text_in_the_form(client: FlaskClient) -> None:
    answer = send(client, name=HOSTILE, words=HOSTILE, email="no", place=HOSTILE, amount=HOSTILE)
    assert "<script>alert" not in answer.text
    assert answer.text.count("&lt;script&gt;") >= 3
    assert "{{7*7}}" in answer.text
    assert "&lt;script&gt;" in client.get("/sink", query_string={"echo": HOSTILE}).text


def test_a_good_form_is_taken_and_said_so(client: FlaskClient) -> None:
    answer = send(client, name="Ann\x00 O\u2019Neill")
    assert (answer.status_code, answer.location) == (303, "/sink")
    page = client.get("/sink").text
    assert "Saved for Ann O\u2019Neill." in page
    assert "nhsuk-notification-banner--success" in page
    assert "Saved for" not in client.get("/sink").text


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"name": "  "}, "name", "Enter your full name"),
        ({"name": "x" * 201}, "name", "Full name must be 200 characters or fewer"),
        ({"words": "x" * 20_001}, "words", "What happened must be 20,000 characters or fewer"),
        ({"email": "ann"}, "email", "Enter an email address in the form name@example.nhs.uk"),
        ({"colour": "green"}, "colour", "Choose one of the answers shown"),
        ({"place": "q99"}, "place", "Choose one of the answers shown"),
        ({"days": ["mon", "sun"]}, "days", "Choose from the answers shown"),
        ({"begins-day": "31"}, "begins-day", "First day must be a real date"),
        ({"begins-month": ""}, "begins-month", "First day must include a month"),
        ({"begins-year": "June"}, "begins-day", "First day must be in numbers"),
        ({"begins-year": "9" * 5000}, "begins-day", "First day must be in numbers"),
        ({"begins-year": "11"}, "begins-day", "First day must have a year from 1900 to 2100"),
        (
            {"begins-day": "", "begins-month": "", "begins-year": ""},
            "begins-day",
            "Enter the first day",
        ),
        ({"amount": "1.5"}, "amount", "Saving must be in whole pounds"),
        ({"amount": "9" * 30}, "amount", "Saving must be in whole pounds"),
    ],
)
def test_an_error_is_linked_to_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, fields: dict[str, object], field: str, message: str
) -> None:
    answer = send(client, **fields)
    assert answer.status_code == 200
    assert "<title>Error: Kitchen sink" in answer.text
    assert re.search(rf'<a href="#{field}">\s*{re.escape(message)}', answer.text)
    assert f'id="{field}"' in answer.text
    for typed in fields.values():
        if isinstance(typed, str) and typed.strip() and typed not in {"green", "q99"}:
            assert typed in answer.text


def test_a_file_arrives_and_an_empty_one_is_none(client: FlaskClient) -> None:
    assert send(client, file=(io.BytesIO(b"PK"), "plan.xlsx")).status_code == 303


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    for path in ("/sink", "/nowhere", "/healthz", "/sink/faults/bug"):
        answer = client.get(path)
        assert answer.headers["Content-Security-Policy"] == headers.CONTENT_SECURITY_POLICY
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in answer.headers
    assert "unsafe" not in headers.CONTENT_SECURITY_POLICY


def test_a_page_has_nothing_inline_and_loads_only_from_here(client: FlaskClient) -> None:
    page = client.get("/sink").text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert re.findall(r"<script[^>]*>", page) == [
        tag for tag in re.findall(r"<script[^>]*>", page) if 'src="/assets/' in tag
    ]
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith(("/", "#"))
        if address.startswith("/assets/"):
            with client.get(address) as answer:
                assert answer.status_code == 200
                assert "immutable" in answer.headers["Cache-Control"]


def test_assets_do_not_leave_their_folder(client: FlaskClient) -> None:
    for name in ("../settings.py", "%2e%2e/access.py", "..%2faccess.py"):
        assert client.get(f"/assets/x/{name}").status_code == 404


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/nowhere", 404, "Page not found"),
        ("/sink/rows/99999999999999999999", 404, "Page not found"),
        ("/sink/rows/2147483648", 404, "Page not found"),
        ("/sink/rows/7", 200, "7"),
        ("/sink/faults/refused", 400, "A plan cannot end before it begins."),
        ("/sink/faults/not-allowed", 403, "Only the region&#39;s lead may do this."),
        ("/sink/faults/stale", 409, "The milestones changed at 3:05pm."),
        ("/sink/faults/away", 503, "The service is busy or away"),
        ("/sink/faults/driver", 503, "The service is busy or away"),
        ("/sink/faults/bug", 500, "There is a problem with the service"),
    ],
)
def test_faults_are_explained(client: FlaskClient, path: str, code: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == code
    assert words in answer.text
    assert "swordfish" not in answer.text
    assert ("Retry-After" in answer.headers) == (code == 503)


def test_what_is_too_large_is_refused_at_once(client: FlaskClient) -> None:
    body = b"x" * (REQUEST_LIMIT_BYTES + 1)
    answer = client.post("/sink", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "up to 10 MB" in answer.text


def test_a_wrong_method_is_explained(client: FlaskClient) -> None:
    answer = client.delete("/sink")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_form_without_its_token_is_refused_and_can_be_sent_again(client: FlaskClient) -> None:
    here = {"Origin": "http://localhost"}
    answer = client.post("/sink", data={**GOOD, "words": HOSTILE}, headers=here)
    assert answer.status_code == 400
    assert "Send again what I typed" in answer.text
    assert "&lt;script&gt;" in answer.text
    elsewhere = client.post("/sink", data=GOOD, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 400
    assert "Send again" not in elsewhere.text
    with_password = client.post("/sink", data={**GOOD, "password": "hunter2"}, headers=here)
    assert "hunter2" not in with_password.text


def test_control_characters_in_an_address_do_no_harm(client: FlaskClient) -> None:
    assert client.get("/sink?echo=a%00b&page=%00").status_code == 200
    assert client.get("/sink?page=99999999999999999999").status_code == 200
    assert client.get("/sink%00").status_code == 404


@pytest.mark.parametrize(
    "target",
    ["/%09/evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil",
     "https://evil.example", "javascript:alert(1)", "/%2f/evil.example", "/%5Cevil", "", " /x"],
)  # fmt: skip
def test_a_redirect_stays_here(client: FlaskClient, target: str) -> None:
    assert client.get("/sink/back", query_string={"next": target}).location == "/start"
    assert client.get(f"/sink/back?next={target}").location == "/start"


def test_a_redirect_within_the_site_is_followed(client: FlaskClient) -> None:
    answer = client.get("/sink/back", query_string={"next": "/sink?page=2&echo=a%20b"})
    assert answer.location == "/sink?page=2&echo=a%20b"


def test_numbered_pages_keep_the_query_and_no_more(client: FlaskClient) -> None:
    page = client.get("/sink?echo=a&_external=1&endpoint=x&page=5").text
    assert 'href="/sink?echo=a&amp;_external=1&amp;endpoint=x&amp;page=6"' in page
    assert re.search(r'href="[^"]*page=5"[^>]*aria-current="page"', page)


def test_wellness(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_every_view_states_one_policy(app: Flask) -> None:
    undeclared = [endpoint for endpoint, name in access.table(app).items() if name is None]
    assert undeclared == ["sink.undeclared"]
