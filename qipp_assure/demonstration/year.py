"""The demonstration year as a whole: organisations, plans, report cards and what comes with them.

Deterministic: the same seed gives the same documents, byte for byte.  Published figures and
invented ones are told apart in `PROVENANCE`, which pages show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qipp_assure.demonstration.bodies import Body, make_bodies
from qipp_assure.demonstration.cards import region_year, write_card
from qipp_assure.demonstration.initiatives import tell_initiative
from qipp_assure.demonstration.ledger import make_ledger
from qipp_assure.demonstration.monthly import MONTHS
from qipp_assure.demonstration.outline import outline_region
from qipp_assure.demonstration.people import DemonstrationPerson, make_people
from qipp_assure.demonstration.plans import Allocations, make_allocations, write_plan
from qipp_assure.demonstration.published import (
    NationalWorkstream,
    national_workstreams,
    region_contributions,
)
from qipp_assure.demonstration.wording import region_settings
from qipp_assure.returns.canonical import digest, pruned, to_document
from qipp_assure.returns.validation import read_return

SEED = 2011
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemonstrationYear:
    """Everything that is loaded; cards are by region code and month, in the order of time."""

    seed: int
    bodies: tuple[Body, ...]
    people: tuple[DemonstrationPerson, ...]
    national_workstreams: tuple[NationalWorkstream, ...]
    challenges: Mapping[str, int]
    allocations: Mapping[str, Allocations]
    plans: Mapping[str, Document]
    cards: Mapping[tuple[str, str], Document]

    @property
    def months(self) -> tuple[str, ...]:
        """The months for which there are cards."""
        return tuple(sorted({month for _, month in self.cards}))

    def only(self, regions: Collection[str], months: Collection[str]) -> DemonstrationYear:
        """Give a part of the year: the organisations and people stay, the returns of others go."""
        return replace(
            self,
            plans={code: plan for code, plan in self.plans.items() if code in regions},
            cards={
                (code, month): card
                for (code, month), card in self.cards.items()
                if code in regions and month in months
            },
        )

    def context(self, region: str) -> Document:
        """Give the context of a region's plan, as the Department's own figures have it."""
        body = next(body for body in self.bodies if body.code == region)
        return {
            "organisation": {
                "code": body.code,
                "name": body.name,
                "kind": body.kind,
                "tier": body.tier.value,
            },
            "allocations": dict(self.allocations[region].baseline),
            "challenge_gbp": self.challenges[region],
            "national_workstreams": sorted(entry.code for entry in self.national_workstreams),
            "baseline_plan": None,
            "previous_card": None,
            "previous_ratings": [],
        }


def build(seed: int = SEED) -> DemonstrationYear:
    """Make the demonstration year from a seed: ten plans and 120 report cards."""
    bodies = make_bodies(seed)
    outlines = [
        outline_region(seed, settings, [body for body in bodies if body.parent == code])
        for code, settings in region_settings().items()
    ]
    ledger = make_ledger(seed, outlines)
    plans: dict[str, Document] = {}
    cards: dict[tuple[str, str], Document] = {}
    allocations: dict[str, Allocations] = {}
    for outline in outlines:
        code = outline.settings.code
        figures = {key: value for (region, key), value in ledger.items() if region == code}
        stories = [
            tell_initiative(seed, code, initiative, figures) for initiative in outline.initiatives
        ]
        allocations[code] = make_allocations(seed, outline)
        plan = write_plan(seed, outline, stories, allocations[code])
        plans[code] = to_document(read_return(plan))
        year = region_year(seed, outline, stories, ledger, plan)
        plan_digest = digest(plans[code])
        for month in MONTHS:
            # Reading 120 cards takes seconds and sealing reads them again; a test proves that
            # what is written here is what reading gives.
            cards[code, month] = pruned(write_card(year, month, plan_digest))
    return DemonstrationYear(
        seed=seed,
        bodies=tuple(bodies),
        people=make_people(seed),
        national_workstreams=national_workstreams(),
        challenges={
            code: region_contributions()[settings.name].challenge_gbp
            for code, settings in region_settings().items()
        },
        allocations=allocations,
        plans=plans,
        cards=cards,
    )
