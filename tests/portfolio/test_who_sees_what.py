"""Every page of a region's returns, opened by everybody: who gets in, and what they are shown."""

from __future__ import annotations

import pytest

from qipp_assure.database import Database
from tests.pages import Pages, send
from tests.sent_in import SentIn, sound_card, sound_plan

WORDS = "Words of a reviewer, for the region only after release"
CENTRE = {"reviewer", "approver", "analyst"}
REGION = {"lead", "director", "contributor"}
EVERYBODY = CENTRE | REGION | {"neighbour", "admin"}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


PAGES = {
    "/regions/Q30": CENTRE | REGION,
    "/regions/Q30/plan": CENTRE | REGION,
    "/regions/Q30/report-cards/2011-06": CENTRE | REGION,
    "/regions/Q30/returns/{plan}/ratings": CENTRE | REGION,
    "/regions/Q30/returns/{plan}/ratings/plan/Q30": CENTRE | REGION,
    "/regions/Q30/drafts/{draft}/ratings": REGION,
    "/regions/Q30/drafts/{draft}/ratings/initiative/i1": REGION,
    "/national": CENTRE,
    "/national?period=2011-06": CENTRE,
    "/review": {"reviewer", "approver"},
    "/regions/Q30/returns/{plan}/review": {"reviewer", "approver"},
    "/regions/Q30/returns/{plan}/review/plan/Q30": {"reviewer"},
}


def test_every_page_lets_in_only_those_whom_it_concerns(pages: Pages, sent_in: SentIn) -> None:
    """The neighbour is another region's lead; drafts are for the region's own people."""
    plan = sent_in.submit(sound_plan())
    draft = sent_in.draft(sound_card())
    clients = {name: pages.visit(name) for name in sorted(EVERYBODY)}
    for path, allowed in PAGES.items():
        address = path.format(plan=plan, draft=draft)
        for name, client in clients.items():
            expected = 200 if name in allowed else 403
            assert client.get(address).status_code == expected, f"{name} at {address}"


@pytest.mark.parametrize(
    "path",
    [
        "/regions/Q31/returns/{plan}/ratings",
        "/regions/Q31/returns/{plan}/ratings/plan/Q30",
        "/regions/Q31/drafts/{draft}/ratings",
    ],
)
def test_a_return_is_not_found_under_another_region(
    pages: Pages, sent_in: SentIn, path: str
) -> None:
    plan = sent_in.submit(sound_plan())
    draft = sent_in.draft(sound_card())
    address = path.format(plan=plan, draft=draft)
    assert pages.visit("neighbour").get(address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/regions/Q99",
        "/regions/5D7",
        "/regions/Q30/report-cards/2010-06",
        "/regions/Q30/returns/999/ratings",
        "/regions/Q30/returns/{plan}/ratings/plan/Q31",
        "/regions/Q30/returns/{plan}/ratings/nothing/i1",
        "/regions/Q30/returns/{plan}/review/plan/Q31",
        "/national?period=2010-06",
        "/review?period=nonsense",
    ],
)
def test_what_is_not_there_is_not_found(pages: Pages, sent_in: SentIn, path: str) -> None:
    plan = sent_in.submit(sound_plan())
    assert pages.visit("reviewer").get(path.format(plan=plan)).status_code == 404


def test_a_region_sees_computed_ratings_until_its_ratings_are_released(
    pages: Pages, sent_in: SentIn
) -> None:
    plan = sent_in.submit(sound_plan())
    address = f"/regions/Q30/returns/{plan}/ratings"
    lead, analyst, reviewer = (pages.visit(name) for name in ("lead", "analyst", "reviewer"))
    assert "without reviewers&#39; judgements" in lead.get(address).text
    assert "No ratings to show yet" in analyst.get(address).text

    sent_in.judge(plan, reason=WORDS)
    assert WORDS in reviewer.get(address).text
    assert "the region cannot see this" in reviewer.get(address).text
    assert WORDS not in lead.get(address).text
    assert "without reviewers&#39; judgements" in lead.get(address).text
    assert "No ratings to show yet" in analyst.get(address).text

    sent_in.release(plan)
    for client in (lead, analyst, reviewer):
        page = client.get(address).text
        assert WORDS in page
        assert "released to the region" in page


def test_words_after_a_release_wait_for_the_next(pages: Pages, sent_in: SentIn) -> None:
    plan = sent_in.submit(sound_plan())
    sent_in.judge(plan, reason="The first words")
    sent_in.release(plan)
    sent_in.judge(plan, reason=WORDS)
    address = f"/regions/Q30/returns/{plan}/ratings"
    assert WORDS in pages.visit("reviewer").get(address).text
    for name in ("lead", "analyst"):
        page = pages.visit(name).get(address).text
        assert "The first words" in page
        assert WORDS not in page


@pytest.mark.parametrize(("name", "status"), [("contributor", 403), ("director", 303)])
def test_only_lead_and_director_submit(
    pages: Pages, sent_in: SentIn, name: str, status: int
) -> None:
    sent_in.draft(sound_plan())
    client = pages.visit(name)
    page = client.get("/regions/Q30/plan").text
    assert ("Submit version 1" in page) is (status == 303)
    answer = send(client, "/account/password", {"revision": "2"}, to="/regions/Q30/plan/submit")
    assert answer.status_code == status


def test_navigation_offers_what_a_person_may_open(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_plan())
    assert pages.visit("lead").get("/").headers["Location"].endswith("/regions/Q30")
    assert pages.visit("analyst").get("/").headers["Location"].endswith("/national")
    offered = {
        "lead": "/regions/Q30",
        "analyst": "/national",
        "reviewer": "/review",
    }
    for name, path in offered.items():
        page = pages.visit(name).get("/regions/Q30").text
        assert f'href="{path}"' in page
    assert 'href="/review"' not in pages.visit("analyst").get("/national").text
    assert "You have no part in any region" in pages.visit("admin").get("/regions").text
    assert "North West" not in pages.visit("lead").get("/regions").text
