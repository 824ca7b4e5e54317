"""An outcome in one byte: the rating, why there is none, and whether something was broken."""

from __future__ import annotations

from typing import Final

from qipp_assure.criteria_engine.assessment import Outcome
from qipp_assure.vocabulary import Because, Rating

_RATED = (Rating.GREEN, Rating.AMBER, Rating.RED)

OUTCOMES: Final = (
    *(Outcome(rating, None, "", "") for rating in _RATED),
    *(
        Outcome(Rating.NOT_RATED, because, "", "", broken)
        for broken in (False, True)
        for because in Because
    ),
)
"""By code: what it stands for, without words."""

_CODES = {(one.rating, one.because, one.broken): code for code, one in enumerate(OUTCOMES)}


def code_of(outcome: Outcome) -> int:
    """The code of an outcome, whose words are lost.

    >>> OUTCOMES[code_of(Outcome(Rating.AMBER, None, "Amber: late.", "late"))].rating
    <Rating.AMBER: 'amber'>
    """
    return _CODES[outcome.rating, outcome.because, outcome.broken]


def code_for(result: Rating | Because) -> int:
    """The code of a rating, or of the reason for none."""
    if isinstance(result, Rating):
        return _CODES[result, None, False]
    return _CODES[Rating.NOT_RATED, result, False]
