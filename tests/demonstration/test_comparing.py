"""`criteria compare` on some of the demonstration year, against rating it all both ways."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qipp_assure.cli import main
from qipp_assure.criteria_engine.compiled.rating import ToRate
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.sets import Judged as JudgedCheck
from qipp_assure.database import Database
from qipp_assure.demonstration.loading import load
from qipp_assure.ratings.comparing import Part, carried, count_by_criterion, find_moved, only_in
from qipp_assure.ratings.criteria_files import library
from qipp_assure.ratings.history import find_version, list_sealed, read_sealed
from qipp_assure.ratings.queries import latest_assessment, read_result
from qipp_assure.ratings.services import publish_criteria_version
from qipp_assure.returns.schemas import schemas
from qipp_assure.vocabulary import SYSTEM

SET, OLD, NEW = "implementation", "implementation@2011.1", "implementation@2011.2"
BAND = "variance_green: {value: 5%,"


def implementation() -> CriteriaSet:
    return library().get_set(OLD)


def changed(*edits: tuple[str, str], version: str = "2011.2") -> str:
    """The set's text as another version, with some texts in it replaced."""
    text = implementation().text
    for old, new in (('version: "2011.1"', f'version: "{version}"'), *edits):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


STRICTER = changed((BAND, BAND.replace("5%", "1%")))
CHANGED_CHECKS = {"variance"}


@pytest.fixture(scope="module")
def file(year, tmp_path_factory) -> Path:
    """A database with a region's plan and three cards, in which the other version is published."""
    path = tmp_path_factory.mktemp("comparing") / "part.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    months = {"2011-04", "2011-09", "2012-03"}
    load(database, "heron-teasel-quill-marl-4821", lambda _: None, year.only({"Q34"}, months))
    with database.writing() as session:
        publish_criteria_version(session, SYSTEM, set_id=SET, version="2011.2", text=STRICTER)
    database.dispose()
    return path


@pytest.fixture(scope="module")
def returns(file) -> list[ToRate]:
    """All that is sealed there, read."""
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        found = list(read_sealed(session, list_sealed(session, implementation().reads)))
    database.dispose()
    return found


