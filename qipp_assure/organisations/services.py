"""Acts on organisations: adding one, ending one, and naming who takes over."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy.orm import Session

from qipp_assure.audit.services import record
from qipp_assure.organisations.models import Organisation, Succession
from qipp_assure.organisations.queries import find_by_code
from qipp_assure.vocabulary import Actor, Refused, Tier

_CODE = re.compile(r"[A-Z0-9]{1,10}")  # as in addresses of pages


def add_organisation(
    session: Session,
    actor: Actor,
    *,
    code: str,
    name: str,
    kind: str,
    tier: Tier,
    starts_on: date,
    ends_on: date | None = None,
    parent: Organisation | None = None,
) -> Organisation:
    """Add an organisation.

    Raises:
        Refused: the code is taken or is no code, the name is empty, or it ends before it starts.
    """
    if not _CODE.fullmatch(code):
        raise Refused("A code has 1 to 10 capital letters or digits, such as Q30.")
    if not name.strip():
        raise Refused("Enter the organisation's name.")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The last day cannot come before the first.")
    if find_by_code(session, code) is not None:
        raise Refused(f"There is an organisation with the code {code} already.")
    organisation = Organisation(
        code=code,
        name=name.strip(),
        kind=kind,
        tier=tier,
        starts_on=starts_on,
        ends_on=ends_on,
        parent=parent,
    )
    session.add(organisation)
    session.flush()
    record(
        session,
        actor,
        "organisation_added",
        "organisation",
        code,
        {"name": organisation.name, "tier": tier.value, "starts_on": starts_on.isoformat()},
    )
    return organisation


def correct_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    *,
    name: str,
    starts_on: date,
    ends_on: date | None,
) -> None:
    """Correct an organisation's name, first or last day; its code and tier never change.

    Raises:
        Refused: the name is empty, or it ends before it starts.
    """
    if not name.strip():
        raise Refused("Enter the organisation's name.")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The last day cannot come before the first.")
    before = {"name": organisation.name, "starts_on": organisation.starts_on.isoformat()}
    organisation.name, organisation.starts_on = name.strip(), starts_on
    organisation.ends_on = ends_on
    record(
        session,
        actor,
        "organisation_corrected",
        "organisation",
        organisation.code,
        {
            "before": before,
            "name": organisation.name,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
        },
    )


def end_organisation(
    session: Session, actor: Actor, organisation: Organisation, last_day: date
) -> None:
    """Say on which day an organisation ceases to exist; its history stays.

    Raises:
        Refused: the day lies before its first.
    """
    if last_day < organisation.starts_on:
        raise Refused("The last day cannot come before the first.")
    organisation.ends_on = last_day
    record(
        session,
        actor,
        "organisation_ended",
        "organisation",
        organisation.code,
        {"last_day": last_day.isoformat()},
    )


def name_successor(
    session: Session, actor: Actor, predecessor: Organisation, successor: Organisation, on: date
) -> None:
    """Record that from a day on one organisation answers for what another has left.

    Raises:
        Refused: both are the same, or it is recorded already, this way or the other.
    """
    if predecessor is successor:
        raise Refused("An organisation cannot succeed itself.")
    for pair in ((predecessor.id, successor.id), (successor.id, predecessor.id)):
        if session.get(Succession, pair) is not None:
            raise Refused(f"{predecessor.name} and {successor.name} are linked already.")
    session.add(Succession(predecessor_id=predecessor.id, successor_id=successor.id, on=on))
    session.flush()
    record(
        session,
        actor,
        "successor_named",
        "organisation",
        predecessor.code,
        {"successor": successor.code, "on": on.isoformat()},
    )
