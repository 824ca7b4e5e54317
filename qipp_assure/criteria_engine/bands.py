"""Bands: where green and amber end, in words that can be read aloud.

::

    band   = bound {("or" | "and") bound}            ("and" binds closer)
    bound  = "between" VALUE "and" VALUE             both ends belong to it
           | "under" | "below" | "less than" | "before"              VALUE
           | "at most" | "up to" | "on or before"                    VALUE
           | "over" | "above" | "more than" | "after"                VALUE
           | "at least" | "on or after"                              VALUE
           | "exactly" VALUE
           | "all" | "none" | "all but" N            of items only
    VALUE  = 5% | £1,000,000 | 30 days | 2011-03-31 | 12 | 1.5 | as_of | name of a parameter

A band of items (`each ... holds`) compares a share with the share that pass, and a plain
number with the number that pass.  `Bands.rate` takes the first of green, amber and red that
holds; red is what is left.

>>> parse_band("under 5%", Kind.SHARE, {}).bounds
((Bound(of='value', operator='<', edge=Literal(value=Fraction(1, 20), kind=<Kind.SHARE: \
'share'>)),),)
>>> parse_band("all but 2", None, {}).bounds[0][0].of
'failed'
>>> parse_band("udner 5%", Kind.SHARE, {})
Traceback (most recent call last):
...
qipp_assure.criteria_engine.spelling.ExpressionFault: 'udner 5%' is not a band. Did you mean 'under'?
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from qipp_assure.criteria_engine import functions, values
from qipp_assure.criteria_engine.faults import nearest, shortened
from qipp_assure.criteria_engine.reckoning import compared
from qipp_assure.criteria_engine.spelling import ExpressionFault
from qipp_assure.criteria_engine.tree import AsOf, Literal, Parameter
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.vocabulary import Rating

Edge = Literal | Parameter | AsOf

_OPERATORS = {
    "on or before": "<=",
    "on or after": ">=",
    "less than": "<",
    "more than": ">",
    "at most": "<=",
    "at least": ">=",
    "up to": "<=",
    "under": "<",
    "below": "<",
    "before": "<",
    "over": ">",
    "above": ">",
    "after": ">",
    "exactly": "==",
}
_VALUE = r"(-?(?:£ ?)?\d[\d,.\-]*(?:bn|m|k)?%?(?: days?(?!\w))?|[A-Za-z]\w*)"
_BOUND = re.compile(rf"({'|'.join(_OPERATORS)}) {_VALUE}(?= |,|$)", re.ASCII)
_BETWEEN = re.compile(rf"between {_VALUE} and {_VALUE}(?= |,|$)", re.ASCII)
_ALL_BUT = re.compile(r"all but (\d{1,6})(?= |,|$)", re.ASCII)
_ALL_NONE = re.compile(r"(all|none)(?= |,|$)", re.ASCII)
_JOIN = re.compile(r",? (or|and) ")
_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison: `of` is value, passed (a number), failed (a number) or share."""

    of: str
    operator: str
    edge: Edge


