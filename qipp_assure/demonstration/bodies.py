"""The organisations of the demonstration: national body and regions are real, the rest invented."""

from __future__ import annotations

from dataclasses import dataclass

from qipp_assure.demonstration.wording import load_words, region_settings, rng_for
from qipp_assure.vocabulary import Tier

NATIONAL_CODE = "DH"
_TRUSTS_A_REGION = 4


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation; `foundation` trusts need not supply monitoring data (A 4.15)."""

    code: str
    name: str
    kind: str
    tier: Tier
    parent: str | None
    invented: bool
    foundation: bool = False


def make_bodies(seed: int) -> list[Body]:
    """Make the national body, ten regions, 151 PCTs and four providers a region, parents first."""
    rng = rng_for(seed, "bodies")
    words = load_words("names")
    places = [first + last for first in words["place_first"] for last in words["place_last"]]
    rng.shuffle(places)
    bodies = [
        Body(
            NATIONAL_CODE, "Department of Health", "department", Tier.NATIONAL, None, invented=False
        )
    ]
    regions = region_settings()
    bodies += [
        Body(code, region.name, "sha", Tier.REGIONAL, NATIONAL_CODE, invented=False)
        for code, region in regions.items()
    ]
    for code, region in regions.items():
        bodies += [
            Body(
                f"{code}P{number:02d}", f"{places.pop()} PCT", "pct", Tier.COMMISSIONER, code, True
            )
            for number in range(1, region.pcts + 1)
        ]
        for number in range(1, _TRUSTS_A_REGION + 1):
            foundation = number % 2 == 1
            title = "NHS Foundation Trust" if foundation else "NHS Trust"
            kind = "foundation_trust" if foundation else "nhs_trust"
            name = f"{places.pop()} {title}"
            bodies.append(
                Body(f"{code}T{number:02d}", name, kind, Tier.PROVIDER, code, True, foundation)
            )
    return bodies
