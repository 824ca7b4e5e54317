"""The least set of parts to make green so that a whole becomes green.

Each part has *options*: the states that it can be brought to, each with the least changes that
bring it there.  A whole gets its options from those of its parts by its decision table, whatever
the table says: all states that the parts can be in together are gone through, as counts and not
one by one.  Least means fewest changes; of as few, the earliest in the order of the file.

A change is a number; numbers rise in the order of the file, and all changes of a part come
before those of the parts after it.  What is best up to some part is then part of what is best
over all, which is why the counts are enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from qipp_assure.criteria_engine.fillings import decide
from qipp_assure.criteria_engine.tables import COLOURS, Table
from qipp_assure.vocabulary import Rating


class State(IntEnum):
    """How a part stands: a colour, or not rated and waited for, or not rated and ignored."""

    RED = 0
    AMBER = 1
    GREEN = 2
    WAITS = 3
    IGNORED = 4


Changes = tuple[int, ...]
Options = Mapping[State, Changes]

_RATINGS = {State.RED: Rating.RED, State.AMBER: Rating.AMBER, State.GREEN: Rating.GREEN}
STATES = {rating: state for state, rating in _RATINGS.items()}
"""The state of each colour."""

_Counts = tuple[int, int, int, int]
_Named = tuple[tuple[str, State], ...]
_Key = tuple[_Counts, _Named]


def is_less(one: Changes, other: Changes) -> bool:
    """Fewer changes, or as many and earlier in the file.

    >>> is_less((7,), (1, 2)), is_less((1, 9), (2, 3)), is_less((), ())
    (True, True, False)
    """
    return (len(one), one) < (len(other), other)


def leaf(state: State, change: int | None) -> Options:
    """The options of a check: to stay, or to be made green by one change."""
    if change is None or state is State.GREEN:
        return {state: ()}
    return {state: (), State.GREEN: (change,)}


@dataclass(slots=True)
class LeastChanges:
    """Works out the options of wholes; what tables decide is kept from one whole to the next."""

    decided: dict[tuple[int, _Key], State] = field(default_factory=dict)
    tables: dict[int, Table] = field(default_factory=dict)

    def whole(self, table: Table, parts: Sequence[tuple[str, Options]], empty: State) -> Options:
        """The options of a whole; `parts` by name, in the order of the file.

        `empty` is the state of a whole that has no parts.
        """
        if not parts:
            return {empty: ()}
        together: dict[_Key, Changes] = {((0, 0, 0, 0), ()): ()}
        # Parts that can only stay as they are come first: they cost nothing and settle the base.
        for name, options in sorted(parts, key=lambda part: len(part[1]) > 1):
            together = _with_part(together, name if name in table.names else "", options)
        found: dict[State, Changes] = {}
        for key, changes in together.items():
            state = self._state(table, key)
            if state not in found or is_less(changes, found[state]):
                found[state] = changes
        return found

    def _state(self, table: Table, key: _Key) -> State:
        self.tables[id(table)] = table  # kept, so that its id stays its own
        known = self.decided.get((id(table), key))
        if known is None:
            known = self.decided[(id(table), key)] = _decided(table, *key)
        return known


def _with_part(before: Mapping[_Key, Changes], name: str, options: Options) -> dict[_Key, Changes]:
    after: dict[_Key, Changes] = {}
    for (counts, named), done in before.items():
        for state, more in options.items():
            key = (counts, named)
            if state is not State.IGNORED:
                if name:
                    key = (counts, (*named, (name, state)))
                else:
                    added = list(counts)
                    added[state] += 1
                    key = ((added[0], added[1], added[2], added[3]), named)
            changes = (*done, *more) if more else done
            if key not in after or is_less(changes, after[key]):
                after[key] = changes
    return after


def _decided(table: Table, counts: _Counts, named: _Named) -> State:
    rated = [(name, _RATINGS[state]) for name, state in named if state in _RATINGS]
    for colour, number in zip(COLOURS, counts, strict=False):  # the fourth number waits
        rated.extend([("", colour)] * number)
    waiting = [name for name, state in named if state is State.WAITS]
    waiting.extend([""] * counts[State.WAITS])
    if not rated:
        return State.WAITS if waiting else State.IGNORED
    rating = decide(table, rated, waiting).rating
    return State.WAITS if rating is None else STATES[rating]
