"""The desk: judging what only a person can decide, and releasing what was judged."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from werkzeug.test import TestResponse

from qipp_assure.accounts.models import RoleGrant
from qipp_assure.accounts.services import end_role, grant_role
from qipp_assure.database import Database
from qipp_assure.vocabulary import SYSTEM, Rating, Role
from tests.pages import Pages, send
from tests.sent_in import HOSTILE, SentIn, sound_card, sound_plan


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


@pytest.fixture
def plan(sent_in: SentIn) -> int:
    """A plan that waits for its reviewer."""
    return sent_in.submit(sound_plan())


def address(plan: int, subject: str = "plan/Q30") -> str:
    return f"/regions/Q30/returns/{plan}/review/{subject}"


def prefixes(page: str) -> list[str]:
    """What the names of the fields of each judgement on a page begin with."""
    return [html.unescape(name) for name in re.findall(r'<textarea[^>]*name="([^"]+)reason"', page)]


def judge(pages: Pages, plan: int, first: dict[str, str], who: str = "reviewer") -> TestResponse:
    """Send the page of the plan's judgements with the first one filled in."""
    client = pages.visit(who)
    name = prefixes(client.get(address(plan)).text)[0]
    return send(client, address(plan), {f"{name}{key}": value for key, value in first.items()})


def test_a_judgement_is_kept_and_completes_the_rating(
    pages: Pages, sent_in: SentIn, plan: int
) -> None:
    answer = judge(pages, plan, {"rating": "amber", "reason": "The vision is thin."})
    assert answer.status_code == 303
    (kept,) = sent_in.judgements(plan)
    assert (kept.rating, kept.reason, kept.author_name) == (
        Rating.AMBER,
        "The vision is thin.",
        "reviewer@example.nhs.uk",
    )
    page = pages.visit("reviewer").get(f"/regions/Q30/returns/{plan}/ratings").text
    assert "The vision is thin." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"rating": "green", "reason": ""}, "Give the reason for your rating"),
        ({"rating": "green", "reason": "   \n "}, "Give the reason for your rating"),
        ({"reason": "A reason alone"}, "Choose the rating that your reason explains"),
        ({"rating": "purple", "reason": "A colour of my own"}, "Choose one of the answers"),
        ({"rating": "not_rated", "reason": "Not for me"}, "Choose one of the answers"),
        ({"rating": "green", "reason": "x" * 20_001}, "20,000"),
    ],
)
def test_half_a_judgement_comes_back_with_what_was_typed(
    pages: Pages, sent_in: SentIn, plan: int, typed: dict[str, str], said: str
) -> None:
    answer = judge(pages, plan, typed)
    assert answer.status_code == 200
    assert "Error: Judge" in answer.text
    assert said in answer.text
    assert typed["reason"].strip()[:200] in answer.text
    assert sent_in.judgements(plan) == []


def test_of_two_judgements_none_is_kept_if_one_is_half(
    pages: Pages, sent_in: SentIn, plan: int
) -> None:
    client = pages.visit("reviewer")
    first, second = prefixes(client.get(address(plan)).text)[:2]
    typed = {
        f"{first}rating": "green",
        f"{first}reason": "Whole and well reasoned",
        f"{second}rating": "red",
    }
    page = send(client, address(plan), typed).text
    assert "Whole and well reasoned" in page
    assert sent_in.judgements(plan) == []


def test_another_judgement_stands_beside_the_first(
    pages: Pages, sent_in: SentIn, plan: int
) -> None:
    judge(pages, plan, {"rating": "green", "reason": "At first sight"})
    page = pages.visit("reviewer").get(address(plan)).text
    assert "Judged by reviewer@example.nhs.uk on" in page
    assert "At first sight" in page
    judge(pages, plan, {"rating": "red", "reason": "On reading again"})
    assert [(one.rating, one.reason) for one in sent_in.judgements(plan)] == [
        (Rating.GREEN, "At first sight"),
        (Rating.RED, "On reading again"),
    ]


def test_the_same_judgement_again_is_not_kept_twice(
    pages: Pages, sent_in: SentIn, plan: int
) -> None:
    for _ in range(2):
        judge(pages, plan, {"rating": "green", "reason": "Read in full\r\non two lines"})
    assert len(sent_in.judgements(plan)) == 1


def test_hostile_words_are_words(pages: Pages, sent_in: SentIn, plan: int) -> None:
    judge(pages, plan, {"rating": "red", "reason": HOSTILE})
    reviewer = pages.visit("reviewer")
    for path in (address(plan), f"/regions/Q30/returns/{plan}/ratings"):
        page = reviewer.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert "{{7*7}}" in page


