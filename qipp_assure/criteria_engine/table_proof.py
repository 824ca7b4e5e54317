"""Proves a decision table when its file is loaded: no gap, no rule in vain, no overlap.

A combination says how many parts are red, amber and green, and how each part stands that the
table asks for by name (a part may also be unrated, and is then in no state).  For one number of
rated parts every clause is a threshold on the count of one colour, shares too; so the counts fall
into a few cells between thresholds, and one combination of each cell speaks for all of it.  Every
number of rated parts is gone through that the table can meet: as many as there are checks,
criteria or areas; in a roll-up up to `MOST_PARTS`, more than any body has.

A table that would take too long to prove is refused.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qipp_assure.criteria_engine.tables import COLOURS, Amount, Counts, Rule, Table
from qipp_assure.vocabulary import Rating

MOST_PARTS = 200
MOST_LOOKS = 60_000
"""Combinations times rules that are looked at, before a table counts as too large."""

Triple = tuple[int, int, int]
_Shown = tuple[Triple, dict[str, Rating]]


@dataclass(frozen=True, slots=True)
class TableFault:
    """A fault of the rule with that number in the file (None: of the table as a whole)."""

    rule: int | None
    code: str
    message: str


@dataclass(slots=True)
class _Proof:
    """What was seen of each rule, by its number among the rules or limits."""

    table: Table
    reached: set[int] = field(default_factory=set)
    limiting: set[int] = field(default_factory=set)
    taken: dict[int, tuple[int, _Shown]] = field(default_factory=dict)
    overlap: dict[tuple[int, int], _Shown] = field(default_factory=dict)
    gap: _Shown | None = None

    def look(self, shown: _Shown) -> None:
        """Puts one combination to every rule."""
        counts = Counts(dict(zip(COLOURS, shown[0], strict=True)), shown[1])
        meets = [number for number, rule in enumerate(self.table.rules) if rule.applies(counts)]
        if not meets:
            self.gap = self.gap or shown
            return
        self.reached.add(meets[0])
        for later in meets[1:]:
            self.taken.setdefault(later, (meets[0], shown))
        said = [number for number in meets if self.table.rules[number].groups]
        for pair in itertools.combinations(said, 2):
            self.overlap.setdefault(pair, shown)
        given = COLOURS.index(self.table.rules[meets[0]].rating)
        for number, limit in enumerate(self.table.limits):
            if COLOURS.index(limit.rating) < given and limit.applies(counts):
                self.limiting.add(number)


def table_faults(table: Table, rules: Sequence[Rule], parts: int | None) -> list[TableFault]:
    """Every fault of a table; `rules` as in the file, limits among them.

    `parts` is how many there are at most, None where there may be any number.
    """
    proof = _Proof(table)
    names = sorted(table.names)
    most = MOST_LOOKS // (len(rules) + 1)
    if 4 ** len(names) > most:
        said = f"The table asks for {len(names)} parts by name, too many to be proved."
        return [TableFault(None, "table-unproved", said)]
    for number, shown in enumerate(_combinations(table, names, parts)):
        if number >= most:
            said = "The table is too large to be proved; take fewer rules or names."
            return [TableFault(None, "table-unproved", said)]
        if shown is not None:
            proof.look(shown)
    return _faults(proof, rules)


def _faults(proof: _Proof, rules: Sequence[Rule]) -> list[TableFault]:
    table = proof.table
    places = {id(rule): number for number, rule in enumerate(rules)}
    found: list[TableFault] = []
    if proof.gap is not None:
        said = f"Nothing is said of {_words(proof.gap)}; end with a line that says 'otherwise'."
        found.append(TableFault(None, "table-gap", said))
    for number, rule in enumerate(table.rules):
        if number in proof.reached:
            continue
        said = f"'{rule.text}' is never reached: "
        if number in proof.taken:
            earlier, shown = proof.taken[number]
            said += f"'{table.rules[earlier].text}' comes first, such as with {_words(shown)}."
        else:
            said += "no combination of the parts meets it."
        found.append(TableFault(places[id(rule)], "unreachable", said))
    if table.is_unique:
        for (first, second), shown in proof.overlap.items():
            said = f"'{table.rules[first].text}' and '{table.rules[second].text}' both meet {_words(shown)}."
            found.append(TableFault(places[id(table.rules[second])], "table-overlap", said))
    for number, limit in enumerate(table.limits):
        if number not in proof.limiting:
            said = f"'{limit.text}' never limits anything: the rules give nothing better there."
            found.append(TableFault(places[id(limit)], "unreachable", said))
    return found


def _words(shown: _Shown) -> str:
    counts = " and ".join(
        f"{number} {colour.value}" for number, colour in zip(shown[0], COLOURS, strict=True)
    )
    named = "".join(f", {name} {rating.value}" for name, rating in sorted(shown[1].items()))
    return f"{counts}{named}"


def _combinations(table: Table, names: Sequence[str], parts: int | None) -> Iterator[_Shown | None]:
    """One combination of every cell, None for one that has none: those take time as well."""
    all_rules = (*table.rules, *table.limits)
    clauses = [clause for rule in all_rules for group in rule.groups for clause in group]
    amounts = list(dict.fromkeys(clause for clause in clauses if isinstance(clause, Amount)))
    for total in range(1, (MOST_PARTS if parts is None else parts) + 1):
        cuts = [_cuts(amounts, colour, total) for colour in COLOURS]
        for states in itertools.product((None, *COLOURS), repeat=len(names)):
            named = {n: s for n, s in zip(names, states, strict=True) if s is not None}
            others = total - len(named)
            if others < 0 or (parts is not None and others > parts - len(names)):
                continue
            own = tuple(sum(s is colour for s in named.values()) for colour in COLOURS)
            for counts in _cells(cuts, (own[0], own[1], own[2]), total):
                yield None if counts is None else (counts, named)


def _cuts(amounts: Sequence[Amount], colour: Rating, total: int) -> list[int]:
    """The counts of a colour from which on some clause turns, in order."""
    found = {0}
    for amount in amounts:
        edge = amount.amount * total if amount.is_share else amount.amount
        turn = math.floor(edge) + 1 if amount.operator in (">", "<=") else math.ceil(edge)
        if amount.states == {colour}:
            found.add(turn)
        elif len(amount.states) > 1 and colour not in amount.states:
            found.add(total - turn + 1)
    return sorted(turn for turn in found if 0 <= turn <= total)


def _cells(cuts: Sequence[list[int]], least: Triple, total: int) -> Iterator[Triple | None]:
    """One point of each cell in which the counts add up to the total, None where there is none."""
    spans = [
        [
            (max(start, low), end)
            for start, end in zip(turns, [*(t - 1 for t in turns[1:]), total], strict=True)
            if end >= low
        ]
        for turns, low in zip(cuts, least, strict=True)
    ]
    for cell in itertools.product(*spans):
        room = total - sum(low for low, _ in cell)
        if room < 0 or sum(high for _, high in cell) < total:
            yield None
            continue
        point = []
        for low, high in cell:
            more = min(room, high - low)
            point.append(low + more)
            room -= more
        yield point[0], point[1], point[2]
