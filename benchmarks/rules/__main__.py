"""120 checks on 20,000 initiatives, ratings only, facts in memory, all in one run.

    .venv/bin/python -m pip install -r benchmarks/requirements.txt
    .venv/bin/python -m benchmarks.rules

Against loops written by hand that give the same bytes (unknown values and exact edges included);
against the reference evaluator; and, on a smaller sample of which everything is known, against
three other rule languages.  Asserted is agreement alone; the figures are printed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.rules import by_hand
from benchmarks.rules.checks import criteria
from benchmarks.rules.random_facts import AS_OF, subjects
from benchmarks.rules.rivals import Rival, languages, prepared_facts
from qipp_assure.criteria_engine.compiled.compilation import CompiledSet, compile_set
from qipp_assure.criteria_engine.compiled.groups import Groups
from qipp_assure.criteria_engine.facts import SubjectFacts

INITIATIVES, CHECKS = 20_000, 120
MISSING = 0.1
ROUNDS = 5
SLICES = 20  # of the initiatives, taken turn about, so that a busy machine is busy for all
REFERENCE_SAMPLE = 100
SAMPLES = {"common-expression-language": 1_000, "cel-python": 10, "rule-engine": 20}

Work = Callable[[Sequence[SubjectFacts]], object]


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, on the processor."""
    before = time.process_time()
    work()
    return time.process_time() - before


def turn_about(works: dict[str, Work], facts: Sequence[SubjectFacts]) -> dict[str, float]:
    """Seconds for all facts: of each slice the median of the rounds, taken turn about."""
    size = len(facts) // SLICES
    total = dict.fromkeys(works, 0.0)
    for start in range(0, len(facts), size):
        part = facts[start : start + size]
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                taken[name].append(seconds(partial(work, part)))
        for name, found in taken.items():
            total[name] += statistics.median(found)
    return total


def say(name: str, taken: float, initiatives: int, ratio: float) -> None:
    """One line of figures."""
    each = taken / initiatives / CHECKS * 1e6
    print(
        f"{name:44} {initiatives:7,} initiatives {taken:8.3f} s {each:9.3f} us a check {ratio:9.2f}"
    )


def against_hand(made: CompiledSet) -> None:
    """The figures against loops by hand."""
    facts = subjects(INITIATIVES, 1, MISSING)
    for one in facts:
        assert made.run(one, AS_OF, {}) == by_hand.rate(one.values, AS_OF)
    print(f"{INITIATIVES:,} x {CHECKS} ratings agree with the loops by hand, byte for byte")
    groups = Groups(made.criteria)
    works: dict[str, Work] = {
        "loops by hand": lambda part: [by_hand.rate(one.values, AS_OF) for one in part],
        "compiled, bare": lambda part: [made.run(one, AS_OF, {}) for one in part],
        "compiled, broken checks isolated": lambda part: [
            made.codes(one, AS_OF, {}) for one in part
        ],
        "the same with criteria, area and overall": lambda part: [
            groups.from_checks(made.codes(one, AS_OF, {})) for one in part
        ],
    }
    taken = turn_about(works, facts)
    hand = taken["loops by hand"]
    print(f"\n{'':44} {'':35} {'':20} loops by hand = 1")
    for name, found in taken.items():
        say(name, found, INITIATIVES, found / hand)
    sample = facts[:REFERENCE_SAMPLE]
    reference = made.reference
    found = seconds(lambda: [[reference(n, one, AS_OF) for n in range(CHECKS)] for one in sample])
    say(
        "reference, with its sentences",
        found,
        len(sample),
        found / hand * INITIATIVES / len(sample),
    )


def against_languages(made: CompiledSet) -> None:
    """The figures against other languages."""
    print(f"\n{'':44} {'':35} {'':20} compiled, isolated = 1")
    facts = subjects(max(SAMPLES.values()), 2, 0.0)
    ours = seconds(lambda: [made.codes(one, AS_OF, {}) for one in facts]) / len(facts)
    say("compiled, broken checks isolated", ours * len(facts), len(facts), 1)
    for language in languages():
        sample = facts[: SAMPLES[language.name]]
        rival = Rival(language)
        prepared = [language.prepared(prepared_facts(one, AS_OF)) for one in sample]
        for one, known in list(zip(sample, prepared, strict=True))[:10]:
            assert bytes(rival.rate(known)) == made.run(one, AS_OF, {})
        found = seconds(lambda p=prepared, r=rival: [r.rate(one) for one in p])
        say(language.name, found, len(sample), found / len(sample) / ours)


def main() -> None:
    """All figures."""
    before = time.perf_counter()
    made = compile_set(criteria())
    assert len(made.reference.checks) == CHECKS
    print(f"{CHECKS} checks read, proved and compiled in {time.perf_counter() - before:.2f} s")
    against_hand(made)
    against_languages(made)


if __name__ == "__main__":
    main()
