"""Report cards month by month: sent in by their own pages, and the direction between them."""

from __future__ import annotations

import pytest

from qipp_assure.database import Database
from tests.pages import Pages, send
from tests.sent_in import SentIn, sound_card, sound_plan

JUNE = "/regions/Q30/report-cards/2011-06"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


def card_with_savings(period: str, actual: int) -> dict:
    """The sound card of a month, with what was saved to date of £10,000 planned."""
    card = sound_card(period)
    card["tracker"][0]["savings"][0]["actual_to_date_gbp"] = actual
    return card


def reviewed(sent_in: SentIn, card: dict) -> int:
    """A card sent in, judged green where a person judges, and released."""
    submission = sent_in.submit(card)
    sent_in.judge(submission)
    sent_in.release(submission)
    return submission


@pytest.mark.parametrize(
    ("may", "june", "direction"),
    [
        (1_000, 9_800, "↑ Improving"),
        (9_800, 9_800, "→ Steady"),
        (9_800, 1_000, "↓ Worsening"),
    ],
)
def test_the_direction_compares_with_the_month_before(
    pages: Pages, sent_in: SentIn, may: int, june: int, direction: str
) -> None:
    sent_in.submit(sound_plan())
    reviewed(sent_in, card_with_savings("2011-05", may))
    submission = reviewed(sent_in, card_with_savings("2011-06", june))
    symbol, word = direction.split()
    lead = pages.visit("lead")
    for path in (
        f"/regions/Q30/returns/{submission}/ratings",
        f"/regions/Q30/returns/{submission}/ratings/workstream/w1",
        f"/regions/Q30/returns/{submission}/ratings/initiative/i1",
    ):
        heading = lead.get(path).text.partition("Progress against plan")[2].partition("</h3>")[0]
        assert symbol in heading, path
        assert word in heading, path
    year = lead.get("/regions/Q30").text
    assert word in year.partition("</span>June 2011")[2].partition("</tr>")[0]
    matrix = pages.visit("reviewer").get("/national?period=2011-06").text
    assert word in matrix.partition("<tbody>")[2].partition("</tr>")[0]


def test_a_card_goes_in_by_the_page_of_its_month(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_plan())
    sent_in.draft(sound_card("2011-06"))
    client = pages.visit("lead")
    send(client, JUNE, {"revision": "2"}, to=f"{JUNE}/submit")
    page = client.get(JUNE).text
    assert "Report card for June 2011 submitted: version 1 is sealed and rated." in page
    assert "Nothing has been sent in yet." in client.get(JUNE.replace("06", "07")).text


def test_a_month_outside_the_round_takes_no_card(pages: Pages, sent_in: SentIn) -> None:
    address = "/regions/Q30/report-cards/2012-04"
    client = pages.visit("lead")
    assert client.get(address).status_code == 404
    answer = send(client, "/account/password", {"revision": "1"}, to=f"{address}/submit")
    assert answer.status_code == 404
