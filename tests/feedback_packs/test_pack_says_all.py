"""Every subject, criterion and reason stands in the pack, and every page holds its share."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.feedback_packs.presenters import PackSource, pack_content
from tests.feedback_packs.sample import SampleRegion, make, rated


def shown(text: str) -> str:
    return " ".join(text.split())


def reasons_of(subject: dict[str, Any]) -> Iterator[str]:
    yield subject["reason"]
    for part in (*subject["card_halves"], *subject["areas"]):
        yield part["reason"]
    for criterion in subject["criteria"]:
        yield criterion["title"]
        yield criterion["reason"]
        for check in criterion["checks"]:
            yield check["reason"]


@pytest.fixture(params=["made", "made_of_plan"])
def pack(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_every_subject_criterion_and_reason_of_the_card_stands_in_its_pack(
    made: Any, small_source: Any
) -> None:
    text = made.text
    missing = []
    for subject in small_source.main.assessment["subjects"]:
        if subject["kind"] != "region":  # that one stands under the organisation's name
            missing += [name for name in [shown(subject["name"])] if name not in text]
        missing += [said for said in reasons_of(subject) if shown(said) not in text]
    assert missing == []


def test_every_reason_of_the_plan_stands_in_the_pack_of_its_card(
    made: Any, small_source: Any
) -> None:
    plan = next(one for one in small_source.plan.assessment["subjects"] if one["kind"] == "plan")
    direct = [one for one in plan["criteria"] if one["set"] == "plan"]
    assert len(direct) == 16
    missing = [
        said
        for criterion in direct
        for said in (
            criterion["title"],
            criterion["reason"],
            *(f"{check['asks']}." for check in criterion["checks"]),
            *(check["reason"] for check in criterion["checks"]),
        )
        if shown(said) not in made.text
    ]
    assert missing == []


def test_every_reason_of_a_plan_stands_in_its_own_pack(made_of_plan: Any) -> None:
    text = made_of_plan.text
    missing = [
        said
        for subject in made_of_plan.content.subjects
        for said in (
            subject.name,
            subject.judged.reason,
            *(area.judged.reason for area in subject.areas),
            *(one.judged.reason for area in subject.areas for one in area.criteria),
            *(
                check.judged.reason
                for area in subject.areas
                for one in area.criteria
                for check in one.checks
            ),
        )
        if shown(said) not in text
    ]
    assert missing == []
    kinds = {subject.kind for subject in made_of_plan.content.subjects}
    assert kinds == {"plan", "workstream", "initiative"}


def test_an_undecided_pack_says_so_on_every_page(made: Any) -> None:
    assert "Draft: not yet decided" in made.pages[0]
    assert all("Draft: not yet decided" in page for page in made.pages[1:])


def test_each_page_tells_region_seal_and_number(made: Any) -> None:
    of = len(made.pages)
    for number, page in enumerate(made.pages, start=1):
        said = shown(page)
        assert f"Page {number} of {of}" in said
        assert "East Midlands (Q33)" in said
        assert made.content.short_seal in said


def test_the_contents_name_the_page_on_which_each_part_begins(made: Any) -> None:
    options = ["-layout", "-f", "2", "-l", "2", "-enc", "UTF-8"]
    contents = subprocess.run(
        ["pdftotext", *options, str(made.path), "-"], check=True, capture_output=True, text=True
    ).stdout
    for group in made.content.region.parts:
        listed = re.search(rf"{re.escape(group.title)}\s+(\d+)", contents)
        assert listed, group.title
        assert group.title in made.pages[int(listed[1]) - 1]


def test_a_judgement_that_is_outstanding_is_marked(made_of_plan: Any) -> None:
    assert made_of_plan.content.judgements_outstanding > 0
    assert "Not rated: waiting for a judgement" in made_of_plan.text
    assert "Not included: they are not released to the region" in made_of_plan.text


def test_planned_forecast_and_actual_stand_under_their_names_with_exact_figures(made: Any) -> None:
    for table in made.content.savings.tables:
        assert table.title in made.text
        for row in table.rows:
            assert row.label in made.text
            if row.planned is not None:
                assert f"£{row.planned:,}" in made.text
    assert {table.title for table in made.content.savings.tables} == {
        "Savings by year",
        "Savings by month, 2011/12",
        "Savings by spending area, 2011/12",
    }


def ink_of(path: Path, folder: Path) -> list[float]:
    """The share of each page's height that is covered, margins left out."""
    subprocess.run(["pdftoppm", "-r", "24", "-gray", str(path), str(folder / "page")], check=True)
    shares = []
    for image in sorted(folder.glob("page-*.pgm")):
        head, data = image.read_bytes().split(b"\n255\n", 1)
        width, height = (int(part) for part in head.split()[1:3])
        top, bottom = round(height * 0.075), round(height * 0.935)
        inked = [min(data[line * width : (line + 1) * width]) < 200 for line in range(top, bottom)]
        last = max((n for n, found in enumerate(inked) if found), default=0)
        shares.append(last / len(inked))
    return shares


def test_no_page_is_mostly_empty(pack: Any, tmp_path: Path) -> None:
    shares = ink_of(pack.path, tmp_path)
    assert len(shares) == len(pack.pages)
    # Cover and contents may be short, and the last page ends where the text ends.
    thin = {n: share for n, share in enumerate(shares[2:-1], start=3) if share < 0.3}
    assert thin == {}


def test_no_heading_is_left_alone_at_the_foot_of_a_page(pack: Any) -> None:
    titles = {subject.title for subject in pack.content.subjects}
    for page in pack.pages[2:]:
        lines = [line for line in page.splitlines() if line.strip()]
        body = [
            line for line in lines if "Page " not in line and pack.content.short_seal not in line
        ]
        assert body[-1].strip() not in titles


def test_the_summary_takes_one_page(pack: Any) -> None:
    assert shown(pack.pages[2]).count("Summary") >= 1
    assert "What needs attention first" in pack.pages[2]
    assert "Rating matrix" in pack.pages[3]


def test_the_matrix_of_the_largest_plan_takes_one_page(
    criteria_sets: tuple[CriteriaSet, ...], tmp_path: Path
) -> None:
    region = SampleRegion(workstreams=17, initiatives=1)
    for number, one in enumerate(region.plan["workstreams"]):
        one["name"] = f"Long-term conditions and polysystems {number}"  # two lines each
    main = rated(region.plan, criteria_sets)
    source = PackSource("Q36", "London", "Round", main, date(2011, 3, 31))
    made = make(pack_content(source), tmp_path)
    matrix = shown(made.pages[3])
    assert all(row.label in matrix for row in made.content.matrix.rows[1:])
    assert "Why a cell stands where it does" in matrix
    assert "Savings: planned, forecast and actual" in made.pages[4]
