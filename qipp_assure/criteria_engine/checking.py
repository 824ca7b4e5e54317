"""Rates one check on one subject, and says why in a sentence.

An item that cannot be judged neither passes nor fails: the check is rated only if every way of
filling in the unknowns gives the same rating (see `fillings`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from qipp_assure.criteria_engine.assessment import CheckOutcome, Item, Missing, Outcome, not_rated
from qipp_assure.criteria_engine.bands import Bands, Edge, item_test, value_test
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.fillings import Tally, same_for_all_items
from qipp_assure.criteria_engine.sets import Check, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import AsOf, FieldRef, ListRef, Node
from qipp_assure.criteria_engine.types import Record, RecordList
from qipp_assure.criteria_engine.values import UNDEFINED, UNKNOWN, Value
from qipp_assure.criteria_engine.wording import (
    RATING_WORDS,
    bands_words,
    day_words,
    exact,
    filled,
    itemised,
    listed,
    predicate,
    sentence,
    shown,
)
from qipp_assure.vocabulary import Because, Rating

Judgement = Mapping[str, Any]
FindJudgement = Callable[[Check], Judgement | None]

_KINDS = {Each: "each", Measure: "measure", Holds: "holds", Judged: "judged"}
_LABEL_LENGTH = 60


@dataclass(slots=True)
class _Item:
    """One item as it came out."""

    item: Item
    missing: list[FieldRef | ListRef]
    undefined: bool


@dataclass(slots=True)
class _Checking:
    """One check on one subject while it is worked out."""

    check: Check
    subject: SubjectFacts
    as_of: date
    evaluation: Evaluation = field(init=False)

    def __post_init__(self) -> None:
        self.evaluation = Evaluation(self.as_of, {"": self.subject.values})

    def made(
        self,
        outcome: Outcome,
        value: str | None = None,
        plain: str | None = None,
        items: tuple[Item, ...] = (),
        missing: tuple[Missing, ...] | None = None,
    ) -> CheckOutcome:
        """The outcome with all that belongs to the check."""
        check = self.check
        found = self.missing() if missing is None else missing
        kind = _KINDS[type(check.body)]
        return CheckOutcome(
            check.id, kind, check.asks, check.digest, outcome, value, plain, items, found
        )

    def missing(self) -> tuple[Missing, ...]:
        """Fields of the subject itself that were found missing."""
        return tuple(_missing("", ref) for ref in self.evaluation.missing)

    def words(self, text: str) -> str:
        """A piece of a sentence with the date filled in."""
        return filled(text, lambda _: day_words(self.as_of))

    def edge(self, edge: Edge) -> Any:
        """The value of a band's edge."""
        return self.as_of if isinstance(edge, AsOf) else edge.value


def run_check(
    check: Check, subject: SubjectFacts, as_of: date, find_judgement: FindJudgement
) -> CheckOutcome:
    """Rates one check.  Whatever goes wrong inside stays inside: it is then not rated."""
    checking = _Checking(check, subject, as_of)
    try:
        barred = _barred(checking, check.applies)
        if barred is not None:
            return checking.made(barred)
        match check.body:
            case Each() as each:
                return _Each(checking, each).run()
            case Measure() as measure:
                return _measure(checking, measure)
            case Holds() as holds:
                return _holds(checking, holds)
            case Judged():
                return _judged(checking, find_judgement(check))
    except Exception as error:  # one broken check never takes its neighbours down
        reason = sentence(f"{check.asks}: this check could not be worked out ({error})")
        broken = not_rated(Because.UNDEFINED, reason)
        kind = _KINDS[type(check.body)]
        return CheckOutcome(check.id, kind, check.asks, check.digest, broken, broken=True)


def outcome_barred(check: Check, outcome: Outcome) -> CheckOutcome:
    """A check whose criterion does not apply, or is not known to."""
    kind = _KINDS[type(check.body)]
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


def _barred(checking: _Checking, applies: Node | None) -> Outcome | None:
    if applies is None:
        return None
    return _not_applying(checking.evaluation.value(applies), checking.evaluation)


