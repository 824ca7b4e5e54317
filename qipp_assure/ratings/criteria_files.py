"""The criteria on disk: one folder a set, one file a version.

criteria/implementation/2011.1.yaml, its worked examples beside it in 2011.1.examples.yaml
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from qipp_assure.criteria_engine.example_loading import load_examples
from qipp_assure.criteria_engine.examples import Coverage, coverage, run_examples
from qipp_assure.criteria_engine.faults import CriteriaFaults, Fault, nearest
from qipp_assure.criteria_engine.loading import load_file
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.source_text import MAX_CHARACTERS
from qipp_assure.returns.schemas import schemas

CRITERIA = Path(__file__).resolve().parents[2] / "criteria"
EXAMPLES = ".examples.yaml"
"""How the name ends of a file of worked examples; what stands before is its criteria file's."""


@dataclass(frozen=True, slots=True)
class Library:
    """Criteria sets by name and version, in the order of their names."""

    sets: tuple[CriteriaSet, ...] = field(default=())

    def get_set(self, name: str) -> CriteriaSet:
        """Give a set by ``SET`` (its newest version) or ``SET@VERSION``.

        Raises KeyError with a sentence where there is none.
        """
        wanted, _, version = name.partition("@")
        found = [one for one in self.sets if one.set == wanted and version in {"", one.version}]
        if not found:
            known = [f"{one.set}@{one.version}" for one in self.sets]
            raise KeyError(
                f"there is no criteria set {name[:80]!r}{nearest(name, known)} "
                f"(there are {', '.join(known) or 'none'})"
            )
        return max(found, key=lambda one: _version(one.version))

    def newest(self) -> tuple[CriteriaSet, ...]:
        """Give the newest version of each set."""
        return tuple(self.get_set(name) for name in dict.fromkeys(one.set for one in self.sets))

    def reading(self, template: str) -> tuple[CriteriaSet, ...]:
        """Give the newest version of each set that rates returns of a template."""
        return tuple(one for one in self.newest() if template in one.reads)


def _version(text: str) -> tuple[tuple[int, str], ...]:
    """Order versions by their numbers: 2011.10 comes after 2011.9."""
    return tuple(
        (int(part), "") if part.isascii() and part.isdigit() else (-1, part)
        for part in text.split(".")
    )


def criteria_files(paths: Iterable[Path]) -> list[Path]:
    """List the criteria files that paths name: files as they are, folders with all below."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        found.extend(one for one in inside if not one.name.endswith(EXAMPLES))
    return found


def examples_beside(path: Path) -> Path:
    """Give where the worked examples of a criteria file stand, if it has any."""
    return path.with_name(path.name.removesuffix(".yaml") + EXAMPLES)


def check_examples(one: CriteriaSet) -> tuple[list[Fault], Coverage | None]:
    """Run the worked examples beside a loaded set: every fault, and what they cover.

    Coverage is None where there are none, or where they cannot be read.
    """
    path = examples_beside(Path(one.file))
    if not path.exists():
        return [], None
    try:
        with path.open("rb") as file:
            examples = load_examples(file.read(MAX_CHARACTERS + 1), str(path), one, schemas())
    except CriteriaFaults as error:
        return list(error.faults), None
    return run_examples(one, examples), coverage(one, examples.examples)


def load_library(paths: Iterable[Path] = (CRITERIA,)) -> Library:
    """Load every criteria file.

    Raises CriteriaFaults with the faults of all files, and where two files are one version.
    """
    faults: list[Fault] = []
    found: dict[tuple[str, str], CriteriaSet] = {}
    for path in criteria_files(paths):
        try:
            one = load_file(path, schemas())
        except CriteriaFaults as error:
            faults.extend(error.faults)
            continue
        first = found.setdefault((one.set, one.version), one)
        if first is not one:
            message = f"{one.set}@{one.version} stands already in {first.file}"
            faults.append(Fault(str(path), 1, "same-version", message))
    if faults:
        raise CriteriaFaults(faults)
    return Library(tuple(found[key] for key in sorted(found)))


@lru_cache(maxsize=1)
def library() -> Library:
    """Give the project's own criteria, loaded once a process."""
    return load_library()