@dataclass(frozen=True, slots=True)
class Band:
    """Any of the groups holds in which all bounds hold; `text` as the file has it."""

    text: str
    bounds: tuple[tuple[Bound, ...], ...]

    def holds(self, test: Callable[[Bound], bool]) -> bool:
        """True when the band holds, given how one bound is tested."""
        return any(all(test(bound) for bound in group) for group in self.bounds)

    @property
    def is_straight(self) -> bool:
        """One straight line parts inside from outside (so corners tell all, see `checking`)."""
        return sum(len(group) for group in self.bounds) == 1 and self.bounds[0][0].operator != "=="


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of one check; what is not given never holds, and red is what is left."""

    green: Band
    amber: Band | None
    red: Band | None

    def rate(self, test: Callable[[Bound], bool]) -> Rating:
        """The first of green, amber, red that holds."""
        for rating, band in ((Rating.GREEN, self.green), (Rating.AMBER, self.amber)):
            if band is not None and band.holds(test):
                return rating
        return Rating.RED

    @property
    def given(self) -> tuple[Band, ...]:
        """Those that stand in the file."""
        return tuple(band for band in (self.green, self.amber, self.red) if band is not None)

    @property
    def words(self) -> str:
        """Such as "green is under 5%, amber under 10%"."""
        if self.amber is None:
            return f"green is {self.green.text}"
        return f"green is {self.green.text}, amber {self.amber.text}"


def value_test(value: object, edge_value: Callable[[Edge], object]) -> Callable[[Bound], bool]:
    """Tests bounds against one plain value, exactly."""
    return lambda bound: compared(bound.operator, value, edge_value(bound.edge))


def item_test(
    passed: int, failed: int, edge_value: Callable[[Edge], int | Fraction]
) -> Callable[[Bound], bool]:
    """Tests bounds against items: shares by multiplying across, never by dividing."""

    def test(bound: Bound) -> bool:
        edge = edge_value(bound.edge)
        if bound.of == "share":
            return compared(
                bound.operator,
                passed * edge.denominator,
                edge.numerator * (passed + failed),
            )
        return compared(bound.operator, failed if bound.of == "failed" else passed, edge)

    return test


def parse_band(text: str, kind: Kind | None, parameters: Mapping[str, Parameter]) -> Band:
    """A band for a measure of that type, or for items when `kind` is None.

    Raises `ExpressionFault` for words that are not a band and for values of another type.
    """
    if len(text) > _MAX_LENGTH:
        raise ExpressionFault("too-long", f"A band may have {_MAX_LENGTH} characters.")
    groups: list[tuple[Bound, ...]] = []
    at, join = 0, "or"
    while True:
        bounds, at = _bounds(text, at, kind, parameters)
        if join == "and":
            bounds = (*groups.pop(), *bounds)
        groups.append(bounds)
        if at == len(text):
            return Band(text, tuple(groups))
        joined = _JOIN.match(text, at)
        if joined is None:
            raise _not_a_band(text, text[at:])
        at, join = joined.end(), joined[1]


def _bounds(
    text: str, at: int, kind: Kind | None, parameters: Mapping[str, Parameter]
) -> tuple[tuple[Bound, ...], int]:
    if between := _BETWEEN.match(text, at):
        low, high = (_bound(op, between[i], kind, parameters) for i, op in ((1, ">="), (2, "<=")))
        return (low, high), between.end()
    if bound := _BOUND.match(text, at):
        made = _bound(_OPERATORS[bound[1]], bound[2], kind, parameters)
        return (made,), bound.end()
    if kind is None and (but := _ALL_BUT.match(text, at)):
        return (Bound("failed", "<=", Literal(int(but[1]), Kind.COUNT)),), but.end()
    if kind is None and (every := _ALL_NONE.match(text, at)):
        of = "failed" if every[1] == "all" else "passed"
        return (Bound(of, "<=", Literal(0, Kind.COUNT)),), every.end()
    raise _not_a_band(text, text[at:])


def _not_a_band(text: str, rest: str) -> ExpressionFault:
    words = [*_OPERATORS, "between", "all", "none", "all but"]
    first = rest.strip(" ,").partition(" ")[0]
    near = nearest(first, words) if first not in words else ""
    hint = near or " Write it like 'under 5%', 'at least 3' or 'between £1m and £2m'."
    return ExpressionFault("band", f"'{shortened(text)}' is not a band.{hint}")


def _bound(
    operator: str, written: str, kind: Kind | None, parameters: Mapping[str, Parameter]
) -> Bound:
    edge = _edge(written, parameters)
    if kind is None:
        if edge.kind is Kind.SHARE:
            return Bound("share", operator, edge)
        if edge.kind is Kind.COUNT:
            return Bound("passed", operator, edge)
        raise ExpressionFault(
            "type", f"Items are judged by a share (80%) or a number (3), not {edge.kind.words}."
        )
    measured = Literal(1, kind)  # stands for the measured value: only its type matters here
    if functions.common_kind(measured, edge) is None:
        raise functions.mixed("and", measured, edge)
    return Bound("value", operator, edge)


def _edge(written: str, parameters: Mapping[str, Parameter]) -> Edge:
    if written == "as_of":
        return AsOf()
    if written in parameters:
        return parameters[written]
    try:
        literal = values.read_literal(written)
    except values.LiteralFault as error:
        raise ExpressionFault("number", str(error)) from error
    if literal is None:
        near = nearest(written, [*parameters, "as_of"])
        raise ExpressionFault("unknown-name", f"'{shortened(written)}' is no value.{near}")
    return Literal(*literal)
