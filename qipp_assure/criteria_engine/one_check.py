"""What the kinds of check share while one is worked out on one subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import (
    CheckOutcome,
    Item,
    Missing,
    Outcome,
    rated_as,
)
from qipp_assure.criteria_engine.bands import Bands, Edge
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.sets import Check, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import AsOf, FieldRef, ListRef
from qipp_assure.criteria_engine.wording import (
    bands_words,
    day_words,
    filled,
)
from qipp_assure.vocabulary import Rating

KINDS = {Each: "each", Measure: "measure", Holds: "holds", Judged: "judged"}


@dataclass(slots=True)
class Checking:
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
        kind = KINDS[type(check.body)]
        return CheckOutcome(
            check.id, kind, check.asks, check.digest, outcome, value, plain, items, found
        )

    def missing(self) -> tuple[Missing, ...]:
        """Fields of the subject itself that were found missing."""
        return tuple(missing_of("", ref) for ref in self.evaluation.missing)

    def words(self, text: str) -> str:
        """A piece of a sentence with the date filled in."""
        return filled(text, lambda _: day_words(self.as_of))

    def measured(self, rating: Rating, said: str, bands: Bands) -> Outcome:
        """A rating with its sentence, and the bands that it was measured by."""
        if rating is Rating.GREEN and bands.green.text == "all":
            return rated_as(rating, said)
        return rated_as(rating, said, bands_words(rating, bands, self.as_of))

    def edge(self, edge: Edge) -> Any:
        """The value of a band's edge."""
        return self.as_of if isinstance(edge, AsOf) else edge.value


def label_of(ref: FieldRef | ListRef) -> str:
    """What people call a field or list."""
    return ref.label if isinstance(ref, FieldRef) else ref.declared.label


def missing_of(item: str, ref: FieldRef | ListRef) -> Missing:
    """A missing field of an item, or of the subject itself when `item` is empty."""
    return Missing(item, ".".join(ref.path), label_of(ref))
