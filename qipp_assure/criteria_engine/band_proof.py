"""Proves the bands of a check when its file is loaded: each can be reached, none leaves a hole.

Green and amber may overlap, since the first that holds is taken (under 5%, under 10%); but an
amber that lies wholly inside green would never be given.  Where red is written out it must take
all that is left, and nothing that is green or amber.  Between the edges that are named nothing
changes, so each edge, its neighbours and the middles between edges speak for all values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from qipp_assure.criteria_engine.bands import Band, Bands, Bound, Edge, item_test, value_test
from qipp_assure.criteria_engine.tree import AsOf
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.wording import shown
from qipp_assure.vocabulary import Rating

_TOTALS = (*range(1, 13), 20, 100, 1000)
"""Numbers of items that are looked at, beside those that a band names."""
_WHOLE = (Kind.COUNT, Kind.DAYS)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BandFault:
    """A fault of the band of that colour."""

    colour: Rating
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A value and which bands hold for it."""

    words: str
    green: bool
    amber: bool
    red: bool


@lru_cache(maxsize=1024)
def band_faults(bands: Bands, kind: Kind | None) -> tuple[BandFault, ...]:
    """Every fault of the bands of a measure of that type, or of items when `kind` is None."""
    settings = [list(_items(bands))] if kind is None else list(_values(bands, kind))
    everything = [case for cases in settings for case in cases]
    found: list[BandFault] = []
    if not any(case.green for case in everything):
        found.append(_never(Rating.GREEN, bands.green))
    if bands.amber is not None and not any(c.amber and not c.green for c in everything):
        inside = next((case for case in everything if case.amber), None)
        found.append(_never(Rating.AMBER, bands.amber, inside))
    if bands.red is not None:
        found.extend(_of_red(bands.red, everything))
    return tuple(found)


def can_be_red(bands: Bands, kind: Kind | None) -> bool:
    """Whether anything is left for red: a value or number of items neither green nor amber."""
    settings = [list(_items(bands))] if kind is None else list(_values(bands, kind))
    return any(not (case.green or case.amber) for cases in settings for case in cases)


def _of_red(red: Band, cases: Sequence[_Case]) -> Iterator[BandFault]:
    hole = next((case for case in cases if not (case.green or case.amber or case.red)), None)
    if hole is not None:
        said = f"No band holds for {hole.words}; without 'red', red is what is left."
        yield BandFault(Rating.RED, "band-hole", said)
    both = next((case for case in cases if case.red and (case.green or case.amber)), None)
    if both is not None:
        other = "green" if both.green else "amber"
        yield BandFault(Rating.RED, "band-overlap", f"{both.words} is both {other} and red.")
    if not any(case.red and not (case.green or case.amber) for case in cases):
        yield _never(Rating.RED, red, both)


def _never(colour: Rating, band: Band, inside: _Case | None = None) -> BandFault:
    why = f": all of it is green or amber before, such as {inside.words}" if inside else ""
    if colour is Rating.AMBER and inside is not None:
        why = f": all of it is green already, such as {inside.words}"
    return BandFault(colour, "unreachable", f"{colour.value} '{band.text}' is never given{why}.")


def _case(bands: Bands, words: str, test: Any) -> _Case:
    held = [band is not None and band.holds(test) for band in (bands.green, bands.amber, bands.red)]
    return _Case(words, held[0], held[1], held[2])


def _bounds(bands: Bands) -> Iterator[Bound]:
    for band in bands.given:
        for group in band.bounds:
            yield from group


def _values(bands: Bands, kind: Kind) -> Iterator[list[_Case]]:
    """The cases of a measure, once for every place that `as_of` may have among the dates."""
    edges = [bound.edge for bound in _bounds(bands)]
    fixed = sorted({edge.value for edge in edges if not isinstance(edge, AsOf)})
    days = [date(2011, 6, 30)]
    if any(isinstance(edge, AsOf) for edge in edges) and fixed:
        days = list(_between(fixed, kind))
    for day in days:

        def value_of(edge: Edge, day: date = day) -> Any:
            return day if isinstance(edge, AsOf) else edge.value

        tried = _between(sorted({value_of(edge) for edge in edges}), kind)
        yield [
            _case(bands, shown(value, kind), value_test(value, value_of))
            for value in tried
            if kind is not Kind.COUNT or value >= 0  # nothing is counted below nothing
        ]


def _between(edges: Sequence[Any], kind: Kind) -> list[Any]:
    """Every edge, what lies beside it, and what lies between two."""
    found: dict[Any, None] = {}
    for number, edge in enumerate(edges):
        if isinstance(edge, date):
            beside: Iterable[Any] = _days_about(edge)
        else:
            beside = (edge - 1, edge, edge + 1)
        found.update(dict.fromkeys(beside))
        if number and kind not in _WHOLE and not isinstance(edge, date):
            found[Fraction(edges[number - 1] + edge) / 2] = None
    return sorted(found)


def _days_about(day: date) -> Iterator[date]:
    if day > date.min:
        yield day - _DAY
    yield day
    if day < date.max:
        yield day + _DAY


def _items(bands: Bands) -> Iterator[_Case]:
    """The cases of items: how many of them there are and pass, about where a band turns."""
    numbers = [int(_edge(bound.edge)) for bound in _bounds(bands) if _is_number(bound)]
    named = {number + step for number in numbers for step in (0, 1) if number >= 0}
    for total in sorted({*_TOTALS, *named} - {0}):
        turns = {0, total}
        for bound in _bounds(bands):
            edge: Any = bound.edge
            at = edge.value * total if bound.of == "share" else edge.value
            at = total - at if bound.of == "failed" else at
            turns |= {math.floor(at) + step for step in (-1, 0, 1, 2)}
        for passed in sorted(turn for turn in turns if 0 <= turn <= total):
            words = f"{passed} of {total} items"
            yield _case(bands, words, item_test(passed, total - passed, _edge))


def _is_number(bound: Bound) -> bool:
    return bound.of != "share" and not isinstance(bound.edge, AsOf)


def _edge(edge: Any) -> Any:
    return edge.value
