"""Matrix pages against a static page of the same size, served by the same application in one run.

    python -m benchmarks.matrix_page

Three pages, each with its ratio to a static page of its own size behind the same policy:

* the national matrix of report cards, ten regions, read from a database;
* a matrix of 150 workstreams by ten criteria, from ratings at hand;
* the same 150 by 10 with a macro and `url_for` in every cell, as a rival.
"""

from __future__ import annotations

import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path

import structlog
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from benchmarks.small_year import REGIONS, small_year
from config import Settings
from qipp_assure.app import create_app
from qipp_assure.database import Database
from qipp_assure.ratings.matrix import (
    Column,
    Group,
    Matrix,
    Rated,
    RatedSubject,
)
from qipp_assure.ratings.matrix_table import matrix_table
from qipp_assure.vocabulary import Because, Rating
from qipp_assure.web import access

ROWS, COLUMNS = 150, 10
ROUNDS = 60
RATINGS = (
    Rated(Rating.RED),
    Rated(Rating.AMBER),
    Rated(Rating.GREEN),
    Rated(Rating.NOT_RATED, Because.JUDGEMENT_OUTSTANDING),
)
OURS = """{% extends "web/page.jinja" %}
{% from "ratings/parts.jinja" import matrix with context %}
{% block title %}Workstreams{% endblock %}
{% block content %}{{ matrix(table, "Workstreams", "Workstream") }}{% endblock %}"""
RIVAL = """{% extends "web/page.jinja" %}
{% macro cell(rated) %}
  <td><a href="{{ url_for("portfolio.show_region", code="Q30") }}">{{ rated.rating | rating_tag }}</a></td>
{% endmacro %}
{% block title %}Workstreams{% endblock %}
{% block content %}
  <table class="nhsuk-table qa-matrix">
    {% for row in rows %}
      <tr><th>{{ row.label }}</th>{% for key in keys %}{{ cell(row.criteria[key]) }}{% endfor %}</tr>
    {% endfor %}
  </table>
{% endblock %}"""


def workstreams() -> Matrix:
    """A matrix of 150 workstreams by ten criteria of made-up ratings."""
    keys = [("implementation", f"criterion-{number}") for number in range(COLUMNS)]
    group = Group(
        "Plan development",
        "development",
        tuple(
            Column(key, f"Criterion {number}", "Briefs") for number, key in enumerate(keys, start=1)
        ),
    )
    rows = tuple(
        RatedSubject(
            label=f"Workstream {number}",
            overall=RATINGS[number % len(RATINGS)],
            criteria=dict(zip(keys, islice(cycle(RATINGS), number % 3, None), strict=False)),
            halves={"development": RATINGS[0]},
            href=f"/regions/Q30/returns/1/ratings/workstream/w{number}",
        )
        for number in range(ROWS)
    )
    return Matrix((group,), rows)


def add_pages(app: Flask) -> dict[str, str]:
    """Put the pages to be measured beside the national matrix; address by name."""
    matrix = workstreams()
    keys = [column.key for group in matrix.groups for column in group.columns]
    static: dict[str, str] = {}
    app.config["STATIC_PAGES"] = static

    @app.get("/measured/ours")
    @access.policy("signed_in")
    def ours() -> str:
        return render_template_string(OURS, table=matrix_table(matrix))

    @app.get("/measured/rival")
    @access.policy("signed_in")
    def rival() -> str:
        return render_template_string(RIVAL, rows=matrix.rows, keys=keys)

    @app.get("/measured/static/<name>")
    @access.policy("signed_in")
    def still(name: str) -> str:
        return static[name]

    return {
        "national matrix, 10 regions": "/national?period=2011-06",
        f"{ROWS} by {COLUMNS}": "/measured/ours",
        f"{ROWS} by {COLUMNS}, macro and url_for in cells": "/measured/rival",
    }


def signed_in(app: Flask, person_id: int, generation: int) -> FlaskClient:
    """A client signed in as the reviewer."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["person_id"] = person_id
        cookie["generation"] = generation
        cookie["signed_in_at"] = int(datetime.now(UTC).timestamp())
    return client


def median_ms(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each call, taken in turns so that all meet the same weather."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QIPP_HOME"] = folder
        database = Database(f"sqlite:///{folder}/bench.db")
        reviewer = small_year(database)
        settings = Settings(home=Path(folder), database_url=database.url, secret_key="s" * 32)
        app = create_app(settings, database)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        pages = add_pages(app)
        client = signed_in(app, *reviewer)
        calls: dict[str, Callable[[], object]] = {}
        sizes = {}
        for number, (name, path) in enumerate(pages.items()):
            answer = client.get(path)
            if answer.status_code != HTTPStatus.OK:
                raise SystemExit(f"{path} answered {answer.status_code}")
            app.config["STATIC_PAGES"][str(number)] = answer.text
            sizes[name] = len(answer.data)
            calls[name] = partial(client.get, path)
            calls[f"static {name}"] = partial(client.get, f"/measured/static/{number}")
        found = median_ms(calls)
        database.dispose()
    print(f"{len(REGIONS)} regions; medians of {ROUNDS}")
    for name in pages:
        ours, still = found[name], found[f"static {name}"]
        print(
            f"{name}: {ours:.1f} ms, static page of {sizes[name] / 1000:.0f} kB "
            f"{still:.1f} ms, ratio {ours / still:.1f}"
        )


if __name__ == "__main__":
    main()
