"""Workbooks by the pages: out, filled in, back again, with faults by cell and nothing lost unasked."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qipp_assure.database import Database
from qipp_assure.returns.canonical import to_document
from qipp_assure.returns.validation import read_return
from qipp_assure.submissions.drafts import save_part
from qipp_assure.submissions.models import Draft, ImportRecord, WorkbookExport
from qipp_assure.submissions.queries import document_of, find_draft, find_part
from qipp_assure.vocabulary import Rating, ReturnKind
from qipp_assure.workbooks.reader import read_workbook
from tests.pages import Pages, send, token
from tests.sent_in import HOSTILE, SentIn, sound_card, sound_plan, spoiled
from tests.workbooks.conftest import answer_of, cell_of, edited

PLAN = "/regions/Q30/plan"
JUNE = "/regions/Q30/report-cards/2011-06"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


def take_out(client: FlaskClient, page: str = PLAN) -> bytes:
    """The workbook that a return's page offers."""
    answer = send(client, page, to=f"{page}/workbook")
    assert answer.status_code == 200
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    return answer.data


def bring_in(client: FlaskClient, data: bytes, page: str = PLAN) -> TestResponse:
    """What the upload page answers."""
    mark = token(client.get(f"{page}/upload").text)
    return client.post(
        f"{page}/upload", data={"csrf_token": mark, "file": (io.BytesIO(data), "filled in.xlsx")}
    )


def draft_of(pages: Pages, kind: ReturnKind = ReturnKind.PLAN, period: str = "") -> dict[str, Any]:
    """The document of the North East's draft."""
    with pages.database.reading() as session:
        world = pages.world
        draft = find_draft(session, world.region(session), world.round(session), kind, period)
        return document_of(session, draft) if draft is not None else {}


def imports(pages: Pages) -> list[tuple[str, int]]:
    """Outcome and number of faults of each file that came in."""
    with pages.database.reading() as session:
        return [(one.outcome, one.fault_count) for one in session.query(ImportRecord)]


def retitled(data: bytes, title: str) -> bytes:
    """The workbook with another title typed into it."""

    def edit(book: Any) -> None:
        page = next(
            one
            for one in book
            if any(cells[0].value == "qipp:about.title" for cells in one.iter_rows(max_col=1))
        )
        answer_of(page, "about.title").value = title

    return edited(data, edit)


