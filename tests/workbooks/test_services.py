"""Workbooks out of and into drafts: all or nothing, by right, on record, and never unasked."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from qipp_assure.audit.queries import list_events
from qipp_assure.submissions.drafts import begin_draft, replace_draft, save_part
from qipp_assure.submissions.identity import WrongReturn
from qipp_assure.submissions.importing import import_return, read_json_return
from qipp_assure.submissions.queries import (
    document_of,
    find_draft,
    find_export,
    list_imports,
    list_parts,
)
from qipp_assure.submissions.services import IncomingFile, seal_return
from qipp_assure.vocabulary import SYSTEM, NotAllowed, Refused, ReturnKind, Stale
from qipp_assure.workbooks.queries import Place
from qipp_assure.workbooks.reader import Expected, read_workbook
from qipp_assure.workbooks.services import bring_in, take_out
from tests.workbooks.conftest import cell_of, edited

PLAN, CARD = ReturnKind.PLAN, ReturnKind.REPORT_CARD


def export(database, world, actor="lead", kind=PLAN, period="", code="Q30"):
    with database.writing() as session:
        place = Place(world.region(session, code), world.round(session), kind, period)
        out = take_out(session, world.actors[actor], place)
    return out.write()


def come_in(database, world, data, actor="lead", expected=None, confirmed=None):
    reading = read_workbook(data, expected)
    with database.writing() as session:
        return bring_in(
            session,
            world.actors[actor],
            IncomingFile.of("filled in.xlsx", data),
            reading,
            confirmed_revision=confirmed,
        )


def standing(database, world, kind=PLAN, period=""):
    with database.reading() as session:
        draft = find_draft(session, world.region(session), world.round(session), kind, period)
        return document_of(session, draft) if draft is not None else None


def records(database, world):
    with database.reading() as session:
        return [
            (record.outcome, record.fault_count)
            for record in reversed(list_imports(session, world.region(session)))
        ]


@pytest.fixture
def draft(database, world):
    """A draft that holds the world's plan; gives its id."""
    with database.writing() as session:
        found = begin_draft(session, SYSTEM, world.region(session), world.round(session), PLAN)
        replace_draft(session, SYSTEM, found, world.plan(), "test")
        return found.id


def rename(name):
    def edit(book):
        cell_of(book["Initiatives"], "name").value = name

    return edit


def test_an_export_is_kept_as_it_went_out(database, world, draft):
    origin = read_workbook(export(database, world)).origin
    with database.reading() as session:
        kept = find_export(session, origin.export_id)
        assert json.loads(kept.document) == world.plan()
        assert kept.digest == origin.digest
        assert kept.exported_by_name == world.actors["lead"].name
        assert kept.draft_revision is not None
        (event,) = list_events(session, "workbook_export", origin.export_id)
        assert event.event == "workbook_exported"


def test_a_plan_not_begun_goes_out_with_the_years_of_the_round(database, world):
    data = export(database, world)
    assert read_workbook(data).document["about"]["last_year"] == "2014/15"
    page = openpyxl.load_workbook(io.BytesIO(data))["Codes"]
    said = {cell.value for row in page.iter_rows() for cell in row}
    assert {"medicines", "Medicines", "5D7", "Newcastle PCT"} <= said
    assert come_in(database, world, data).accepted
    assert standing(database, world)["about"]["first_year"] == "2011/12"


def test_a_card_not_begun_goes_out_with_what_the_plan_says(database, world):
    with database.writing() as session:
        region, round_ = world.region(session), world.round(session)
        sealed = seal_return(session, SYSTEM, region, round_, world.plan())
        digest = sealed.digest
    data = export(database, world, kind=CARD, period="2011-06")
    card = read_workbook(data).document
    assert card["plan_digest"] == digest
    assert [item["id"] for item in card["tracker"]] == ["i1", "i2"]
    assert come_in(database, world, data).accepted
    assert standing(database, world, CARD, "2011-06") == card


def test_what_was_filled_in_comes_into_the_draft(database, world, draft):
    data = edited(export(database, world), rename("New name"))
    outcome = come_in(database, world, data)
    assert outcome.accepted
    assert (outcome.replaced.added, outcome.replaced.changed, outcome.replaced.removed) == (0, 1, 0)
    assert standing(database, world)["initiatives"][0]["name"] == "New name"
    assert records(database, world) == [("accepted", 0)]


def test_a_file_with_faults_changes_nothing_but_the_record(database, world, draft):
    before = standing(database, world)
    outcome = come_in(database, world, edited(export(database, world), rename("x" * 300)))
    assert not outcome.accepted
    assert standing(database, world) == before
    assert records(database, world) == [("refused", 1)]


def test_what_is_no_workbook_is_on_record_for_no_region(database, world):
    outcome = come_in(database, world, b"nonsense")
    assert not outcome.accepted
    assert outcome.record.organisation_id is None
    assert records(database, world) == []


def test_another_regions_file_is_refused(database, world, draft):
    data = export(database, world)
    outcome = come_in(database, world, data, expected=Expected(region="Q31"))
    assert not outcome.accepted
    assert records(database, world) == [("refused", 1)]


