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
from qipp_assure.criteria_engine.fillings import decide
from qipp_assure.criteria_engine.parts import Part, most_telling
from qipp_assure.criteria_engine.tables import COLOURS, Table
from qipp_assure.criteria_engine.whole_wording import decided_words, nothing_words, waiting_words
from qipp_assure.criteria_engine.wording import listed, sentence
from qipp_assure.vocabulary import Rating

_REASONS_QUOTED = 3


def rate_whole(table: Table, parts: Sequence[Part], noun: str) -> Outcome:
    """The outcome of a whole; `noun` is what its parts are called ("areas")."""
    rated = [p for p in parts if p.rating is not Rating.NOT_RATED]
    waiting = [p for p in parts if p.rating is Rating.NOT_RATED and p.waits]
    broken = any(p.outcome.broken for p in waiting)
    if not rated:
        said = nothing_words(parts, noun)
        return not_rated(most_telling(waiting or parts), said, broken=broken)
    decided = decide(table, [(p.name, p.rating) for p in rated], [p.name for p in waiting])
    if decided.rating is None:
        said = waiting_words(table, parts, noun)
        return not_rated(most_telling(waiting), said, broken=broken)
    said = decided_words(table, decided.rating, decided.rule, parts, noun)
    return rated_as(decided.rating, said)


def rate_checks(table: Table, parts: Sequence[Part]) -> Outcome:
    """The outcome of a criterion: as `rate_whole`, with the reasons of the checks that decide."""
    whole = rate_whole(table, parts, "checks")
    if len(parts) == 1 and whole.rating is parts[0].rating:
        return parts[0].outcome
    if whole.rating is Rating.GREEN:
        return whole
    if whole.rating is Rating.NOT_RATED:
        deciding = [p for p in parts if p.outcome.because is whole.because]
    else:
        deciding = [p for p in parts if p.rating is whole.rating]
        if len(deciding) == 1:
            return deciding[0].outcome
    reasons = list(dict.fromkeys(p.outcome.said for p in deciding))
    if not reasons:
        return whole
    first, *others = reasons[:_REASONS_QUOTED]
    said = " ".join([sentence(first, capital=False), *(sentence(other) for other in others)])
    more = len(reasons) - _REASONS_QUOTED
    said += f" And {more} more like this." if more > 0 else ""
    if whole.because is not None:
        said += _others_words(parts)
        return not_rated(whole.because, said, broken=whole.broken)
    return rated_as(whole.rating, said)


def _others_words(parts: Sequence[Part]) -> str:
    """What the rated checks are while others are not: " Other checks: 1 amber and 3 green."."""
    counted = Counter(p.rating for p in parts)
    said = [f"{counted[colour]} {colour.value}" for colour in COLOURS if counted[colour]]
    return f" Other checks: {listed(said)}." if said else ""
