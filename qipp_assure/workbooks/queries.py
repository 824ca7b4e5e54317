"""Reading what a workbook is to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import list_organisations
from qipp_assure.returns.reading import list_of
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import list_workstreams
from qipp_assure.submissions.identity import head
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.queries import (
    document_of,
    find_draft,
    find_latest,
    list_latest,
    read_content,
)
from qipp_assure.vocabulary import ReturnKind, Tier
from qipp_assure.workbooks.first_return import first_card, first_plan
from qipp_assure.workbooks.origin import CodeList, Known

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
        return first_plan(place.head, place.round.years, _bodies(session, place))
    plan = find_latest(session, place.organisation, place.round, ReturnKind.PLAN)
    before = _card_before(session, place)
    return first_card(
        place.head,
        read_content(plan) if plan else {},
        plan.digest if plan else None,
        read_content(before) if before else {},
    )


def _card_before(session: Session, place: Place) -> Submission | None:
    """Return the card of the latest month before, or None."""
    cards = list_latest(
        session, place.round, ReturnKind.REPORT_CARD, organisation=place.organisation
    )
    earlier = [card for card in cards if card.period < place.period]
    return max(earlier, key=lambda card: card.period, default=None)


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
