"""Which return a document is: its template, region, round and month, and whether they fit."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import takes_part
from qipp_assure.submissions.models import Draft
from qipp_assure.vocabulary import Refused, ReturnKind

HEAD = ("template", "region", "round", "period")
"""The fields at the head of a document that say which return it is."""

_WORDS = {
    "template": "template",
    "region": "region",
    "round": "planning round",
    "period": "month",
}


class WrongReturn(Refused):
    """The document is for another region, round, month or template than the one it came to."""


def head(
    organisation: Organisation, round_: Round, kind: ReturnKind, period: str
) -> dict[str, Any]:
    """Return the head that a document must have to be this return."""
    found = {
        "template": round_.template_for(kind),
        "region": organisation.code,
        "round": round_.code,
    }
    return {**found, "period": period} if kind is ReturnKind.REPORT_CARD else found


def head_of(draft: Draft) -> dict[str, Any]:
    """Return the head of a draft's document."""
    return {**head(draft.organisation, draft.round, draft.kind, draft.period)}


def check_head(draft: Draft, document: dict[str, Any]) -> None:
    """Refuse a document that is not this draft's return.

    Raises:
        WrongReturn: naming the first field that differs, what it is and what it should be.
    """
    compare_heads(head_of(draft), document)


def compare_heads(wanted: dict[str, Any], document: dict[str, Any]) -> None:
    """Refuse a document whose head differs from the one wanted.

    Raises:
        WrongReturn: naming the first field that differs, what it is and what it should be.
    """
    for name in HEAD:
        if document.get(name) != wanted.get(name):
            raise WrongReturn(
                f"The {_WORDS[name]} in this return is {_say(document.get(name))}; "
                f"it should be {_say(wanted.get(name))}."
            )


def check_place(
    session: Session, organisation: Organisation, round_: Round, kind: ReturnKind, period: str
) -> None:
    """Refuse a return for which the round has no place.

    Raises:
        Refused: the region takes no part, a plan has a month, or a card's is none of the round's.
    """
    if not takes_part(session, round_, organisation):
        raise Refused(f"{organisation.name} takes no part in {round_.title}.")
    if kind is ReturnKind.PLAN and period:
        raise Refused("A plan has no month.")
    if kind is ReturnKind.REPORT_CARD and period not in round_.periods:
        raise Refused(
            f"{_say(period)} is none of the months of {round_.title}, "
            f"which run from {round_.first_month} to {round_.last_month}."
        )


def _say(value: Any) -> str:
    return str(value)[:60] if value not in (None, "") else "not given"
