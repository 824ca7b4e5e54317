"""Starting the demonstration: killed half-way, a second time, and over data of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import select

from config import Settings
from qipp_assure.accounts.sign_in import SignInOutcome, sign_in
from qipp_assure.database import Database, upgrade
from qipp_assure.demonstration.password import FILE, kept_password
from qipp_assure.demonstration.start import PACK_MONTH, PACK_REGION, prepare
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.services import add_organisation
from qipp_assure.vocabulary import SYSTEM, Tier

ACCOUNT = "lead.london@qipp.example"

KILLED = """
import os, signal, sys
from pathlib import Path
from config import Settings
from qipp_assure.demonstration.start import prepare
from qipp_assure.demonstration.year import build

def progress(line):
    if line.startswith("Report cards"):
        os.kill(os.getpid(), signal.SIGKILL)

settings = Settings.from_environment({"QIPP_HOME": sys.argv[1]})
prepare(settings, progress, build().only({"Q33"}, {"2012-03"}))
"""


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"QIPP_HOME": str(tmp_path / "home")})


@pytest.fixture
def part(year):
    return year.only({PACK_REGION}, {PACK_MONTH})


def test_a_start_killed_half_way_leaves_no_database_and_the_next_one_makes_it(settings, part):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(settings.home)], capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    place = settings.home / "qipp-assure.db"
    assert not place.exists()
    assert (settings.home / "qipp-assure.db.new").exists()
    # A log without its database, as somebody who deletes the one file leaves it.
    place.with_name("qipp-assure.db-wal").write_bytes(b"left over")

    said: list[str] = []
    pack = prepare(settings, said.append, part)
    assert pack.read_bytes().startswith(b"%PDF")
    assert str(pack) in "\n".join(said)
    assert any(ACCOUNT in line for line in said)
    assert not (settings.home / "qipp-assure.db.new").exists()
    password, is_new = kept_password(settings.home)
    assert not is_new
    assert any(password in line for line in said)
    assert (settings.home / FILE).stat().st_mode & 0o077 == 0

    made = place.stat().st_mtime_ns
    again: list[str] = []
    assert prepare(settings, again.append, part) == pack
    assert place.stat().st_mtime_ns == made
    assert not any("sealed" in line for line in again)

    # The password's file is lost: the accounts get a new one.
    (settings.home / FILE).unlink()
    prepare(settings, lambda _: None, part)
    renewed, _ = kept_password(settings.home)
    assert renewed != password
    database = Database(settings.database_url)
    try:
        assert sign_in(database, ACCOUNT, renewed).outcome is SignInOutcome.SIGNED_IN
        assert sign_in(database, ACCOUNT, password).outcome is SignInOutcome.WRONG
    finally:
        database.dispose()


def test_a_database_with_data_of_its_own_gets_no_demonstration(settings, part):
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    try:
        with database.writing() as session:
            add_organisation(
                session,
                SYSTEM,
                code="Q99",
                name="Somebody's own",
                kind="sha",
                tier=Tier.REGIONAL,
                starts_on=date(2009, 4, 1),
            )
        said: list[str] = []
        assert prepare(settings, said.append, part) is None
        assert any("data of its own" in line for line in said)
        with database.reading() as session:
            assert [one.code for one in session.scalars(select(Organisation))] == ["Q99"]
    finally:
        database.dispose()
