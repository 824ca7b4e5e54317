"""Runs the worked examples of a set, and says which checks they cover.

Every check should have an example of each rating that it can have: see `possible`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qipp_assure.criteria_engine.assessment import Outcome, SubjectOutcome
from qipp_assure.criteria_engine.example_loading import RATINGS, Example, ExampleFile, judged_checks
from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.faults import Fault
from qipp_assure.criteria_engine.possible import possible_ratings
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.wording import listed

_SUBJECT = "example"
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many examples there are, and the ratings of checks that none of them shows."""

    checks: int
    examples: int
    lacking: tuple[tuple[str, tuple[str, ...]], ...]

    def says(self) -> str:
        """One line, such as "44 checks, 160 examples; every check has one of each rating"."""
        said = f"{self.checks} checks, {self.examples} examples"
        if not self.lacking:
            return f"{said}; every check has one of each rating that it can have"
        named = [f"{check} ({', '.join(ratings)})" for check, ratings in self.lacking]
        return f"{said}; without an example: {listed(named, _MOST_NAMED)}"


def run_examples(criteria: CriteriaSet, file: ExampleFile) -> list[Fault]:
    """A fault for each example that comes out otherwise than it says."""
    found = []
    for example in file.examples:
        outcome = _outcome(example, _rated(criteria, file, example))
        because = outcome.because.value if outcome.because else ""
        wrong = (
            outcome.rating.value != example.rating
            or example.because not in ("", because)
            or example.says not in outcome.reason
        )
        if wrong:
            wanted = example.rating.replace("_", " ")
            wanted += f" ({example.because})" if example.because else ""
            wanted += f" saying '{example.says}'" if example.says else ""
            said = f"{example.name} should be {wanted}. It comes out as: {outcome.reason}"
            found.append(Fault(file.file, example.line, "example", said))
    return found


def coverage(criteria: CriteriaSet, examples: Iterable[Example]) -> Coverage:
    """Which ratings of which checks the examples show."""
    made = list(examples)
    shown = {(one.name, one.rating) for one in made if one.of == "check"}
    lacking = []
    number = 0
    for criterion in criteria.criteria():
        for check in criterion.checks:
            number += 1
            possible = possible_ratings(check, criterion)
            missing = tuple(
                rating.replace("_", " ")
                for rating in RATINGS
                if rating in possible and (check.id, rating) not in shown
            )
            if missing:
                lacking.append((check.id, missing))
    return Coverage(number, len(made), tuple(lacking))


def _rated(criteria: CriteriaSet, file: ExampleFile, example: Example) -> SubjectOutcome:
    template = criteria.reads[0]
    subject = SubjectFacts(example.subject, _SUBJECT, "", "the example", None, example.values)
    facts = Facts(template.partition("@")[0], "", None, "", (subject,), template)
    judged = dict.fromkeys(judged_checks(criteria), "green")
    if example.judged:
        named = [example.name] if example.of == "check" else list(judged)
        judged |= dict.fromkeys(named, example.judged)
    entries = [
        {"set": criteria.set, "version": criteria.version, "check": check,
         "subject_kind": example.subject, "subject_id": _SUBJECT, "rating": rating}
        for check, rating in judged.items()
        if rating != "none"
    ]  # fmt: skip
    return rate(facts, entries, {}, [criteria], file.as_of).subjects[0]


def _outcome(example: Example, subject: SubjectOutcome) -> Outcome:
    if example.of == "overall":
        return subject.overall
    if example.of == "criterion":
        return next(one.outcome for one in subject.criteria if one.id == example.name)
    return next(
        check.outcome
        for criterion in subject.criteria
        for check in criterion.checks
        if check.id == example.name
    )
