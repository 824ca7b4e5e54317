"""The money of the demonstration year: published totals split down to lines and months, exactly.

Forecast and reported savings of 2011-12 are fitted to two margins at once, regions and spending
areas.  Planned savings come from another publication (32% of the £17.4bn) and are a third figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from qipp_assure.demonstration.fitting import fit_table, split
from qipp_assure.demonstration.line_figures import Ledger, LineFigures, add_costs, classify
from qipp_assure.demonstration.outline import Course, LineOutline, RegionOutline
from qipp_assure.demonstration.published import (
    FORECAST_GBP,
    REPORTED_GBP,
    published_areas,
    region_contributions,
    timing_pct,
)
from qipp_assure.demonstration.wording import RegionSettings, rng_for
from qipp_assure.savings.figure_three import FORECAST_ROUNDING_GBP
from qipp_assure.vocabulary import SpendingArea

MILLION = 1_000_000
# Actual against planned, by course: from, to.
_RATIOS = {
    Course.ON: (0.966, 1.036),
    Course.SLIPPING: (0.89, 0.958),
    Course.OFF: (0.55, 0.84),
    Course.OVER: (1.035, 1.2),
}


def exact_forecasts() -> dict[SpendingArea, int]:
    """Give each area a forecast that rounds to the published one and gives the published share.

    Forecasts were published to £0.1bn only, shares of delivery to whole percents; where the
    rounded forecast does not give the published share, the one that does is taken, to the nearest
    million.  Acute services, the largest, take up what is left to £5.90bn.
    """
    forecasts: dict[SpendingArea, int] = {}
    for row in published_areas():
        share = Fraction(row.reported_gbp * 100, row.forecast_gbp)
        forecasts[row.area] = row.forecast_gbp
        if abs(share - row.delivery_pct) > Fraction(1, 2):
            exact = Fraction(row.reported_gbp * 100, row.delivery_pct)
            forecasts[row.area] = round(exact / MILLION) * MILLION
    forecasts[SpendingArea.ACUTE] += FORECAST_GBP - sum(forecasts.values())
    if any(
        abs(forecasts[row.area] - row.forecast_gbp) > FORECAST_ROUNDING_GBP
        for row in published_areas()
    ):
        message = "no forecast meets both the published figure and the published share"
        raise ValueError(message)
    return forecasts


def region_totals(regions: Sequence[RegionSettings]) -> tuple[list[int], list[int]]:
    """Give forecast and reported savings of 2011-12 by region.

    Forecasts follow the shares of the £17.4bn; one region, the one without a share of delivery of
    its own, takes what is left of the reported total.
    """
    shares = [float(region_contributions()[region.name].share_pct) for region in regions]
    forecast = split(FORECAST_GBP, shares)
    reported = [
        round(value * region.delivery_pct / 100) if region.delivery_pct is not None else 0
        for value, region in zip(forecast, regions, strict=True)
    ]
    rest = [index for index, region in enumerate(regions) if region.delivery_pct is None]
    reported[rest[0]] = REPORTED_GBP - sum(reported)
    return forecast, reported


def make_ledger(seed: int, regions: Sequence[RegionOutline]) -> Ledger:
    """Split the published totals down to the savings lines of all regions."""
    ledger: Ledger = {
        (region.settings.code, line.key): LineFigures()
        for region in regions
        for line in region.lines
    }
    _fit(seed, regions, ledger)
    for region in regions:
        _plan_first_year(seed, region, ledger)
    classify(seed, regions, ledger)
    for region in regions:
        _plan_later_years(seed, region, ledger)
        add_costs(seed, region, ledger)
    return ledger


def _fit(seed: int, regions: Sequence[RegionOutline], ledger: Ledger) -> None:
    rng = rng_for(seed, "fit")
    forecast_rows, reported_rows = region_totals([region.settings for region in regions])
    areas = list(SpendingArea)
    forecasts = exact_forecasts()
    shape = [[rng.uniform(0.75, 1.3) for _ in areas] for _ in regions]
    forecast = fit_table(shape, forecast_rows, [forecasts[area] for area in areas])
    # Reported savings begin from the shape of the forecast, so that no area of a region strays far.
    reported = fit_table(
        [[value * rng.uniform(0.94, 1.06) for value in row] for row in forecast],
        reported_rows,
        [row.reported_gbp for row in published_areas()],
    )
    for row, region in enumerate(regions):
        cells = {
            area: (forecast[row][column], reported[row][column])
            for column, area in enumerate(areas)
        }
        added = _weight_of_added(seed, region, cells)
        for area, (forecast_cell, reported_cell) in cells.items():
            lines = [line for line in region.lines if line.area is area and not line.later]
            delivered = [_delivered(seed, region, line, added) for line in lines]
            opened = [line.weight * (added if line.added else 1.0) for line in lines]
            for line, first, last in zip(
                lines, split(forecast_cell, opened), split(reported_cell, delivered), strict=True
            ):
                figures = ledger[region.settings.code, line.key]
                figures.forecast, figures.reported = first, last


def _ratio(seed: int, region: RegionOutline, line: LineOutline) -> float:
    """Actual against planned of a line, as it should come out."""
    rng = rng_for(seed, region.settings.code, line.key, "ratio")
    return rng.uniform(*_RATIOS[line.course])


def _delivered(seed: int, region: RegionOutline, line: LineOutline, added: float) -> float:
    if line.silent:
        return 0.0
    return line.weight * (added if line.added else _ratio(seed, region, line))


def _weight_of_added(
    seed: int, region: RegionOutline, cells: Mapping[SpendingArea, tuple[int, int]]
) -> float:
    """Find how heavy savings found since the plan are, so that what was planned comes out.

    A region that reported more than it planned did so in part with savings that stood in no plan;
    the more these weigh, the less the planned lines saved.
    """
    found = region_contributions()[region.settings.name].found_gbp
    wanted = found * timing_pct()[0] // 100

    def planned(added: float) -> float:
        total = 0.0
        for area, (forecast_cell, reported_cell) in cells.items():
            lines = [line for line in region.lines if line.area is area and not line.later]
            weights = [_delivered(seed, region, line, added) for line in lines]
            opened = sum(line.weight * (added if line.added else 1.0) for line in lines)
            for line, weight in zip(lines, weights, strict=True):
                if line.silent:
                    total += forecast_cell * line.weight / opened
                elif not line.added:
                    total += reported_cell * weight / sum(weights) / _ratio(seed, region, line)
        return total

    least, most = 0.05, 8.0
    for _ in range(24):
        middle = (least + most) / 2
        least, most = (middle, most) if planned(middle) > wanted else (least, middle)
    return (least + most) / 2


def _plan_first_year(seed: int, region: RegionOutline, ledger: Ledger) -> None:
    """Plan 2011-12: lines on track were planned close to what they saved; the rest take the rest."""
    code = region.settings.code
    found = region_contributions()[region.settings.name].found_gbp
    total = found * timing_pct()[0] // 100
    fixed: dict[str, int] = {}
    rest: dict[str, float] = {}
    for line in region.lines:
        figures = ledger[code, line.key]
        if line.added or line.later:
            continue
        ratio = _ratio(seed, region, line)
        if line.course is Course.ON and not line.silent:
            fixed[line.key] = round(figures.reported / ratio)
        else:
            rest[line.key] = float(figures.forecast) if line.silent else figures.reported / ratio
    left = split(total - sum(fixed.values()), list(rest.values()))
    for key, value in [*fixed.items(), *zip(rest, left, strict=True)]:
        ledger[code, key].years = (value, 0, 0, 0)


def _plan_later_years(seed: int, region: RegionOutline, ledger: Ledger) -> None:
    """Plan the other three years; a one-off saves in the first year only."""
    code = region.settings.code
    found = region_contributions()[region.settings.name].found_gbp
    lines = [
        line
        for line in region.lines
        if not line.added and (line.later or ledger[code, line.key].recurrent)
    ]
    average = max(1, ledger_average(ledger, code))
    for index, share in enumerate(timing_pct()[1:], start=1):
        weights = [
            rng_for(seed, code, line.key, "year", index).uniform(0.7, 1.3)
            * (
                line.weight * average * 0.5 * index
                if line.later
                else ledger[code, line.key].planned
            )
            for line in lines
        ]
        for line, value in zip(lines, split(found * share // 100, weights), strict=True):
            years = list(ledger[code, line.key].years)
            years[index] = value
            ledger[code, line.key].years = tuple(years)


def ledger_average(ledger: Ledger, code: str) -> int:
    """The average planned saving of a region's lines in the first year."""
    planned = [figures.planned for (region, _), figures in ledger.items() if region == code]
    return sum(planned) // len(planned)
