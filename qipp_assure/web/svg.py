"""The shapes that charts are drawn with: SVG by presentation attributes only.

The content security policy refuses inline styles, and the PDF knows no stylesheet of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

FONT = "Arimo, Liberation Sans, Arial, sans-serif"
INK, GRID, AXIS, WHITE = "#212b32", "#d8dde0", "#768692", "#ffffff"
PLANNED, FORECAST, ACTUAL = "#41b6e6", "#8a1538", "#003087"

_FILLS = {"Forecast": WHITE, "Actual": ACTUAL}
_EDGES = {"Forecast": FORECAST}


def safe_id(chart_id: str) -> str:
    """An id that may stand in markup and in `url(#...)`."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", chart_id)


def text(x: float, y: float, words: str, *, anchor: str = "middle", size: int = 15) -> Markup:
    """Words on one line."""
    return Markup(
        '<text x="{:.1f}" y="{:.1f}" font-family="{}" font-size="{}" fill="{}" '
        'text-anchor="{}">{}</text>'
    ).format(x, y, FONT, size, INK, anchor, words)


def line(x1: float, y1: float, x2: float, y2: float, colour: str) -> Markup:
    """A thin straight line."""
    return Markup(
        '<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="1"/>'
    ).format(x1, y1, x2, y2, colour)


def bar(series: str, chart: str, x: float, y: float, width: float, height: float) -> Markup:
    """A bar of a series: planned is hatched, forecast hollow, actual solid."""
    fill = _FILLS.get(series, f"url(#{chart}-hatch)")
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" stroke="{}" '
        'stroke-width="1.5"/>'
    ).format(x, y, width, height, fill, _EDGES.get(series, ACTUAL))


def marker(x: float, y: float) -> Markup:
    """A small hollow diamond."""
    points = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 5:.1f} {x - 5:.1f},{y:.1f}"
    return Markup('<polygon points="{}" fill="{}" stroke="{}" stroke-width="2"/>').format(
        points, WHITE, FORECAST
    )


def dashed(points: Sequence[tuple[float, float]]) -> Markup:
    """A dashed line through points."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="6 4"/>'
    ).format(path, FORECAST)


def drawing(
    chart: str, title: str, desc: str, size: tuple[int, int], parts: Iterable[Markup]
) -> Markup:
    """The whole drawing with its alternative text; `size` is width and height."""
    hatch = Markup(
        '<defs><pattern id="{}-hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="{}"/>'
        '<path d="M0 6L6 0" stroke="{}" stroke-width="1.5"/></pattern></defs>'
    ).format(chart, PLANNED, WHITE)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qa-chart__drawing" role="img" '
        'viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{title}</title>'
        '<desc id="{id}-desc">{desc}</desc>{hatch}{body}</svg>'
    ).format(
        w=size[0],
        h=size[1],
        id=chart,
        title=title,
        desc=desc,
        hatch=hatch,
        body=Markup("").join(parts),
    )
