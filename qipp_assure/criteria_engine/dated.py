"""Parameters whose value changes from a date: what holds on the day of a rating.

::

    variance_green:
      value: 5%
      source: A figure 13
      later:
        - {from: 2012-04-01, value: 3%, source: Operating framework 2012/13}

A set is put *in force* for a day before it rates: every parameter in it is then the value of that
day, so that nothing that evaluates or compiles need know of dates.  The digest stays that of the
file, since all its values stand in it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar, cast

from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.tree import Parameter
from qipp_assure.criteria_engine.types import Record, RecordList, TextList

Dated = TypeVar("Dated")
_KEPT = (Record, RecordList, TextList)
_MOST_SETS = 256


def parameter_on(parameter: Parameter, day: date) -> Parameter:
    """A parameter as it is on a day; `since` is set where a later value holds."""
    value, since = parameter.value, parameter.since
    for later in parameter.later:
        if later.start <= day:
            value, since = later.value, later.start
    return Parameter(parameter.name, value, parameter.kind, since)


def starts_of(parameters: Mapping[str, Parameter]) -> tuple[date, ...]:
    """The days from which some parameter changes, in order."""
    return tuple(sorted({later.start for one in parameters.values() for later in one.later}))


def on_day(whole: Dated, day: date) -> Dated:
    """An expression, band, check or the like with every parameter as it is on a day."""
    return cast("Dated", _on_day(whole, day))


def in_force(criteria: CriteriaSet, day: date) -> CriteriaSet:
    """A set as it rates on a day; itself where none of its parameters ever changes."""
    starts = [start for start in starts_of(criteria.parameters) if start <= day]
    if not any(one.later for one in criteria.parameters.values()):
        return criteria
    return _kept(_Same(criteria), starts[-1] if starts else date.min)


@dataclasses.dataclass(frozen=True, slots=True)
class _Same:
    """A set that is the same as another of the same file, so that it can be looked up."""

    criteria: CriteriaSet

    def __hash__(self) -> int:
        return hash(self.criteria.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and (
            self.criteria is other.criteria or self.criteria == other.criteria
        )


@lru_cache(maxsize=_MOST_SETS)
def _kept(same: _Same, start: date) -> CriteriaSet:
    return dataclasses.replace(on_day(same.criteria, start), in_force_from=start)


def _on_day(whole: Any, day: date) -> Any:
    if isinstance(whole, Parameter):
        return parameter_on(whole, day)
    if isinstance(whole, tuple):
        return tuple(_on_day(one, day) for one in whole)
    if isinstance(whole, dict):
        return {name: _on_day(one, day) for name, one in whole.items()}
    if not dataclasses.is_dataclass(whole) or isinstance(whole, _KEPT):
        return whole
    changed = {}
    for one in dataclasses.fields(whole):
        before = getattr(whole, one.name)
        after = _on_day(before, day)
        if after is not before:
            changed[one.name] = after
    return dataclasses.replace(cast("Any", whole), **changed) if changed else whole
