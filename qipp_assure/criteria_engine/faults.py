"""Faults in a criteria file: all of them at once, each with its line and the nearest right name.

>>> str(Fault("criteria/x.yaml", 12, "unknown-name", "There is no 'mileston'."))
"criteria/x.yaml:12: There is no 'mileston'."
>>> nearest("mileston", ["milestones", "risks"])
" Did you mean 'milestones'?"
>>> nearest("zzz", ["milestones", "risks"])
''
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_FAULTS = 300


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault: where it is, a short code for programs, a sentence for people."""

    file: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"

    def to_json(self) -> dict[str, str | int]:
        """As `criteria check --json` prints it."""
        return {"file": self.file, "line": self.line, "code": self.code, "message": self.message}


class CriteriaFaults(ValueError):
    """A criteria file is refused; `faults` holds every reason, in the order of its lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(slots=True)
class FaultList:
    """Collects faults while a file is read, so that one fault does not hide the next."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int, code: str, message: str) -> None:
        """Note a fault and go on; beyond some hundreds more would help nobody."""
        if not self.is_full:
            self.faults.append(Fault(self.file, line, code, message))

    @property
    def is_full(self) -> bool:
        """True when so much is wrong that reading on is no use."""
        return len(self.faults) >= MAX_FAULTS


def shortened(text: str, limit: int = 60) -> str:
    """A text as it may be quoted in a message: printable, one line, not long."""
    printable = "".join(c if c.isprintable() else "?" for c in text[: limit + 1])
    return printable if len(text) <= limit else printable[:limit] + "..."


def nearest(name: str, names: Iterable[str]) -> str:
    """Such as " Did you mean 'x'?" for the nearest of the names, or nothing when none is near."""
    found = difflib.get_close_matches(name[:100], list(names), n=1, cutoff=0.6)
    return f" Did you mean '{found[0]}'?" if found else ""
