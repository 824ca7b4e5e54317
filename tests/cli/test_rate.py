"""The command line, as scripts call it: exit codes, JSON, and one line for what cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qipp_assure.cli import main
from tests.returns.test_validation import small_card, small_plan


class Ran:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command."""

    def call(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Ran(code, out, err)

    return call


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A small plan on disk."""
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(small_plan()), encoding="utf-8")
    return path


def test_rate_prints_every_subject_with_its_why(run: Any, plan_file: Path) -> None:
    ran = run("rate", plan_file, "--as-of", "2011-06-30", "--json")
    assert ran.code == 0
    assert ran.json["return"]["kind"] == "plan"
    assert ran.json["as_of"] == "2011-06-30"
    assert [one["set"] for one in ran.json["criteria"]] == ["implementation", "plan"]
    assert {one["kind"] for one in ran.json["subjects"]} == {"plan", "workstream", "initiative"}
    for subject in ran.json["subjects"]:
        for criterion in subject["criteria"]:
            assert criterion["reason"]
            assert (criterion["because"] is None) == (criterion["rating"] != "not_rated")
    plain = run("rate", plan_file, "--as-of", "2011-06-30")
    assert plain.code == 0
    assert "■ Red  plan Q36" in plain.out


def test_rate_by_one_set_and_as_at_the_end_of_the_month(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_text(json.dumps(small_card()), encoding="utf-8")
    ran = run("rate", path, "--criteria", "implementation@2011.1", "--json")
    assert ran.json["as_of"] == "2011-06-30"
    assert [one["set"] for one in ran.json["criteria"]] == ["implementation"]


def test_judgements_and_context_from_files_count(run: Any, plan_file: Path, tmp_path: Path) -> None:
    judgements, context = tmp_path / "judgements.json", tmp_path / "context.json"
    judged = {"set": "implementation", "version": "2011.1", "check": "milestones-fit"}
    judged |= {"subject_kind": "initiative", "subject_id": "i1", "rating": "amber"}
    judgements.write_text(json.dumps([judged | {"reason": "Thin"}]), encoding="utf-8")
    context.write_text(json.dumps({"challenge_gbp": 1_200_000}), encoding="utf-8")
    ran = run("rate", plan_file, "--judgements", judgements, "--context", context, "--json")
    assert all(ran.json["inputs"].values())
    (initiative,) = [one for one in ran.json["subjects"] if one["kind"] == "initiative"]
    checks = {check["id"]: check for one in initiative["criteria"] for check in one["checks"]}
    assert checks["milestones-fit"]["rating"] == "amber"
    assert "Thin" in checks["milestones-fit"]["reason"]


def test_a_return_found_wanting_ends_with_one_and_names_every_fault(
    run: Any, plan_file: Path
) -> None:
    document = small_plan()
    document["initiatives"][0]["milestones"][0]["due"] = "soon"
    document["colour"] = "red"
    plan_file.write_text(json.dumps(document), encoding="utf-8")
    ran = run("rate", plan_file, "--json")
    assert ran.code == 1
    assert {fault["path"] for fault in ran.json["faults"]} == {
        "colour",
        "initiatives[0].milestones[0].due",
    }
    assert run("rate", plan_file).out.count("\n") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("rate", "no-such-file.json"),
        ("rate", "{plan}", "--criteria", "implementatoin"),
        ("rate", "{plan}", "--criteria", "report-card"),
        ("rate", "{plan}", "--as-of", "yesterday"),
        ("rate", "{plan}", "--judgements", "{plan}"),
        ("rate", "{nul}"),
        ("rate", "{deep}"),
        ("criteria", "check", "no-such-folder"),
        ("criteria", "show", "nothing"),
        ("schema", "card"),
        ("no-such-command",),
    ],
)
def test_what_cannot_be_used_ends_with_two_and_one_line(
    run: Any, plan_file: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "nul.json").write_bytes(b"\x00\x01")
    (tmp_path / "deep.json").write_bytes(b"[" * 200_000)
    places = {"plan": plan_file, "nul": tmp_path / "nul.json", "deep": tmp_path / "deep.json"}
    ran = run(*(one.format(**places) for one in arguments))
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("qipp-assure: ")


def test_criteria_check_says_file_line_and_message(run: Any, tmp_path: Path) -> None:
    assert run("criteria", "check").code == 0
    path = tmp_path / "wrong.yaml"
    path.write_text("set: x\nset: y\ncolour: red\n", encoding="utf-8")
    ran = run("criteria", "check", path)
    assert ran.code == 1
    assert f"{path}:2: " in ran.out
    faults = run("criteria", "check", path, "--json").json
    assert set(faults[0]) == {"file", "line", "code", "message"}


def test_the_lists_show_what_there_is(run: Any) -> None:
    assert [one["set"] for one in run("criteria", "list", "--json").json] == [
        "implementation",
        "plan",
        "report-card",
    ]
    assert run("criteria", "list", "--json").json[2]["rates"] == ["workstream", "line"]
    lines = run("criteria", "list").out.splitlines()
    assert "12 criteria, " in lines[0]
    assert ", rates each initiative  " in lines[0]
    assert ", rates each workstream and line  " in lines[2]
    assert run("criteria", "show", "plan").out.startswith(
        run("criteria", "show", "plan@2011.1").out[:50]
    )
    assert len(run("criteria", "show", "implementation", "--json").json["areas"]) == 6
    assert run("schema", "report-card").json["title"] == "report-card@2011.1"
