"""Values as a director reads them: "30 June 2011", "£1,234,567", "4.99%".

A figure is never rounded across the edge of a band: it gets as many digits as it takes to lie
on its right side.

>>> nearly = Fraction(49996, 1000000)
>>> shown(nearly, Kind.SHARE), shown(nearly, Kind.SHARE, [Fraction(5, 100)])
('5%', '4.9996%')
>>> shown(-1234567, Kind.MONEY), shown(1, Kind.DAYS), shown(date(2011, 6, 30), Kind.DATE)
('-£1,234,567', '1 day', '30 June 2011')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from qipp_assure.criteria_engine.bands import Band, Bands
from qipp_assure.criteria_engine.tree import AsOf, Parameter
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.values import Nothing, Value
from qipp_assure.vocabulary import Because, Rating

NAMES_IN_A_LIST = 8
_MAX_TEXT = 80
_MAX_DIGITS = 12
_VERBS = (
    *("are", "is", "was", "were", "have", "has", "had", "do", "does", "did", "can", "name", "pass"),
    *("show", "meet", "stand", "say", "give", "agree", "lie", "cover", "hold", "count", "come"),
)
_STARTERS = frozenset(
    (
        *("A", "All", "An", "At", "Both", "Each", "Every", "In", "It", "Neither", "No", "None"),
        *("Nothing", "Over", "Some", "The", "There", "This", "To", "Under", "Whether"),
    )
)
_ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)

RATING_WORDS = {
    Rating.RED: "Red",
    Rating.AMBER: "Amber",
    Rating.GREEN: "Green",
    Rating.NOT_RATED: "Not rated",
}
BECAUSE_WORDS = {
    Because.NOTHING_DUE: "nothing due yet",
    Because.MISSING: "answers missing",
    Because.UNDEFINED: "cannot be worked out",
    Because.JUDGEMENT_OUTSTANDING: "judgement outstanding",
    Because.DOES_NOT_APPLY: "does not apply",
}


def day_words(day: date) -> str:
    """A date in full; whatever the machine's language is."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _rounded(number: int | Fraction, digits: int) -> Fraction:
    scale = 10**digits
    nearest = int(abs(number) * scale + Fraction(1, 2))
    return Fraction(nearest if number >= 0 else -nearest, scale)


def _digits_needed(number: int | Fraction, edges: Iterable[int | Fraction], least: int) -> int:
    """Digits after the point with which a number lies on the same side of every edge."""
    for digits in range(least, _MAX_DIGITS):
        near = _rounded(number, digits)
        if all((near < e, near > e) == (number < e, number > e) for e in edges):
            return digits
    return _MAX_DIGITS


def _decimal(number: int | Fraction, digits: int) -> str:
    near = _rounded(number, digits)
    whole_part, rest = divmod(abs(near), 1)
    text = f"{whole_part:,}"
    if digits and rest:
        text += f"{int(rest * 10**digits):0{digits}d}".rstrip("0").join([".", ""])
    return f"-{text}" if near < 0 else text


def shown(value: Value, kind: Kind, edges: Sequence[object] = ()) -> str:
    """A value in words; `edges` are the values of the bands it is compared with."""
    if isinstance(value, Nothing):
        return "not known" if value is Nothing.UNKNOWN else "undefined"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, str):
        return value if len(value) <= _MAX_TEXT else f"{value[:_MAX_TEXT]}..."
    numbers = [edge for edge in edges if isinstance(edge, int | Fraction)]
    if kind is Kind.SHARE:
        hundredfold = [edge * 100 for edge in numbers]
        return f"{_decimal(value * 100, _digits_needed(value * 100, hundredfold, 2))}%"
    least = 0 if kind is Kind.MONEY else 2
    text = _decimal(value, _digits_needed(value, numbers, least))
    if kind is Kind.MONEY:
        return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"
    if kind is Kind.DAYS:
        return f"{text} day" if value in (1, -1) else f"{text} days"
    return text


def exact(value: Value) -> str | None:
    """The value without any rounding, for programs: "499/10000", "2011-06-30"."""
    if isinstance(value, Nothing):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def listed(names: Sequence[str], limit: int = NAMES_IN_A_LIST) -> str:
    """Names in a sentence, a long list cut.

    >>> listed(["A", "B", "C"]), listed(["A", "B", "C"], 1)
    ('A, B and C', 'A and 2 more')
    """
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def itemised(names: Sequence[str], limit: int = NAMES_IN_A_LIST) -> str:
    """Items with something said of each, so with commas only: "M3 (12 days), M7 (not met)"."""
    more = [f"and {len(names) - limit} more"] if len(names) > limit else []
    return ", ".join(names[:limit]) + " ".join(["", *more])


def predicate(passing: str) -> str:
    """What is said of those that pass; "were" is put before what has no verb of its own."""
    first = passing.partition(" ")[0]
    return passing if first in _VERBS else f"were {passing}"


@lru_cache(maxsize=4096)
def band_words(band: Band, as_of: date) -> str:
    """The text of a band, with values in place of names and dates in full."""
    text = band.text
    for group in band.bounds:
        for bound in group:
            if isinstance(bound.edge, Parameter):
                words = shown(bound.edge.value, bound.edge.kind)
                if bound.edge.since is not None:
                    words += f" since {day_words(bound.edge.since)}"
                text = words.join(re.split(rf"\b{bound.edge.name}\b", text))
            elif isinstance(bound.edge, AsOf):
                text = day_words(as_of).join(re.split(r"\bas_of\b", text))
    return _ISO_DATE.sub(lambda found: day_words(date.fromisoformat(found[0])), text)


def bands_words(rating: Rating, bands: Bands, as_of: date) -> str:
    """What it takes to be better, or green where it is: "green needs under 5%"."""
    needed = f"green needs {band_words(bands.green, as_of)}"
    if rating is not Rating.RED or bands.amber is None:
        return needed
    return f"{needed}, amber {band_words(bands.amber, as_of)}"


def sentence(text: str, *, capital: bool = True) -> str:
    """Ends a sentence once, and begins it with a capital, or not where it follows a colon.

    >>> sentence("no data"), sentence("The plan is late.", capital=False)
    ('No data.', 'the plan is late.')
    """
    text = text.strip()
    if capital:
        text = text[:1].upper() + text[1:]
    elif text.partition(" ")[0] in _STARTERS:
        text = text[:1].lower() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def filled(text: str, fill: Callable[[str], str]) -> str:
    """Fills `{as_of}` and the like; each name was checked when the file was loaded."""
    return re.sub(r"\{([^{}]*)\}", lambda match: fill(match[1]), text)
