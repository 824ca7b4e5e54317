"""Rates one check on one subject, and says why in a sentence.

An item that cannot be judged neither passes nor fails: the check is rated only if every way of
filling in the unknowns gives the same rating (see `fillings`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import CheckOutcome, Outcome, not_rated
from qipp_assure.criteria_engine.bands import value_test
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.item_checking import EachCheck
from qipp_assure.criteria_engine.one_check import KINDS, Checking, label_of, rated
from qipp_assure.criteria_engine.sets import Check, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import Node
from qipp_assure.criteria_engine.values import UNDEFINED, UNKNOWN, Value
from qipp_assure.criteria_engine.wording import (
    day_words,
    exact,
    listed,
    sentence,
    shown,
)
from qipp_assure.vocabulary import Because, Rating

Judgement = Mapping[str, Any]
FindJudgement = Callable[[Check], Judgement | None]


def run_check(
    check: Check, subject: SubjectFacts, as_of: date, find_judgement: FindJudgement
) -> CheckOutcome:
    """Rates one check.  Whatever goes wrong inside stays inside: it is then not rated."""
    checking = Checking(check, subject, as_of)
    try:
        barred = _barred(checking, check.applies)
        if barred is not None:
            return checking.made(barred)
        match check.body:
            case Each() as each:
                return EachCheck(checking, each).run()
            case Measure() as measure:
                return _measure(checking, measure)
            case Holds() as holds:
                return _holds(checking, holds)
            case Judged():
                return _judged(checking, find_judgement(check))
    except Exception as error:  # one broken check never takes its neighbours down
        reason = sentence(f"{check.asks}: this check could not be worked out ({error})")
        broken = not_rated(Because.UNDEFINED, reason)
        kind = KINDS[type(check.body)]
        return CheckOutcome(check.id, kind, check.asks, check.digest, broken, broken=True)


def outcome_barred(check: Check, outcome: Outcome) -> CheckOutcome:
    """A check whose criterion does not apply, or is not known to."""
    kind = KINDS[type(check.body)]
    return CheckOutcome(check.id, kind, check.asks, check.digest, outcome)


def applicability(applies: Node | None, subject: SubjectFacts, as_of: date) -> Outcome | None:
    """Why a criterion is not rated on a subject, or None when it applies."""
    if applies is None:
        return None
    evaluation = Evaluation(as_of, {"": subject.values})
    try:
        return _not_applying(evaluation.value(applies), evaluation)
    except Exception as error:  # the facts do not fit: the criterion alone is not rated
        reason = f"Whether this applies could not be worked out ({error})."
        return not_rated(Because.UNDEFINED, reason)


def _barred(checking: Checking, applies: Node | None) -> Outcome | None:
    if applies is None:
        return None
    return _not_applying(checking.evaluation.value(applies), checking.evaluation)


def _not_applying(value: Value, evaluation: Evaluation) -> Outcome | None:
    if value is False:
        return not_rated(Because.DOES_NOT_APPLY, "Does not apply here.")
    if value is UNDEFINED:
        return not_rated(Because.UNDEFINED, "Whether this applies cannot be worked out.")
    if value is UNKNOWN:
        names = listed([label_of(ref) for ref in evaluation.missing])
        return not_rated(
            Because.MISSING, f"It is not known whether this applies; missing: {names}."
        )
    return None


def _measure(checking: Checking, body: Measure) -> CheckOutcome:
    value = checking.evaluation.value(body.expression)
    called = checking.words(body.called)
    if value is UNDEFINED:
        said = f"{called or checking.check.asks}: undefined, as it would be divided by nothing"
        if body.undefined is not None:
            return checking.made(rated(body.undefined, said, None))
        return checking.made(not_rated(Because.UNDEFINED, f"{sentence(said)} Not rated."))
    if value is UNKNOWN:
        names = listed([missing.label for missing in checking.missing()])
        said = f"{called or checking.check.asks}: not known; missing: {names}"
        return checking.made(not_rated(Because.MISSING, f"{sentence(said)} Not rated."))
    edges = [
        checking.edge(bound.edge)
        for band in body.bands.given
        for group in band.bounds
        for bound in group
    ]
    words = shown(value, body.expression.kind, edges)
    rating = body.bands.rate(value_test(value, checking.edge))
    said = f"{called} is {words}" if called else f"{checking.check.asks}: {words}"
    return checking.made(rated(rating, said, body.bands), words, exact(value), missing=())


def _holds(checking: Checking, body: Holds) -> CheckOutcome:
    value = checking.evaluation.value(body.condition)
    asks = checking.check.asks
    names = listed([missing.label for missing in checking.missing()])
    if value is True:
        said = checking.words(body.passing) or f"{asks}: yes"
        return checking.made(rated(Rating.GREEN, said, None), "yes", "yes", missing=())
    if value is False or (value is UNKNOWN and body.missing_fails):
        said = checking.words(body.failing) or f"{asks}: no"
        said += f"; missing: {names}" if names else ""
        return checking.made(rated(body.otherwise, said, None), "no", "no")
    if value is UNKNOWN:
        said = sentence(f"{asks}: not known; missing: {names}")
        return checking.made(not_rated(Because.MISSING, f"{said} Not rated."))
    return checking.made(
        not_rated(Because.UNDEFINED, f"{sentence(f'{asks}: cannot be worked out')} Not rated.")
    )


def _judged(checking: Checking, judgement: Judgement | None) -> CheckOutcome:
    asks = checking.check.asks
    if judgement is None:
        said = sentence(f"{asks}: waits for a reviewer's judgement")
        return checking.made(not_rated(Because.JUDGEMENT_OUTSTANDING, said))
    rating = Rating(judgement["rating"])
    said = f"{asks}: judged {rating.value}"
    if judgement.get("by"):
        said += f" by {judgement['by']}"
    when = str(judgement.get("at") or "")[:10]
    with suppress(ValueError):  # a hand-made judgement may have no date, or none that reads so
        said += f" on {day_words(date.fromisoformat(when))}"
    if reason := str(judgement.get("reason") or "").strip():
        said += f": {reason}"
    return checking.made(Outcome(rating, None, sentence(said)), rating.value, rating.value)