@pytest.fixture
def run(file, monkeypatch, capsys):
    """Run the command on that database: exit code, output, complaints."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["criteria", "compare", *(str(one) for one in arguments)])
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return call


def ratings_of(one: ToRate, criteria: CriteriaSet) -> Iterator[tuple[tuple[str, ...], tuple]]:
    """Every rating of a return by the full rating alone."""
    full = rate(one.facts, carried(one.judgements, criteria), {}, [criteria], one.as_of)
    for subject in full.subjects:
        about = (one.facts.region, one.facts.period or "", subject.kind, subject.id)
        for criterion in subject.criteria:
            for check in criterion.checks:
                yield (*about, "check", check.id), check.outcome
            yield (*about, "criterion", criterion.id), criterion.outcome
        for part, groups in (("area", subject.areas), ("half", subject.halves)):
            for group in groups:
                yield (*about, part, group.id), group.outcome
        for _, outcome in subject.overalls:
            yield (*about, "overall", ""), outcome


def brute_force(a: CriteriaSet, b: CriteriaSet, returns: list[ToRate]) -> dict:
    """What differs, and from what to what, with both sentences."""
    found = {}
    for one in returns:
        before, after = dict(ratings_of(one, a)), dict(ratings_of(one, b))
        for key in before.keys() & after.keys():
            was, now = before[key], after[key]
            if (was.rating, was.because) != (now.rating, now.because):
                found[key] = (was.to_json(), now.to_json())
    return found


def listed(document: dict) -> dict:
    """The same of what the command lists."""
    words = ("rating", "because", "reason")
    found = {}
    for one in document["moved"]:
        subject = one["subject"]
        key = (one["return"]["region"], one["return"]["period"] or "")
        key = (*key, subject["kind"], subject["id"], one["part"], one["id"])
        assert key not in found
        found[key] = tuple({name: one[end][name] for name in words} for end in ("from", "to"))
    return found


def loaded(text: str) -> CriteriaSet:
    return load_set(text, "trial.yaml", schemas())


def test_one_band_changed_lists_exactly_what_brute_force_finds(run, returns):
    code, out, err = run(OLD, NEW, "--json")
    document = json.loads(out)
    wanted = brute_force(implementation(), loaded(STRICTER), returns)
    assert code == 0
    assert "Rating 4 returns" in err
    assert document["returns"] == len(returns) == 4
    assert listed(document) == wanted
    checks = {key[-1] for key in wanted if key[-2] == "check"}
    assert checks == CHANGED_CHECKS
    assert {key[-2] for key in wanted} >= {"check", "criterion"}
    counts = {one["id"]: one for one in document["by_criterion"] if one["checks"]}
    assert [one["checks"] for one in counts.values()] == [
        sum(1 for key in wanted if key[-2] == "check")
    ]
    moved = next(one for one in document["moved"] if one["part"] == "check")
    assert moved["from"]["value"] == moved["to"]["value"] != ""
    assert moved["criterion"] in counts


def test_the_list_for_people_names_each_with_both_sentences(run, returns):
    code, out, _ = run(OLD, NEW)
    wanted = brute_force(implementation(), loaded(STRICTER), returns)
    assert code == 0
    assert f"4 returns rated by both: {len(wanted):,} ratings would move" in out
    for was, now in wanted.values():
        assert f"was: {was['reason']}" in out
        assert f"now: {now['reason']}" in out
    assert "● Green → ▲ Amber" in out


def test_a_version_against_itself_moves_nothing(run):
    code, out, _ = run(OLD, OLD, "--json")
    assert code == 0
    assert json.loads(out)["moved"] == []


def test_a_file_that_nobody_published_can_be_compared(run, tmp_path, returns):
    path = tmp_path / "trial.yaml"
    text = changed((BAND, BAND.replace("5%", "0.5%")), version="2099.1")
    path.write_text(text, encoding="utf-8")
    code, out, _ = run(OLD, "--file", path, "--json")
    assert code == 0
    assert listed(json.loads(out)) == brute_force(implementation(), loaded(text), returns) != {}


def test_nothing_is_written(run, file):
    def dump() -> list[str]:
        with sqlite3.connect(file) as connection:
            return list(connection.iterdump())

    before = dump()
    assert run(OLD, NEW)[0] == 0
    assert dump() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((OLD, "implementation@2011.9"), "no criteria version 'implementation@2011.9'"),
        (("implementation", NEW), "does not name a version"),
        ((OLD, "plan@2011.1"), "different sets"),
        ((OLD,), "either SET@B or --file"),
        ((OLD, NEW, "--file", "x.yaml"), "either SET@B or --file"),
        ((OLD, "--file", "nowhere.yaml"), "nowhere.yaml: No such file"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_exit_2(run, arguments, says):
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_a_file_with_faults_is_refused_with_its_line(run, tmp_path):
    path = tmp_path / "trial.yaml"
    path.write_text("set: implementation\nversion: [\n", encoding="utf-8")
    code, out, err = run(OLD, "--file", path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "trial.yaml:" in err


def test_a_return_is_rated_by_what_was_frozen_with_its_assessment(file):
    """Rating under the version that was used gives the ratings that are kept."""
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        a = find_version(session, OLD)
        for submission in list_sealed(session, a.reads):
            (one,) = read_sealed(session, [submission])
            kept = read_result(latest_assessment(session, submission))
            again = rate(one.facts, one.judgements, {}, [a], one.as_of).to_json()
            assert kept["return"] == again["return"]
            for was, now in zip(kept["subjects"], again["subjects"], strict=True):
                own = [each for each in was["criteria"] if each["set"] == SET]
                assert own == now["criteria"]
    database.dispose()


def judged_check() -> tuple[CriteriaSet, str, str]:
    one = implementation()
    check = next(each for each in one.checks() if isinstance(each.body, JudgedCheck))
    return one, check.id, check.asks


def test_judgements_count_where_the_check_is_the_same_and_nowhere_else(returns):
    old, name, asks = judged_check()
    same = loaded(STRICTER)
    other = loaded(changed((f"asks: {asks}\n", f"asks: {asks}, in other words\n")))
    entries = [one for each in returns for one in each.judgements if one["check"] == name]
    assert entries
    assert len(carried(entries, old)) == len(carried(entries, same)) == len(entries)
    assert {one["version"] for one in carried(entries, same)} == {"2011.2"}
    assert carried(entries, other) == ()
    moved = list(find_moved(old, other, returns))
    assert {one.place[1] for one in moved if one.place[0] is Part.CHECK} == {name}
    assert len(moved) == len(brute_force(old, other, returns))
    assert not [one for one in find_moved(old, same, returns) if one.place == (Part.CHECK, name)]


def test_a_check_that_only_one_version_has_is_named_and_moves_nothing_by_itself(returns):
    old = implementation()
    new = loaded(changed(("          - id: variance\n", "          - id: difference\n")))
    assert only_in(old, new) == [(Part.CHECK, "variance")]
    assert only_in(new, old) == [(Part.CHECK, "difference")]
    assert list(find_moved(old, new, returns)) == []
    counts = count_by_criterion(new, [])
    assert list(counts) == [one.key for one in new.criteria()]


def test_judgement_without_a_digest_counts_under_its_own_version_only():
    old, name, _ = judged_check()
    entry = {"set": SET, "version": "2011.1", "check": name, "check_digest": "", "rating": "red"}
    assert carried([entry], old) == (entry,)
    assert carried([entry], loaded(STRICTER)) == ()
    assert carried([{**entry, "set": "plan"}], old) == ()
