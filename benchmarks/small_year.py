"""A small database to measure on: ten regions, each with a plan and a card, sealed and rated."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from qipp_assure.accounts.services import add_person, grant_role
from qipp_assure.database import Database, upgrade
from qipp_assure.organisations.services import add_organisation
from qipp_assure.ratings.assessing import rate_submission
from qipp_assure.ratings.criteria_files import library
from qipp_assure.ratings.models import Basis
from qipp_assure.ratings.services import publish_criteria_version
from qipp_assure.rounds.services import add_round, admit_region
from qipp_assure.submissions.services import seal_return
from qipp_assure.vocabulary import SYSTEM, Role, Tier

RETURNS = Path(__file__).resolve().parents[1] / "tests" / "criteria"
REGIONS = tuple(f"Q3{number}" for number in range(10))
START = date(2010, 4, 1)


def sound(name: str, code: str) -> dict[str, Any]:
    """The tests' sound plan or card, of a region."""
    found: dict[str, Any] = json.loads((RETURNS / f"sound_{name}.json").read_text("utf-8"))
    return {**found, "region": code}


def small_year(database: Database) -> tuple[int, int]:
    """Fill a new database; row id and session generation of a reviewer."""
    upgrade(database.url)
    with database.writing() as session:
        for one in library().newest():
            publish_criteria_version(
                session, SYSTEM, set_id=one.set, version=one.version, text=one.text
            )
        centre = add_organisation(
            session, SYSTEM, code="DH", name="Department of Health", kind="department",
            tier=Tier.NATIONAL, starts_on=START,
        )  # fmt: skip
        round_ = add_round(
            session,
            SYSTEM,
            code="plans-2011",
            title="Plans for 2011/12 to 2014/15",
            plan_template="plan@2011.1",
            report_card_template="report-card@2011.1",
            opens_on=date(2011, 1, 1),
            closes_on=date(2012, 3, 31),
            horizon=("2011/12", "2014/15"),
            months=("2011-04", "2012-03"),
            criteria=[(one.set, one.version) for one in library().newest()],
            workstreams=[],
        )
        for code in REGIONS:
            region = add_organisation(
                session, SYSTEM, code=code, name=f"Region {code}", kind="sha",
                tier=Tier.REGIONAL, starts_on=START,
            )  # fmt: skip
            admit_region(session, SYSTEM, round_, region)
            for name in ("plan", "card"):
                sealed = seal_return(session, SYSTEM, region, round_, sound(name, code))
                rate_submission(session, SYSTEM, sealed, Basis.COMPUTED)
        reviewer = add_person(session, SYSTEM, email="reviewer@example.nhs.uk", name="Reviewer")
        grant_role(session, SYSTEM, reviewer, Role.REVIEWER, centre, starts_on=START)
        return reviewer.id, reviewer.generation
