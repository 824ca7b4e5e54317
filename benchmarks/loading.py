"""One region's plan loaded by the application against a raw driver read of the same bytes.

    python -m benchmarks.loading

On SQLite, in one run: the draft's document put together from its parts, and the sealed return
read; each against the driver alone, which reads the same bytes and parses them.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks.small_year import small_year
from qipp_assure.database import Database
from qipp_assure.demonstration.year import build
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.rounds.queries import get_round
from qipp_assure.submissions.drafts import begin_draft, replace_draft
from qipp_assure.submissions.queries import (
    document_of,
    find_draft,
    find_latest,
    read_content,
)
from qipp_assure.submissions.services import seal_return
from qipp_assure.vocabulary import SYSTEM, ReturnKind

ROUNDS = 60
REGION = "Q33"
PLAN = ReturnKind.PLAN


def fill(database: Database) -> None:
    """Put a demonstration plan into the small database, as a draft and sealed."""
    small_year(database)
    plan = build().plans[REGION]
    with database.writing() as session:
        region, round_ = get_by_code(session, REGION), get_round(session, "plans-2011")
        plan = {**plan, "round": round_.code}
        draft = begin_draft(session, SYSTEM, region, round_, PLAN)
        replace_draft(session, SYSTEM, draft, plan, "benchmark")
        seal_return(session, SYSTEM, region, round_, plan)


def ours_draft(database: Database) -> dict[str, Any]:
    """The draft's document, as the pages load it."""
    with database.reading() as session:
        region, round_ = get_by_code(session, REGION), get_round(session, "plans-2011")
        draft = find_draft(session, region, round_, PLAN)
        assert draft is not None
        return document_of(session, draft)


def ours_sealed(database: Database) -> dict[str, Any]:
    """The sealed return, as the pages load it."""
    with database.reading() as session:
        region, round_ = get_by_code(session, REGION), get_round(session, "plans-2011")
        found = find_latest(session, region, round_, PLAN)
        assert found is not None
        return read_content(found)


def raw_draft(connection: sqlite3.Connection) -> list[Any]:
    """The same parts by the driver alone."""
    rows = connection.execute(
        "select p.body from draft_parts p join drafts d on d.id = p.draft_id "
        "join organisations o on o.id = d.organisation_id where o.code = ? and d.kind = 'plan'",
        (REGION,),
    )
    return [json.loads(body) for (body,) in rows]


def raw_sealed(connection: sqlite3.Connection) -> Any:
    """The same bytes by the driver alone."""
    row = connection.execute(
        "select s.content from submissions s join organisations o on o.id = s.organisation_id "
        "where o.code = ? and s.kind = 'plan' order by s.version_number desc limit 1",
        (REGION,),
    ).fetchone()
    return json.loads(row[0])


def medians(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median milliseconds of each call, taken in turns."""
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
        path = f"{folder}/bench.db"
        database = Database(f"sqlite:///{path}")
        fill(database)
        connection = sqlite3.connect(path)
        sealed, draft = ours_sealed(database), ours_draft(database)
        assert sealed == raw_sealed(connection)
        assert len(draft["initiatives"]) == len(sealed["initiatives"])
        found = medians(
            {
                "draft": lambda: ours_draft(database),
                "raw draft": lambda: raw_draft(connection),
                "sealed": lambda: ours_sealed(database),
                "raw sealed": lambda: raw_sealed(connection),
            }
        )
        connection.close()
        database.dispose()
    size = len(json.dumps(sealed)) / 1000
    print(f"{len(sealed['initiatives'])} initiatives, {size:.0f} kB; medians of {ROUNDS}")
    for name, words in (("draft", "draft from its parts"), ("sealed", "sealed return")):
        ours, raw = found[name], found[f"raw {name}"]
        print(f"{words}: {ours:.2f} ms, raw driver {raw:.2f} ms, ratio {ours / raw:.1f}")


if __name__ == "__main__":
    main()
