"""Splits an expression into words before Python's parser sees it.

Every literal (`5%`, `£1,000`, `30 days`, `2011-03-31`, `0.05`, `"text"`) is read from its text
and replaced by a placeholder name, so no number ever passes through a float and nothing huge is
ever computed.  Characters that the language does not know are refused here.

>>> spell("abs(a - b) / abs(b) < 5%").code
'abs(a - b) / abs(b) <  _0 '
>>> spell("9 ** 9")
Traceback (most recent call last):
...
qipp_assure.criteria_engine.spelling.ExpressionFault: There are no powers ('**').
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qipp_assure.criteria_engine import values
from qipp_assure.criteria_engine.faults import shortened
from qipp_assure.criteria_engine.tree import Literal
from qipp_assure.criteria_engine.types import Kind

MAX_LENGTH = 500

_WORDS = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("text", r'"[^"\n]*"|' + r"'[^'\n]*'"),
            ("date", values.DATE_PATTERN),
            ("money", values.MONEY_PATTERN),
            ("share", values.SHARE_PATTERN),
            ("days", values.DAYS_PATTERN),
            ("number", values.NUMBER_PATTERN),
            ("name", r"[A-Za-z_][A-Za-z0-9_]*"),
            ("power", r"\*\*"),
            ("floor", r"//"),
            ("sign", r"<=|>=|==|!=|[-+*/<>().,\[\]]"),
            ("space", r"\s+"),
        )
    ),
    re.ASCII,
)


class ExpressionFault(ValueError):
    """An expression is refused; `found` has every (code, message)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.found: tuple[tuple[str, str], ...] = ((code, message),)


@dataclass(frozen=True, slots=True)
class Spelled:
    """The expression with placeholders, and what they stand for."""

    code: str
    literals: dict[str, Literal] = field(default_factory=dict)


def spell(text: str) -> Spelled:
    """Raises `ExpressionFault` for whatever the language has no place for."""
    if len(text) > MAX_LENGTH:
        raise ExpressionFault(
            "too-long", f"An expression may have {MAX_LENGTH} characters; this one has {len(text)}."
        )
    words: list[str] = []
    literals: dict[str, Literal] = {}
    at = 0
    while at < len(text):
        match = _WORDS.match(text, at)
        if match is None or match.lastgroup is None:
            raise _unreadable(text[at:])
        name, word = match.lastgroup, match[0]
        if name in ("name", "sign", "space"):
            words.append(_name_or_sign(name, word))
        elif name in ("power", "floor"):
            said = "no powers ('**')" if name == "power" else "no '//'; divide with '/'"
            raise ExpressionFault("not-allowed", f"There are {said}.")
        else:
            placeholder = f"_{len(literals)}"
            literals[placeholder] = _literal(name, word)
            words.append(f" {placeholder} ")
        at = match.end()
    return Spelled("".join(words), literals)


def _name_or_sign(name: str, word: str) -> str:
    if name == "space":
        return " "
    if name == "name" and (word.startswith("_") or "__" in word):
        raise ExpressionFault("not-allowed", f"A name may not look like '{shortened(word)}'.")
    return word


def _literal(name: str, word: str) -> Literal:
    if name == "text":
        return Literal(word[1:-1], Kind.TEXT)
    try:
        return Literal(*values.literal_of(name, word))
    except values.LiteralFault as error:
        raise ExpressionFault("number", str(error)) from error


def _unreadable(rest: str) -> ExpressionFault:
    if rest[0] == "%":
        return ExpressionFault(
            "percent", "'%' stands directly after a number, as in 5%; there is no modulo."
        )
    if rest[0] == "=":
        return ExpressionFault("not-allowed", "Two things are compared with '==', not '='.")
    if rest[0] in "\"'":
        return ExpressionFault("not-allowed", "A text is opened and not closed.")
    if rest[0].isdigit():
        return ExpressionFault("number", f"'{shortened(rest, 20)}' is not a number.")
    return ExpressionFault("not-allowed", f"'{shortened(rest[0])}' has no meaning here.")
