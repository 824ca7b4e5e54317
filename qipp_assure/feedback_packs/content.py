"""What a pack says, ready to be laid out: plain frozen values, made by `presenters`.

All text in here has been through `printable`.  Ratings and directions keep their own words;
money is whole pounds, and None is a figure that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qipp_assure.vocabulary import Because, Direction, Rating
from qipp_assure.web.charts import Savings

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def printable(text: object) -> str:
    """Give a text as a page can carry it.

    What no page can show, and marks that turn the direction of what follows, become U+FFFD, so
    that one sees that something stood there; everything else stays as it was typed.

    >>> printable("a" + chr(0) + "b" + chr(0x202E) + "c"), printable(None), printable("<b>")
    ('a�b�c', '', '<b>')
    """
    return "" if text is None else _UNPRINTABLE.sub("\ufffd", str(text))


@dataclass(frozen=True, slots=True)
class Judged:
    """A rating as it is shown: why it is not rated, where it is not, and the sentence."""

    rating: Rating
    because: Because | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the return says where a check looks: `rest` is how much is left out, and where it is."""

    label: str
    text: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One expectation."""

    id: str
    asks: str
    judged: Judged
    by_person: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """One criterion with its checks; a rolled-up one has none."""

    set: str
    key: str
    title: str
    area: str
    half: str | None
    judged: Judged
    checks: tuple[CheckShown, ...] = ()

    @property
    def told(self) -> frozenset[str]:
        """The reasons that the checks tell already."""
        return frozenset(check.judged.reason for check in self.checks)

    @property
    def length(self) -> int:
        """How many characters it takes to tell the checks with their evidence."""
        return len(self.judged.reason) + sum(
            len(check.asks)
            + len(check.judged.reason)
            + sum(len(item.label) + len(item.text) + len(item.rest) for item in check.evidence)
            for check in self.checks
        )


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An area of one set with its criteria."""

    set: str
    title: str
    judged: Judged
    criteria: tuple[CriterionShown, ...]


@dataclass(frozen=True, slots=True)
class HalfShown:
    """One half of the report card."""

    id: str
    title: str
    judged: Judged
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class SubjectShown:
    """Something rated: region, plan, workstream, initiative or line; `anchor` is its place."""

    kind: str
    id: str
    code: str
    name: str
    anchor: str
    judged: Judged
    flags: tuple[str, ...]
    halves: tuple[HalfShown, ...]
    areas: tuple[AreaShown, ...]
    particulars: tuple[tuple[str, str], ...] = ()
    parts: tuple[SubjectShown, ...] = ()

    @property
    def title(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}" if self.code and self.code != self.name else self.name

    @property
    def counts(self) -> tuple[tuple[Rating, int], ...]:
        """How many of the parts stand at each rating."""
        return tuple(
            (rating, sum(part.judged.rating is rating for part in self.parts)) for rating in Rating
        )

    def whole(self) -> Iterator[SubjectShown]:
        """This subject and everything under it."""
        yield self
        for part in self.parts:
            yield from part.whole()

    def half(self, name: str) -> HalfShown | None:
        """One half, where the subject has it."""
        return next((half for half in self.halves if half.id == name), None)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a half of the matrix: a criterion, under the heading of its area."""

    set: str
    key: str
    area: str
    title: str


@dataclass(frozen=True, slots=True)
class MatrixHalf:
    """One half of the matrix: its columns; `groups` are the same under their area headings."""

    id: str
    title: str
    columns: tuple[Column, ...]
    groups: tuple[tuple[str, tuple[Column, ...]], ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row: for each half its cells (None where a criterion is not asked of the subject)."""

    title: str
    anchor: str
    cells: tuple[tuple[Judged | None, ...], ...]
    halves: tuple[HalfShown | None, ...]
    overall: Judged


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rating matrix in the shape of the report card; the first row is the region's own."""

    halves: tuple[MatrixHalf, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """Planned, forecast and actual of one period or area; `note` says what is not known."""

    label: str
    planned: int | None
    forecast: int | None
    actual: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FiguresTable:
    """A chart and the table beside it; `by_name` where its rows are names and no periods."""

    title: str
    first: str
    chart: Savings
    rows: tuple[FiguresRow, ...]
    total: FiguresRow
    notes: tuple[str, ...] = ()
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class SavingsShown:
    """All figures on savings; `caveats` stand beside every total."""

    tables: tuple[FiguresTable, ...]
    facts: tuple[tuple[str, str], ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskShown:
    """A line of the risk register."""

    place: str
    anchor: str
    description: str
    consequence: str
    mitigation: str
    owner: str
    status: str
    score: int | None
    scored: str
    help_wanted: str


@dataclass(frozen=True, slots=True)
class HelpShown:
    """Help that the region asks for."""

    what: str
    why: str
    needed_by: str
    place: str


@dataclass(frozen=True, slots=True)
class Attention:
    """Something to look at first."""

    title: str
    anchor: str
    judged: Judged
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriteriaUsed:
    """A criteria set by version and digest; `origin` says whose rule its amber and red are."""

    set: str
    version: str
    digest: str
    title: str
    source: str
    origin: str


@dataclass(frozen=True, slots=True)
class Seal:
    """A document of the pack and its SHA-256."""

    what: str
    digest: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom and when; without one a pack is a draft."""

    outcome: str
    by: str
    on: date
    words: str = ""
    conditions: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PackContent:
    """A whole pack."""

    organisation_code: str
    organisation_name: str
    round_title: str
    what: str
    as_of: date
    decision: Decision | None
    judgements_included: bool
    judgements_outstanding: int
    provenance: str
    seals: tuple[Seal, ...]
    criteria: tuple[CriteriaUsed, ...]
    region: SubjectShown
    plan: SubjectShown | None
    matrix: Matrix
    lines: tuple[SubjectShown, ...]
    attention: tuple[Attention, ...]
    attention_left_out: int
    flags: tuple[tuple[str, str, str], ...]
    savings: SavingsShown
    risks: tuple[RiskShown, ...]
    risks_left_out: int
    help: tuple[HelpShown, ...]

    @property
    def identifier(self) -> str:
        """The digest of what the pack is about first of all."""
        return self.seals[0].digest

    @property
    def short_seal(self) -> str:
        """The first figures of that digest, as they stand in every footer."""
        return self.identifier[:12]

    @property
    def subjects(self) -> tuple[SubjectShown, ...]:
        """Every subject of the pack."""
        tops = [*([self.plan] if self.plan else []), self.region, *self.lines]
        return tuple(subject for top in tops for subject in top.whole())
