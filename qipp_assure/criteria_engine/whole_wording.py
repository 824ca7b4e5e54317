"""What is said of a whole and its parts: how many have which colour, which, and by what rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from qipp_assure.criteria_engine.parts import TELLING, Part
from qipp_assure.criteria_engine.tables import (
    COLOURS,
    WORST_RULES,
    Amount,
    Clause,
    Counts,
    Named,
    Rule,
    Table,
    Within,
)
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.wording import BECAUSE_WORDS, listed, shown
from qipp_assure.vocabulary import Because, Rating

_MOST_NAMES = 5
_PAIR = 2
_WORST = tuple(text for _, text in WORST_RULES)
_LEADS = {">": "more than", "<=": "at most", "<": "fewer than"}


def unrated_words(parts: Sequence[Part], noun: str) -> str:
    """Unrated parts by reason: "KPIs and Risks (answers missing); Brief (nothing due yet)"."""
    groups = []
    for because in TELLING:
        names = [p.title for p in parts if p.outcome.because is because]
        if names:
            those = listed(names) if len(names) <= _MOST_NAMES else f"{len(names)} {noun}"
            groups.append(f"{those} ({BECAUSE_WORDS[because]})")
    return "; ".join(groups)


def nothing_words(parts: Sequence[Part], noun: str) -> str:
    """Of a whole of which nothing is rated."""
    waiting = [p for p in parts if p.waits]
    if not parts:
        return f"there are no {noun}"
    if waiting:
        return f"waits for {unrated_words(waiting, noun)}"
    reasons = {p.outcome.because for p in parts}
    if len(parts) > 1 and len(reasons) == 1:
        because = next(iter(reasons)) or Because.NOTHING_DUE
        every = (
            f"neither of the {noun}" if len(parts) == _PAIR else f"none of the {len(parts)} {noun}"
        )
        return f"{every} is rated ({BECAUSE_WORDS[because]})"
    return unrated_words(parts, noun)


def waiting_words(table: Table, parts: Sequence[Part], noun: str) -> str:
    """Of a whole whose rating depends on parts that wait."""
    rated, waiting, _ = _sorted(parts)
    so_far = _breakdown(rated, COLOURS, f"rated {noun}", counted=_counts_shares(table))
    return f"waits for {unrated_words(waiting, noun)}; so far {so_far}"


def decided_words(
    table: Table, rating: Rating, rule: Rule | None, parts: Sequence[Part], noun: str
) -> str:
    """Of a whole that is rated: its parts, the rule that decided, and what was left aside."""
    rated, waiting, ignored = _sorted(parts)
    order = (Rating.GREEN, Rating.RED, Rating.AMBER) if rating is Rating.GREEN else COLOURS
    those = f"rated {noun}" if waiting or ignored else noun
    said = _breakdown(rated, order, those, counted=_counts_shares(table))
    if table.limits or tuple(one.text for one in table.rules) != _WORST:
        said += _rule_words(rating, rule, parts)
    if waiting:
        said += f". Not rated yet, though it would not change this: {unrated_words(waiting, noun)}"
    if ignored:
        said += f". Not counted: {unrated_words(ignored, noun)}"
    return said


def _sorted(parts: Sequence[Part]) -> tuple[list[Part], list[Part], list[Part]]:
    """Rated parts, parts that wait, and those ignored of which it is worth saying so."""
    rated = [p for p in parts if p.rating is not Rating.NOT_RATED]
    unrated = [p for p in parts if p.rating is Rating.NOT_RATED]
    waiting = [p for p in unrated if p.waits]
    ignored = [
        p for p in unrated if not p.waits and p.outcome.because is not Because.DOES_NOT_APPLY
    ]
    return rated, waiting, ignored


def _counts_shares(table: Table) -> bool:
    """Whether the table looks at shares, so that people want to know how many of how many."""
    clauses = (clause for rule in table.rules for group in rule.groups for clause in group)
    return any(isinstance(clause, Amount) and clause.is_share for clause in clauses)


def _breakdown(rated: Sequence[Part], order: Sequence[Rating], noun: str, *, counted: bool) -> str:
    """What the parts are: red and amber by name, green by number."""
    said: list[str] = []
    of_all = f" of {len(rated)} {noun}"
    for colour in order:
        names = [p.title for p in rated if p.rating is colour]
        if not names:
            continue
        green, verb = colour is Rating.GREEN, "is" if len(names) == 1 else "are"
        if len(rated) == 1 or not (green or counted or len(names) > _MOST_NAMES):
            said.append(f"{listed(names)} {verb} {colour.value}")
            continue
        which = "" if green else f" ({listed(names, _MOST_NAMES)})"
        if len(names) == len(rated):
            every = "both" if len(names) == _PAIR else f"all {len(names)}"
            said.append(f"{every} {noun} are {colour.value}{which}")
            continue
        said.append(f"{len(names)}{of_all} {verb} {colour.value}{which}")
        of_all = ""
    return "; ".join(said)


def _rule_words(rating: Rating, rule: Rule | None, parts: Sequence[Part]) -> str:
    """Such as "; 34% or more red makes it red"."""
    colours: Counter[Rating] = Counter(p.rating for p in parts if p.rating in COLOURS)
    if rule is None:
        return ""
    if not rule.groups:
        if rating is Rating.GREEN and colours[Rating.GREEN] < sum(colours.values()):
            return "; not enough to make it amber"
        few = rating is Rating.AMBER and colours[Rating.RED]
        return "; not enough to make it red" if few else ""
    counts = Counts(colours, {p.name: p.rating for p in parts})
    applying = [g for g in rule.groups if all(clause.applies(counts) for clause in g)]
    titles = {p.name: p.title for p in parts}
    first = applying[0] if applying else ()
    if rule.is_limit:
        which = " and ".join(_clause_words(clause, titles) for clause in first)
        return f"; no better than {rating.value} is allowed" + (f" with {which}" if which else "")
    if len(first) == 1 and isinstance(first[0], Named):
        return f"; {titles.get(first[0].name, first[0].name)} alone makes it {rating.value}"
    alternatives = [
        " and ".join(_clause_words(clause, titles) for clause in group)
        for group in applying[:1] or rule.groups
    ]
    return f"; {' or '.join(alternatives)} makes it {rating.value}"


def _clause_words(clause: Clause, titles: Mapping[str, str]) -> str:
    if isinstance(clause, Within):
        return (
            f"{_clause_words(clause.amount, titles)} in {titles.get(clause.within, clause.within)}"
        )
    states = _state_words(clause.states)
    if isinstance(clause, Named):
        return f"{titles.get(clause.name, clause.name)} {states}"
    if clause.operator == ">=" and clause.amount == 1:
        return f"{'all' if clause.is_share else 'any'} {states}"
    if clause.operator == "<=" and clause.amount == 0:
        return f"no {states}"
    amount = shown(clause.amount, Kind.SHARE) if clause.is_share else str(clause.amount)
    if clause.operator == ">=":
        return f"{amount} or more {states}"
    return f"{_LEADS[clause.operator]} {amount} {states}"


def _state_words(states: frozenset[Rating]) -> str:
    if len(states) == 1:
        return next(iter(states)).value
    return " or ".join(f"not {colour.value}" for colour in COLOURS if colour not in states)