def test_a_draft_goes_out_and_comes_back_whole(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(to_document(read_return(sound_plan())))
    before = draft_of(pages)
    client = pages.visit("lead")
    answer = bring_in(client, take_out(client))
    assert answer.status_code == 303
    assert "The workbook is in the draft: nothing in it was new." in client.get(PLAN).text
    assert draft_of(pages) == before
    assert imports(pages) == [("accepted", 0)]


def test_what_was_typed_is_in_the_draft(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(to_document(read_return(sound_plan())))
    client = pages.visit("lead")
    answer = bring_in(client, retitled(take_out(client), "Our plan, second edition"))
    assert answer.status_code == 303
    assert "1 part changed" in client.get(PLAN).text
    assert draft_of(pages)["about"]["title"] == "Our plan, second edition"


def test_the_first_workbook_holds_what_is_known(pages: Pages, sent_in: SentIn) -> None:
    client = pages.visit("lead")
    answer = bring_in(client, take_out(client))
    assert answer.status_code == 303
    found = draft_of(pages)
    assert [one["organisation_code"] for one in found["allocations"]] == ["5D7"]


def test_the_first_card_is_laid_out_from_the_plan(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_plan())
    sent_in.submit(sound_card("2011-05"))
    client = pages.visit("lead")
    bring_in(client, take_out(client, JUNE), JUNE)
    found = draft_of(pages, ReturnKind.REPORT_CARD, "2011-06")
    (tracked,) = found["tracker"]
    (planned,) = sound_plan()["initiatives"]
    assert tracked["name"] == planned["name"]
    assert tracked["workstream_id"] == "w1"
    assert [one["id"] for one in tracked["kpis"]] == [one["id"] for one in planned["kpis"]]
    assert "actual_month_gbp" not in tracked["savings"][0]
    assert tracked["milestones"][0]["status"] == "done"
    assert found["plan_digest"]
    assert found["period"] == "2011-06"


def test_faults_come_by_cell_and_nothing_is_taken_in(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(sound_plan())
    before = draft_of(pages)
    client = pages.visit("lead")

    def spoil(book: Any) -> None:
        page = book["Milestones"]
        cell_of(page, "due").value = "next spring"

    page = bring_in(client, edited(take_out(client), spoil))
    assert page.status_code == 200
    assert "Error: Upload a workbook" in page.text
    assert re.search(r"Milestones![A-Z]+\d+", page.text)
    assert draft_of(pages) == before
    assert imports(pages)[0][0] == "refused"


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04" + b"\0" * 500])
def test_what_is_no_workbook_is_refused(pages: Pages, sent_in: SentIn, data: bytes) -> None:
    page = bring_in(pages.visit("lead"), data)
    assert page.status_code == 200
    assert "The file" in page.text
    assert draft_of(pages) == {}


def test_no_file_at_all_is_said(pages: Pages, sent_in: SentIn) -> None:
    client = pages.visit("lead")
    page = send(client, f"{PLAN}/upload")
    assert "Choose a workbook" in page.text


def test_another_regions_workbook_is_refused(pages: Pages, sent_in: SentIn) -> None:
    theirs = take_out(pages.visit("neighbour"), "/regions/Q31/plan")
    page = bring_in(pages.visit("lead"), theirs)
    assert "the workbook is for Q31 North West" in page.text
    assert draft_of(pages) == {}


def test_a_months_workbook_is_refused_for_another_month(pages: Pages, sent_in: SentIn) -> None:
    client = pages.visit("lead")
    june = take_out(client, JUNE)
    assert "Error:" in bring_in(client, june, JUNE.replace("06", "07")).text
    assert "Error:" in bring_in(client, june, PLAN).text


@pytest.mark.parametrize(
    ("name", "out", "back"),
    [
        ("contributor", 200, 403),
        ("director", 200, 403),
        ("neighbour", 403, 403),
        ("reviewer", 403, 403),
        ("analyst", 403, 403),
        ("admin", 403, 403),
    ],
)
def test_only_the_regions_own_people(
    pages: Pages, sent_in: SentIn, name: str, out: int, back: int
) -> None:
    client = pages.visit(name)
    answer = send(client, "/account/password", to=f"{PLAN}/workbook")
    assert answer.status_code == out
    assert client.get(f"{PLAN}/upload").status_code == back
    assert send(client, "/account/password", to=f"{PLAN}/upload").status_code == back
    answer = send(client, "/account/password", {"kept": "x"}, to=f"{PLAN}/upload/confirm")
    assert answer.status_code == back


def version_taken_out(client: FlaskClient, submission_id: int, code: str = "Q30") -> TestResponse:
    """What the button beside a sealed version answers."""
    path = f"/regions/{code}/returns/{submission_id}/workbook"
    return send(client, "/account/password", to=path)


@pytest.mark.parametrize("name", ["lead", "reviewer", "analyst"])
def test_a_sealed_version_goes_out_as_a_copy_to_whoever_may_see_the_region(
    pages: Pages, sent_in: SentIn, name: str
) -> None:
    first = sent_in.submit(sound_plan())
    sent_in.submit({**sound_plan(), "about": {**sound_plan()["about"], "title": "Changed since"}})
    client = pages.visit(name)
    page = client.get(PLAN).text
    assert f'action="/regions/Q30/returns/{first}/workbook"' in page
    answer = version_taken_out(client, first)
    assert answer.status_code == 200
    assert "Q30-plan-version-1.xlsx" in answer.headers["Content-Disposition"]
    reading = read_workbook(answer.data)
    assert reading.faults == []
    assert reading.document == to_document(read_return(sound_plan()))
    front = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    said = {str(row[1]): str(row[2]) for row in front.iter_rows(max_row=20, values_only=True)}
    assert "the sealed version itself never changes" in said["Copy of version 1"]
    assert "Copy of version" not in str(list(front_of_draft(pages)))


def front_of_draft(pages: Pages) -> Any:
    """The first sheet of the draft's workbook."""
    data = take_out(pages.visit("lead"))
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].values


def test_a_sealed_version_is_not_for_other_regions_and_only_of_its_own(
    pages: Pages, sent_in: SentIn
) -> None:
    plan = sent_in.submit(sound_plan())
    assert version_taken_out(pages.visit("neighbour"), plan).status_code == 403
    assert version_taken_out(pages.visit("admin"), plan).status_code == 403
    assert version_taken_out(pages.visit("neighbour"), plan, "Q31").status_code == 404
    assert version_taken_out(pages.visit("reviewer"), plan + 1).status_code == 404
    path = f"/regions/Q30/returns/{plan}/workbook"
    assert pages.visit("lead").get(path).status_code == 405
    with pages.database.reading() as session:
        assert session.query(WorkbookExport).count() == 0


def test_a_sealed_version_brought_back_goes_into_the_draft(pages: Pages, sent_in: SentIn) -> None:
    first = sent_in.submit(sound_plan())
    sent_in.submit({**sound_plan(), "about": {**sound_plan()["about"], "title": "Changed since"}})
    client = pages.visit("lead")
    page = bring_in(client, version_taken_out(client, first).data)
    assert page.status_code == 200
    assert "This workbook would undo work in the draft" in page.text
    assert client.post(f"{PLAN}/upload/confirm", data=fields_of(page.text)).status_code == 303
    assert draft_of(pages)["about"]["title"] == sound_plan()["about"]["title"]


def test_looking_takes_nothing_out(pages: Pages, sent_in: SentIn) -> None:
    assert pages.visit("lead").get(f"{PLAN}/workbook").status_code == 405
    with pages.database.reading() as session:
        assert session.query(WorkbookExport).count() == 0


def changed_meanwhile(pages: Pages, vision: str) -> None:
    """Somebody writes at the draft while its workbook is out."""
    with pages.database.writing() as session:
        draft = session.query(Draft).one()
        part = find_part(session, draft, "section", "background")
        assert part is not None
        save_part(
            session,
            pages.world.actors["lead"],
            draft,
            "section",
            "background",
            {"vision": vision},
            expected_version=part.version,
        )


def test_work_that_would_be_lost_is_named_and_asked_about(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(sound_plan())
    client = pages.visit("lead")
    filled = retitled(take_out(client), "Ours")
    changed_meanwhile(pages, "Written meanwhile")
    page = bring_in(client, filled)
    assert page.status_code == 200
    assert "This workbook would undo work in the draft" in page.text
    assert "Background" in page.text
    assert "lead@example.nhs.uk" in page.text
    assert draft_of(pages)["background"]["vision"] == "Written meanwhile"

    answer = client.post(f"{PLAN}/upload/confirm", data=fields_of(page.text))
    assert answer.status_code == 303
    found = draft_of(pages)
    assert found["background"]["vision"] == sound_plan()["background"]["vision"]
    assert found["about"]["title"] == "Ours"


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the page that asks."""
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept is not None
    return {"csrf_token": token(page), "kept": kept[1]}


def test_what_changes_while_one_is_asked_is_not_lost(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(sound_plan())
    client = pages.visit("lead")
    filled = take_out(client)
    changed_meanwhile(pages, "First")
    page = bring_in(client, filled)
    changed_meanwhile(pages, "Second")
    answer = client.post(f"{PLAN}/upload/confirm", data=fields_of(page.text))
    assert "Somebody has changed the draft since you were shown what would be lost" in answer.text
    assert draft_of(pages)["background"]["vision"] == "Second"


def test_what_comes_back_changed_or_for_another_return_is_refused(
    pages: Pages, sent_in: SentIn
) -> None:
    sent_in.draft(sound_plan())
    client = pages.visit("lead")
    filled = take_out(client)
    changed_meanwhile(pages, "Written meanwhile")
    fields = fields_of(bring_in(client, filled).text)
    for page, kept in (
        (PLAN, fields["kept"][:-2] + "xx"),
        (PLAN, "x"),
        (PLAN, ""),
        (JUNE, fields["kept"]),
    ):
        answer = client.post(f"{page}/upload/confirm", data={**fields, "kept": kept})
        assert answer.status_code == 200
        assert "Error: Upload a workbook" in answer.text
    assert draft_of(pages)["background"]["vision"] == "Written meanwhile"


def test_hostile_texts_in_the_pages_of_a_workbook(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(spoiled(sound_plan(), names=("name", "title", "vision")))
    client = pages.visit("lead")
    filled = take_out(client)
    with pages.database.writing() as session:
        draft = session.query(Draft).one()
        part = find_part(session, draft, "initiatives", "i1")
        assert part is not None
        body = {"id": "i1", "name": HOSTILE, "code": "changed"}
        save_part(
            session, pages.world.actors["lead"], draft, "initiatives", "i1", body,
            expected_version=part.version,
        )  # fmt: skip
    page = bring_in(client, filled).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_matrix_as_excel_says_what_its_page_says(pages: Pages, sent_in: SentIn) -> None:
    plan = sent_in.submit(sound_plan())
    sent_in.judge(plan, rating=Rating.AMBER)
    reviewer, analyst = pages.visit("reviewer"), pages.visit("analyst")
    rows = matrix_rows(reviewer.get("/national/matrix.xlsx").data)
    north_east = rows["North East"]
    assert north_east[0] == "Reviewed, not released"
    assert "▲ Amber" in north_east
    assert rows["North West"][0] == "Nothing sent in"
    assert "▲ Amber" not in matrix_rows(analyst.get("/national/matrix.xlsx").data)["North East"]
    sent_in.release(plan)
    assert "▲ Amber" in matrix_rows(analyst.get("/national/matrix.xlsx").data)["North East"]
    card = sent_in.submit(sound_card())
    sent_in.judge(card)
    found = matrix_rows(reviewer.get("/national/matrix.xlsx?period=2011-06").data)
    assert "● Green" in found["North East"]
    assert reviewer.get("/national/matrix.xlsx?period=1999-01").status_code == 404
    assert pages.visit("lead").get("/national/matrix.xlsx").status_code == 403


def matrix_rows(data: bytes) -> dict[str, list[str]]:
    """The rows of the matrix by their regions."""
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    return {
        str(row[0]): [str(one or "") for one in row[1:]]
        for row in page.iter_rows(min_row=4, values_only=True)
    }
