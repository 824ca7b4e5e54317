"""The compiled form of the three sets says of the demonstration year what the full rating says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import cycle

import pytest

from qipp_assure.criteria_engine.compiled.compilation import compiled
from qipp_assure.criteria_engine.compiled.rating import ToRate, rate_many
from qipp_assure.criteria_engine.facts import Facts
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.sets import Judged
from qipp_assure.returns.bundle import date_of_rating
from qipp_assure.returns.canonical import digest
from qipp_assure.returns.facts import facts_of
from tests.criteria.sound_returns import FEBRUARY, all_sets
from tests.criteria_engine.agreement import differences


def returns_of(year, region, months) -> Iterator[ToRate]:
    """The plan of a region and its cards of those months, with judgements of all colours."""
    plan, context = year.plans[region], year.context(region)
    yield judged(facts_of(plan, context, {}, FEBRUARY), FEBRUARY)
    baseline = digest(plan)
    context = {**context, "baseline_plan": baseline}
    for month in months:
        card = year.cards[region, month]
        as_of = date_of_rating(card, FEBRUARY)
        yield judged(facts_of(card, context, {baseline: plan}, as_of), as_of)


def judged(facts: Facts, as_of: date) -> ToRate:
    """A judgement on two of three judged checks of every subject."""
    colours = cycle(["green", None, "amber", "green", "red", None])
    entries = tuple(
        {"set": one.set, "version": one.version, "check": check.id, "subject_kind": subject.kind,
         "subject_id": subject.id, "rating": colour}
        for one in all_sets()
        for check in one.checks()
        if isinstance(check.body, Judged)
        for subject in facts.subjects
        if (colour := next(colours))
    )  # fmt: skip
    return ToRate(facts, as_of, entries)


def disagreements(year, regions, months) -> list[str]:
    sets = all_sets()
    found = []
    for region in regions:
        returns = list(returns_of(year, region, months))
        for one, ratings in zip(returns, rate_many(sets, returns), strict=True):
            full = rate(one.facts, one.judgements, {}, sets, one.as_of)
            found += [f"{region} {one.facts.period}: {said}" for said in differences(full, ratings)]
    return found


def test_two_regions_are_rated_alike(year):
    assert disagreements(year, ["Q30", "Q36"], ["2011-09"]) == []


@pytest.mark.long
def test_the_whole_year_is_rated_alike(year):
    months = ["2011-04", "2011-06", "2011-12", "2012-03"]
    assert disagreements(year, list(year.plans), months) == []


def test_nothing_of_the_year_is_left_to_the_reference(year):
    for one in returns_of(year, "Q33", ["2011-04", "2012-03"]):
        for criteria in all_sets():
            run = compiled(criteria).run  # bare: it raises where the facts do not fit
            for subject in one.facts.subjects:
                if subject.kind in criteria.rates and one.facts.template in criteria.reads:
                    assert len(run(subject, one.as_of, {})) == len(list(criteria.checks()))
