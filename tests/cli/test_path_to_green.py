"""`rate --path-to-green`, as scripts and people see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qipp_assure.cli import main
from tests.criteria.sound_returns import CONTEXT, judgements, sound_card, sound_plan


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A card with one milestone met late and a manager not named, its plan and judgements."""
    plan, card = sound_plan(), sound_card()
    del plan["initiatives"][0]["leadership"]["manager"]
    card["tracker"][0]["milestones"][0]["met_on"] = "2011-06-29"
    context = CONTEXT | {"baseline_plan": "d", "documents": {"d": plan}}
    written = []
    for name, document in (("card", card), ("context", context), ("judged", judgements())):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        written.append(str(path))
    card_file, context_file, judged = written
    return ["rate", card_file, "--context", context_file, "--judgements", judged]


def rated(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_each_subject_that_is_not_green_has_its_path(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, Any] = json.loads(rated(capsys, *files, "--path-to-green", "--json"))
    for subject in found["subjects"]:
        assert ("path_to_green" in subject) == (subject["overall"] != "green")
        for criterion in subject["criteria"]:
            assert ("path_to_green" in criterion) == (criterion["rating"] != "green")
    (initiative,) = [one for one in found["subjects"] if one["kind"] == "initiative"]
    by_id = {one["id"]: one for one in initiative["criteria"]}
    leadership = by_id["leadership.leadership-identified"]["path_to_green"]
    assert leadership["unreachable"] is None
    assert leadership["changes"] == [{"subject": "i1", "check": "manager-named"}]
    milestones = by_id["milestones.milestones-progress"]["path_to_green"]
    assert milestones["unreachable"]["first_date"] is None
    assert milestones["unreachable"]["blocked_by"][0]["check"] == "milestones-met"
    assert initiative["path_to_green"]["changes"] == []
    assert "milestones-met" in initiative["path_to_green"]["unreachable"]["says"]


def test_the_path_is_printed_for_people(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    printed = rated(capsys, *files, "--path-to-green")
    assert "→" in printed
    assert "→" not in rated(capsys, *files)