@pytest.mark.parametrize("actor", ["neighbour", "contributor", "reviewer", "analyst", "admin"])
def test_somebody_without_the_right_brings_nothing_in(database, world, draft, actor):
    before = standing(database, world)
    outcome = come_in(database, world, edited(export(database, world), rename("New")), actor)
    assert isinstance(outcome.refusal, NotAllowed)
    assert standing(database, world) == before
    assert records(database, world) == [("refused", 1)]


@pytest.mark.parametrize("actor", ["neighbour", "reviewer", "approver", "analyst", "admin"])
def test_somebody_without_a_part_takes_nothing_out(database, world, draft, actor):
    with pytest.raises(NotAllowed):
        export(database, world, actor)


def test_a_month_that_the_round_has_not_is_refused(database, world):
    with pytest.raises(Refused, match="none of the months"):
        export(database, world, kind=CARD, period="2013-01")


def test_work_done_meanwhile_is_not_lost_unasked(database, world, draft):
    data = edited(export(database, world), rename("From the workbook"))
    with database.writing() as session:
        found = find_draft(session, world.region(session), world.round(session), PLAN)
        body = {"id": "i1", "name": "From the page", "programme_id": "p1"}
        (version,) = [p.version for p in list_parts(session, found) if p.key == "i1"]
        save_part(session, SYSTEM, found, "initiatives", "i1", body, expected_version=version)
    outcome = come_in(database, world, data)
    assert not outcome.accepted
    (loss,) = outcome.losses
    assert (loss.item_id, loss.what, loss.changed) == ("i1", "Initiative: From the page", 1)
    assert (loss.by, loss.at is not None) == ("system", True)
    assert standing(database, world)["initiatives"][0]["name"] == "From the page"
    confirmed = come_in(database, world, data, confirmed=outcome.revision)
    assert confirmed.accepted
    assert standing(database, world)["initiatives"][0]["name"] == "From the workbook"
    assert records(database, world) == [("refused", 1), ("accepted", 0)]


def test_a_confirmation_of_an_earlier_state_is_stale(database, world, draft):
    data = edited(export(database, world), lambda book: book["Initiatives"].delete_rows(8))
    outcome = come_in(database, world, data)
    (loss,) = outcome.losses
    assert (loss.item_name, loss.whole) == ("Fewer wasted medicines", True)
    late = come_in(database, world, data, confirmed=outcome.revision - 1)
    assert isinstance(late.refusal, Stale)
    assert len(standing(database, world)["initiatives"]) == 2
    assert come_in(database, world, data, confirmed=outcome.revision).accepted
    assert len(standing(database, world)["initiatives"]) == 1


def test_a_workbook_that_is_no_export_of_this_draft_loses_whatever_differs(database, world, draft):
    data = edited(export(database, world), rename("New name"))

    def forget(book):
        for row in book["qipp"].iter_rows():
            if row[0].value == "export_id":
                row[1].value = "unknown"

    outcome = come_in(database, world, edited(data, forget))
    assert [loss.item_id for loss in outcome.losses] == ["i1"]


def test_json_comes_in_by_the_same_door(database, world, draft):
    document = world.plan(background={"vision": "Better"})
    data = json.dumps(document).encode()
    reading = read_json_return(data)
    with database.writing() as session:
        actor = world.actors["lead"]
        file = IncomingFile.of("plan.json", data)
        assert import_return(session, actor, file, reading.document).accepted
        fewer = {**reading.document, "initiatives": reading.document["initiatives"][:1]}
        assert import_return(session, actor, file, fewer).losses
        for wrong in ({"region": "Q99"}, {"round": "gone"}):
            refused = import_return(session, actor, file, {**reading.document, **wrong})
            assert isinstance(refused.refusal, WrongReturn)
    assert standing(database, world)["background"] == {"vision": "Better"}
    assert read_json_return(b'{"template": "plan@2011.1"}').faults
    assert records(database, world)[:2] == [("accepted", 0), ("refused", 1)]


KILLED_HALFWAY = """
import os, signal, sys
from pathlib import Path
from qipp_assure.database import Database
from qipp_assure.submissions.services import IncomingFile
from qipp_assure.vocabulary import Actor
from qipp_assure.workbooks.reader import read_workbook
from qipp_assure.workbooks.services import bring_in

url, file, person, name = sys.argv[1:]
data = Path(file).read_bytes()
with Database(url).writing() as session:
    actor = Actor(int(person), name)
    outcome = bring_in(session, actor, IncomingFile.of("x.xlsx", data), read_workbook(data))
    assert outcome.accepted
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_half_an_import_never_stands(database, world, draft, tmp_path):
    """The process is killed when all is written but nothing committed."""
    before = standing(database, world)
    file = tmp_path / "filled in.xlsx"
    file.write_bytes(edited(export(database, world), rename("Half of it")))
    lead = world.actors["lead"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_HALFWAY, database.url, file, str(lead.person_id), lead.name],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, b"")
    assert standing(database, world) == before
    assert records(database, world) == []
    assert come_in(database, world, file.read_bytes()).accepted
    assert standing(database, world)["initiatives"][0]["name"] == "Half of it"
