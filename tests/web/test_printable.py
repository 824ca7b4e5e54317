"""Marks that turn the direction of what follows: on no page, wherever a name stands."""

from __future__ import annotations

import pytest

from qipp_assure.database import Database
from qipp_assure.returns.canonical import digest, pruned
from qipp_assure.vocabulary import Rating
from qipp_assure.web.printable import SHOWN_INSTEAD, without_turning_marks
from tests.pages import Pages
from tests.sent_in import SentIn, sound_card, sound_plan, spoiled

MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NAME = "Fewer \u202esnoissimda\u2067 \u200fbeds"
SEEN = "Fewer �snoissimda� �beds"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_is_seen_and_does_nothing(mark: str) -> None:
    assert without_turning_marks(f"<p>a{mark}b</p>".encode()) == b"<p>a\xef\xbf\xbdb</p>"


def test_a_page_without_them_goes_out_as_it_is_whatever_its_language() -> None:
    page = "<p>Ŵales, 中文, عربى – “quoted”, ‘so’… 👩\u200d⚕️</p>".encode()
    assert without_turning_marks(page) is page


def test_what_stands_in_a_control_comes_back_as_it_was_typed() -> None:
    page = (
        f'<h1>{NAME}</h1><input type="text" value="{NAME}">'
        f"<textarea id=a>{NAME}\n{NAME}</textarea><td>{NAME}</td>"
    )
    assert without_turning_marks(page.encode()).decode() == (
        f'<h1>{SEEN}</h1><input type="text" value="{NAME}">'
        f"<textarea id=a>{NAME}\n{NAME}</textarea><td>{SEEN}</td>"
    )


def test_no_page_about_a_return_carries_one(pages: Pages, sent_in: SentIn) -> None:
    plan = spoiled(sound_plan(), NAME, names=("name", "title", "vision", "lead", "owner"))
    plan_id = sent_in.submit(plan)
    card = sound_card("2011-06", plan_digest=digest(pruned(plan)))
    sent_in.submit(spoiled(card, NAME, names=("name", "owner")))
    sent_in.judge(plan_id, rating=Rating.AMBER, reason=NAME)
    reviewer = pages.visit("reviewer")
    home = f"/regions/Q30/returns/{plan_id}"
    seen = 0
    for path in (
        "/national",
        "/regions/Q30",
        f"{home}/ratings",
        f"{home}/ratings/workstream/w1",
        f"{home}/ratings/initiative/i1",
        f"{home}/pack",
        f"{home}/review",
        f"{home}/review/initiative/i1",
    ):
        answer = reviewer.get(path)
        assert answer.status_code == 200, path
        shown = without_controls(answer.text)
        assert not set(MARKS) & set(shown), path
        seen += SHOWN_INSTEAD in shown
    assert seen >= 5
    initiative = reviewer.get(f"{home}/ratings/initiative/i1").text
    assert f"<title>{SEEN}: " in initiative
    assert f'qa-typed">{SEEN}</h1>' in initiative


def without_controls(page: str) -> str:
    """A page without what people may type into."""
    before, control, after = page.partition("<textarea")
    return before + (without_controls(after.partition("</textarea>")[2]) if control else "")


def test_a_mark_in_an_address_does_not_turn_the_page_that_says_it_is_not_there(
    pages: Pages,
) -> None:
    answer = pages.visit("lead").get("/regions/\u202eQ30/plan")
    assert not set(MARKS) & set(answer.text)
