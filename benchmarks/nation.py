"""Four years of the nation rated again: 480 report cards, by all sets that read them.

    .venv/bin/python -m benchmarks.nation

The cards are the 120 of the demonstration year, four times over, as sealed bytes.  Reading them
(JSON to facts) and rating them are timed apart, since facts are kept by digest and read once;
what is rated is every initiative, workstream, line and region, ratings only.  For comparison the
full rating, with a sentence for every check, is made of one card of each region.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from qipp_assure.criteria_engine.compiled.codes import OUTCOMES, code_of
from qipp_assure.criteria_engine.compiled.rating import ToRate, rate_many
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.demonstration.year import DemonstrationYear, build
from qipp_assure.ratings.criteria_files import load_library
from qipp_assure.returns.bundle import date_of_rating
from qipp_assure.returns.canonical import canonical_bytes, digest
from qipp_assure.returns.facts import facts_of

YEARS = 4


@dataclass(frozen=True)
class Sealed:
    """A card as it is kept, and what is needed to read it."""

    content: bytes
    context: Mapping[str, Any]
    plans: Mapping[str, Mapping[str, Any]]

    def read(self) -> ToRate:
        """Its facts, as at the end of its month."""
        card = json.loads(self.content)
        as_of = date_of_rating(card, date.max)
        facts = facts_of(card, self.context, self.plans, as_of, known_digest="0" * 64)
        return ToRate(facts, as_of)


def sealed_cards(year: DemonstrationYear) -> Iterator[Sealed]:
    """All cards of the year, as often as there are years."""
    plans = {code: digest(plan) for code, plan in year.plans.items()}
    for (region, _), card in list(year.cards.items()) * YEARS:
        named = plans[region]
        context = {**year.context(region), "baseline_plan": named}
        yield Sealed(canonical_bytes(card), context, {named: year.plans[region]})


def main() -> None:
    """All figures."""
    sets = load_library().newest()
    cards = list(sealed_cards(build()))
    started = time.perf_counter()
    with click.progressbar(cards, label=f"Reading {len(cards)} cards") as bar:
        returns = [card.read() for card in bar]
    read = time.perf_counter() - started
    started = time.perf_counter()
    with click.progressbar(returns, label=f"Rating {len(cards)} cards ") as bar:
        ratings = list(rate_many(sets, bar))
    rated = time.perf_counter() - started

    checks = sum(len(s.checks) for one in ratings for found in one.by_set for s in found.values())
    subjects = sum(len(one.overall) for one in ratings)
    print(f"{len(cards)} cards, {subjects:,} subjects, {checks:,} checks")
    print(f"reading {read:.2f} s, rating {rated:.2f} s ({rated / checks * 1e6:.2f} us a check)")
    sample = list(zip(returns, ratings, strict=True))[:: len(returns) // 10]
    started = time.perf_counter()
    full = [rate(one.facts, (), {}, sets, one.as_of) for one, _ in sample]
    said = time.perf_counter() - started
    for assessment, (_, found) in zip(full, sample, strict=True):
        for subject in assessment.subjects:
            assert found.overall[subject.kind, subject.id] == code_of(subject.overall)
    slower = said / len(sample) / (rated / len(ratings))
    print(
        f"the full rating of {len(sample)} of them {said:.2f} s: {slower:.0f} times as long a card"
    )
    words = Counter(
        (OUTCOMES[code].because or OUTCOMES[code].rating).value
        for one in ratings
        for code in one.overall.values()
    )
    print("overall: " + ", ".join(f"{number:,} {word}" for word, number in words.most_common()))


if __name__ == "__main__":
    main()
