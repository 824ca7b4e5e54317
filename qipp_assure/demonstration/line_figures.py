"""The figures of savings lines, and what sort of savings they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qipp_assure.demonstration.outline import LineOutline, RegionOutline
from qipp_assure.demonstration.published import (
    CASH_RELEASING_PCT,
    DRIVEN_BY_PCT,
    NOT_RECURRENT_GBP,
    REPORTED_GBP,
)
from qipp_assure.demonstration.wording import chance, rng_for
from qipp_assure.vocabulary import CashEffect, Driver, SavingKind, SpendingArea

_COMMISSIONED = frozenset(
    {
        SpendingArea.PRESCRIBING,
        SpendingArea.SPECIALISED,
        SpendingArea.CONTINUING_HEALTHCARE,
        SpendingArea.NON_NHS,
        SpendingArea.PRIMARY_CARE,
        SpendingArea.OTHER,
    }
)


@dataclass(slots=True)
class LineFigures:
    """The figures of one savings line, in whole pounds; `years` are planned, 2011-12 first."""

    forecast: int = 0
    reported: int = 0
    years: tuple[int, ...] = (0, 0, 0, 0)
    recurrent: bool = True
    cash_effect: CashEffect = CashEffect.CASH_RELEASING
    kind: SavingKind = SavingKind.COST_REDUCTION
    driver: Driver = Driver.PROVIDER
    cost_one_off: int = 0
    cost_recurrent: int = 0

    @property
    def planned(self) -> int:
        """Planned for 2011-12."""
        return self.years[0]


Ledger = dict[tuple[str, str], LineFigures]  # by region code and line key


def classify(seed: int, regions: Sequence[RegionOutline], ledger: Ledger) -> None:
    """Say which savings are one-off (9%), cost-avoiding (12%), and who drives them (40, 40, 20)."""
    rng = rng_for(seed, "classes")
    keys = [
        (region.settings.code, line)
        for region in regions
        for line in region.lines
        if not line.later
    ]
    rng.shuffle(keys)
    avoiding = REPORTED_GBP * (100 - CASH_RELEASING_PCT) // 100
    for code, line in _up_to(keys, NOT_RECURRENT_GBP, ledger):
        ledger[code, line.key].recurrent = False
    rng.shuffle(keys)
    recurrent = [(code, line) for code, line in keys if ledger[code, line.key].recurrent]
    for code, line in _up_to(recurrent, avoiding, ledger):
        ledger[code, line.key].cash_effect = CashEffect.COST_AVOIDING
    driven = dict.fromkeys(Driver, 0)
    for region in regions:
        for line in region.lines:
            figures = ledger[region.settings.code, line.key]
            own = Driver.COMMISSIONER if line.area in _COMMISSIONED else Driver.PROVIDER
            figures.driver = min(
                (own, Driver.CENTRAL), key=lambda driver: driven[driver] / DRIVEN_BY_PCT[driver]
            )
            driven[figures.driver] += figures.forecast
            figures.kind = _kind(seed, region.settings.code, line, figures)


def _kind(seed: int, code: str, line: LineOutline, figures: LineFigures) -> SavingKind:
    if figures.cash_effect is CashEffect.COST_AVOIDING:
        return SavingKind.COST_AVOIDANCE
    rng = rng_for(seed, code, line.key, "kind")
    if line.area is SpendingArea.OTHER and chance(rng, 15):
        return SavingKind.INCOME_GENERATION
    return rng.choices((SavingKind.COST_REDUCTION, SavingKind.SERVICE_PRODUCTIVITY), (7, 3))[0]


def _up_to(
    keys: Iterable[tuple[str, LineOutline]], target: int, ledger: Ledger
) -> list[tuple[str, LineOutline]]:
    """Take lines until their reported savings come as close to a target as they can from below."""
    taken: list[tuple[str, LineOutline]] = []
    for code, line in keys:
        value = ledger[code, line.key].reported
        if value <= target:
            taken.append((code, line))
            target -= value
    return taken


def add_costs(seed: int, region: RegionOutline, ledger: Ledger) -> None:
    """Some savings cost something first (redundancy) or every year (the service in their place)."""
    for line in region.lines:
        figures = ledger[region.settings.code, line.key]
        rng = rng_for(seed, region.settings.code, line.key, "costs")
        if chance(rng, 30):
            figures.cost_one_off = _thousands(figures.planned * rng.uniform(0.03, 0.14))
        if figures.recurrent and chance(rng, 22):
            figures.cost_recurrent = _thousands(figures.planned * rng.uniform(0.03, 0.18))


def _thousands(value: float) -> int:
    return round(value / 1000) * 1000
