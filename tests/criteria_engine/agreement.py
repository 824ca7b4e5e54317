"""Where the compact ratings of a return differ from its full rating."""

from __future__ import annotations

from collections.abc import Iterator

from qipp_assure.criteria_engine.assessment import Assessment, SubjectOutcome
from qipp_assure.criteria_engine.compiled.codes import code_of
from qipp_assure.criteria_engine.compiled.groups import SetRatings
from qipp_assure.criteria_engine.compiled.rating import ReturnRatings


def differences(full: Assessment, found: ReturnRatings) -> Iterator[str]:
    """Each subject, set and level at which they differ; nothing when they agree."""
    assert [(one.set, one.version, one.digest) for one in found.sets] == list(full.criteria)
    assert len(full.subjects) == len(found.overall)
    for subject in full.subjects:
        key = (subject.kind, subject.id)
        if found.overall[key] != code_of(subject.overall):
            yield f"{key} overall"
        for one, by_subject in zip(found.sets, found.by_set, strict=True):
            said = _of_set(subject, one.set)
            rated = by_subject.get(key)
            if (rated is None) is not (said is None):
                yield f"{key} {one.set}: rated by one alone"
            elif rated is not None and rated != said:
                yield f"{key} {one.set}: {rated} is not {said}"


def _of_set(subject: SubjectOutcome, name: str) -> SetRatings | None:
    """What one set says of a subject in full, in codes."""
    overall = dict(subject.overalls).get(name)
    if overall is None:
        return None
    criteria = [one for one in subject.criteria if one.set == name]
    return SetRatings(
        bytes(code_of(check.outcome) for one in criteria for check in one.checks),
        bytes(code_of(one.outcome) for one in criteria),
        bytes(code_of(area.outcome) for area in subject.areas if area.set == name),
        bytes(code_of(half.outcome) for half in subject.halves if half.set == name),
        code_of(overall),
    )
