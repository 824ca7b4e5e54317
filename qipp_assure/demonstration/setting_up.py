"""Setting up the demonstration: organisations, people, the round and its criteria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from qipp_assure.accounts.models import Person
from qipp_assure.accounts.services import add_person, grant_role
from qipp_assure.accounts.sign_in import set_password
from qipp_assure.demonstration.monthly import MONTHS, YEARS
from qipp_assure.demonstration.plans import ROUND
from qipp_assure.demonstration.year import DemonstrationYear
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.services import add_organisation
from qipp_assure.ratings.criteria_files import library
from qipp_assure.ratings.services import publish_criteria_version
from qipp_assure.returns.templates import CURRENT
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.services import NationalWorkstream, add_round, admit_region, set_allocations
from qipp_assure.vocabulary import SYSTEM, ReturnKind

FIRST_DAY = date(2006, 10, 1)  # of all bodies and roles; an invented day before the round
SETS = ("plan", "implementation", "report-card")
"""The criteria of the round in the order of its pages: the plan, its parts, what is reported."""

CRITERIA_PUBLISHED = datetime(2010, 12, 6, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Who and what there is once the demonstration is set up, by code and by e-mail name."""

    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    round: Round


def set_up(session: Session, year: DemonstrationYear, password: str) -> Place:
    """Add organisations, people with one password, the round, its criteria and allocations."""
    organisations = _add_organisations(session, year)
    people = _add_people(session, year, organisations, password)
    round_ = _add_round(session, year, organisations, people["approver"])
    return Place(organisations, people, round_)


def _add_organisations(session: Session, year: DemonstrationYear) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    for body in year.bodies:
        found[body.code] = add_organisation(
            session,
            SYSTEM,
            code=body.code,
            name=body.name,
            kind=body.kind,
            tier=body.tier,
            starts_on=FIRST_DAY,
            # A region stands under nothing: its parent would make it a part of that body.
            parent=found[body.parent] if body.invented and body.parent else None,
        )
    return found


def _add_people(
    session: Session,
    year: DemonstrationYear,
    organisations: Mapping[str, Organisation],
    password: str,
) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for one in year.people:
        person = add_person(session, SYSTEM, email=one.email, name=one.name, is_demonstration=True)
        set_password(session, SYSTEM, person, password)
        grant_role(
            session,
            SYSTEM,
            person,
            one.role,
            organisations[one.organisation],
            starts_on=FIRST_DAY,
            workstream_id=one.workstream,
        )
        found[one.email.partition("@")[0]] = person
    return found


def _add_round(
    session: Session,
    year: DemonstrationYear,
    organisations: Mapping[str, Organisation],
    approver: Person,
) -> Round:
    sets = [library().get_set(name) for name in SETS]
    for one in sets:
        publish_criteria_version(
            session,
            approver.actor,
            set_id=one.set,
            version=one.version,
            text=one.text,
            at=CRITERIA_PUBLISHED,
        )
    added = add_round(
        session,
        SYSTEM,
        code=ROUND,
        title="Integrated plans 2011-12 to 2014-15",
        plan_template=CURRENT[ReturnKind.PLAN],
        report_card_template=CURRENT[ReturnKind.REPORT_CARD],
        opens_on=date(2011, 1, 1),
        closes_on=date(2012, 3, 31),
        horizon=(YEARS[0], YEARS[-1]),
        months=(MONTHS[0], MONTHS[-1]),
        criteria=[(one.set, one.version) for one in sets],
        workstreams=[
            NationalWorkstream(entry.code, entry.name, entry.category, entry.focus)
            for entry in year.national_workstreams
        ],
    )
    for code, challenge in year.challenges.items():
        admit_region(session, SYSTEM, added, organisations[code], challenge)
        set_allocations(session, SYSTEM, added, year.allocations[code].baseline)
    return added
