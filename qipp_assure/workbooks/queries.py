"""Reading what a workbook is to hold, and what bringing one in would undo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import list_organisations
from qipp_assure.returns.canonical import pruned
from qipp_assure.returns.parts import SECTION, Part, split
from qipp_assure.returns.periods import previous_month
from qipp_assure.returns.reading import list_of
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import list_workstreams
from qipp_assure.submissions.identity import HEAD, head
from qipp_assure.submissions.models import Draft
from qipp_assure.submissions.queries import (
    document_of,
    find_draft,
    find_export,
    find_latest,
    list_parts,
    read_content,
)
from qipp_assure.vocabulary import ReturnKind, Tier
from qipp_assure.workbooks.first_return import first_card, first_plan
from qipp_assure.workbooks.origin import CodeList, Known, Origin

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One return of a region: whose it is, of which round, and of which month if it is a card."""

    organisation: Organisation
    round: Round
    kind: ReturnKind
    period: str = ""

    @property
    def head(self) -> Document:
        """What a document must say to be this return."""
        return head(self.organisation, self.round, self.kind, self.period)


def draft_at(session: Session, place: Place) -> Draft | None:
    """Return the draft of a return, or None."""
    return find_draft(session, place.organisation, place.round, place.kind, place.period)


def document_to_write(session: Session, place: Place) -> Document:
    """Give what a workbook holds: the draft as it stands, else what was sent in, else a beginning."""
    draft = draft_at(session, place)
    if draft is not None:
        return document_of(session, draft)
    latest = find_latest(session, place.organisation, place.round, place.kind, place.period)
    if latest is not None:
        return read_content(latest)
    if place.kind is ReturnKind.PLAN:
        return first_plan(place.head, _bodies(session, place))
    plan = find_latest(session, place.organisation, place.round, ReturnKind.PLAN)
    before = find_latest(
        session,
        place.organisation,
        place.round,
        ReturnKind.REPORT_CARD,
        previous_month(place.period),
    )
    return first_card(
        place.head,
        read_content(plan) if plan else {},
        plan.digest if plan else None,
        read_content(before) if before else {},
    )


def known_to(session: Session, place: Place) -> Known:
    """Give what a workbook shows besides its return: codes, and for a card the workstreams."""
    codes = (
        CodeList("Bodies of the region", tuple(_bodies(session, place).items())),
        CodeList(
            "National workstreams",
            tuple((one.code, one.name) for one in list_workstreams(session, place.round)),
        ),
    )
    lists: dict[str, dict[str, str]] = {}
    if place.kind is ReturnKind.REPORT_CARD:
        plan = find_latest(session, place.organisation, place.round, ReturnKind.PLAN)
        content = read_content(plan) if plan else {}
        lists["workstreams"] = {
            str(one["id"]): str(one.get("name") or one["id"])
            for one in list_of(content, "workstreams")
        }
    return Known(lists=lists, codes=tuple(one for one in codes if one.rows))


def _bodies(session: Session, place: Place) -> dict[str, str]:
    """Codes and names of the region's commissioners that exist at any time of the round."""
    round_ = place.round
    return {
        one.code: one.name
        for one in list_organisations(session)
        if one.parent_id == place.organisation.id
        and one.tier is Tier.COMMISSIONER
        and one.starts_on <= round_.closes_on
        and (one.ends_on is None or one.ends_on >= round_.opens_on)
    }


@dataclass(frozen=True, slots=True)
class Loss:
    """One part of a draft that would be undone, and who wrote it last."""

    what: str
    is_removed: bool
    by: str
    at: datetime


def losses(session: Session, draft: Draft, document: Document, origin: Origin | None) -> list[Loss]:
    """List what bringing a document in would undo of a draft.

    What the workbook carried out and nobody has touched since is no loss: whoever filled it in has
    seen it.  Without a record of what it carried, everything that differs is one.
    """
    carried = _carried(session, draft, origin)
    incoming = _texts(split(document))
    found = []
    for part in list_parts(session, draft):
        place = (part.kind, part.key)
        body = pruned(json.loads(part.body))
        if body in (None, "", [], {}) or (part.kind == SECTION and part.key in HEAD):
            continue
        if _text(body) in (incoming.get(place), carried.get(place)):
            continue
        name = _name(part.kind, part.key, body)
        found.append(Loss(name, place not in incoming, part.saved_by_name, part.saved_at))
    return found


def _carried(
    session: Session, draft: Draft, origin: Origin | None
) -> Mapping[tuple[str, str], str]:
    if origin is None or not origin.export_id:
        return {}
    export = find_export(session, origin.export_id)
    if export is None or export.organisation_id != draft.organisation_id:
        return {}
    return _texts(split(json.loads(export.document)))


def _texts(parts: list[Part]) -> dict[tuple[str, str], str]:
    return {(part.kind, part.key): _text(pruned(part.body)) for part in parts}


def _text(body: Any) -> str:
    return json.dumps(body, sort_keys=True)


def _name(kind: str, key: str, body: Any) -> str:
    if kind == SECTION:
        return key.replace("_", " ").capitalize()
    name = body.get("name") if isinstance(body, Mapping) else None
    return f"Initiative: {name or key}"