def test_saving_goes_on_to_the_next_that_waits(pages: Pages, sent_in: SentIn, plan: int) -> None:
    reviewer = pages.visit("reviewer")
    found = prefixes(reviewer.get(address(plan)).text)
    typed = {f"{name}{key}": "green" for name in found for key in ("rating", "reason")}
    answer = send(reviewer, address(plan), typed)
    assert answer.headers["Location"].endswith(address(plan, "initiative/i1"))
    answer = send(reviewer, address(plan, "initiative/i1"), {})
    assert answer.headers["Location"].endswith(f"/returns/{plan}/review")
    assert len(sent_in.judgements(plan)) == len(found)


def test_the_desk_counts_what_waits(pages: Pages, sent_in: SentIn, plan: int) -> None:
    reviewer = pages.visit("reviewer")
    assert "North East" in reviewer.get("/review").text
    before = reviewer.get(f"/regions/Q30/returns/{plan}/review").text
    sent_in.judge(plan)
    after = reviewer.get(f"/regions/Q30/returns/{plan}/review").text
    assert _open(before) > 0
    assert _open(after) == 0
    assert "Nothing has been sent in yet." in reviewer.get("/review?period=2011-06").text


def _open(page: str) -> int:
    words = re.sub(r"<[^>]+>|\s+", " ", page.partition("Judgements still open")[2])
    first = words.split()[0]
    return 0 if first == "None" else int(first)


def test_a_reviewer_with_a_role_for_the_region_is_refused(
    pages: Pages, sent_in: SentIn, plan: int
) -> None:
    with pages.database.writing() as session:
        reviewer = pages.world.person(session, "reviewer")
        body = pages.world.region(session, "5D7")
        grant_role(session, SYSTEM, reviewer, Role.CONTRIBUTOR, body, starts_on=date(2011, 1, 1))
    assert pages.visit("reviewer").get(address(plan)).status_code == 403
    page = pages.visit("reviewer").get(f"/regions/Q30/returns/{plan}/review").text
    assert "You can read this, but not judge or release it" in page
    assert send_to(pages, "reviewer", address(plan)).status_code == 403
    assert sent_in.judgements(plan) == []


def test_a_reviewer_who_had_a_hand_in_the_draft_is_refused(
    pages: Pages, sent_in: SentIn, plan: int
) -> None:
    with pages.database.writing() as session:
        person = pages.world.person(session, "lead")
        centre = pages.world.region(session, "DH")
        for held in session.query(RoleGrant).filter_by(person_id=person.id):
            end_role(session, SYSTEM, held)
        grant_role(session, SYSTEM, person, Role.REVIEWER, centre, starts_on=date(2012, 1, 2))
    answer = judge(pages, plan, {"rating": "green", "reason": "My own work"}, "lead")
    assert answer.status_code == 403
    assert "had no hand in what it sent" in answer.text
    assert sent_in.judgements(plan) == []


def test_an_approver_releases_and_the_region_sees(pages: Pages, sent_in: SentIn, plan: int) -> None:
    sent_in.judge(plan, reason="For the region to read")
    approver = pages.visit("approver")
    desk = f"/regions/Q30/returns/{plan}/review"
    assert "Release the ratings to the region" in approver.get(desk).text
    answer = send(approver, desk, to=f"/regions/Q30/returns/{plan}/release")
    page = approver.get(answer.headers["Location"]).text
    assert "The ratings are released" in page
    assert "Release the ratings to the region" not in page
    assert "For the region to read" in (
        pages.visit("lead").get(f"/regions/Q30/returns/{plan}/ratings").text
    )


def test_what_is_judged_after_a_release_can_be_released_again(
    pages: Pages, sent_in: SentIn, plan: int
) -> None:
    sent_in.judge(plan)
    sent_in.release(plan)
    sent_in.judge(plan, rating=Rating.RED, reason="On second thoughts")
    page = pages.visit("approver").get(f"/regions/Q30/returns/{plan}/review").text
    assert "Release the ratings to the region" in page


def test_nobody_releases_what_they_reviewed(pages: Pages, sent_in: SentIn, plan: int) -> None:
    with pages.database.writing() as session:
        person = pages.world.person(session, "reviewer")
        centre = pages.world.region(session, "DH")
        grant_role(session, SYSTEM, person, Role.APPROVER, centre, starts_on=date(2011, 1, 1))
    card = sent_in.submit(sound_card())
    sent_in.judge(plan)
    page = pages.visit("reviewer").get(f"/regions/Q30/returns/{card}/review").text
    assert "Release the ratings to the region" not in page
    answer = send_to(pages, "reviewer", f"/regions/Q30/returns/{card}/release")
    assert answer.status_code == 403
    assert "neither wrote nor reviewed" in answer.text


@pytest.mark.parametrize("name", ["lead", "director", "analyst", "admin", "reviewer", "neighbour"])
def test_nobody_else_releases(pages: Pages, plan: int, name: str) -> None:
    assert send_to(pages, name, f"/regions/Q30/returns/{plan}/release").status_code == 403


def send_to(pages: Pages, name: str, path: str, **fields: Any) -> TestResponse:
    """Send a form to an address whose own page may not be open to the person."""
    return send(pages.visit(name), "/account/password", fields, to=path)