def _not_applying(value: Value, evaluation: Evaluation) -> Outcome | None:
    if value is False:
        return not_rated(Because.DOES_NOT_APPLY, "Does not apply here.")
    if value is UNDEFINED:
        return not_rated(Because.UNDEFINED, "Whether this applies cannot be worked out.")
    if value is UNKNOWN:
        names = listed([_label(ref) for ref in evaluation.missing])
        return not_rated(
            Because.MISSING, f"It is not known whether this applies; missing: {names}."
        )
    return None


def _label(ref: FieldRef | ListRef) -> str:
    return ref.label if isinstance(ref, FieldRef) else ref.declared.label


def _missing(item: str, ref: FieldRef | ListRef) -> Missing:
    return Missing(item, ".".join(ref.path), _label(ref))


def _rated(rating: Rating, said: str, bands: Bands | None) -> Outcome:
    words = RATING_WORDS[rating]
    ending = f"{words} ({bands_words(bands)})." if bands is not None else f"{words}."
    return Outcome(rating, None, f"{sentence(said)} {ending}")


@dataclass(slots=True)
class _Each:
    checking: _Checking
    body: Each
    tally: Tally = field(default_factory=Tally)
    found: list[_Item] = field(default_factory=list)

    def run(self) -> CheckOutcome:
        items = self.checking.evaluation.items(self.body.source)
        if items is None:
            return self._without_list()
        for number, item in enumerate(items, start=1):
            self._count(number, item)
        return self._outcome()

    def _without_list(self) -> CheckOutcome:
        label = self.body.source.declared.label
        if self.body.missing_fails:
            return self.checking.made(_rated(Rating.RED, f"{label} are not given", None))
        said = sentence(f"{self.checking.check.asks}: not rated; missing: {label}")
        return self.checking.made(not_rated(Because.MISSING, said))

    def _count(self, number: int, raw: Any) -> None:
        """Puts one item where it belongs: passed, failed, or one of the unknowns."""
        item = Evaluation(
            self.checking.as_of, {"": self.checking.subject.values, self.body.variable: raw}
        )
        where = True if self.body.where is None else item.value(self.body.where)
        if where is False:
            return
        holds = item.value(self.body.holds)
        if self.body.missing_fails and UNKNOWN in (where, holds):
            where, holds = True, False
        passed = holds if where is True and isinstance(holds, bool) else None
        self._add(where, holds)
        words = self._shown(item) if passed is False else ""
        identity = raw.get("id")
        made = Item(str(identity or ""), self._label(number, raw), passed, words)
        missing = [] if passed is not None and not self.body.missing_fails else list(item.missing)
        self.found.append(_Item(made, missing, UNDEFINED in (where, holds)))

    def _add(self, where: Value, holds: Value) -> None:
        tally = self.tally
        if where is True:
            tally.passed += holds is True
            tally.failed += holds is False
            tally.open += not isinstance(holds, bool)
        else:
            tally.maybe_passed += holds is True
            tally.maybe_failed += holds is False
            tally.anything += not isinstance(holds, bool)

    def _label(self, number: int, raw: Mapping[str, Any]) -> str:
        declared = self.body.source.declared
        record = declared.record if isinstance(declared, RecordList) else Record("", (), ())
        for name in (*record.label_fields, "id"):
            label = str(raw.get(name) or "").strip()
            if label:
                cut = len(label) > _LABEL_LENGTH
                return f"{label[:_LABEL_LENGTH]}..." if cut else label
        return f"{record.name} {number}".strip()

    def _shown(self, item: Evaluation) -> str:
        show = self.body.show
        if show is None:
            return ""
        before = dict(item.missing)
        value = item.value(show)
        item.missing = before
        if value is UNKNOWN or value is UNDEFINED:
            return self.body.show_missing
        words = shown(value, show.kind)
        return filled(
            self.body.show_as, lambda n: words if n == "show" else self.checking.words("{as_of}")
        )

    def _rate(self, passed: int, failed: int) -> Rating | Because:
        if passed + failed == 0:
            return self.body.none or Because.NOTHING_DUE
        return self.body.bands.rate(item_test(passed, failed, self.checking.edge))

    def _outcome(self) -> CheckOutcome:
        tally, body = self.tally, self.body
        straight = all(band.is_straight for band in body.bands.given)
        result = same_for_all_items(tally, self._rate, straight=straight)
        said = self._said()
        if isinstance(result, Rating):
            if tally.unknown:
                said += "; what is missing would not change the rating"
            outcome = _rated(result, said, body.bands)
        elif result is Because.NOTHING_DUE:
            outcome = not_rated(result, f"{sentence(said)} Not rated.")
        else:
            unknown = any(ref for one in self.found for ref in one.missing)
            because = Because.MISSING if unknown else Because.UNDEFINED
            ending = "Not rated: what is not known could change the rating."
            outcome = not_rated(because, f"{sentence(said)} {ending}")
        counted = tally.passed + tally.failed
        value = f"{tally.passed} of {counted}" if counted else None
        plain = str(Fraction(tally.passed, counted)) if counted else None
        missing = tuple(_missing(one.item.label, ref) for one in self.found for ref in one.missing)
        return self.checking.made(
            outcome, value, plain, tuple(one.item for one in self.found), missing
        )

    def _said(self) -> str:
        """Such as "7 of 9 milestones due by 30 June 2011 were met on time; late: M3 (12 days)"."""
        tally, words = self.tally, self.checking.words
        counted, passing = words(self.body.counted), predicate(words(self.body.passing))
        total = tally.passed + tally.failed
        if total == 0 and not tally.unknown:
            return f"there are no {counted}"
        if total == 0:
            said = f"none of the {counted} can be judged"
        elif tally.passed == total and total > 1:
            said = f"all {total} {counted} {passing}"
        elif tally.passed == 0 and total > 1:
            said = f"none of the {total} {counted} {passing}"
        else:
            said = f"{tally.passed} of {total} {counted} {passing}"
        failed = [_with(o.item.label, o.item.shown) for o in self.found if o.item.passed is False]
        if failed:
            said += f"; {words(self.body.failing)}: {itemised(failed)}"
        unjudged = [
            _with(one.item.label, f"missing: {listed([_label(r) for r in one.missing])}"
                  if one.missing else "cannot be worked out")
            for one in self.found
            if one.item.passed is None
        ]  # fmt: skip
        return f"{said}; cannot be judged: {itemised(unjudged)}" if unjudged else said


