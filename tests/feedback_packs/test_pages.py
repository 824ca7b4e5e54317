"""Asking for a pack, waiting for it and taking it away, each person seeing what they may."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from config import Settings
from qipp_assure.app import job_handlers
from qipp_assure.audit.queries import list_events
from qipp_assure.database import Database
from qipp_assure.feedback_packs.models import Pack, Standing
from qipp_assure.feedback_packs.press import make_pack
from qipp_assure.feedback_packs.services import path_of
from qipp_assure.jobs.models import Job, JobState
from qipp_assure.jobs.worker import work_once
from qipp_assure.vocabulary import SYSTEM, NotAllowed, Refused
from tests.pages import Pages, send
from tests.sent_in import SentIn, sound_card, sound_plan


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


@pytest.fixture
def plan_id(sent_in: SentIn) -> int:
    return sent_in.submit(sound_plan())


def page_of(submission_id: int, code: str = "Q30") -> str:
    return f"/regions/{code}/returns/{submission_id}/pack"


def work(settings: Settings, database: Database) -> None:
    while work_once(database, job_handlers(settings, database)):
        pass


def packs(database: Database) -> list[Any]:
    with database.reading() as session:
        found = list(session.query(Pack).order_by(Pack.id))
        session.expunge_all()
        return found


def words_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return str(document.docinfo["/Title"])


def test_a_region_asks_waits_and_takes_its_pack_away(
    pages: Pages, plan_id: int, settings: Settings, database: Database
) -> None:
    lead = pages.visit("lead")
    path = page_of(plan_id)
    asked = lead.get(path)
    assert "Make the pack" in asked.text
    assert "provisional ratings" in asked.text
    assert "Refresh" not in asked.headers
    assert send(lead, path).status_code == 303
    waiting = lead.get(path)
    assert "being made" in waiting.text
    assert waiting.headers["Refresh"] == "3"
    work(settings, database)
    ready = lead.get(path)
    assert "Download the pack" in ready.text
    assert "Refresh" not in ready.headers
    (pack,) = packs(database)
    file = lead.get(f"/regions/Q30/packs/{pack.id}")
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"] == (
        "attachment; filename=feedback-pack-q30-north-east-plan-v1.pdf"
    )
    assert words_of(file.data) == "Feedback pack: North East, Integrated plan"
    assert len(file.data) == pack.size_bytes
    assert pack.standing is Standing.PROVISIONAL


def test_asking_twice_makes_one_pack(
    pages: Pages, plan_id: int, settings: Settings, database: Database
) -> None:
    lead = pages.visit("lead")
    send(lead, page_of(plan_id))
    director = pages.visit("director")
    assert "being made" in director.get(page_of(plan_id)).text
    work(settings, database)
    assert "Download the pack" in director.get(page_of(plan_id)).text
    assert len(packs(database)) == 1


def test_reviewers_words_stay_with_the_centre_until_they_are_released(
    pages: Pages, plan_id: int, sent_in: SentIn, settings: Settings, database: Database
) -> None:
    sent_in.judge(plan_id, reason="Words for the region when the time has come")
    send(pages.visit("lead"), page_of(plan_id))
    send(pages.visit("reviewer"), page_of(plan_id))
    work(settings, database)
    provisional, unreleased = packs(database)
    assert [provisional.standing, unreleased.standing] == ["provisional", "unreleased"]
    reviewer, lead = pages.visit("reviewer"), pages.visit("lead")
    assert "not for the region" in reviewer.get(page_of(plan_id)).text
    assert reviewer.get(f"/regions/Q30/packs/{unreleased.id}").status_code == 200
    assert lead.get(f"/regions/Q30/packs/{unreleased.id}").status_code == 403
    assert pages.visit("analyst").get(f"/regions/Q30/packs/{provisional.id}").status_code == 403

    sent_in.release(plan_id)
    assert "Make the pack" in lead.get(page_of(plan_id)).text
    send(lead, page_of(plan_id))
    work(settings, database)
    released = packs(database)[-1]
    assert released.standing is Standing.RELEASED
    for name in ("lead", "analyst", "reviewer"):
        assert pages.visit(name).get(f"/regions/Q30/packs/{released.id}").status_code == 200


def test_the_pack_of_a_region_holds_no_word_of_an_unreleased_judgement(
    sent_in: SentIn, plan_id: int, settings: Settings, database: Database
) -> None:
    secret = "Words for the region when the time has come"
    sent_in.judge(plan_id, reason=secret)
    world = sent_in.world
    region = make_pack(database, settings.packs, world.actors["lead"], plan_id)
    centre = make_pack(database, settings.packs, world.actors["reviewer"], plan_id)
    assert secret not in text_of(region.path)
    assert secret in text_of(centre.path)


def text_of(path: Path) -> str:
    read = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"], check=True, capture_output=True
    )
    return " ".join(read.stdout.decode().split())


def test_an_analyst_is_told_that_nothing_is_released(pages: Pages, plan_id: int) -> None:
    page = pages.visit("analyst").get(page_of(plan_id))
    assert page.status_code == 200
    assert "No ratings of this return are released yet" in page.text


def test_another_region_and_another_regions_numbers_find_nothing(
    pages: Pages, plan_id: int
) -> None:
    neighbour = pages.visit("neighbour")
    assert neighbour.get(page_of(plan_id)).status_code == 403
    assert neighbour.get(page_of(plan_id, "Q31")).status_code == 404
    reviewer = pages.visit("reviewer")
    assert reviewer.get("/regions/Q30/packs/1").status_code == 404
    assert reviewer.get(page_of(99_999)).status_code == 404
    assert pages.anonymous().get(page_of(plan_id)).status_code == 302


def test_a_pack_that_cannot_be_made_says_so_and_can_be_asked_for_again(
    pages: Pages,
    plan_id: int,
    settings: Settings,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> bytes:
        raise Refused("The printer is out of paper.")

    monkeypatch.setattr("qipp_assure.feedback_packs.press.render_pack", refuse)
    lead = pages.visit("lead")
    send(lead, page_of(plan_id))
    work(settings, database)
    page = lead.get(page_of(plan_id))
    assert "could not be made" in page.text
    assert "The printer is out of paper." in page.text
    send(lead, page_of(plan_id))
    with database.reading() as session:
        states = [job.state for job in session.query(Job).order_by(Job.id)]
    assert states == [JobState.FAILED, JobState.REQUESTED]


def test_a_cards_pack_has_its_plan_beside_it_and_is_made_once(
    sent_in: SentIn, plan_id: int, settings: Settings, database: Database
) -> None:
    card_id = sent_in.submit(sound_card())
    first = make_pack(database, settings.packs, SYSTEM, card_id)
    again = make_pack(database, settings.packs, SYSTEM, card_id)
    assert first.made_now
    assert not again.made_now
    assert again.path == first.path
    text = text_of(first.path)
    assert "The plan, criterion by criterion" in text
    assert "Report card of June 2011" in text
    with database.reading() as session:
        events = [event.event for event in list_events(session, "pack", str(first.pack_id))]
    assert events == ["pack_made"]


def test_a_lost_file_is_made_again(
    sent_in: SentIn, plan_id: int, settings: Settings, database: Database
) -> None:
    first = make_pack(database, settings.packs, SYSTEM, plan_id)
    first.path.unlink()
    again = make_pack(database, settings.packs, SYSTEM, plan_id)
    assert again.made_now
    assert again.path == first.path  # the same parts give the same bytes
    assert path_of(settings.packs, packs(database)[-1].digest).exists()


def test_who_may_not_see_the_region_gets_no_pack(
    sent_in: SentIn, plan_id: int, settings: Settings, database: Database
) -> None:
    with pytest.raises(NotAllowed, match="You cannot open the returns of North East"):
        make_pack(database, settings.packs, sent_in.world.actors["neighbour"], plan_id)
    with pytest.raises(Refused, match="No ratings of this return are released yet"):
        make_pack(database, settings.packs, sent_in.world.actors["analyst"], plan_id)
    assert packs(database) == []
