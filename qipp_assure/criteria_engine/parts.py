"""The parts of a whole: checks of a criterion, criteria of an area, initiatives of a workstream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qipp_assure.criteria_engine.assessment import Outcome
from qipp_assure.vocabulary import Because, Rating

TELLING = (
    Because.MISSING,
    Because.JUDGEMENT_OUTSTANDING,
    Because.UNDEFINED,
    Because.NOTHING_DUE,
    Because.DOES_NOT_APPLY,
)
"""Why a part may not be rated, the most telling first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: the name by which tables ask for it, and its title for people.

    `waits` says what its being unrated does to the whole.
    """

    name: str
    title: str
    outcome: Outcome
    waits: bool

    @property
    def rating(self) -> Rating:
        """The rating of the part."""
        return self.outcome.rating


def part(name: str, title: str, outcome: Outcome, waits: Mapping[Because, bool]) -> Part:
    """A part, with what the set says of unrated parts for that reason; a broken one waits."""
    unrated = outcome.because is not None and waits[outcome.because]
    return Part(name, title, outcome, unrated or outcome.broken)


def most_telling(parts: Sequence[Part]) -> Because:
    """The commonest reason for not being rated; of two as common, the more telling."""
    reasons = Counter(p.outcome.because for p in parts if p.outcome.because is not None)
    if not reasons:
        return Because.NOTHING_DUE
    return min(TELLING, key=lambda because: (-reasons[because], TELLING.index(because)))
