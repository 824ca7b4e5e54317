"""Keeping packs, on both databases: what they were made from decides which one is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from qipp_assure.database import Database
from qipp_assure.feedback_packs import press
from qipp_assure.feedback_packs.models import Pack, Standing
from qipp_assure.feedback_packs.press import make_pack
from qipp_assure.feedback_packs.services import path_of, request_pack, write_once
from qipp_assure.submissions.queries import get_submission
from qipp_assure.vocabulary import SYSTEM
from tests.sent_in import SentIn, sound_card, sound_plan


@pytest.fixture(autouse=True)
def _quick_press(monkeypatch: pytest.MonkeyPatch, made: Any) -> None:
    """These tests are about keeping: a pack printed before stands for every pack."""
    monkeypatch.setattr(press, "render_pack", lambda _content: made.pdf)


def standings(database: Database) -> list[Standing]:
    with database.reading() as session:
        return list(session.scalars(select(Pack.standing).order_by(Pack.id)))


def test_a_pack_is_made_anew_only_when_what_it_says_changes(
    sent_in: SentIn, database: Database, tmp_path: Path
) -> None:
    plan_id = sent_in.submit(sound_plan())
    card_id = sent_in.submit(sound_card("2011-06"))
    assert make_pack(database, tmp_path, SYSTEM, card_id).made_now
    assert not make_pack(database, tmp_path, SYSTEM, card_id).made_now
    sent_in.submit(sound_card("2011-05"))  # an earlier month, for the figures by month
    assert make_pack(database, tmp_path, SYSTEM, card_id).made_now
    sent_in.submit(sound_card("2011-07"))  # a later one says nothing of June
    assert not make_pack(database, tmp_path, SYSTEM, card_id).made_now
    sent_in.judge(plan_id)  # the plan stands behind the card
    assert make_pack(database, tmp_path, SYSTEM, card_id).made_now
    assert standings(database) == ["provisional", "provisional", "unreleased"]


def test_asking_again_while_it_waits_gives_the_same_job(
    sent_in: SentIn, database: Database
) -> None:
    plan_id = sent_in.submit(sound_plan())
    lead, director = sent_in.world.actors["lead"], sent_in.world.actors["director"]
    with database.writing() as session:
        submission = get_submission(session, plan_id)
        first = request_pack(session, lead, submission).id
        assert request_pack(session, director, submission).id == first


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(tmp_path, "ab" * 32)

    def fail(_handle: int) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", fail)
        with pytest.raises(OSError, match="no space left"):
            write_once(path, b"%PDF")
    assert list(path.parent.iterdir()) == []
    write_once(path, b"%PDF")
    write_once(path, b"never written: the digest is the same, so the bytes are")
    assert path.read_bytes() == b"%PDF"
