"""What would turn a subject green, on its page: said in words, and only to whom it is due."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qipp_assure.criteria_engine.assessment import SubjectOutcome
from qipp_assure.criteria_engine.path_to_green import Path, PathsToGreen
from qipp_assure.database import Database
from qipp_assure.ratings.assessing import Rated
from qipp_assure.ratings.criteria_files import library
from qipp_assure.ratings.ways_to_green import MOST, way_to_green
from qipp_assure.returns.bundle import RatingInputs
from qipp_assure.vocabulary import Rating
from tests.pages import Pages
from tests.sent_in import HOSTILE, SentIn, sound_card, sound_plan, spoiled

SUMMARY = "What would turn it green"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


def way_of(pages: Pages, who: str, path: str) -> str:
    """The words of the section on a page; empty where the page has none."""
    answer = pages.visit(who).get(path)
    assert answer.status_code == 200
    _, found, after = answer.text.partition(SUMMARY)
    words = re.sub(r"<[^>]+>", " ", after.partition("</details>")[0])
    return re.sub(r"\s+", " ", html.unescape(words)).strip() if found else ""


def without_a_manager() -> dict[str, Any]:
    plan = sound_plan()
    del plan["initiatives"][0]["leadership"]["manager"]
    return plan


def test_a_missing_manager_is_the_change_and_a_green_subject_has_none(
    pages: Pages, sent_in: SentIn
) -> None:
    for plan, is_green in ((without_a_manager(), False), (sound_plan(), True)):
        submission = sent_in.submit(plan)
        sent_in.judge(submission)
        base = f"/regions/Q30/returns/{submission}/ratings"
        for subject in ("initiative/i1", "workstream/w1", "plan/Q30"):
            said = way_of(pages, "reviewer", f"{base}/{subject}")
            if is_green:
                assert said == ""
                continue
            assert said.startswith("It would be green by one change.")
            assert "manager" in said
            assert ("M1 Switch to generics : A manager" in said) is (subject != "initiative/i1")


def test_a_draft_says_it_too_and_names_whom_it_knows(pages: Pages, sent_in: SentIn) -> None:
    plan = sound_plan()
    del plan["initiatives"][0]["milestones"]
    draft = sent_in.draft(plan)
    said = way_of(pages, "lead", f"/regions/Q30/drafts/{draft}/ratings/initiative/i1")
    assert "A reviewer judges this green: " in said
    assert "Owner: a reviewer" not in said
    assert f"Owner: {plan['initiatives'][0]['leadership']['manager']}." in said


def test_the_region_learns_of_no_judgement_before_its_release(
    pages: Pages, sent_in: SentIn
) -> None:
    submission = sent_in.submit(sound_plan())
    path = f"/regions/Q30/returns/{submission}/ratings/initiative/i1"
    before = way_of(pages, "lead", path)
    assert before.count("A reviewer judges this green") > 1

    sent_in.judge(submission)
    sent_in.judge(submission, rating=Rating.RED, subjects=("i1",), reason="Thin")
    sent_in.judge(submission, subjects=("i1",))
    assert way_of(pages, "reviewer", path) == ""
    assert way_of(pages, "lead", path) == before

    sent_in.release(submission)
    assert way_of(pages, "lead", path) == ""


def test_what_cannot_be_undone_says_so_and_by_which_check(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_plan())
    card = sound_card()
    card["tracker"][0]["milestones"][0]["met_on"] = "2011-06-20"
    submission = sent_in.submit(card)
    said = way_of(pages, "lead", f"/regions/Q30/returns/{submission}/ratings/initiative/i1")
    assert said.startswith("No change that is known now would turn it green: ")
    assert said.endswith("in the way: Milestones that have fallen due were met by their date")


def test_what_must_wait_names_the_first_possible_date(
    pages: Pages, sent_in: SentIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = PathsToGreen.of_subject

    def later(paths: PathsToGreen, subject: SubjectOutcome) -> Path | None:
        """The same way, possible only from a later day on."""
        path = found(paths, subject)
        assert path is not None
        change = replace(path.changes[0], possible_on=date(2031, 3, 31))
        return Path(False, (change,), date(2031, 3, 31), ((change.subject.code, "brief-is-base"),))

    monkeypatch.setattr(PathsToGreen, "of_subject", later)
    submission = sent_in.submit(sound_plan())
    said = way_of(pages, "lead", f"/regions/Q30/returns/{submission}/ratings/initiative/i1")
    assert said.startswith(
        "It cannot be green yet. The first possible date is 31 March 2031, by 1 change. "
        "What stands in the way: M1: brief-is-base What it would take then: "
    )
    assert said.endswith("Not before 31 March 2031.")


def test_hostile_words_are_only_words(pages: Pages, sent_in: SentIn) -> None:
    plan = spoiled(sound_plan(), names=("name", "code", "sponsor", "owner", "lead"))
    del plan["initiatives"][0]["leadership"]["manager"]
    submission = sent_in.submit(plan)
    base = f"/regions/Q30/returns/{submission}/ratings"
    answer = pages.visit("lead").get(f"{base}/workstream/w1").text
    section = answer.partition(SUMMARY)[2].partition("</details>")[0]
    assert "&lt;script&gt;" in section
    assert "<script" not in section
    assert "<b>" not in section
    assert "\u202e" not in section
    assert HOSTILE not in answer


def rated(number: int) -> Rated:
    """A plan of one workstream with so many initiatives, none of them with a manager."""
    plan = without_a_manager()
    plan["initiatives"] = [
        {**plan["initiatives"][0], "id": f"i{each}", "code": f"C{each}"} for each in range(number)
    ]
    inputs = RatingInputs(plan, date(2011, 6, 30))
    sets = library().reading(plan["template"])
    return Rated(inputs, sets, inputs.assess(sets))


def test_the_first_changes_are_shown_and_the_rest_counted() -> None:
    found = rated(6)
    subjects = found.result()["subjects"]
    way = way_to_green(found, subjects[0])
    assert way is not None
    assert len(way.changes) == MOST
    total = int(re.findall(r"\d+", way.says)[0])
    assert way.more_changes == total - MOST > 0


def test_where_too_many_stand_together_each_speaks_for_itself() -> None:
    found = rated(60)
    subjects = found.result()["subjects"]
    for subject in subjects:
        way = way_to_green(found, subject)
        assert way is not None
        assert bool(way.changes) is (subject["kind"] == "initiative")
        assert way.says.startswith("It would" if way.changes else "Too many")


def test_a_rating_other_than_the_one_shown_explains_nothing() -> None:
    found = rated(1)
    shown = found.result()["subjects"][-1]
    assert way_to_green(found, shown) is not None
    other = "red" if shown["overall"] != "red" else "amber"
    assert way_to_green(found, {**shown, "overall": other}) is None
    assert way_to_green(found, {**shown, "id": "nobody"}) is None


def test_the_section_takes_a_fixed_number_of_queries(
    pages: Pages, sent_in: SentIn, database: Database, count_queries: Callable[..., Any]
) -> None:
    counts = []
    for number in (1, 12):
        plan = sound_plan()
        first = plan["initiatives"][0]
        bare = {key: value for key, value in first.items() if not isinstance(value, list)}
        plan["initiatives"] = [
            {**bare, "id": f"i{each}", "code": f"C{each}"} for each in range(number)
        ]
        submission = sent_in.submit(plan)
        lead = pages.visit("lead")
        lead.get("/regions/Q30")
        with count_queries(database) as sent:
            page = lead.get(f"/regions/Q30/returns/{submission}/ratings")
        assert SUMMARY in page.text
        counts.append(len(sent))
    assert counts[0] == counts[1]
