"""How much dearer a report card's workbook is through ours than through the library alone.

Reading is compared with python-calamine reading every sheet into lists; writing with xlsxwriter
writing the same values, bare.  Both in one run, the ratio of the medians.  Run it with
``python -m benchmarks.workbooks``.
"""

from __future__ import annotations

import io
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import python_calamine
import xlsxwriter

from qipp_assure.returns.canonical import canonical_bytes, to_document
from qipp_assure.returns.validation import read_return
from qipp_assure.workbooks.origin import Origin
from qipp_assure.workbooks.reader import read_workbook
from qipp_assure.workbooks.writer import write_workbook

INITIATIVES, MILESTONES, KPIS, LINES, RISKS = 45, 12, 6, 4, 5
ROUNDS = 9


def words(chance: random.Random, number: int) -> str:
    """Some words, as long as people write them."""
    choice = ("ward", "bed days", "the trust", "agreed", "pathway", "saves", "review", "by June")
    return " ".join(chance.choice(choice) for _ in range(number))


def realistic_card() -> dict[str, Any]:
    """A report card of 45 initiatives, each with milestones, KPIs, savings lines and risks."""
    chance = random.Random(2011)  # noqa: S311 - the same card every time, not a secret
    tracker = [
        {
            "id": f"i{number}",
            "code": f"I{number}",
            "name": words(chance, 4),
            "workstream_id": f"w{number % 12}",
            "updated_on": "2011-06-30",
            "change": words(chance, 20),
            "milestones": [
                {
                    "id": f"m{number}-{each}",
                    "name": words(chance, 5),
                    "owner": "Jo Bloggs",
                    "due": "2011-06-30",
                    "status": chance.choice(("done", "under_way", "not_started")),
                    "updated_on": "2011-06-28",
                    "transformational": each == 0,
                }
                for each in range(MILESTONES)
            ],
            "kpis": [
                {
                    "id": f"k{number}-{each}",
                    "name": words(chance, 4),
                    "kind": "activity",
                    "unit": "a month",
                    "better_when": "lower",
                    "baseline": str(chance.randrange(1000) / 10),
                    "target": "93.5",
                    "expected": "95",
                    "actual": str(chance.randrange(1000) / 10),
                    "updated_on": "2011-06-28",
                }
                for each in range(KPIS)
            ],
            "savings": [
                {
                    "id": f"s{number}-{each}",
                    "name": words(chance, 4),
                    "kind": "cost_reduction",
                    "recurrent": True,
                    "cash_effect": "cash_releasing",
                    "spending_area": "acute",
                    **{
                        name: chance.randrange(5_000_000)
                        for name in (
                            "planned_month_gbp",
                            "actual_month_gbp",
                            "planned_to_date_gbp",
                            "actual_to_date_gbp",
                            "planned_year_gbp",
                            "forecast_year_gbp",
                            "cost_one_off_gbp",
                            "cost_recurrent_gbp",
                        )
                    },
                    "evidence": words(chance, 8),
                }
                for each in range(LINES)
            ],
            "risks": [
                {
                    "id": f"r{number}-{each}",
                    "kind": "workforce",
                    "description": words(chance, 15),
                    "consequence": words(chance, 10),
                    "mitigation": words(chance, 15),
                    "action_under_way": True,
                    "owner": "Sam Smith",
                    "status": "open",
                    "likelihood": 3,
                    "impact": 4,
                }
                for each in range(RISKS)
            ],
        }
        for number in range(INITIATIVES)
    ]
    card = {
        "template": "report-card@2011.1",
        "region": "Q30",
        "round": "2011-12",
        "period": "2011-06",
        "tracker": tracker,
        "lines": [
            {
                "id": f"l{n}",
                "kind": "workstream",
                "name": words(chance, 3),
                "workstream_id": f"w{n}",
            }
            for n in range(12)
        ],
    }
    return to_document(read_return(card))


def median_of(work: Callable[[], Any]) -> float:
    """Median seconds of some rounds, after one to warm up."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def read_bare(data: bytes) -> list[list[list[Any]]]:
    """Read every sheet with python-calamine alone."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def write_bare(sheets: list[list[list[Any]]]) -> bytes:
    """Write the same values with xlsxwriter alone: no formats, no rules, no protection."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "d mmmm yyyy"})
    for rows in sheets:
        page = book.add_worksheet()
        for row, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if cell != "":
                    page.write(row, place, cell)
    book.close()
    return stream.getvalue()


def main() -> None:
    """Measure and print."""
    card = realistic_card()
    origin = Origin("report-card@2011.1", "Q30", "2011-12", "benchmark", period="2011-06")
    data = write_workbook(card, origin)
    reading = read_workbook(data)
    assert reading.document == card, reading.faults[:5]
    sheets = read_bare(data)
    filled = sum(cell != "" for rows in sheets for row in rows for cell in row)
    print(
        f"a report card of {INITIATIVES} initiatives: {len(canonical_bytes(card)):,} bytes of JSON, "
        f"{len(data):,} bytes of workbook, {filled:,} filled cells"
    )
    for name, ours, bare in (
        ("read ", lambda: read_workbook(data), lambda: read_bare(data)),
        ("write", lambda: write_workbook(card, origin), lambda: write_bare(sheets)),
    ):
        here, there = median_of(ours), median_of(bare)
        print(
            f"{name}: ours {here:.3f} s, the library alone {there:.3f} s, ratio {here / there:.1f}"
        )


if __name__ == "__main__":
    main()
