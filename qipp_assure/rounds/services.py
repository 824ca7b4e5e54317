"""Acts on rounds: setting one up, and entering the Department's figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from qipp_assure.accounts.policies import can_administer
from qipp_assure.accounts.services import require
from qipp_assure.audit.services import record
from qipp_assure.organisations.models import Organisation
from qipp_assure.returns.periods import phased_by
from qipp_assure.rounds.models import (
    Allocation,
    Round,
    RoundCriteria,
    RoundRegion,
    RoundWorkstream,
)
from qipp_assure.rounds.queries import find_round
from qipp_assure.vocabulary import Actor, PhasedBy, Refused, Tier

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_ADMINISTRATORS_ONLY = "Only an administrator can change a planning round."


@dataclass(frozen=True, slots=True)
class NationalWorkstream:
    """A national workstream as published for a round."""

    code: str
    name: str
    category: str
    focus: str


def add_round(
    session: Session,
    actor: Actor,
    *,
    code: str,
    title: str,
    plan_template: str,
    report_card_template: str,
    opens_on: date,
    closes_on: date,
    horizon: tuple[str, str],
    months: tuple[str, str],
    criteria: Sequence[tuple[str, str]] = (),
    workstreams: Iterable[NationalWorkstream] = (),
) -> Round:
    """Set up a planning round.

    Args:
        session: from ``Database.writing()``.
        actor: an administrator.
        code: such as ``2011-12``, by which documents name it.
        title: for people.
        plan_template: such as ``plan@2011.1``.
        report_card_template: such as ``report-card@2011.1``.
        opens_on: first day of the round.
        closes_on: its last day.
        horizon: first and last financial year of the plans.
        months: first and last month of the report cards.
        criteria: (set, version) pairs that it rates by, in the order in which they are shown.
        workstreams: the national workstreams, in published order.

    Raises:
        Refused: a code is taken, or a period is none or out of order.
    """
    require(session, actor, can_administer, _ADMINISTRATORS_ONLY)
    _check(code, title, opens_on, closes_on, horizon, months)
    if find_round(session, code) is not None:
        raise Refused(f"There is a planning round with the code {code} already.")
    added = Round(
        code=code,
        title=title.strip(),
        plan_template=plan_template,
        report_card_template=report_card_template,
        opens_on=opens_on,
        closes_on=closes_on,
        horizon_first_year=horizon[0],
        horizon_last_year=horizon[1],
        first_month=months[0],
        last_month=months[1],
    )
    session.add(added)
    session.flush()
    session.add_all(
        RoundCriteria(round_id=added.id, set_id=set_id, version=version, position=position)
        for position, (set_id, version) in enumerate(criteria)
    )
    session.add_all(
        RoundWorkstream(
            round_id=added.id,
            code=each.code,
            name=each.name,
            category=each.category,
            focus=each.focus,
            position=position,
        )
        for position, each in enumerate(workstreams)
    )
    session.flush()
    details = {"horizon": list(horizon), "criteria": [list(pair) for pair in criteria]}
    record(session, actor, "round_added", "round", code, details)
    return added


def admit_region(
    session: Session,
    actor: Actor,
    round_: Round,
    organisation: Organisation,
    challenge_gbp: int | None = None,
) -> None:
    """Let a region take part, or change the Department's estimate of its challenge (in pounds).

    Raises:
        Refused: the organisation is no region.
    """
    require(session, actor, can_administer, _ADMINISTRATORS_ONLY)
    if organisation.tier is not Tier.REGIONAL:
        raise Refused(f"{organisation.name} is not a region.")
    found = session.get(RoundRegion, (round_.id, organisation.id))
    if found is None:
        found = RoundRegion(round_id=round_.id, organisation_id=organisation.id)
        session.add(found)
    found.challenge_gbp = challenge_gbp
    session.flush()
    details = {"region": organisation.code, "challenge_gbp": challenge_gbp}
    record(session, actor, "region_admitted", "round", round_.code, details)


def set_allocations(
    session: Session, actor: Actor, round_: Round, amounts: Mapping[str, int]
) -> None:
    """Enter the Department's allocations, whole pounds by organisation code; others stay.

    Raises:
        Refused: a code is unknown, or an amount is below nothing; then none is entered.
    """
    require(session, actor, can_administer, _ADMINISTRATORS_ONLY)
    found = session.execute(
        select(Organisation.code, Organisation.id).where(Organisation.code.in_(amounts))
    )
    ids = {row.code: row.id for row in found}
    unknown = sorted(set(amounts) - set(ids))
    if unknown:
        raise Refused(f"There is no organisation with the code {unknown[0][:20]!r}.")
    for code, amount in amounts.items():
        if amount < 0:
            raise Refused(f"The allocation of {code} is below nothing.")
        row = session.get(Allocation, (round_.id, ids[code]))
        if row is None:
            session.add(
                Allocation(round_id=round_.id, organisation_id=ids[code], amount_gbp=amount)
            )
        else:
            row.amount_gbp = amount
    session.flush()
    record(session, actor, "allocations_set", "round", round_.code, dict(amounts))


def _check(
    code: str,
    title: str,
    opens_on: date,
    closes_on: date,
    horizon: tuple[str, str],
    months: tuple[str, str],
) -> None:
    if not _CODE.fullmatch(code):
        raise Refused("A round's code has 1 to 40 letters, digits or hyphens, such as 2011-12.")
    if not title.strip():
        raise Refused("Enter the round's title.")
    if closes_on < opens_on:
        raise Refused("The last day cannot come before the first.")
    if any(phased_by(year) is not PhasedBy.YEAR for year in horizon) or horizon[0] > horizon[1]:
        raise Refused("The horizon is a first and a last financial year, such as 2011/12.")
    if any(phased_by(month) is not PhasedBy.MONTH for month in months) or months[0] > months[1]:
        raise Refused("Report cards run from a first to a last month, such as 2011-04.")
