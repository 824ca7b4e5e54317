"""A criteria set once it is loaded and checked: what `rating.rate` rates by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from qipp_assure.criteria_engine.bands import Bands
from qipp_assure.criteria_engine.tables import Table
from qipp_assure.criteria_engine.tree import ListRef, Node, Parameter
from qipp_assure.vocabulary import Because, Rating


@dataclass(frozen=True, slots=True)
class Each:
    """How many items of a list pass.

    `none` is the rating when there is nothing to count, None for not rated (nothing due).
    The sentence reads "7 of 9 `counted` `passing`; `failing`: M3 (`show_as`), ...".
    """

    source: ListRef
    variable: str
    where: Node | None
    holds: Node
    bands: Bands
    none: Rating | None
    missing_fails: bool
    counted: str
    passing: str
    failing: str
    show: Node | None
    show_as: str
    show_missing: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A number or date against bands; `undefined` is the rating of division by nothing."""

    expression: Node
    bands: Bands
    undefined: Rating | None
    called: str


@dataclass(frozen=True, slots=True)
class Holds:
    """Yes or no of the subject itself: green when it holds."""

    condition: Node
    otherwise: Rating
    missing_fails: bool
    passing: str
    failing: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A person decides, told what to look for and where the evidence is (field paths)."""

    by: str
    look_for: str
    evidence: tuple[str, ...]


Body = Each | Measure | Holds | Judged


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation; `digest` is of its own declared content, whatever stands around it.

    `if_not` is why `applies` may not hold, in words, "" where the file does not say.
    """

    id: str
    asks: str
    body: Body
    applies: Node | None
    if_not: str
    source: str
    origin: str
    digest: str
    line: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """Checks that are rated together; `key` is `area.criterion`, single within the set."""

    id: str
    key: str
    title: str
    half: str | None
    checks: tuple[Check, ...]
    applies: Node | None
    if_not: str
    source: str
    origin: str


@dataclass(frozen=True, slots=True)
class Area:
    """Criteria that belong together."""

    id: str
    title: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class HalfRule:
    """One half of the report card: how it is rated from its criteria."""

    id: str
    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class FlagRule:
    """Something to point out beside the ratings; it changes none."""

    id: str
    when: Node
    says: str


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """A whole file.

    `rates` are the kinds of subject that its checks look at; `digest` is the SHA-256 of its
    bytes; `text` is the file itself.  `in_force_from` is the day from which the values of its
    parameters hold, where they change (see `dated`): with the digest it says how it rates.
    """

    set: str
    version: str
    title: str
    rates: tuple[str, ...]
    reads: tuple[str, ...]
    source: str
    origin: str
    about: str
    waits: Mapping[Because, bool]
    parameters: Mapping[str, Parameter]
    areas: tuple[Area, ...]
    criterion_rating: Table
    area_rating: Table
    halves: tuple[HalfRule, ...]
    overall: Table
    roll_up: Table | None
    flags: tuple[FlagRule, ...]
    digest: str
    text: str
    file: str
    in_force_from: date | None = None

    def criteria(self) -> Iterator[Criterion]:
        """Every criterion, in the order of the file."""
        for area in self.areas:
            yield from area.criteria

    def checks(self) -> Iterator[Check]:
        """Every check, in the order of the file; ids are single within the set."""
        for criterion in self.criteria():
            yield from criterion.checks
