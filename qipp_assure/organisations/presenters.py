"""Organisations in words."""

from __future__ import annotations

from dataclasses import dataclass

from qipp_assure.organisations.models import Organisation
from qipp_assure.vocabulary import Tier
from qipp_assure.web import filters

TIER_WORDS = {
    Tier.NATIONAL: "National",
    Tier.REGIONAL: "Regional",
    Tier.LOCAL_NATIONAL: "Local, the national body's own",
    Tier.COMMISSIONER: "Local commissioner",
    Tier.PROVIDER: "Local provider",
}


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as a row of a page."""

    id: int
    code: str
    name: str
    kind: str
    tier: str
    parent: str
    days: str


def organisation_row(organisation: Organisation) -> OrganisationRow:
    """An organisation in words."""
    first = f"From {filters.date(organisation.starts_on)}"
    last = f" to {filters.date(organisation.ends_on)}" if organisation.ends_on else ""
    parent = organisation.parent
    return OrganisationRow(
        id=organisation.id,
        code=organisation.code,
        name=organisation.name,
        kind=organisation.kind,
        tier=TIER_WORDS[organisation.tier],
        parent=f"{parent.name} ({parent.code})" if parent else "",
        days=first + last,
    )
