"""Rates one check on one subject, and says why in a sentence.

An item that cannot be judged neither passes nor fails: the check is rated only if every way of
filling in the unknowns gives the same rating (see `fillings`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import CheckOutcome, Outcome, not_rated, rated_as
from qipp_assure.criteria_engine.bands import value_test
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.item_checking import EachCheck
from qipp_assure.criteria_engine.one_check import KINDS, Checking, label_of
from qipp_assure.criteria_engine.sets import Check, Criterion, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import (
    Compare,
    FieldRef,
    Gather,
    Given,
    ListRef,
    Literal,
    Node,
)
from qipp_assure.criteria_engine.values import UNDEFINED, UNKNOWN, Value
from qipp_assure.criteria_engine.wording import (
    day_words,
    exact,
    listed,
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
        barred = _barred(checking)
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
        said = f"this check could not be worked out on these facts ({error}): {check.asks}"
        return outcome_barred(check, not_rated(Because.UNDEFINED, said, broken=True))


def outcome_barred(check: Check, outcome: Outcome) -> CheckOutcome:
    """A check that was not worked out: its criterion does not apply, or the facts do not fit."""
    kind = KINDS[type(check.body)]
    return CheckOutcome(check.id, kind, check.asks, check.digest, outcome)


def applicability(criterion: Criterion, subject: SubjectFacts, as_of: date) -> Outcome | None:
    """Why a criterion is not rated on a subject, or None when it applies."""
    applies = criterion.applies
    if applies is None:
        return None
    evaluation = Evaluation(as_of, {"": subject.values})
    try:
        return _not_applying(evaluation.value(applies), evaluation, criterion)
    except Exception as error:  # the facts do not fit: the criterion alone is not rated
        said = f"whether this applies could not be worked out on these facts ({error})"
        return not_rated(Because.UNDEFINED, said, broken=True)


def _barred(checking: Checking) -> Outcome | None:
    applies = checking.check.applies
    if applies is None:
        return None
    value = checking.evaluation.value(applies)
    return _not_applying(value, checking.evaluation, checking.check)


def _not_applying(value: Value, evaluation: Evaluation, of: Check | Criterion) -> Outcome | None:
    if value is False:
        why = of.if_not or (why_not(of.applies) if of.applies is not None else "")
        said = f"does not apply, as {why}" if why else "does not apply here"
        return not_rated(Because.DOES_NOT_APPLY, said)
    if value is UNDEFINED:
        return not_rated(Because.UNDEFINED, "whether this applies cannot be worked out")
    if value is UNKNOWN:
        names = listed([label_of(ref) for ref in evaluation.missing])
        return not_rated(Because.MISSING, f"it is not known whether this applies; missing: {names}")
    return None


def why_not(applies: Node) -> str:
    """Why a plain condition does not hold, in words; "" for one that is not plain.

    >>> from qipp_assure.criteria_engine.tree import FieldRef
    >>> from qipp_assure.criteria_engine.types import Kind
    >>> why_not(Given((FieldRef("", ("vision",), Kind.TEXT, "vision"),)))
    'nothing is given under vision'
    """
    match applies:
        case Given(parts=(FieldRef() as ref,)):
            return f"nothing is given under {ref.label}"
        case Given(parts=(ListRef() as ref,)) | Compare(
            operator=">", left=Gather(function="count", source=ref, condition=None),
            right=Literal(value=0),
        ):  # fmt: skip
            return f"there are no {label_of(ref)}"
        case _:
            return ""


def _measure(checking: Checking, body: Measure) -> CheckOutcome:
    value = checking.evaluation.value(body.expression)
    called = checking.words(body.called)
    if value is UNDEFINED:
        said = _named(checking, called, "cannot be worked out, as it would be divided by nothing")
        if body.undefined is not None:
            return checking.made(rated_as(body.undefined, said))
        return checking.made(not_rated(Because.UNDEFINED, said))
    if value is UNKNOWN:
        names = listed([missing.label for missing in checking.missing()])
        said = _named(checking, called, f"is not known; missing: {names}")
        return checking.made(not_rated(Because.MISSING, said))
    edges = [
        checking.edge(bound.edge)
        for band in body.bands.given
        for group in band.bounds
        for bound in group
    ]
    words = shown(value, body.expression.kind, edges)
    rating = body.bands.rate(value_test(value, checking.edge))
    said = f"{called} is {words}" if called else f"{checking.check.asks}: {words}"
    outcome = checking.measured(rating, said, body.bands)
    return checking.made(outcome, words, exact(value), missing=())


def _named(checking: Checking, called: str, said: str) -> str:
    """What a measure is called, and what is said of it."""
    return f"{called} {said}" if called else f"{checking.check.asks}: {said}"


def _holds(checking: Checking, body: Holds) -> CheckOutcome:
    value = checking.evaluation.value(body.condition)
    asks = checking.check.asks
    names = listed([missing.label for missing in checking.missing()])
    if value is True:
        said = checking.words(body.passing) or f"{asks}: yes"
        return checking.made(rated_as(Rating.GREEN, said), "yes", "yes", missing=())
    if value is False or (value is UNKNOWN and body.missing_fails):
        said = checking.words(body.failing) or f"{asks}: no"
        said += f"; missing: {names}" if names else ""
        return checking.made(rated_as(body.otherwise, said), "no", "no")
    if value is UNKNOWN:
        return checking.made(not_rated(Because.MISSING, f"{asks}: not known; missing: {names}"))
    return checking.made(not_rated(Because.UNDEFINED, f"{asks}: cannot be worked out"))


def _judged(checking: Checking, judgement: Judgement | None) -> CheckOutcome:
    asks = checking.check.asks
    if judgement is None:
        said = f"waits for a reviewer's judgement: {asks}"
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
    return checking.made(rated_as(rating, said), rating.value, rating.value)
