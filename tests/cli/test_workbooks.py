"""``template`` and ``import``: out, filled in, back; faults by cell; nothing undone unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qipp_assure.cli import main
from qipp_assure.database import Database
from qipp_assure.submissions.models import ImportRecord
from qipp_assure.submissions.queries import document_of, find_draft
from qipp_assure.vocabulary import ReturnKind
from tests.workbooks.conftest import cell_of, edited
from tests.world import World

LEAD = ("--as", "lead@example.nhs.uk")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about a command."""
    return sqlite_database


@pytest.fixture
def run(
    database: Database,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    monkeypatch.setenv("DATABASE_URL", database.url)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return call


@pytest.fixture
def draft(run: Any, world: World, tmp_path: Path) -> dict[str, Any]:
    """The world's plan, imported as JSON."""
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(world.plan()))
    assert run("import", file, *LEAD)[0] == 0
    return world.plan()


def standing(database: Database, world: World) -> dict[str, Any]:
    with database.reading() as session:
        found = find_draft(session, world.region(session), world.round(session), ReturnKind.PLAN)
        return document_of(session, found) if found else {}


def records(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        return [(one.outcome, one.fault_count) for one in session.query(ImportRecord)]


def exported(run: Any, tmp_path: Path) -> Path:
    file = tmp_path / "plan.xlsx"
    code, out, _ = run("template", "plan", "--region", "Q30", "--out", file)
    assert code == 0
    assert "export" in out
    return file


def change(file: Path, key: str, value: Any) -> None:
    def edit(book: Any) -> None:
        cell_of(book["Initiatives"], key).value = value

    file.write_bytes(edited(file.read_bytes(), edit))


def test_a_workbook_goes_out_and_comes_back(run, database, world, draft, tmp_path):
    file = exported(run, tmp_path)
    change(file, "name", "New name")
    code, out, _ = run("import", file, *LEAD)
    assert (code, out) == (0, "imported: 0 parts added, 1 changed, 0 removed\n")
    assert standing(database, world)["initiatives"][0]["name"] == "New name"
    assert json.loads(run("import", file, *LEAD, "--json")[1])["parts"]["unchanged"] > 3


def test_faults_come_by_cell(run, database, world, draft, tmp_path):
    file = exported(run, tmp_path)
    change(file, "project_cost_gbp", "lots")
    code, out, err = run("import", file, *LEAD)
    assert (code, err) == (1, "")
    assert out.startswith("Initiatives!H7: 'lots' is not a number")
    (fault,) = json.loads(run("import", file, *LEAD, "--json")[1])["faults"]
    assert (fault["sheet"], fault["cell"]) == ("Initiatives", "H7")
    assert standing(database, world) == draft
    assert records(database) == [("accepted", 0), ("refused", 1), ("refused", 1)]


def test_what_would_be_undone_is_said_and_wants_a_yes(run, database, world, draft, tmp_path):
    file = tmp_path / "fewer.json"
    file.write_text(json.dumps({**draft, "initiatives": draft["initiatives"][:1]}))
    code, out, _ = run("import", file, *LEAD)
    assert code == 1
    assert "Initiative: Fewer wasted medicines: 0 fields replaced, 3 removed" in out
    assert "--yes" in out
    assert json.loads(run("import", file, *LEAD, "--json")[1])["losses"][0]["removed"] == 3
    assert standing(database, world) == draft
    assert run("import", file, *LEAD, "--yes")[0] == 0
    assert len(standing(database, world)["initiatives"]) == 1


def test_faults_of_json_come_by_path(run, draft, tmp_path):
    file = tmp_path / "bad.json"
    file.write_text(json.dumps({**draft, "finance": {"challenge_gbp": "lots"}}))
    code, out, _ = run("import", file, *LEAD)
    assert code == 1
    assert out.startswith("finance.challenge_gbp: must be a whole number")
    assert out.endswith(" (Finance: size of the challenge)\n")
    (fault,) = json.loads(run("import", file, *LEAD, "--json")[1])["faults"]
    assert fault["label"] == "Finance: size of the challenge"


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("neighbour@example.nhs.uk", "You cannot edit the returns of North East."),
        ("nobody@example.nhs.uk", "there is no open account"),
    ],
)
def test_somebody_without_the_right_is_refused_in_one_line(
    run, database, world, draft, tmp_path, email, words
):
    code, out, err = run("import", exported(run, tmp_path), "--as", email)
    assert (code, out) == (2, "")
    assert words in err
    assert standing(database, world) == draft


def test_what_is_no_workbook_is_said(run, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("hello")
    code, out, _ = run("import", file, *LEAD)
    assert code == 1
    assert out.startswith("the file: this is no Excel workbook")
    assert run("import", tmp_path / "gone.xlsx", *LEAD)[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "--region", "Q99"),
        ("plan", "--region", "Q30", "--period", "2011-06"),
        ("report-card", "--region", "Q30"),
        ("report-card", "--region", "Q30", "--period", "2013-01"),
    ],
)
def test_a_template_that_cannot_be_is_refused_in_one_line(run, tmp_path, arguments):
    code, out, err = run("template", *arguments, "--out", tmp_path / "x.xlsx")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "x.xlsx").exists()


def test_a_card_goes_out_for_its_month(run, draft, tmp_path):
    file = tmp_path / "card.xlsx"
    where = ("--region", "Q30", "--period", "2011-06")
    assert run("template", "report-card", *where, "--out", file)[0] == 0
    assert run("import", file, *LEAD)[0] == 0
