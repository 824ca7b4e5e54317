"""What a pack says, ready to be laid out: plain frozen values, made by `presenters`.

All text in here has been through `web.printable`.  Ratings and directions keep their own words;
money is whole pounds, and None is a figure that is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qipp_assure.feedback_packs.rated import Judged, SubjectShown
from qipp_assure.ratings.matrix import Matrix
from qipp_assure.web.charts import Savings


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
