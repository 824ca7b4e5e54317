"""The notice on every page of a demonstration, and the page that tells published from invented."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from qipp_assure.accounts.models import Person
from qipp_assure.database import Database
from qipp_assure.demonstration.presenters import savings_page
from qipp_assure.demonstration.provenance import PROVENANCE
from qipp_assure.demonstration.year import DemonstrationYear
from qipp_assure.savings.figure_three import figure_three
from tests.pages import Pages
from tests.sent_in import SentIn, sound_card

PAGE = "/demonstration"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


@pytest.fixture
def demonstration(pages: Pages) -> Pages:
    """The small world as a demonstration: its accounts are marked."""
    with pages.database.writing() as session:
        session.execute(update(Person).values(is_demonstration=True))
    return pages


def test_every_page_says_that_its_data_are_a_demonstrations(demonstration: Pages) -> None:
    for client, path in (
        (demonstration.anonymous(), "/sign-in"),
        (demonstration.visit("lead"), "/regions/Q30"),
        (demonstration.visit("reviewer"), "/national"),
        (demonstration.visit("lead"), "/regions/Q99"),
    ):
        page = client.get(path).text
        notice = re.search(r'<section class="qa-notice"[^>]*>(.*?)</section>', page)
        assert notice is not None, path
        assert "Demonstration data." in notice[1]
        assert f'<a href="{PAGE}">' in notice[1]


def test_without_a_demonstration_nothing_is_said_and_there_is_no_such_page(pages: Pages) -> None:
    lead = pages.visit("lead")
    assert "qa-notice" not in lead.get("/regions/Q30").text
    assert lead.get(PAGE).status_code == 404


def test_the_database_is_asked_once_a_process(
    demonstration: Pages, database: Database, count_queries: Callable
) -> None:
    lead = demonstration.visit("lead")
    with count_queries(database) as first:
        lead.get("/account")
    with count_queries(database) as second:
        lead.get("/account")
    assert len(first) == len(second) + 1


def test_what_is_published_stands_with_its_source_and_what_is_invented_beside(
    demonstration: Pages,
) -> None:
    assert demonstration.anonymous().get(PAGE).status_code == 302
    page = demonstration.visit("lead").get(PAGE).text
    for one in PROVENANCE.published:
        assert f'<th scope="row">{one.what.replace(chr(39), "&#39;")}</th>' in page
        assert one.source in page
    for words in PROVENANCE.invented:
        assert words.replace("'", "&#39;") in page


def test_the_table_comes_from_the_sealed_cards_and_regions_see_their_own_delivery(
    demonstration: Pages, sent_in: SentIn
) -> None:
    card = sound_card("2011-06")
    card["tracker"][0]["savings"][0].update(forecast_year_gbp=2_000_000, actual_month_gbp=1_500_000)
    sent_in.submit(card)
    page = demonstration.visit("lead").get(PAGE).text
    assert "It is not the published table" in page
    assert "£1,500,000" in page
    assert "<svg" in page
    own = '<th scope="row">North East</th>'
    assert own in page
    assert own in demonstration.visit("reviewer").get(PAGE).text
    assert own not in demonstration.visit("neighbour").get(PAGE).text
    sent_in.submit(sound_card("2011-07"))  # the table is not kept beyond what it was made from
    later = demonstration.visit("lead").get(PAGE).text
    assert later != page


def test_of_the_whole_year_the_page_shows_the_published_table(year: DemonstrationYear) -> None:
    names = {"Q33": "East Midlands", "Q36": "London"}
    page = savings_page(figure_three(year.cards.values()), names)
    assert page.apart == ()
    assert len(page.areas) == len(page.chart.labels) == 10
    assert page.total.published == "£5.90bn, £5.82bn, 99%"
    assert page.total.delivery == "99%"
    assert page.areas[0].label == "Acute services"
    assert [(row.label, row.delivery) for row in page.regions] == [
        ("East Midlands", "77%"),
        ("London", "110%"),
    ]
    assert sum(row.planned_gbp for row in page.areas) == page.total.planned_gbp == 5_568_000_000
