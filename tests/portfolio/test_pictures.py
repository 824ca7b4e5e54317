"""The national matrix and a region's year: what they say, and that it takes a few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from qipp_assure.database import Database
from qipp_assure.vocabulary import Rating
from tests.pages import Pages
from tests.sent_in import SentIn, sound_card, sound_plan

MOST_FOR_A_MATRIX = 9
MOST_FOR_A_REGION = 16


class _Tables(HTMLParser):
    """Reads the rows of all tables of a page as lists of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def rows_of(page: str) -> dict[str, list[str]]:
    """Rows of a page's tables, by what stands first in them."""
    reader = _Tables()
    reader.feed(page)
    tidy = [[re.sub(r"\s+", " ", cell).strip() for cell in row] for row in reader.rows]
    return {row[0]: row[1:] for row in tidy if row}


def test_the_reviewer_sees_the_latest_ratings_of_all_regions(pages: Pages, sent_in: SentIn) -> None:
    plan = sent_in.submit(sound_plan())
    rows = rows_of(pages.visit("reviewer").get("/national").text)
    assert rows["North West"] == ["Nothing sent in"]
    (north_east,) = (cells for name, cells in rows.items() if name.startswith("North East"))
    assert north_east[0] == "○ To judge"
    assert "Computed, not reviewed" in next(name for name in rows if name.startswith("North East"))

    sent_in.judge(plan)
    rows = rows_of(pages.visit("reviewer").get("/national").text)
    north_east = rows["North East Reviewed, not released"]
    assert "● Green" in north_east
    assert "○ To judge" not in north_east
    assert rows["Region"][:2] == ["Overall", "Background"]


def test_plans_are_told_by_their_own_criteria_first_and_not_by_what_is_not_due_yet(
    pages: Pages, sent_in: SentIn
) -> None:
    sent_in.submit(sound_plan())
    reviewer = pages.visit("reviewer")
    page = reviewer.get("/national").text
    groups = re.findall(r'scope="colgroup" colspan="(\d+)">([^<]+)<', page)
    assert [title for _, title in groups] == [
        *("Background", "Financial", "Opportunities", "Implementation", "Structure"),
        *("Engagement", "Risks and issues", "Plan development"),
    ]
    assert sum(int(columns) for columns, _ in groups[:-1]) == 16
    assert "Progress against plan" not in page
    own = reviewer.get("/regions/Q30/returns/1/ratings").text
    assert "Progress against plan" not in own.partition("<thead>")[2].partition("</thead>")[0]
    areas = re.findall(r'qa-area">([^<]+) <', own)
    assert areas[:2] == ["Background", "Financial"]

    sent_in.submit(sound_card("2011-06"))
    assert "Progress against plan" in reviewer.get("/national?period=2011-06").text


def test_the_analyst_sees_only_what_is_released(pages: Pages, sent_in: SentIn) -> None:
    plan = sent_in.submit(sound_plan())
    sent_in.judge(plan, rating=Rating.AMBER)
    analyst = pages.visit("analyst")
    page = analyst.get("/national").text
    assert "Nothing has been released yet" in page
    assert "Amber" not in page

    sent_in.release(plan)
    rows = rows_of(analyst.get("/national").text)
    assert "▲ Amber" in rows["North East Released"]
    sent_in.judge(plan, rating=Rating.RED)
    assert rows_of(analyst.get("/national").text) == rows


def test_a_key_says_why_a_cell_is_not_rated(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_card("2011-06"))
    page = pages.visit("reviewer").get("/national?period=2011-06").text
    key = page.partition("Not rated, and why:")[2].partition("</p>")[0]
    assert "waiting for a judgement" in key
    for words in ("To judge", "Missing", "Nothing due", "No result", "Not here"):
        assert (f"</span> {words}</strong>" in page.partition("</table>")[0]) is (words in key)


def test_the_months_of_a_region_stand_in_a_row_each(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_plan())
    june = sent_in.submit(sound_card("2011-06"))
    sent_in.draft(sound_card("2011-07"))
    rows = rows_of(pages.visit("lead").get("/regions/Q30").text)
    assert rows["Report card for April 2011"] == ["Not yet", "–"]
    assert rows["Report card for July 2011"] == ["Not yet; a draft is begun", "–"]
    assert rows["Report card for June 2011"][1] == "○ Not rated: waiting for a judgement"
    assert rows["Plan"][3] == "–"
    analyst = rows_of(pages.visit("analyst").get("/regions/Q30").text)
    assert analyst["Report card for July 2011"] == ["Not yet", "–"]
    assert analyst["Report card for June 2011"][1] == "Not released yet"

    sent_in.judge(june)
    sent_in.release(june)
    for name in ("lead", "analyst"):
        rows = rows_of(pages.visit(name).get("/regions/Q30").text)
        assert rows["Report card for June 2011"][1] == "● Green"


def test_savings_are_drawn_from_the_sealed_cards(pages: Pages, sent_in: SentIn) -> None:
    card = sound_card("2011-06")
    card["tracker"][0]["savings"][0].update(planned_month_gbp=1_000_000, actual_month_gbp=750_000)
    sent_in.submit(card)
    sent_in.draft(sound_card("2011-07"))
    page = pages.visit("analyst").get("/regions/Q30").text
    rows = rows_of(page)
    assert "<svg" in page
    assert rows["Jun 2011"][0].startswith("£1,000,000")
    assert rows["Jun 2011"][-1].startswith("£750,000")
    assert set(rows["Jul 2011"]) == {"Not given"}


def test_the_matrix_takes_as_many_queries_for_two_regions_as_for_one(
    pages: Pages, sent_in: SentIn, database: Database, count_queries: Callable
) -> None:
    sent_in.submit(sound_plan())
    reviewer = pages.visit("reviewer")
    reviewer.get("/national")  # the headings are read once a process
    with count_queries(database) as one:
        reviewer.get("/national")
    sent_in.submit(sound_plan("Q31"), by="neighbour")
    with count_queries(database) as two:
        page = reviewer.get("/national").text
    assert "Nothing sent in" not in page
    assert len(one) == len(two) <= MOST_FOR_A_MATRIX


def test_a_region_takes_as_many_queries_for_three_months_as_for_one(
    pages: Pages, sent_in: SentIn, database: Database, count_queries: Callable
) -> None:
    sent_in.submit(sound_plan())
    sent_in.submit(sound_card("2011-04"))
    lead = pages.visit("lead")
    lead.get("/regions/Q30")  # whether this is a demonstration is asked once a process
    with count_queries(database) as one:
        lead.get("/regions/Q30")
    for month in ("2011-05", "2011-06"):
        sent_in.submit(sound_card(month))
    with count_queries(database) as three:
        lead.get("/regions/Q30")
    assert len(one) == len(three) <= MOST_FOR_A_REGION
