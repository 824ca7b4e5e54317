"""Charts of savings as SVG, the same on a page and in a PDF, always beside their table.

What a series is shows by shape, pattern and words, not by colour alone; `<title>` and `<desc>`
become the alternative text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qipp_assure.web import svg
from qipp_assure.web.filters import money_short

Figures = Sequence[int | None]

_WIDTH, _HEIGHT = 760, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 16, 56, 52
_LABELS_SHOWN, _VALUES_SHOWN = 12, 5
_NAMES_LEFT, _VALUES_RIGHT, _BAR = 230, 84, 16


@dataclass(frozen=True, slots=True)
class Savings:
    """Planned, forecast and actual savings in whole pounds by period or by name.

    `labels` and each series are of one length; None is a figure that is not known (no mark is
    drawn for it), and a series of None throughout is left out of drawing and key.
    """

    title: str
    labels: Sequence[str]
    planned: Figures
    forecast: Figures
    actual: Figures

    def __post_init__(self) -> None:
        if {len(self.planned), len(self.forecast), len(self.actual)} != {len(self.labels)}:
            raise ValueError("every series needs one figure, or None, for each label")

    @property
    def known(self) -> list[tuple[str, Figures]]:
        """The series with at least one figure, by name."""
        named = (("Planned", self.planned), ("Forecast", self.forecast), ("Actual", self.actual))
        return [(name, figures) for name, figures in named if any(v is not None for v in figures)]

    @property
    def description(self) -> str:
        """What the chart says in words: each series with its sum and how much of it is known."""
        parts = []
        for name, figures in self.known:
            values = [value for value in figures if value is not None]
            gap = "" if len(values) == len(figures) else f" ({len(values)} of {len(figures)} given)"
            parts.append(f"{name} {money_short(sum(values))}{gap}")
        if not parts:
            return "There are no figures yet."
        return f"In all: {', '.join(parts)}. The table beside it has every figure."

    def axis(self) -> list[int]:
        """Round values that cover nought and every figure."""
        values = [0, *(v for _, figures in self.known for v in figures if v is not None)]
        return ticks(min(values), max(values))


def ticks(low: int, high: int, wanted: int = 5) -> list[int]:
    """Round values for an axis from at most `low` to at least `high`, in exact whole numbers.

    >>> ticks(0, 9_000_000), ticks(-3, 5)
    ([0, 2000000, 4000000, 6000000, 8000000, 10000000], [-4, -2, 0, 2, 4, 6])
    """
    step = next(s for s in _round_steps() if s * wanted >= max(high - low, 1))
    first, last = low // step, -(-high // step)
    return [step * n for n in range(first, max(last, first + 1) + 1)]


def _round_steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _tick_label(pounds: int) -> str:
    return money_short(pounds).replace(".0m", "m").replace(".0bn", "bn")


def _key(savings: Savings, chart: str, *, forecast_line: bool) -> list[Markup]:
    parts: list[Markup] = []
    for n, (name, _) in enumerate(savings.known):
        x = 16 + n * 130
        if name == "Forecast" and forecast_line:
            parts += [svg.dashed([(x, 22), (x + 24, 22)]), svg.marker(x + 12, 22)]
        else:
            parts.append(svg.bar(name, chart, x, 15, 24, 14))
        parts.append(svg.text(x + 32, 27, name, anchor="start"))
    return parts


def _nothing(savings: Savings, chart: str) -> Markup:
    words = svg.text(_WIDTH / 2, 60, "There are no figures yet", size=18)
    return svg.drawing(chart, savings.title, savings.description, (_WIDTH, 110), [words])


def savings_over_time(savings: Savings, chart_id: str) -> Markup:
    """Planned and actual as bars and forecast as a line, period by period.

    `chart_id` must be the only one of its name on the page.
    """
    chart = svg.safe_id(chart_id)
    if not savings.known:
        return _nothing(savings, chart)
    marks = savings.axis()
    bottom = _HEIGHT - _BOTTOM

    def y_of(pounds: int) -> float:
        return bottom - (pounds - marks[0]) / (marks[-1] - marks[0]) * (bottom - _TOP)

    parts = _key(savings, chart, forecast_line=True)
    for mark in marks:
        colour = svg.AXIS if mark == 0 else svg.GRID
        parts.append(svg.line(_LEFT, y_of(mark), _WIDTH - _RIGHT, y_of(mark), colour))
        parts.append(svg.text(_LEFT - 8, y_of(mark) + 5, _tick_label(mark), anchor="end"))
    slot = (_WIDTH - _LEFT - _RIGHT) / len(savings.labels)
    parts += _columns(savings, chart, slot, y_of)
    parts += _forecast_line(savings.forecast, slot, y_of)
    parts += _period_labels(savings.labels, slot, bottom)
    return svg.drawing(chart, savings.title, savings.description, (_WIDTH, _HEIGHT), parts)


def _columns(
    savings: Savings, chart: str, slot: float, y_of: Callable[[int], float]
) -> list[Markup]:
    barred = [(name, figures) for name, figures in savings.known if name != "Forecast"]
    width = min(slot * 0.8 / max(len(barred), 1), 48.0)
    parts: list[Markup] = []
    for n, (name, figures) in enumerate(barred):
        for i, pounds in enumerate(figures):
            if pounds is None:
                continue
            x = _LEFT + slot * (i + 0.5) + width * (n - len(barred) / 2)
            top, foot = sorted((y_of(pounds), y_of(0)))
            parts.append(svg.bar(name, chart, x, top, width, foot - top))
            if len(figures) <= _VALUES_SHOWN:
                y = foot + 15 if pounds < 0 else top - 5
                parts.append(svg.text(x + width / 2, y, money_short(pounds), size=13))
    return parts


def _forecast_line(figures: Figures, slot: float, y_of: Callable[[int], float]) -> list[Markup]:
    """The line breaks where a figure is not known: a gap is not a straight way."""
    runs: list[list[tuple[float, float]]] = [[]]
    for i, pounds in enumerate(figures):
        if pounds is None:
            runs.append([])
        else:
            runs[-1].append((_LEFT + slot * (i + 0.5), y_of(pounds)))
    lines = [svg.dashed(run) for run in runs if len(run) > 1]
    return lines + [svg.marker(x, y) for run in runs for x, y in run]


def _period_labels(labels: Sequence[str], slot: float, bottom: float) -> list[Markup]:
    every = -(-len(labels) // _LABELS_SHOWN)
    parts: list[Markup] = []
    for i in range(0, len(labels), every):
        x = _LEFT + slot * (i + 0.5)
        lines = _wrapped(labels[i], max(int(slot * every / 8), 4), 2)
        parts += [
            svg.text(x, bottom + 20 + 17 * n, words, size=14) for n, words in enumerate(lines)
        ]
    return parts


def _wrapped(words: str, width: int, lines: int) -> list[str]:
    return textwrap.wrap(words, width, max_lines=lines, placeholder="…") or [""]


def savings_by_name(savings: Savings, chart_id: str) -> Markup:
    """One group of lying bars for each name (workstreams, regions), longest names wrapped.

    `chart_id` must be the only one of its name on the page.
    """
    chart = svg.safe_id(chart_id)
    if not savings.known:
        return _nothing(savings, chart)
    marks = savings.axis()
    right = _WIDTH - _VALUES_RIGHT

    def x_of(pounds: int) -> float:
        return _NAMES_LEFT + (pounds - marks[0]) / (marks[-1] - marks[0]) * (right - _NAMES_LEFT)

    row = max(len(savings.known) * (_BAR + 2) + 14, 44)
    height = 48 + row * len(savings.labels) + 30
    parts = _key(savings, chart, forecast_line=False)
    for mark in marks:
        colour = svg.AXIS if mark == 0 else svg.GRID
        parts.append(svg.line(x_of(mark), 44, x_of(mark), height - 28, colour))
        parts.append(svg.text(x_of(mark), height - 8, _tick_label(mark), size=14))
    for i, label in enumerate(savings.labels):
        top = 48.0 + row * i
        for n, words in enumerate(_wrapped(label, 27, 2)):
            parts.append(svg.text(_NAMES_LEFT - 10, top + 18 + 17 * n, words, anchor="end"))
        parts += _lying_bars(savings, chart, i, top + 4, x_of)
    return svg.drawing(chart, savings.title, savings.description, (_WIDTH, height), parts)


def _lying_bars(
    savings: Savings, chart: str, i: int, top: float, x_of: Callable[[int], float]
) -> list[Markup]:
    parts: list[Markup] = []
    for n, (name, figures) in enumerate(savings.known):
        pounds = figures[i]
        if pounds is None:
            continue
        start, end = sorted((x_of(pounds), x_of(0)))
        y = top + n * (_BAR + 2)
        parts.append(svg.bar(name, chart, start, y, end - start, _BAR))
        parts.append(svg.text(end + 6, y + 13, money_short(pounds), anchor="start", size=13))
    return parts
