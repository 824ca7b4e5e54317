"""Lines of source, and the values that stand in it under names of our own.

No text of a criteria file gets into the source: names of fields, texts, dates and fractions are
passed to the compiled function as values, and only whole numbers are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from qipp_assure.criteria_engine.compiled.formulas import Formula, written

Case = tuple[Formula, Callable[[], None] | Sequence[str]]


@dataclass(slots=True)
class Source:
    """Source while it is written; a line may be made late, once more is known."""

    lines: list[tuple[int, str | Callable[[], str]]] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    depth: int = 1
    names: int = 0

    def name(self, letter: str = "t") -> str:
        """A new name."""
        self.names += 1
        return f"{letter}{self.names}"

    def value(self, value: object) -> str:
        """The name under which a value is passed in."""
        for name, known in self.values.items():
            if type(known) is type(value) and known == value:
                return name
        name = f"K{len(self.values)}"
        self.values[name] = value
        return name

    def line(self, text: str | Callable[[], str]) -> None:
        """Adds a line."""
        self.lines.append((self.depth, text))

    @contextmanager
    def inside(self, header: str | Callable[[], str]) -> Iterator[None]:
        """Lines below a header such as `if x:`."""
        self.line(header)
        self.depth += 1
        yield
        self.depth -= 1

    def discarded(self, work: Callable[[], object]) -> None:
        """Does what it does, and leaves out the lines that it writes."""
        written_before = len(self.lines)
        work()
        del self.lines[written_before:]

    def choose(self, cases: Sequence[Case]) -> None:
        """The first case that holds; those that never can, or come too late, are left out."""
        word = "if"
        for formula, body in cases:
            if formula is False:
                continue
            if formula is True and word == "if":
                self._body(body)
                return
            with self.inside("else:" if formula is True else f"{word} {written(formula)}:"):
                self._body(body)
            if formula is True:
                return
            word = "elif"

    def _body(self, body: Callable[[], None] | Sequence[str]) -> None:
        if callable(body):
            body()
            return
        for line in body:
            self.line(line)

    def text(self) -> str:
        """All lines, those made late included."""
        return "\n".join(
            "    " * depth + (line if isinstance(line, str) else line())
            for depth, line in self.lines
        )
