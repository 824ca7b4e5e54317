"""Bands become the first of green, amber and red that holds."""

from __future__ import annotations

from collections.abc import Callable

from qipp_assure.criteria_engine.bands import Band, Bands, Bound
from qipp_assure.criteria_engine.compiled.codes import code_for
from qipp_assure.criteria_engine.compiled.formulas import Formula, both, either
from qipp_assure.criteria_engine.compiled.writing import Source
from qipp_assure.vocabulary import Rating


def write_bands(source: Source, bands: Bands, name: str, holds: Callable[[Bound], Formula]) -> None:
    """Lines that set `name` to the code of the rating, given when a bound holds."""

    def formula(band: Band | None) -> Formula:
        if band is None:
            return False
        return either(*(both(*(holds(bound) for bound in group)) for group in band.bounds))

    source.choose(
        [
            (formula(bands.green), [f"{name} = {code_for(Rating.GREEN)}"]),
            (formula(bands.amber), [f"{name} = {code_for(Rating.AMBER)}"]),
            (True, [f"{name} = {code_for(Rating.RED)}"]),
        ]
    )
