"""Rates a whole from its parts by a table, and says why.

An unrated part is ignored or waits, as the set's `not_rated` says for its reason.  While parts
wait, the whole is rated only if it would come out the same however they do; a whole of which
nothing is rated is not rated, for the reason that most of its parts have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qipp_assure.criteria_engine.assessment import Outcome, not_rated
from qipp_assure.criteria_engine.fillings import decide
from qipp_assure.criteria_engine.tables import COLOURS, Rule, Table, worst
from qipp_assure.criteria_engine.wording import BECAUSE_WORDS, RATING_WORDS, listed
from qipp_assure.vocabulary import Because, Rating

_TELLING = (
    Because.MISSING,
    Because.JUDGEMENT_OUTSTANDING,
    Because.UNDEFINED,
    Because.NOTHING_DUE,
    Because.DOES_NOT_APPLY,
)
_REASONS_QUOTED = 3
_MOST_NAMES = 5
_WORST = worst()


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
    """A part, with what the set says of unrated parts for that reason."""
    return Part(name, title, outcome, outcome.because is not None and waits[outcome.because])


def rate_whole(table: Table, parts: Sequence[Part], noun: str) -> Outcome:
    """The outcome of a whole; `noun` is what its parts are called ("areas")."""
    rated = [p for p in parts if p.rating is not Rating.NOT_RATED]
    waiting = [p for p in parts if p.rating is Rating.NOT_RATED and p.waits]
    if not rated:
        return _nothing_rated(waiting or parts, noun)
    decided = decide(table, [(p.name, p.rating) for p in rated], [p.name for p in waiting])
    if decided.rating is None:
        because = most_telling(waiting)
        said = (
            f"Not rated: waits for {_named(waiting, noun)}; so far {_breakdown(rated, (), noun)}."
        )
        return not_rated(because, said)
    unrated = [p for p in parts if p.rating is Rating.NOT_RATED]
    ignored = [p for p in unrated if p.outcome.because is not Because.DOES_NOT_APPLY]
    said = f"{RATING_WORDS[decided.rating]}: {_breakdown(rated, ignored, noun)}"
    if table.rules != _WORST.rules:
        said += _rule_words(decided.rule)
    if waiting:
        said += "; what is waited for would not change this"
    return Outcome(decided.rating, None, f"{said}.")


def rate_checks(table: Table, parts: Sequence[Part]) -> Outcome:
    """The outcome of a criterion: as `rate_whole`, with the reasons of the checks that decide."""
    whole = rate_whole(table, parts, "checks")
    if len(parts) == 1 and whole.rating is parts[0].rating:
        return Outcome(whole.rating, whole.because, parts[0].outcome.reason)
    if whole.rating is Rating.NOT_RATED:
        deciding = [p for p in parts if p.outcome.because is whole.because]
    elif whole.rating is Rating.GREEN:
        return whole
    else:
        deciding = [p for p in parts if p.rating is whole.rating]
    word = f" {RATING_WORDS[whole.rating]}."
    reasons = [p.outcome.reason.removesuffix(word) for p in deciding]
    if not reasons:
        return whole
    said = " ".join(reasons[:_REASONS_QUOTED])
    more = len(reasons) - _REASONS_QUOTED
    said += f" And {more} more like this." if more > 0 else ""
    said += word if any(p.outcome.reason.endswith(word) for p in deciding) else ""
    return Outcome(whole.rating, whole.because, said)


def most_telling(parts: Sequence[Part]) -> Because:
    """The commonest reason for not being rated; of two as common, the more telling."""
    reasons = Counter(p.outcome.because for p in parts if p.outcome.because is not None)
    if not reasons:
        return Because.NOTHING_DUE
    return min(_TELLING, key=lambda because: (-reasons[because], _TELLING.index(because)))


def _nothing_rated(parts: Sequence[Part], noun: str) -> Outcome:
    if not parts:
        return not_rated(Because.NOTHING_DUE, f"Not rated: there are no {noun}.")
    because = most_telling(parts)
    return not_rated(because, f"Not rated: none of the {noun} is rated: {_named(parts, noun)}.")


def _named(parts: Sequence[Part], noun: str) -> str:
    """Unrated parts by reason: "KPIs and Risks (answers missing); Brief (nothing due yet)"."""
    groups = []
    for because in _TELLING:
        names = [p.title for p in parts if p.outcome.because is because]
        if names:
            those = listed(names) if len(names) <= _MOST_NAMES else f"{len(names)} {noun}"
            groups.append(f"{those} ({BECAUSE_WORDS[because]})")
    return "; ".join(groups)


def _breakdown(rated: Sequence[Part], unrated: Sequence[Part], noun: str) -> str:
    """What the parts are: the red and amber by name, the green by number."""
    said = []
    for colour in COLOURS:
        names = [p.title for p in rated if p.rating is colour]
        if not names:
            continue
        if colour is not Rating.GREEN and len(names) > _MOST_NAMES:
            whole = len(names) == len(rated) and not unrated
            number = f"all {len(names)}" if whole else f"{len(names)} of {len(rated)}"
            which = f"{number} {noun} are {colour.value}"
            said.append(f"{which} ({listed(names, _MOST_NAMES)})")
        elif colour is not Rating.GREEN:
            said.append(f"{listed(names)} {'is' if len(names) == 1 else 'are'} {colour.value}")
        elif len(names) == len(rated):
            number = "both" if len(names) == 2 else f"all {len(names)}"  # noqa: PLR2004 - a pair
            every = f"{number} {noun} that are rated" if unrated else f"{number} {noun}"
            said.append(f"{every} are green" if len(names) > 1 else f"{names[0]} is green")
        else:
            verb = "is" if len(names) == 1 else "are"
            said.append(f"{len(names)} of {len(rated)} {noun} {verb} green")
    if unrated:
        said.append(f"not rated: {_named(unrated, noun)}")
    return "; ".join(said)


def _rule_words(rule: Rule | None) -> str:
    return f" (rule: {rule.text})" if rule is not None and rule.groups else ""
