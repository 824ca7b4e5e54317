"""Every way of filling in the unknowns, over counts and not one by one.

Both for the items of a check and for the parts of a whole, what is not known is let be all it
could be; a rating stands only when it comes out the same each time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from qipp_assure.criteria_engine.tables import COLOURS, Counts, Rule, Table
from qipp_assure.vocabulary import Rating

Result = TypeVar("Result")


@dataclass(slots=True)
class Tally:
    """Items by what they are, or could be.

    `passed` and `failed` are certain; `open` counts and passes or fails; `maybe_passed` passes
    if it counts at all, `maybe_failed` fails if it counts; of `anything` nothing is known.
    """

    passed: int = 0
    failed: int = 0
    open: int = 0
    maybe_passed: int = 0
    maybe_failed: int = 0
    anything: int = 0

    @property
    def unknown(self) -> int:
        """Items that are not certain."""
        return self.open + self.maybe_passed + self.maybe_failed + self.anything

    def most_passes(self) -> int:
        """The most of the unknown items that could pass."""
        return self.open + self.maybe_passed + self.anything

    def failures(self, passes: int) -> tuple[int, int]:
        """Fewest and most failures among the unknown when so many of them pass.

        All numbers between can occur: what a pass is taken from can be shifted one at a time.
        """
        fewest = self.open - min(self.open, passes)
        open_passes = max(0, passes - self.maybe_passed - self.anything)
        anything_passes = max(0, passes - open_passes - self.maybe_passed)
        most = self.open - open_passes + self.maybe_failed + self.anything - anything_passes
        return fewest, most


def same_for_all_items(
    tally: Tally, rate: Callable[[int, int], Result], *, straight: bool
) -> Result | None:
    """The result of `rate(passed, failed)` if every filling gives the same, else None.

    With `straight` bands (one inequality each), what holds at both ends of a row of fillings
    holds between; only nothing at all (0, 0) is apart, so its neighbour is looked at as well.
    """
    if not tally.unknown:
        return rate(tally.passed, tally.failed)
    found: Result | None = None
    for passed, failed in _points(tally, straight=straight):
        result = rate(passed, failed)
        if found is not None and result != found:
            return None
        found = result
    return found


def _points(tally: Tally, *, straight: bool) -> Iterator[tuple[int, int]]:
    most_passes = tally.most_passes()
    for passes in itertools.chain((0, most_passes), range(1, most_passes)):
        fewest, most = tally.failures(passes)
        passed = tally.passed + passes
        yield passed, tally.failed + fewest
        yield passed, tally.failed + most
        if not straight:
            for more in range(fewest + 1, most):
                yield passed, tally.failed + more
        elif passed == tally.failed + fewest == 0 and most:
            yield 0, 1


@dataclass(frozen=True, slots=True)
class Decided:
    """What a table says of its parts: a rating and the rule, or neither when it depends."""

    rating: Rating | None
    rule: Rule | None


def decide(table: Table, rated: Sequence[tuple[str, Rating]], waiting: Sequence[str]) -> Decided:
    """Applies a table when some parts wait: a rating only if all fillings give it.

    `rated` are (name, rating); `waiting` the names of parts whose rating could be any.  The rule
    is given when it, too, is always the same.
    """
    counted = dict.fromkeys(COLOURS, 0)
    for _, colour in rated:
        counted[colour] += 1
    named = dict(rated)
    if not waiting:
        alone = table.decide(Counts(counted, named))
        return Decided(alone.rating, alone)
    asked = [name for name in waiting if name in table.names]
    others = len(waiting) - len(asked)
    rating: Rating | None = None
    rule: Rule | None = None
    single = True
    for colours in itertools.product(COLOURS, repeat=len(asked)):
        for spread in _spreads(others):
            counts = _counts(counted, named, dict(zip(asked, colours, strict=True)), spread)
            found = table.decide(counts)
            if rating is not None and found.rating is not rating:
                return Decided(None, None)
            single = single and rule in (None, found)
            rating, rule = found.rating, found
    return Decided(rating, rule if single else None)


def _counts(
    counted: Mapping[Rating, int],
    named: Mapping[str, Rating],
    filled: Mapping[str, Rating],
    spread: tuple[int, int, int],
) -> Counts:
    by_rating = {
        colour: counted[colour] + more + sum(rating is colour for rating in filled.values())
        for colour, more in zip(COLOURS, spread, strict=True)
    }
    return Counts(by_rating, {**named, **filled})


def _spreads(number: int) -> Iterator[tuple[int, int, int]]:
    """All ways to share a number out over red, amber and green, the extremes first."""
    yield from {(number, 0, 0): 0, (0, number, 0): 0, (0, 0, number): 0}
    for red in range(number + 1):
        for amber in range(number - red + 1):
            spread = (red, amber, number - red - amber)
            if number not in spread:
                yield spread
