"""Taking a whole return in from a file, workbook or JSON: all of it or nothing, and on record.

Whoever reads a file does so before the transaction begins, and hands over what came of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.accounts.policies import can_edit_return
from qipp_assure.accounts.services import require
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import find_by_code
from qipp_assure.returns.canonical import to_document
from qipp_assure.returns.parts import SECTION
from qipp_assure.returns.templates import kind_of
from qipp_assure.returns.validation import Fault, ReturnFaults, read_return
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import find_round
from qipp_assure.submissions.drafts import Replaced, begin_draft, replace_draft
from qipp_assure.submissions.identity import WrongReturn, check_place, compare_heads, head
from qipp_assure.submissions.losses import Loss, find_losses
from qipp_assure.submissions.models import Draft, ImportRecord
from qipp_assure.submissions.queries import document_of, find_draft, find_export, list_parts
from qipp_assure.submissions.services import IncomingFile, record_import
from qipp_assure.vocabulary import Actor, Refused, ReturnKind, Stale


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file.

    Accepted when `draft` holds it now, and `replaced` says how much that changed.  Otherwise
    nothing changed: for the faults that the reader found (not repeated here), for a `refusal`, or
    because of `losses`, which can be agreed to with the draft's `revision`.
    """

    record: ImportRecord
    draft: Draft | None = None
    replaced: Replaced | None = None
    refusal: Refused | None = None
    losses: tuple[Loss, ...] = ()
    revision: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the draft holds the file's return now."""
        return self.replaced is not None


@dataclass(frozen=True, slots=True)
class JsonReading:
    """What came of reading a return from JSON: the document, or every fault."""

    document: dict[str, Any] | None
    faults: list[Fault] = field(default_factory=list)


def read_json_return(data: bytes) -> JsonReading:
    """Read a return from JSON, without any database; the document is canonical."""
    try:
        return JsonReading(to_document(read_return(data)))
    except ReturnFaults as error:
        return JsonReading(None, error.faults)


def refuse_file(
    session: Session, actor: Actor, file: IncomingFile, region_code: str | None, fault_count: int
) -> Imported:
    """Keep the record that a file came and was refused for its faults; nothing else changes."""
    region = find_by_code(session, region_code) if region_code else None
    return _refused(session, actor, file, region, fault_count)


def import_return(
    session: Session,
    actor: Actor,
    file: IncomingFile,
    document: Mapping[str, Any],
    *,
    export_id: str = "",
    confirmed_revision: int | None = None,
) -> Imported:
    """Put a return from a file into the draft that it is for, begun if there was none.

    Over a draft that holds work which would be lost, it is taken only when that was agreed to.  A
    refusal comes back as a value, so that the record of the file stays when the transaction ends.

    Args:
        session: from ``Database.writing()``.
        actor: somebody who may edit the region's returns.
        file: what came in.
        document: readable as a return.
        export_id: which export the file was, if it was a workbook.
        confirmed_revision: the revision of the draft of which the losses were shown and agreed to.
    """
    region = find_by_code(session, str(document.get("region")))
    round_ = find_round(session, str(document.get("round")))
    kind = kind_of(str(document["template"]))
    period = str(document.get("period", ""))
    try:
        if region is None or round_ is None:
            missing = "region" if region is None else "planning round"
            raise WrongReturn(f"There is no {missing} {str(document.get(_FIELD[missing]))[:40]!r}.")
        _check(session, actor, region, round_, kind, document)
    except Refused as refusal:
        return _refused(session, actor, file, region, 1, refusal=refusal)
    draft = find_draft(session, region, round_, kind, period)
    if draft is not None:
        losses = _losses(session, draft, document, export_id)
        stale: Refused | None = None
        if losses and confirmed_revision not in (None, draft.revision):
            stale = Stale("Somebody has changed the draft since you were shown what would be lost.")
        if stale is not None or (losses and confirmed_revision is None):
            return _refused(
                session,
                actor,
                file,
                region,
                1,
                refusal=stale,
                losses=losses,
                revision=draft.revision,
            )
    draft = draft or begin_draft(session, actor, region, round_, kind, period)
    source = f"file {file.name} ({file.digest[:12]})"
    replaced = replace_draft(session, actor, draft, dict(document), source)
    record = record_import(session, actor, file, organisation=region, fault_count=0)
    return Imported(record, draft, replaced, revision=draft.revision)


_FIELD = {"region": "region", "planning round": "round"}


def _check(
    session: Session,
    actor: Actor,
    region: Organisation,
    round_: Round,
    kind: ReturnKind,
    document: Mapping[str, Any],
) -> None:
    """Refuse whatever would be refused later, before anything changes."""
    require(
        session,
        actor,
        lambda roles: can_edit_return(roles, region.code),
        f"You cannot edit the returns of {region.name}.",
    )
    period = str(document.get("period", ""))
    check_place(session, region, round_, kind, period)
    compare_heads(head(region, round_, kind, period), dict(document))


def _losses(
    session: Session, draft: Draft, document: Mapping[str, Any], export_id: str
) -> tuple[Loss, ...]:
    export = find_export(session, export_id) if export_id else None
    # Only an export of this very draft tells how it stood; any other proves nothing.
    ours = export is not None and (
        export.organisation_id == draft.organisation_id
        and export.round_id == draft.round_id
        and export.kind is draft.kind
        and export.period == draft.period
    )
    taken_out = json.loads(export.document) if export is not None and ours else None
    written = {(part.kind, part.key): part for part in list_parts(session, draft)}
    found = []
    for loss in find_losses(document_of(session, draft), document, taken_out):
        place = (loss.part, loss.item_id) if loss.item_id else (SECTION, loss.part)
        part = written.get(place)
        by, at = (part.saved_by_name, part.saved_at) if part is not None else ("", None)
        found.append(replace(loss, by=by, at=at))
    return tuple(found)


def _refused(
    session: Session,
    actor: Actor,
    file: IncomingFile,
    region: Organisation | None,
    fault_count: int,
    *,
    refusal: Refused | None = None,
    losses: tuple[Loss, ...] = (),
    revision: int = 0,
) -> Imported:
    record = record_import(session, actor, file, organisation=region, fault_count=fault_count)
    return Imported(record, refusal=refusal, losses=losses, revision=revision)
