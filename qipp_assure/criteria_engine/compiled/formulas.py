"""Conditions as they stand in the compiled source: two-valued, joined and simplified.

An atom is a piece of Python that is true or false and has no effect.  What an earlier part of an
`and` or `or` has settled is left out of the later ones, so that nothing is asked twice.

>>> due, met = Atom("due is None"), Atom("met is None")
>>> written(both(opposite(due), opposite(met), Atom("met <= due"), opposite(due)))
'due is not None and met is not None and met <= due'
>>> written(either(met, both(opposite(met), opposite(due), Atom("met <= due", negated=True))))
'met is None or (due is not None and not met <= due)'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_IS = " is "


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of Python, or its opposite."""

    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Joint:
    """Two parts or more joined by `and` or by `or`."""

    word: str
    parts: tuple[Formula, ...]


Formula = bool | Atom | Joint


def both(*parts: Formula) -> Formula:
    """All of them, asked in this order."""
    return _joined("and", parts, {})


def either(*parts: Formula) -> Formula:
    """Any of them, asked in this order."""
    return _joined("or", parts, {})


def opposite(formula: Formula) -> Formula:
    """The formula that is true when this one is false."""
    match formula:
        case bool():
            return not formula
        case Atom(text, negated):
            return Atom(text, not negated)
        case Joint(word, parts):
            turned = "or" if word == "and" else "and"
            return Joint(turned, tuple(opposite(part) for part in parts))


def assumed(formula: Formula, held: Mapping[str, bool]) -> Formula:
    """The formula where some atoms are known to be true or false."""
    match formula:
        case Atom(text, negated) if text in held:
            return held[text] is not negated
        case Joint(word, parts):
            return _joined(word, parts, held)
        case _:
            return formula


def certain(formula: Formula, *, value: bool) -> dict[str, bool]:
    """The atoms that are settled once the formula has that value."""
    match formula:
        case Atom(text, negated):
            return {text: value is not negated}
        case Joint(word, parts) if (word == "and") is value:
            found: dict[str, bool] = {}
            for part in parts:
                found |= certain(part, value=value)
            return found
        case _:
            return {}


def first_atom(formula: Formula) -> Atom:
    """The atom that is asked first, not negated."""
    match formula:
        case Atom(text):
            return Atom(text)
        case Joint(_, parts):
            return first_atom(parts[0])
        case _:
            raise TypeError("what is settled asks nothing")


def written(formula: Formula) -> str:
    """As Python."""
    match formula:
        case Atom(text, True):
            left, is_, right = text.partition(_IS)
            return f"{left} is not {right}" if is_ else f"not {text}"
        case Atom(text):
            return text
        case Joint(word, parts):
            pieces = (f"({written(p)})" if isinstance(p, Joint) else written(p) for p in parts)
            return f" {word} ".join(pieces)
        case _:
            return repr(formula)


def _joined(word: str, parts: tuple[Formula, ...], held: Mapping[str, bool]) -> Formula:
    """Joins the parts, each seen in the light of those before it."""
    settles = word == "or"
    known = dict(held)
    kept: list[Formula] = []
    for part in _flat(word, parts):
        for seen in _flat(word, (assumed(part, known),)):
            if seen is settles:
                return settles
            if not isinstance(seen, bool):
                kept.append(seen)
                known |= certain(seen, value=not settles)
    if not kept:
        return not settles
    return kept[0] if len(kept) == 1 else Joint(word, tuple(kept))


def _flat(word: str, parts: tuple[Formula, ...]) -> list[Formula]:
    flat: list[Formula] = []
    for part in parts:
        flat += part.parts if isinstance(part, Joint) and part.word == word else (part,)
    return flat
