"""Acts with workbooks: taking a return out as one, and bringing one in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.submissions.drafts import Replaced, begin_draft, replace_draft
from qipp_assure.submissions.services import IncomingFile, record_export, record_import
from qipp_assure.vocabulary import Actor, ReturnKind, Stale
from qipp_assure.workbooks.origin import Origin
from qipp_assure.workbooks.queries import Place, document_to_write, draft_at, known_to
from qipp_assure.workbooks.reader import Expected, WorkbookReading, read_workbook
from qipp_assure.workbooks.writer import write_workbook

_UK = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A workbook on its way out."""

    name: str
    data: bytes


def take_out(session: Session, actor: Actor, place: Place, at: datetime | None = None) -> Outgoing:
    """Write a return as a workbook to fill in, and keep what it carries for when it comes back.

    Raises:
        NotAllowed: the actor has no part in the region's returns.
    """
    moment = at or datetime.now(UTC)
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
    )
    data = write_workbook(document, origin, known_to(session, place))
    return Outgoing(file_name(place), data)


def file_name(place: Place) -> str:
    """Name the file of a workbook.

    A plan's is like ``Q36-plan.xlsx``, a card's like ``Q36-report-card-2011-06.xlsx``.
    """
    month = f"-{place.period}" if place.kind is ReturnKind.REPORT_CARD else ""
    return f"{place.organisation.code}-{place.kind.value}{month}.xlsx"


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
    place: Place,
    document: dict[str, Any],
    file: IncomingFile,
    *,
    expected_revision: int | None = None,
) -> Replaced:
    """Put a document in place of what a draft holds, all of it or nothing, and keep that it came.

    Args:
        session: from ``Database.writing()``.
        actor: somebody who may edit the region's returns.
        place: of which return.
        document: as it was read.
        file: what it came in.
        expected_revision: the revision that the actor saw, 0 where there was no draft.

    Raises:
        Stale: the draft was changed, or begun, since then.
        WrongReturn: the document is of another return.
        NotAllowed: the actor cannot edit the region's returns.
    """
    if expected_revision == 0 and draft_at(session, place) is not None:
        raise Stale("Somebody has begun the draft since you chose the file.")
    draft = begin_draft(session, actor, place.organisation, place.round, place.kind, place.period)
    outcome = replace_draft(
        session,
        actor,
        draft,
        document,
        f"workbook {file.name}",
        expected_revision=expected_revision or None,
    )
    record_import(session, actor, file, organisation=place.organisation, fault_count=0)
    return outcome


def turn_away(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    file: IncomingFile,
    fault_count: int,
) -> None:
    """Keep that a file came in and was refused, and nothing else of it."""
    record_import(session, actor, file, organisation=organisation, fault_count=fault_count)
