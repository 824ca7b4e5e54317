"""Acts on drafts: beginning one, saving and removing its parts, and replacing the whole."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from qipp_assure.accounts.policies import can_edit_part, can_edit_return
from qipp_assure.accounts.services import require
from qipp_assure.audit.services import record
from qipp_assure.organisations.models import Organisation
from qipp_assure.returns.parts import SECTION, Part, split
from qipp_assure.rounds.models import Round
from qipp_assure.submissions.identity import HEAD, check_head, check_place, head_of
from qipp_assure.submissions.models import Draft, DraftPart
from qipp_assure.submissions.queries import DRAFT_SUBJECT, find_draft, find_part, list_parts
from qipp_assure.vocabulary import Actor, Refused, ReturnKind, Stale

_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_MAX_BODY = 10_000_000
_STALE = "Somebody else has changed this since you opened it."


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many parts a replacement touched."""

    added: int
    changed: int
    removed: int
    unchanged: int


def begin_draft(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    round_: Round,
    kind: ReturnKind,
    period: str = "",
) -> Draft:
    """Return a region's draft of a plan or of a month's report card, begun if there was none.

    Raises:
        Refused: the region takes no part in the round, or the month is none of the round's.
        NotAllowed: the actor cannot edit the region's returns.
    """
    _require_editor(session, actor, organisation)
    found = find_draft(session, organisation, round_, kind, period)
    if found is not None:
        return found
    check_place(session, organisation, round_, kind, period)
    now = datetime.now(UTC)
    draft = Draft(
        kind=kind,
        organisation=organisation,
        round=round_,
        period=period,
        template=round_.template_for(kind),
        revision=1,
        created_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    for position, part in enumerate(split(head_of(draft))):
        session.add(_row(draft, actor, part, position, 1, now))
    session.flush()
    details = {"kind": kind.value, "organisation": organisation.code, "period": period}
    record(session, actor, "draft_begun", DRAFT_SUBJECT, draft.id, details)
    return draft


def save_part(
    session: Session,
    actor: Actor,
    draft: Draft,
    kind: str,
    key: str,
    body: Any,
    *,
    expected_version: int,
    position: int = 0,
    owner: str | None = None,
) -> DraftPart:
    """Save one part of a draft, if nobody else did since the actor read it.

    Args:
        session: from ``Database.writing()``.
        actor: somebody who may edit this part.
        draft: whose part it is.
        kind: as in ``returns.parts``.
        key: as in ``returns.parts``.
        body: JSON, readable as a return or not.
        expected_version: the version that the actor saw; 0 for a new part.
        position: place of a new item in its list.
        owner: code of the body to which a new part is given.

    Returns:
        The part, whose version is the draft's new revision: no version ever comes twice.

    Raises:
        Stale: it was saved, removed or added since.
        Refused: it says which return this is, or is none that a draft can hold.
        NotAllowed: the actor cannot edit this part.
    """
    found = find_part(session, draft, kind, key)
    owned_by = found.owner_organisation if found is not None else owner
    code = draft.organisation.code
    require(
        session,
        actor,
        lambda roles: can_edit_part(roles, code, owned_by),
        "You cannot edit this part of the return.",
    )
    if kind == SECTION and key in HEAD:
        raise Refused("Which return this is cannot be changed.")
    part = Part(kind, key, body, position, owned_by)
    text = _text(part)
    if expected_version != (found.version if found is not None else 0):
        raise Stale(_STALE)
    now = datetime.now(UTC)
    revision = _raise_revision(session, draft, now)
    if found is None:
        found = _row(draft, actor, part, position, revision, now)
        session.add(found)
        session.flush()
    else:
        values = {"body": text, "version": revision, **_by(actor, now)}
        _change(session, found, expected_version, values)
    details = {"kind": kind, "key": key, "revision": revision}
    record(session, actor, "part_saved", DRAFT_SUBJECT, draft.id, details)
    return found


def remove_part(
    session: Session, actor: Actor, draft: Draft, kind: str, key: str, *, expected_version: int
) -> None:
    """Remove one part of a draft, if nobody saved it since the actor read it.

    Raises:
        Stale: it was saved or removed since.
        Refused: it says which return this is.
        NotAllowed: the actor cannot edit the region's returns.
    """
    _require_editor(session, actor, draft.organisation)
    if kind == SECTION and key in HEAD:
        raise Refused("Which return this is cannot be changed.")
    found = find_part(session, draft, kind, key)
    if found is None or found.version != expected_version:
        raise Stale(_STALE)
    session.delete(found)
    revision = _raise_revision(session, draft, datetime.now(UTC))
    details = {"kind": kind, "key": key, "revision": revision}
    record(session, actor, "part_removed", DRAFT_SUBJECT, draft.id, details)


def replace_draft(
    session: Session,
    actor: Actor,
    draft: Draft,
    document: dict[str, Any],
    source: str,
    *,
    expected_revision: int | None = None,
) -> Replaced:
    """Put a whole document in place of what a draft holds: all of it or nothing.

    Parts that do not differ keep their version, so that whoever edits them is not disturbed.

    Args:
        session: from ``Database.writing()``.
        actor: somebody who may edit the region's returns.
        draft: to be replaced.
        document: of the same kind, region, round and month.
        source: what it came from, for the log, such as ``workbook plan.xlsx``.
        expected_revision: the revision that the actor saw, if they were shown what is lost.

    Raises:
        Stale: the draft was changed since the revision that the actor saw.
        WrongReturn: the document is for another region, round, month or template.
        NotAllowed: the actor cannot edit the region's returns.
    """
    _require_editor(session, actor, draft.organisation)
    session.refresh(draft)
    if expected_revision is not None and draft.revision != expected_revision:
        raise Stale("Somebody has changed the draft since you were shown what would be lost.")
    check_head(draft, document)
    incoming = _incoming(document)
    now = datetime.now(UTC)
    standing = {(part.kind, part.key): part for part in list_parts(session, draft)}
    revision = _raise_revision(session, draft, now)
    added = changed = 0
    for place, part in incoming.items():
        held = standing.get(place)
        if held is None:
            session.add(_row(draft, actor, part, part.position, revision, now))
            added += 1
        elif held.body != (text := _text(part)):
            values = {"body": text, "version": revision, "position": part.position}
            _change(session, held, held.version, {**values, **_by(actor, now)})
            changed += 1
        elif held.position != part.position:
            held.position = part.position
    gone = [part.id for place, part in standing.items() if place not in incoming]
    session.execute(delete(DraftPart).where(DraftPart.id.in_(gone)))
    session.flush()
    outcome = Replaced(added, changed, len(gone), len(incoming) - added - changed)
    details = {
        "source": source[:200],
        "revision": revision,
        "added": added,
        "changed": changed,
        "removed": len(gone),
    }
    record(session, actor, "draft_replaced", DRAFT_SUBJECT, draft.id, details)
    return outcome


def _require_editor(session: Session, actor: Actor, organisation: Organisation) -> None:
    require(
        session,
        actor,
        lambda roles: can_edit_return(roles, organisation.code),
        f"You cannot edit the returns of {organisation.name}.",
    )


def _incoming(document: dict[str, Any]) -> dict[tuple[str, str], Part]:
    try:
        parts = split(document)
    except (KeyError, TypeError) as error:
        raise Refused("Every item of a list needs an id of its own.") from error
    found: dict[tuple[str, str], Part] = {}
    for part in parts:
        if (part.kind, part.key) in found:
            raise Refused(f"The id {part.key[:60]!r} stands twice under {part.kind}.")
        _text(part)
        found[part.kind, part.key] = part
    return found


def _text(part: Part) -> str:
    """Write a part's body as JSON in one form, so that equal bodies are equal texts."""
    if not _KEY.fullmatch(part.kind) or not _KEY.fullmatch(part.key):
        raise Refused(f"{part.key[:60]!r} is not a name that a part of a return can have.")
    try:
        text = json.dumps(part.body, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused(f"{part.key} holds what JSON cannot carry.") from error
    if len(text) > _MAX_BODY:
        raise Refused(f"{part.key} is larger than {_MAX_BODY:,} characters.")
    return text


def _row(
    draft: Draft, actor: Actor, part: Part, position: int, version: int, now: datetime
) -> DraftPart:
    return DraftPart(
        draft_id=draft.id,
        kind=part.kind,
        key=part.key,
        owner_organisation=part.owner,
        position=position,
        version=version,
        body=_text(part),
        **_by(actor, now),
    )


def _by(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"saved_by_id": actor.person_id, "saved_by_name": actor.name, "saved_at": now}


def _change(
    session: Session, part: DraftPart, expected_version: int, values: dict[str, Any]
) -> None:
    """Change a part in one statement, on condition that it is still the version expected."""
    changed = session.execute(
        update(DraftPart)
        .where(DraftPart.id == part.id, DraftPart.version == expected_version)
        .values(**values)
        .returning(DraftPart.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        raise Stale(_STALE)
    session.refresh(part)


def _raise_revision(session: Session, draft: Draft, now: datetime) -> int:
    revision = session.execute(
        update(Draft)
        .where(Draft.id == draft.id)
        .values(revision=Draft.revision + 1, changed_at=now)
        .returning(Draft.revision)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session.refresh(draft)
    return revision
