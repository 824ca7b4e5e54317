"""Lines of source, and the values that stand in it under names of our own.

No text of a criteria file gets into the source: names of fields, texts, dates and fractions are
passed to the compiled function as values, and only whole numbers are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from qipp_assure.criteria_engine.compiled.formulas import (
    Atom,
    Formula,
    assumed,
    certain,
    first_atom,
    opposite,
    written,
)

_MOST_LEAVES = 24
"""A tree with more ends than this would be longer than it is quick."""

Case = tuple[Formula, Callable[[], None] | Sequence[str]]


@dataclass(slots=True)
class Source:
    """Source while it is written; a line may be made late, once more is known.

    `held` are the atoms that are settled where the next line stands.
    """

    lines: list[tuple[int, str | Callable[[], str]]] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    depth: int = 1
    names: int = 0
    held: dict[str, bool] = field(default_factory=dict)

    def name(self, letter: str = "t") -> str:
        """A new name."""
        self.names += 1
        return f"{letter}{self.names}"

    def value(self, value: object) -> str:
        """The name under which a plain value is passed in."""
        for name, known in self.values.items():
            if type(known) is type(value) and known == value:
                return name
        return self.thing(value)

    def thing(self, value: object) -> str:
        """The same for what is not a plain value: it is never taken for another."""
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

    def decide(self, cases: Sequence[Case]) -> None:
        """As `choose`, for bodies of a line or two: as a tree that asks nothing twice."""
        cases = _open_cases([(assumed(test, self.held), body) for test, body in cases])
        if _leaves(cases, _MOST_LEAVES) > _MOST_LEAVES:
            self.choose(cases)
        else:
            self._tree(cases)

    def _tree(self, cases: Sequence[Case]) -> None:
        if not cases or cases[0][0] is True:
            self._body(cases[0][1] if cases else ["pass"])
            return
        atom = first_atom(cases[0][0])
        with self.inside(f"if {written(atom)}:"):
            self._tree(_branch(cases, atom, value=True))
        with self.inside("else:"):
            self._tree(_branch(cases, atom, value=False))

    def choose(self, cases: Sequence[Case]) -> None:
        """The first case that holds; those that never can, or come too late, are left out.

        What the cases before have settled, and those around, is not asked again.
        """
        word, outside, before = "if", self.held, set[Formula]()
        for formula, body in cases:
            test = assumed(formula, self.held)
            test = test in before or test
            if test is False:
                continue
            if test is True and word == "if":
                self._body(body)
                break
            with self.inside("else:" if test is True else f"{word} {written(test)}:"):
                held = self.held
                self.held = held | certain(test, value=True)
                self._body(body)
            if test is True:
                break
            word, self.held = "elif", held | certain(test, value=False)
            before.add(opposite(test))
        self.held = outside

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


def _open_cases(cases: Sequence[Case]) -> list[Case]:
    """The cases that can still hold, up to the first that must."""
    found: list[Case] = []
    for case in cases:
        if case[0] is not False:
            found.append(case)
        if case[0] is True:
            break
    return found


def _branch(cases: Sequence[Case], atom: Atom, *, value: bool) -> list[Case]:
    held = {atom.text: value}
    return _open_cases([(assumed(test, held), body) for test, body in cases])


def _leaves(cases: Sequence[Case], most: int) -> int:
    """How many ends the tree has, counted to a little over `most`."""
    if not cases or cases[0][0] is True:
        return 1
    atom = first_atom(cases[0][0])
    found = 0
    for value in (True, False):
        found += _leaves(_branch(cases, atom, value=value), most - found)
        if found > most:
            break
    return found
