"""The published figures, read from the tables beside this file, as exact whole pounds."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from qipp_assure.savings.figure_three import PublishedArea
from qipp_assure.vocabulary import SpendingArea

FOUND_GBP = 17_400_000_000  # A 3.10: what all regions together identified over four years
CHALLENGE_GBP = 16_400_000_000  # A 3.10: what they needed
FORECAST_GBP = 5_900_000_000  # B figure 3: forecast for 2011-12
REPORTED_GBP = 5_820_000_000  # B figure 3: reported for 2011-12
NOT_RECURRENT_GBP = 520_000_000  # B 2.12: 9% of the reported savings, up to £520m
CASH_RELEASING_PCT = 88  # B 2.5
DRIVEN_BY_PCT = {"central": 40, "provider": 40, "commissioner": 20}  # A 1.6
DELIVERY_PCT = {"East Midlands": 77, "London": 110}  # B 2.3 and figure 4
BILLION = 1_000_000_000

_FOLDER = Path(__file__).parent / "figures"

_AREAS = {
    "Acute services": SpendingArea.ACUTE,
    "Community services": SpendingArea.COMMUNITY,
    "Mental health and learning disability services": SpendingArea.MENTAL_HEALTH,
    "Prescribing": SpendingArea.PRESCRIBING,
    "Specialised commissioning": SpendingArea.SPECIALISED,
    "Continuing healthcare": SpendingArea.CONTINUING_HEALTHCARE,
    "Non-NHS healthcare (including re-ablement)": SpendingArea.NON_NHS,
    "Primary care, dental, pharmacy and ophthalmic services": SpendingArea.PRIMARY_CARE,
    "Ambulance services": SpendingArea.AMBULANCE,
    "Other": SpendingArea.OTHER,
}

NATIONAL_CODES = {
    "Safe care": "safe-care",
    "Right care": "right-care",
    "Long-term conditions": "long-term-conditions",
    "Urgent and emergency care": "urgent-care",
    "End of life care": "end-of-life",
    "Back office": "back-office",
    "Procurement": "procurement",
    "Pathology": "pathology",
    "Productive care": "productive-care",
    "Medicine use and procurement": "medicines",
    "Primary care commissioning": "primary-care",
    "Technology": "technology",
    "Mobilisation": "mobilisation",
    "Workforce": "workforce",
}


@dataclass(frozen=True, slots=True)
class RegionContribution:
    """One region's share of the £17.4bn, and that share against its budget of 2011-12."""

    name: str
    share_pct: Decimal
    of_budget_pct: Decimal

    @property
    def found_gbp(self) -> int:
        """The four-year savings that the region identified."""
        return int(FOUND_GBP * self.share_pct / 100)

    @property
    def challenge_gbp(self) -> int:
        """The savings that the region had to find: its share of the £16.4bn."""
        return int(CHALLENGE_GBP * self.share_pct / 100)

    @property
    def budget_gbp(self) -> int:
        """The region's budget of 2011-12, derived from the two published shares."""
        return round(self.found_gbp / (self.of_budget_pct / 100))


@dataclass(frozen=True, slots=True)
class NationalWorkstream:
    """A national workstream; the code is ours."""

    code: str
    name: str
    category: str
    focus: str


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def region_contributions() -> dict[str, RegionContribution]:
    """Give the ten regions' contributions by name.  Source: A figure 1."""
    return {
        row["region"]: RegionContribution(
            row["region"],
            Decimal(row["share_of_total_saving_pct"]),
            Decimal(row["saving_as_pct_of_2011_12_budget"]),
        )
        for row in _rows("regional_contributions.csv")
    }


@cache
def published_areas() -> tuple[PublishedArea, ...]:
    """Give the ten spending areas as published, without the total.  Source: B figure 3."""
    return tuple(
        PublishedArea(
            area=_AREAS[row["area"]],
            label=row["area"],
            forecast_gbp=int(Decimal(row["forecast_savings_gbp_bn"]) * BILLION),
            reported_gbp=int(Decimal(row["reported_savings_gbp_bn"]) * BILLION),
            delivery_pct=int(row["published_delivery_pct"]),
        )
        for row in _rows("savings_by_area_2011_12.csv")
        if row["area"] in _AREAS
    )


@cache
def timing_pct() -> tuple[int, ...]:
    """Give the share of each of the four years in the total.  Source: B figure 2."""
    return tuple(int(row["share_of_four_year_total_pct"]) for row in _rows("savings_timing.csv"))


@cache
def national_workstreams() -> tuple[NationalWorkstream, ...]:
    """Give the national workstreams as listed in 2011."""
    return tuple(
        NationalWorkstream(
            NATIONAL_CODES[row["workstream"]], row["workstream"], row["category"], row["focus"]
        )
        for row in _rows("national_workstreams.csv")
    )


@cache
def waiting_time_standards() -> tuple[tuple[str, int], ...]:
    """Give the waiting-time standards that carry a share: what is measured, and the share."""
    return tuple(
        (row["indicator"], int(row["standard_pct"]))
        for row in _rows("waiting_time_standards.csv")
        if row["standard_pct"]
    )
