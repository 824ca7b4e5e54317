"""Starting the demonstration: the year loaded if there is none, one pack made, accounts told.

An embedded database is loaded in a file beside its place and moved there only when it is whole;
PostgreSQL is loaded in one transaction.  So a start that was killed leaves nothing behind that a
later one could take for the year.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from config import Settings
from qipp_assure.accounts.models import Person
from qipp_assure.accounts.queries import has_demonstration_accounts
from qipp_assure.accounts.sign_in import set_password
from qipp_assure.database import Database, DatabaseUnavailable
from qipp_assure.demonstration.loading import Progress, load
from qipp_assure.demonstration.monthly import MONTHS
from qipp_assure.demonstration.password import kept_password
from qipp_assure.demonstration.people import make_people
from qipp_assure.demonstration.plans import ROUND
from qipp_assure.demonstration.provenance import PROVENANCE
from qipp_assure.demonstration.wording import region_settings
from qipp_assure.demonstration.year import SEED, DemonstrationYear
from qipp_assure.feedback_packs.press import make_pack
from qipp_assure.feedback_packs.printing import PrinterMissing
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.rounds.queries import get_round
from qipp_assure.submissions.queries import find_latest
from qipp_assure.vocabulary import SYSTEM, Refused, ReturnKind

PACK_REGION, PACK_MONTH = "Q33", MONTHS[-1]
_BESIDE = ("", "-wal", "-shm", "-journal")


def prepare(
    settings: Settings, progress: Progress, year: DemonstrationYear | None = None
) -> Path | None:
    """Bring the database up to date, load the year if there is none, and make one region's pack.

    Safe to repeat: what is there already is left as it is.

    Args:
        settings: of this installation; its home is made if it is missing.
        progress: is told what is done, a line a step, and at the end where things are.
        year: what to load if there is nothing; the whole demonstration year by default.

    Returns:
        Where the pack lies; None where the database holds somebody's own data.

    Raises:
        Refused: the pack cannot be printed here.
        DatabaseUnavailable: the database is locked, full or away.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with _alone(settings.home):
        password, is_new = kept_password(settings.home)
        database = _opened(settings, password, progress, year)
        try:
            with database.reading() as session:
                demonstration = has_demonstration_accounts(session)
            if not demonstration:
                progress("The database holds data of its own, so no demonstration is loaded.")
                return None
            if is_new:
                _renew_passwords(database, password)
            pack = _make_pack(database, settings, progress)
        finally:
            database.dispose()
    _tell(settings, pack, password, progress)
    return pack


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let one start at a time prepare a home; a second waits for the first."""
    with (home / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _opened(
    settings: Settings, password: str, progress: Progress, year: DemonstrationYear | None
) -> Database:
    """Open the database, migrated, with the year in it if it was empty."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        place = Path(str(url.database))
        if not place.exists():
            _load_beside(place, password, progress, year)
        database = Database(settings.database_url)
    else:
        database = Database(settings.database_url)
    if not database.is_current():
        progress("Bringing the database's tables up to date")
        database.upgrade()
    if _is_empty(database):
        load(database, password, progress, year)
    return database


def _load_beside(
    place: Path, password: str, progress: Progress, year: DemonstrationYear | None
) -> None:
    """Load the year into a new file, and move it to its place when it is whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(place.name + ".new")
    for ending in _BESIDE:
        new.with_name(new.name + ending).unlink(missing_ok=True)
    progress("Making the database")
    database = Database(f"sqlite:///{new}")
    try:
        database.upgrade()
        load(database, password, progress, year)
    finally:
        database.dispose()
    _fold_log_in(new)
    for ending in _BESIDE[1:]:
        # A log that outlived its database would be played into the new one.
        place.with_name(place.name + ending).unlink(missing_ok=True)
    new.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fold_log_in(file: Path) -> None:
    """Make the one file hold everything, so that it can be moved alone."""
    connection = sqlite3.connect(file)
    try:
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()
    if busy:
        raise DatabaseUnavailable("something else has the new database open")


def _is_empty(database: Database) -> bool:
    with database.reading() as session:
        return not any(
            session.scalar(select(func.count()).select_from(model))
            for model in (Organisation, Person)
        )


def _renew_passwords(database: Database, password: str) -> None:
    """Set the password anew where the file that kept the old one is gone."""
    with database.writing() as session:
        for person in session.scalars(select(Person).where(Person.is_demonstration)):
            set_password(session, SYSTEM, person, password)


def _make_pack(database: Database, settings: Settings, progress: Progress) -> Path:
    with database.reading() as session:
        submission_id = _submission_id(session)
    name = region_settings()[PACK_REGION].name
    progress(f"Feedback pack of {name}: made, or found as it was made before")
    try:
        made = make_pack(database, settings.packs, SYSTEM, submission_id, PROVENANCE.note)
    except PrinterMissing as missing:
        raise Refused(str(missing)) from missing
    place = settings.home / f"feedback-pack-{name.lower().replace(' ', '-')}-{PACK_MONTH}.pdf"
    part = place.with_suffix(".part")
    shutil.copyfile(made.path, part)
    part.replace(place)
    return place


def _submission_id(session: Session) -> int:
    region, round_ = get_by_code(session, PACK_REGION), get_round(session, ROUND)
    found = find_latest(session, region, round_, ReturnKind.REPORT_CARD, PACK_MONTH)
    if found is None:
        raise Refused(f"The demonstration has no report card of {PACK_REGION} for {PACK_MONTH}.")
    return found.id


def _tell(settings: Settings, pack: Path, password: str, progress: Progress) -> None:
    people = [person for person in make_people(SEED) if person.shown]
    width = max(len(person.email) for person in people)
    progress("")
    progress(f"Feedback pack: {pack}")
    progress(f"Accounts of the demonstration, all with the password {password}")
    for person in people:
        progress(f"  {person.email:{width}}  {person.what}")
    progress(f"Address, once it is served: {settings.base_url}")
    progress(PROVENANCE.note)
