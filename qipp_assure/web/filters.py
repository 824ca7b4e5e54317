"""Template filters: dates, money, shares, ratings and directions as people read them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup

from qipp_assure.vocabulary import Because, Direction, Rating

NOT_GIVEN = "Not given"
UK = ZoneInfo("Europe/London")

RATING_WORDS = {
    Rating.RED: ("■", "Red"),
    Rating.AMBER: ("▲", "Amber"),
    Rating.GREEN: ("●", "Green"),
    Rating.NOT_RATED: ("○", "Not rated"),
}
BECAUSE_WORDS = {
    Because.NOTHING_DUE: "nothing due yet",
    Because.MISSING: "information missing",
    Because.UNDEFINED: "cannot be worked out",
    Because.JUDGEMENT_OUTSTANDING: "waiting for a judgement",
    Because.DOES_NOT_APPLY: "does not apply",
}
DIRECTION_WORDS = {
    Direction.IMPROVING: ("↑", "Improving"),
    Direction.STEADY: ("→", "Steady"),
    Direction.WORSENING: ("↓", "Worsening"),
    Direction.NEW: ("•", "New"),
}

_NOON = 12
_MILLION = 10**6
_ROUNDS_TO_A_BILLION = 999_950_000
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")
_QUARTER = re.compile(r"(\d{4})/(\d{2})Q([1-4])\Z")
_QUARTERS = ("April to June", "July to September", "October to December", "January to March")


def date(value: dt.date | str | None) -> str:
    """A date in words; text in ISO form is read as one.

    >>> date("2011-06-30")
    '30 June 2011'
    """
    if value is None or value == "":
        return NOT_GIVEN
    if isinstance(value, dt.datetime):
        value = _in_uk(value).date()
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day.day} {day:%B} {day.year}"


def datetime(value: dt.datetime | None) -> str:
    """A moment in UK time; one without a zone is taken as UTC.

    >>> datetime(dt.datetime(2011, 6, 30, 14, 5, tzinfo=dt.UTC))
    '30 June 2011 at 3:05pm'
    """
    if value is None:
        return NOT_GIVEN
    local = _in_uk(value)
    hour = local.hour % _NOON or _NOON
    return f"{date(local.date())} at {hour}:{local:%M}{'am' if local.hour < _NOON else 'pm'}"


def _in_uk(value: dt.datetime) -> dt.datetime:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
    return aware.astimezone(UK)


def period(value: str | None) -> str:
    """A month or quarter in words; a financial year and any other text as it is.

    A year keeps its slash: with a hyphen it could be read as December.

    >>> period("2011-04"), period("2011/12Q4"), period("2011/12")
    ('April 2011', 'January to March 2012', '2011/12')
    """
    if not value:
        return NOT_GIVEN
    if month := _MONTH.match(value):
        return f"{dt.date(2000, int(month[2]), 1):%B} {month[1]}"
    if quarter := _QUARTER.match(value):
        year = int(quarter[1]) + (quarter[3] == "4")
        return f"{_QUARTERS[int(quarter[3]) - 1]} {year}"
    return value


def money_exact(pounds: int | None) -> str:
    """Whole pounds to the pound.

    >>> money_exact(-1234567)
    '−£1,234,567'
    """
    if pounds is None:
        return NOT_GIVEN
    return f"{'−' if pounds < 0 else ''}£{abs(pounds):,}"


def money_short(pounds: int | None) -> str:
    """Whole pounds in millions or billions to one place, halves away from nought.

    Below a million the exact figure is the short one.

    >>> money_short(1250000), money_short(999_950_000), money_short(-17_400_000_000)
    ('£1.3m', '£1.0bn', '−£17.4bn')
    """
    if pounds is None or abs(pounds) < _MILLION:
        return money_exact(pounds)
    size = abs(pounds)
    unit, name = (10**9, "bn") if size >= _ROUNDS_TO_A_BILLION else (_MILLION, "m")
    tenths = (size * 10 + unit // 2) // unit
    return f"{'−' if pounds < 0 else ''}£{tenths // 10:,}.{tenths % 10}{name}"


def money(pounds: int | None) -> Markup:
    """The short figure with the exact one beside it, as text that everybody can reach.

    The exact figure is plain text in brackets rather than a tooltip: those who use a keyboard, a
    touch screen or a screen reader never see tooltips.
    """
    short, exact = money_short(pounds), money_exact(pounds)
    if short == exact:
        return Markup('<span class="qa-money">{}</span>').format(exact)
    return Markup(
        '<span class="qa-money">{} <span class="qa-money__exact">({})</span></span>'
    ).format(short, exact)


def percent(value: Decimal | str | int | None, places: int = 0) -> str:
    """A percentage; text and whole numbers are taken as percentages, not shares.

    >>> percent("93.5"), percent(Decimal("93.45"), 1), percent(None)
    ('94%', '93.5%', 'Not given')
    """
    if value is None or value == "":
        return NOT_GIVEN
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(value).quantize(step, rounding=ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}{abs(rounded):f}%"


def count_of(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count_of(1, "initiative"), count_of(2000, "body", "bodies")
    ('1 initiative', '2,000 bodies')
    """
    noun = one if number == 1 else many if many is not None else f"{one}s"
    return f"{number:,} {noun}"


def given(value: object) -> object:
    """The value, or 'Not given' where there is none."""
    return NOT_GIVEN if value is None or value == "" else value


def rating_words(rating: Rating | str | None, because: Because | str | None = None) -> str:
    """A rating in words, with why it is not rated where it is not.

    >>> rating_words("not_rated", "nothing_due")
    'Not rated: nothing due yet'
    """
    word = RATING_WORDS[Rating(rating or Rating.NOT_RATED)][1]
    return f"{word}: {BECAUSE_WORDS[Because(because)]}" if because else word


def rating_tag(rating: Rating | str | None, because: Because | str | None = None) -> Markup:
    """A rating as a tag with symbol, word and colour; None reads as not rated."""
    known = Rating(rating or Rating.NOT_RATED)
    return Markup(
        '<strong class="qa-rating qa-rating--{}">'
        '<span class="qa-rating__symbol" aria-hidden="true">{}</span> {}</strong>'
    ).format(known.value.replace("_", "-"), RATING_WORDS[known][0], rating_words(known, because))


def direction_tag(direction: Direction | str | None) -> Markup:
    """A direction of travel as an arrow and a word; None reads as not known."""
    if not direction:
        return Markup('<span class="qa-direction">Not known</span>')
    known = Direction(direction)
    arrow, word = DIRECTION_WORDS[known]
    return Markup(
        '<span class="qa-direction qa-direction--{}">'
        '<span class="qa-direction__arrow" aria-hidden="true">{}</span> {}</span>'
    ).format(known.value, arrow, word)


NAMED = (
    *(date, datetime, period, money, money_short, money_exact, percent, count_of, given),
    *(rating_words, rating_tag, direction_tag),
)
"""What templates may use, by the functions' own names; `frame` hands them over."""
