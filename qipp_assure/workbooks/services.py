"""Acts with workbooks: taking a return out as one, and bringing one in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from qipp_assure.accounts.policies import can_open_draft
from qipp_assure.accounts.services import require
from qipp_assure.submissions.identity import check_place
from qipp_assure.submissions.importing import Imported, import_return, refuse_file
from qipp_assure.submissions.models import Submission, WorkbookExport
from qipp_assure.submissions.queries import read_content
from qipp_assure.submissions.services import IncomingFile, record_export
from qipp_assure.vocabulary import Actor, ReturnKind
from qipp_assure.workbooks.origin import Known, Origin
from qipp_assure.workbooks.queries import Place, document_to_write, draft_at, known_to
from qipp_assure.workbooks.reader import Expected, WorkbookReading, read_workbook
from qipp_assure.workbooks.writer import write_workbook

_UK = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A workbook on its way out: writing it takes a moment, and no transaction."""

    name: str
    document: dict[str, Any]
    origin: Origin
    known: Known

    def write(self) -> bytes:
        """Write the workbook."""
        return write_workbook(self.document, self.origin, self.known)


def take_out(session: Session, actor: Actor, place: Place, at: datetime | None = None) -> Outgoing:
    """Take a return out to be filled in, and keep what it carries for when it comes back.

    It holds the draft; where none was begun, what was last sent in; and else what is known.

    Args:
        session: from ``Database.writing()``.
        actor: somebody with a part in the region's returns.
        place: of which return.
        at: the moment, now by default.

    Raises:
        NotAllowed: the actor has no part in the region's returns.
        Refused: the round has no place for such a return.
    """
    require(
        session,
        actor,
        lambda roles: can_open_draft(roles, place.organisation.code),
        f"You cannot take out the returns of {place.organisation.name}.",
    )
    check_place(session, place.organisation, place.round, place.kind, place.period)
    document = document_to_write(session, place)
    export = record_export(
        session,
        actor,
        place.organisation,
        place.round,
        place.kind,
        document,
        period=place.period,
        draft=draft_at(session, place),
    )
    return _outgoing(session, place, document, export, at)


def take_out_version(
    session: Session, actor: Actor, submission: Submission, at: datetime | None = None
) -> Outgoing:
    """Take a sealed version out as a workbook that says of which version it is a copy.

    Args:
        session: from ``Database.writing()``.
        actor: somebody who may see the region.
        submission: the version.
        at: the moment, now by default.

    Raises:
        NotAllowed: the actor may not see the region.
    """
    place = Place(submission.organisation, submission.round, submission.kind, submission.period)
    document = read_content(submission)
    export = record_export(
        session,
        actor,
        place.organisation,
        place.round,
        place.kind,
        document,
        period=place.period,
        is_sealed=True,
    )
    return _outgoing(session, place, document, export, at, submission.version_number)


def _outgoing(
    session: Session,
    place: Place,
    document: dict[str, Any],
    export: WorkbookExport,
    at: datetime | None,
    version: int | None = None,
) -> Outgoing:
    moment = at or datetime.now(UTC)
    origin = Origin(
        template=place.head["template"],
        region=place.organisation.code,
        round=place.round.code,
        export_id=export.id,
        period=place.period or None,
        region_name=place.organisation.name,
        digest=export.digest,
        plan_digest=str(document.get("plan_digest") or ""),
        exported_at=moment.astimezone(_UK).replace(tzinfo=None),
        copy_of=version,
    )
    return Outgoing(file_name(place, version), document, origin, known_to(session, place))


def file_name(place: Place, version: int | None = None) -> str:
    """Name the file of a workbook.

    A plan's is like ``Q36-plan.xlsx``, a card's like ``Q36-report-card-2011-06.xlsx``, that of a
    sealed version like ``Q36-plan-version-2.xlsx``.
    """
    month = f"-{place.period}" if place.kind is ReturnKind.REPORT_CARD else ""
    copy = f"-version-{version}" if version is not None else ""
    return f"{place.organisation.code}-{place.kind.value}{month}{copy}.xlsx"


def read_incoming(place: Place, data: bytes) -> WorkbookReading:
    """Read a workbook that came in for a return; what is not for it is among the faults."""
    expected = Expected(
        kind=place.kind,
        region=place.organisation.code,
        region_name=place.organisation.name,
        round=place.round.code,
        period=place.period,
    )
    return read_workbook(data, expected)


def bring_in(
    session: Session,
    actor: Actor,
    file: IncomingFile,
    reading: WorkbookReading,
    *,
    confirmed_revision: int | None = None,
) -> Imported:
    """Put what a workbook was read as into the draft that it is for: all of it or nothing.

    With faults nothing is taken in; that the file came is kept in either case.

    Args:
        session: from ``Database.writing()``; the workbook was read before.
        actor: who brings it.
        file: what came in.
        reading: what it was read as.
        confirmed_revision: the revision of the draft of which the actor was shown what the
            workbook would undo, and agreed to it.
    """
    origin = reading.origin
    if reading.document is None:
        region = origin.region if origin is not None else None
        return refuse_file(session, actor, file, region, len(reading.faults))
    return import_return(
        session,
        actor,
        file,
        reading.document,
        export_id=origin.export_id if origin is not None else "",
        confirmed_revision=confirmed_revision,
    )
