"""``qipp-assure pack``: the file, what it says, and one line for what cannot be made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from qipp_assure.cli import main
from qipp_assure.database import Database
from tests.sent_in import SentIn, sound_card, sound_plan


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about a command."""
    return sqlite_database


@pytest.fixture
def run(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    monkeypatch.setenv("DATABASE_URL", database.url)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return call


def test_pack_writes_the_file_and_says_how_long_it_is(
    run: Any, sent_in: SentIn, tmp_path: Path
) -> None:
    sent_in.submit(sound_plan())
    sent_in.submit(sound_card())
    out = tmp_path / "pack.pdf"
    asked = ("pack", "report-card", "--region", "Q30", "--period", "2011-06", "--out", str(out))
    code, said, _ = run(*asked, "--json")
    assert code == 0
    with pikepdf.open(out) as document:
        assert str(document.docinfo["/Title"]).endswith("North East, Report card of June 2011")
        assert json.loads(said)["pages"] == len(document.pages)
    code, said, _ = run(*asked)
    assert (code, said) == (0, f"{out}: {json.loads(run(*asked, '--json')[1])['pages']} pages\n")


def test_pack_says_in_one_line_what_cannot_be_made(
    run: Any, sent_in: SentIn, tmp_path: Path
) -> None:
    out = str(tmp_path / "pack.pdf")
    place = ("pack", "plan", "--region", "Q30", "--out", out)
    code, said, error = run(*place)
    assert (code, said) == (2, "")
    assert "nothing has been submitted there" in error
    sent_in.submit(sound_plan())
    for email, words in (
        ("neighbour@example.nhs.uk", "You cannot open the returns of North East"),
        ("analyst@example.nhs.uk", "No ratings of this return are released yet"),
        ("nobody@example.nhs.uk", "there is no open account"),
    ):
        code, said, error = run(*place, "--as", email)
        assert (code, said) == (2, "")
        assert words in error
        assert len(error.strip().splitlines()) == 1
    assert not Path(out).exists()