def _with(label: str, words: str) -> str:
    return f"{label} ({words})" if words else label


def _measure(checking: _Checking, body: Measure) -> CheckOutcome:
    value = checking.evaluation.value(body.expression)
    called = checking.words(body.called)
    if value is UNDEFINED:
        said = f"{called or checking.check.asks}: undefined, as it would be divided by nothing"
        if body.undefined is not None:
            return checking.made(_rated(body.undefined, said, None))
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
    return checking.made(_rated(rating, said, body.bands), words, exact(value), missing=())


def _holds(checking: _Checking, body: Holds) -> CheckOutcome:
    value = checking.evaluation.value(body.condition)
    asks = checking.check.asks
    names = listed([missing.label for missing in checking.missing()])
    if value is True:
        said = checking.words(body.passing) or f"{asks}: yes"
        return checking.made(_rated(Rating.GREEN, said, None), "yes", "yes", missing=())
    if value is False or (value is UNKNOWN and body.missing_fails):
        said = checking.words(body.failing) or f"{asks}: no"
        said += f"; missing: {names}" if names else ""
        return checking.made(_rated(body.otherwise, said, None), "no", "no")
    if value is UNKNOWN:
        said = sentence(f"{asks}: not known; missing: {names}")
        return checking.made(not_rated(Because.MISSING, f"{said} Not rated."))
    return checking.made(
        not_rated(Because.UNDEFINED, f"{sentence(f'{asks}: cannot be worked out')} Not rated.")
    )


def _judged(checking: _Checking, judgement: Judgement | None) -> CheckOutcome:
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
