"""The people of the demonstration: accounts for every role, none of them real.

Every region has a lead and a director, as its returns have to be signed; two regions and the
centre have somebody for every role, and these are the accounts that are printed at the start.
"""

from __future__ import annotations

from dataclasses import dataclass

from qipp_assure.demonstration.bodies import NATIONAL_CODE
from qipp_assure.demonstration.wording import person, region_settings, rng_for
from qipp_assure.vocabulary import Role

DOMAIN = "qipp.example"  # a name that can never receive mail (RFC 2606)
SHOWN_REGIONS = ("Q33", "Q36")  # the furthest below and the furthest above forecast


@dataclass(frozen=True, slots=True)
class DemonstrationPerson:
    """Somebody with one role; `shown` accounts are printed at the start."""

    email: str
    name: str
    role: Role
    organisation: str
    workstream: str | None
    what: str
    shown: bool


def make_people(seed: int) -> tuple[DemonstrationPerson, ...]:
    """Make up the people, those of the centre first."""
    rng = rng_for(seed, "people")
    used: set[str] = set()

    def somebody(
        local: str,
        role: Role,
        organisation: str,
        what: str,
        *,
        shown: bool,
        workstream: str | None = None,
    ) -> DemonstrationPerson:
        name = person(rng)
        while name in used:
            name = person(rng)
        used.add(name)
        return DemonstrationPerson(
            f"{local}@{DOMAIN}", name, role, organisation, workstream, what, shown
        )

    found = [
        somebody("reviewer", Role.REVIEWER, NATIONAL_CODE, "central reviewer", shown=True),
        somebody("reviewer2", Role.REVIEWER, NATIONAL_CODE, "second central reviewer", shown=True),
        somebody("approver", Role.APPROVER, NATIONAL_CODE, "central approver", shown=True),
        somebody("analyst", Role.ANALYST, NATIONAL_CODE, "central analyst", shown=True),
        somebody("admin", Role.ADMIN, NATIONAL_CODE, "administrator", shown=True),
        somebody("admin2", Role.ADMIN, NATIONAL_CODE, "second administrator", shown=True),
    ]
    for code, settings in region_settings().items():
        shown = code in SHOWN_REGIONS
        place = settings.name.lower().replace(" ", "-")
        found += [
            somebody(
                f"lead.{place}", Role.REGION_LEAD, code, f"QIPP lead, {settings.name}", shown=shown
            ),
            somebody(
                f"director.{place}",
                Role.REGION_DIRECTOR,
                code,
                f"director, {settings.name}",
                shown=shown,
            ),
        ]
        if shown:
            found += [
                somebody(
                    f"workstream.{place}",
                    Role.CONTRIBUTOR,
                    code,
                    f"workstream lead (medicines), {settings.name}",
                    shown=True,
                    workstream="ws01",
                ),
                somebody(
                    f"pct.{place}",
                    Role.CONTRIBUTOR,
                    f"{code}P01",
                    f"PCT finance lead, {settings.name}",
                    shown=True,
                ),
            ]
    return tuple(found)
