"""The pages of ratings: every why is there, what is green is folded, and words are only words."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from qipp_assure.database import Database
from qipp_assure.ratings.context import criteria_of
from qipp_assure.ratings.models import Basis
from qipp_assure.ratings.presenters import subject_page
from qipp_assure.ratings.queries import latest_assessment, read_result
from qipp_assure.submissions.models import Submission
from qipp_assure.vocabulary import Rating
from tests.pages import Pages
from tests.sent_in import HOSTILE, SentIn, sound_card, sound_plan, spoiled

NAMES = ("name", "title", "description", "vision", "code", "owner", "manager", "mitigation")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


def test_a_plan_is_rated_by_the_sets_that_read_plans_in_the_rounds_order(
    pages: Pages, sent_in: SentIn
) -> None:
    with pages.database.reading() as session:
        round_ = pages.world.round(session)
        for template in ("plan@2011.1", "report-card@2011.1"):
            found = criteria_of(session, round_, template)
            assert all(template in one.reads for one in found)
            names = [one.set for one in found]
            assert names == [
                name for name in ("plan", "implementation", "report-card") if name in names
            ]
        assert criteria_of(session, round_, "plan@2011.1")[0].set == "plan"


def test_every_subject_criterion_and_reason_of_a_return_has_its_page(
    pages: Pages, sent_in: SentIn
) -> None:
    plan = sound_plan()
    del plan["initiatives"][0]["milestones"]
    submission = sent_in.submit(plan)
    result = result_of(pages, submission)
    lead = pages.visit("lead")
    for subject in result["subjects"]:
        path = f"/regions/Q30/returns/{submission}/ratings/{subject['kind']}/{subject['id']}"
        page = text_of(lead.get(path).text)
        assert subject["name"] in page
        assert subject["reason"] in page
        for criterion in subject["criteria"]:
            assert criterion["title"] in page
            for check in criterion["checks"]:
                if "does_not_apply" in (criterion["because"], check["because"]):
                    continue
                assert check["asks"] in page
                assert check["because"] == "judgement_outstanding" or check["reason"] in page


def text_of(page: str) -> str:
    """A page's words, each space one space."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def result_of(pages: Pages, submission_id: int) -> dict:
    """What the program found by itself."""
    with pages.database.reading() as session:
        submission = session.get_one(Submission, submission_id)
        found = latest_assessment(session, submission, Basis.COMPUTED)
        assert found is not None
        return read_result(found)


def test_what_is_green_is_folded_and_what_is_not_stands_open(pages: Pages, sent_in: SentIn) -> None:
    result = result_of(pages, sent_in.submit(sound_plan()))
    for subject in result["subjects"]:
        page = subject_page(result, subject, lambda kind, key: f"/{kind}/{key}")
        for area in page.areas:
            for shown in area.criteria:
                assert not [one for one in shown.open_checks if one["rating"] == "green"]
                assert not [one for one in shown.folded_checks if one["rating"] in {"red", "amber"}]
                checks = (*shown.open_checks, *shown.folded_checks)
                assert len(checks) == len(shown.criterion["checks"])
                assert bool(shown.folded_words) is bool(shown.folded_checks)
        counted = sum(number for _, number in page.counts)
        beside = sum(len(area.beside) for area in page.areas)
        assert counted + beside == len(subject["criteria"])


def test_the_way_up_leads_to_the_return(pages: Pages, sent_in: SentIn) -> None:
    submission = sent_in.submit(sound_plan())
    base = f"/regions/Q30/returns/{submission}/ratings"
    page = pages.visit("lead").get(f"{base}/initiative/i1").text
    for href in ("/regions/Q30", "/regions/Q30/plan", base, f"{base}/workstream/w1"):
        assert f'href="{href}"' in page
    whole = pages.visit("lead").get(base).text
    assert f'href="{base}/workstream/w1"' in whole
    assert "Review this return" not in whole
    assert "Review this return" in pages.visit("reviewer").get(base).text


def test_hostile_texts_are_texts_on_every_page(pages: Pages, sent_in: SentIn) -> None:
    plan = sent_in.submit(spoiled(sound_plan(), names=NAMES))
    card = sent_in.submit(spoiled(sound_card(), names=NAMES))
    sent_in.judge(plan, rating=Rating.RED, reason=HOSTILE)
    draft = sent_in.draft(spoiled(sound_card("2011-07"), names=NAMES))
    paths = {
        "lead": [
            "/regions/Q30",
            "/regions/Q30/plan",
            "/regions/Q30/report-cards/2011-07",
            f"/regions/Q30/drafts/{draft}/ratings",
            f"/regions/Q30/drafts/{draft}/ratings/initiative/i1",
        ],
        "reviewer": [
            "/national",
            "/review",
            f"/regions/Q30/returns/{plan}/ratings",
            f"/regions/Q30/returns/{plan}/ratings/initiative/i1",
            f"/regions/Q30/returns/{card}/ratings/workstream/w1",
            f"/regions/Q30/returns/{plan}/review",
            f"/regions/Q30/returns/{plan}/review/plan/Q30",
            f"/regions/Q30/returns/{plan}/review/initiative/i1",
        ],
    }
    shown = 0
    for name, addresses in paths.items():
        client = pages.visit(name)
        for path in addresses:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "<script>alert" not in answer.text, path
            assert "<b>bold</b>" not in answer.text, path
            shown += "&lt;script&gt;alert" in answer.text
            assert "{{49}}" not in answer.text
            assert "49 &#39;&#34;&gt;" not in answer.text, path
    assert shown >= len(paths["reviewer"]) - 1


def test_a_draft_full_of_nonsense_is_still_rated(pages: Pages, sent_in: SentIn) -> None:
    draft = sent_in.draft(
        sound_card(
            "2011-07",
            position="not a section",
            tracker=[{"id": "i1", "milestones": "none", "savings": [{"id": "s1"}]}],
            lines=None,
        )
    )
    page = pages.visit("lead").get(f"/regions/Q30/drafts/{draft}/ratings")
    assert page.status_code == 200
    assert "Provisional" in page.text


def test_a_subject_takes_a_fixed_number_of_queries(
    pages: Pages, sent_in: SentIn, database: Database, count_queries: Callable
) -> None:
    submission = sent_in.submit(sound_plan())
    lead = pages.visit("lead")
    lead.get("/regions/Q30")  # what is asked once a process has been asked by then
    counts = []
    for subject in ("plan/Q30", "workstream/w1", "initiative/i1"):
        with count_queries(database) as sent:
            lead.get(f"/regions/Q30/returns/{submission}/ratings/{subject}")
        counts.append(len(sent))
    assert len(set(counts)) == 1
    assert counts[0] <= 12
