"""The worked examples beside each set come out as they say, and leave no check out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qipp_assure.cli import main
from qipp_assure.ratings.criteria_files import check_examples, criteria_files
from tests.criteria.sound_returns import CRITERIA, criteria_set


@pytest.mark.parametrize("name", ["plan", "implementation", "report-card"])
def test_examples_come_out_and_cover_every_check(name: str) -> None:
    faults, covered = check_examples(criteria_set(name))
    assert faults == []
    assert covered is not None
    assert covered.lacking == ()
    assert covered.examples > 3 * covered.checks
    assert covered.says().endswith("every check has one of each rating that it can have")


def test_examples_are_not_taken_for_criteria() -> None:
    files = criteria_files([CRITERIA])
    assert len(files) == 3
    assert not [one for one in files if "examples" in one.name]


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code, capsys.readouterr().out


def test_criteria_check_runs_them(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = CRITERIA / "report-card"
    code, printed = ran(capsys, "criteria", "check", str(folder))
    assert code == 0
    assert "report-card@2011.1: 12 checks" in printed
    text = (folder / "2011.1.yaml").read_text(encoding="utf-8")
    examples = (folder / "2011.1.examples.yaml").read_text(encoding="utf-8")
    (tmp_path / "2011.1.yaml").write_text(
        text.replace("value: 80%", "value: 81%"), encoding="utf-8"
    )
    (tmp_path / "2011.1.examples.yaml").write_text(examples, encoding="utf-8")
    code, printed = ran(capsys, "criteria", "check", str(tmp_path), "--json")
    found = json.loads(printed)
    assert code == 1
    assert {one["code"] for one in found} == {"example"}
    lines = examples.splitlines()
    assert all("kpis:" in lines[one["line"] - 1] for one in found)
    assert "quality-on-course should be green. It comes out as: Amber" in found[0]["message"]


def test_a_set_without_examples_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (CRITERIA / "report-card" / "2011.1.yaml").read_text(encoding="utf-8")
    (tmp_path / "2011.1.yaml").write_text(text, encoding="utf-8")
    code, printed = ran(capsys, "criteria", "check", str(tmp_path))
    assert code == 0
    assert "no worked examples beside it" in printed
