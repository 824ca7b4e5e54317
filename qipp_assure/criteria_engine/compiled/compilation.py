"""A criteria set becomes one function that rates a subject by all its checks.

The source is made from the checked typed tree alone and is compiled once for each version, kept
by the set's digest.  Whatever goes wrong on a subject (a value that is not of its declared type)
sends that subject to the reference, check by check: a broken check takes no neighbour down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qipp_assure.criteria_engine.checking import applicability, run_check
from qipp_assure.criteria_engine.compiled.check_writing import CheckWriter
from qipp_assure.criteria_engine.compiled.codes import code_for, code_of
from qipp_assure.criteria_engine.compiled.lowering import Lowering
from qipp_assure.criteria_engine.compiled.reading import (
    Reader,
    Rows,
    checked,
    checked_list,
)
from qipp_assure.criteria_engine.compiled.writing import Source
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.judgements import Judgement
from qipp_assure.criteria_engine.sets import Check, CriteriaSet, Criterion
from qipp_assure.criteria_engine.values import UNDEFINED, measurable, whole
from qipp_assure.vocabulary import Rating

Judged = Mapping[str, Judgement]
"""The judgements on one subject, by check."""
_MOST_SETS = 64


def _ratio(top: int | Fraction, bottom: int | Fraction) -> int | Fraction:
    return whole(Fraction(top) / bottom)


_NAMES: Mapping[str, object] = {
    **{one.__name__: one for one in (abs, bool, bytes, date, Decimal, int, len, list, str, type)},
    **{one.__name__: one for one in (checked, checked_list, measurable)},
    "ratio": _ratio,
    "UNDEFINED": UNDEFINED,
}
"""All that compiled source may name, apart from its own values."""


@dataclass(slots=True)
class CompiledSet:
    """One version of a set; `run` is the bare function, which raises on facts that do not fit.

    `run(subject, as_of, judged)` gives one byte a check, in the order of the file (see `codes`);
    `judged` maps checks to codes.
    """

    criteria: CriteriaSet
    source: str
    run: Callable[[SubjectFacts, date, Mapping[str, int]], bytes]
    reference: Reference

    def codes(self, subject: SubjectFacts, as_of: date, judged: Judged) -> bytes:
        """One byte a check; nothing is raised, whatever the facts are."""
        codes = {name: code_for(Rating(one["rating"])) for name, one in judged.items()}
        try:
            return self.run(subject, as_of, codes)
        except Exception:  # the facts do not fit: the reference says which checks that breaks
            number = range(len(self.reference.checks))
            return bytes(self.reference(one, subject, as_of, judged) for one in number)


@dataclass(slots=True)
class Reference:
    """One check at a time by the reference evaluator."""

    checks: tuple[tuple[Criterion, Check], ...]

    def __call__(
        self, number: int, subject: SubjectFacts, as_of: date, judged: Judged | None = None
    ) -> int:
        """The code of one check on one subject."""
        criterion, check = self.checks[number]
        barred = applicability(criterion, subject, as_of)
        if barred is not None:
            return code_of(barred)
        found = judged or {}
        return code_of(run_check(check, subject, as_of, lambda one: found.get(one.id)).outcome)


_compiled: dict[tuple[str, date | None], CompiledSet] = {}


def compiled(criteria: CriteriaSet) -> CompiledSet:
    """The compiled form of a set as it is in force (see `dated`), made when first asked for."""
    key = (criteria.digest, criteria.in_force_from)
    found = _compiled.get(key)
    # The same text may have been read with other schemas.
    if found is None or (found.criteria is not criteria and found.criteria.areas != criteria.areas):
        while len(_compiled) >= _MOST_SETS:
            _compiled.pop(next(iter(_compiled)), None)
        found = _compiled[key] = compile_set(criteria)
    return found


def compile_set(criteria: CriteriaSet) -> CompiledSet:
    """Compiles a set anew."""
    reference = Reference(tuple((one, c) for one in criteria.criteria() for c in one.checks))
    lowering = Lowering(Source(), Rows())
    writer = CheckWriter(lowering)
    number = 0
    for criterion in criteria.criteria():
        writer.criterion(criterion, number)
        number += len(criterion.checks)
    codes = "".join(f"c{one}, " for one in range(number))
    lowering.source.line(f"return bytes(({codes}))")
    text, run = function_of(lowering, {"reference": reference})
    return CompiledSet(criteria, text, run, reference)


def function_of(
    lowering: Lowering, names: Mapping[str, object]
) -> tuple[str, Callable[[SubjectFacts, date, Mapping[str, int]], Any]]:
    """The function whose lines were lowered: its text, and itself; it reads before it works.

    `names` are what its lines may name beyond the common ones.
    """
    source = lowering.source
    reading = Source(values=source.values, names=source.names)  # one run of names for both
    reading.line("values = subject.values")
    Reader(reading).write(lowering.subject, "values", "x")
    text = f"def rate(subject, as_of, judged):\n{reading.text()}\n{source.text()}"
    known: dict[str, Any] = {"__builtins__": {}, **_NAMES, **names, **source.values}
    exec(compile(text, "<criteria>", "exec"), known)  # noqa: S102 - no text of a file is in it
    return text, known["rate"]
