"""Rates a whole from its parts by a table, and says why.

An unrated part is ignored or waits, as the set's `not_rated` says for its reason; one that is
broken always waits, so that nothing above it comes out better than it may be.  While parts
wait, the whole is rated only if it would come out the same however they do; a whole of which
nothing is rated is not rated, for the reason that most of its parts have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qipp_assure.criteria_engine.assessment import Outcome, not_rated, rated_as
from qipp_assure.criteria_engine.fillings import Decided, decide
from qipp_assure.criteria_engine.parts import Part, most_telling
from qipp_assure.criteria_engine.tables import COLOURS, Table
from qipp_assure.criteria_engine.whole_wording import decided_words, nothing_words, waiting_words
from qipp_assure.criteria_engine.wording import listed, sentence
from qipp_assure.vocabulary import Rating

_REASONS_QUOTED = 3


def rate_whole(table: Table, parts: Sequence[Part], noun: str) -> Outcome:
    """The outcome of a whole; `noun` is what its parts are called ("areas")."""
    decided, waiting = _decision(table, parts)
    if decided is None:
        return _open(parts, waiting, nothing_words(parts, noun))
    if decided.rating is None:
        return _open(parts, waiting, waiting_words(table, parts, noun))
    said = decided_words(table, decided.rating, decided.rule, parts, noun)
    return rated_as(decided.rating, said)


def rate_checks(table: Table, parts: Sequence[Part]) -> Outcome:
    """The outcome of a criterion: as `rate_whole`, with the reasons of the checks that decide.

    There is at least one check: the loader sees to that.
    """
    decided, waiting = _decision(table, parts)
    rating = decided.rating if decided is not None else None
    if len(parts) == 1 and (rating or Rating.NOT_RATED) is parts[0].rating:
        return parts[0].outcome
    if rating is None:
        because = most_telling(waiting or parts)
        said = _quoted([p for p in parts if p.outcome.because is because])
        return _open(parts, waiting, said + _others_words(parts))
    deciding = [p for p in parts if p.rating is rating]
    if rating is Rating.GREEN or not deciding:
        return rate_whole(table, parts, "checks")
    return deciding[0].outcome if len(deciding) == 1 else rated_as(rating, _quoted(deciding))


def _decision(table: Table, parts: Sequence[Part]) -> tuple[Decided | None, list[Part]]:
    """What the table says, None where nothing is rated; and the parts that wait."""
    rated = [(p.name, p.rating) for p in parts if p.rating is not Rating.NOT_RATED]
    waiting = [p for p in parts if p.rating is Rating.NOT_RATED and p.waits]
    return (decide(table, rated, [p.name for p in waiting]) if rated else None), waiting


def _open(parts: Sequence[Part], waiting: Sequence[Part], said: str) -> Outcome:
    broken = any(p.outcome.broken for p in waiting)
    return not_rated(most_telling(waiting or parts), said, broken=broken)


def _quoted(deciding: Sequence[Part]) -> str:
    """The reasons of the checks that decide, each once and without its colour."""
    reasons = list(dict.fromkeys(p.outcome.said for p in deciding))
    said = " ".join(
        sentence(reason, capital=number > 0)
        for number, reason in enumerate(reasons[:_REASONS_QUOTED])
    )
    more = len(reasons) - _REASONS_QUOTED
    return f"{said} And {more} more like this." if more > 0 else said


def _others_words(parts: Sequence[Part]) -> str:
    """What the rated checks are while others are not: " Other checks: 1 amber and 3 green."."""
    counted = Counter(p.rating for p in parts)
    said = [f"{counted[colour]} {colour.value}" for colour in COLOURS if counted[colour]]
    return f" Other checks: {listed(said)}." if said else ""
