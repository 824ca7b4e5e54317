"""``criteria check | list | show``: the criteria files, without any database.

``criteria compare``, which rates sealed history, stands in `comparing`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qipp_assure.cli.comparing import compare_command
from qipp_assure.cli.output import UnusableInput, json_option, print_json
from qipp_assure.criteria_engine.faults import CriteriaFaults, Fault
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.ratings.criteria_files import (
    CRITERIA,
    Library,
    check_examples,
    criteria_files,
    library,
    load_library,
)


@click.group("criteria")
def criteria_group() -> None:
    """Check, list, show and compare the criteria."""


criteria_group.add_command(compare_command)


@criteria_group.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@json_option
def check_command(paths: tuple[Path, ...], as_json: bool) -> int:
    """Print every fault in criteria files (by default the project's own)."""
    wanted = paths or (CRITERIA,)
    for path in wanted:
        if not path.exists():
            raise UnusableInput(f"{path}: no such file or folder")
    files = criteria_files(wanted)
    if not files:
        raise UnusableInput(f"{wanted[0]}: holds no criteria file (*.yaml)")
    lines: list[str] = []
    try:
        faults = _check_examples(load_library(wanted), lines)
    except CriteriaFaults as error:
        faults = list(error.faults)
    if as_json:
        print_json([fault.to_json() for fault in faults])
    else:
        for line in [str(fault) for fault in faults] or lines:
            click.echo(line)
        if not faults:
            click.echo(f"{len(files)} criteria files, no faults")
    return 1 if faults else 0


def _check_examples(found: Library, lines: list[str]) -> list[Fault]:
    """Run the worked examples beside each set, and note a line on what they cover."""
    faults: list[Fault] = []
    for one in found.sets:
        own, covered = check_examples(one)
        faults.extend(own)
        if not own:
            said = "no worked examples beside it" if covered is None else covered.says()
            lines.append(f"{one.set}@{one.version}: {said}")
    return faults


def _loaded() -> tuple[CriteriaSet, ...]:
    try:
        return library().sets
    except CriteriaFaults as error:
        raise UnusableInput(str(error.faults[0])) from None


@criteria_group.command("list")
@json_option
def list_command(as_json: bool) -> int:
    """List every set and version with its digest."""
    rows: list[dict[str, Any]] = [
        {
            "set": one.set,
            "version": one.version,
            "title": one.title,
            "rates": list(one.rates),
            "reads": list(one.reads),
            "origin": one.origin,
            "criteria": sum(1 for _ in one.criteria()),
            "checks": sum(1 for _ in one.checks()),
            "digest": one.digest,
        }
        for one in _loaded()
    ]
    if as_json:
        print_json(rows)
        return 0
    for row in rows:
        click.echo(
            f"{row['set']}@{row['version']}  {row['title']}: {row['criteria']} criteria, "
            f"{row['checks']} checks, rates each {' and '.join(row['rates'])}  "
            f"{row['digest'][:12]}"
        )
    return 0


@criteria_group.command("show")
@click.argument("name", metavar="SET[@VERSION]")
@json_option
def show_command(name: str, as_json: bool) -> int:
    """Print a set as its file has it, or its outline as JSON."""
    _loaded()
    try:
        one = library().get_set(name)
    except KeyError as error:
        raise UnusableInput(str(error.args[0])) from None
    if as_json:
        print_json(_outline(one))
    else:
        click.echo(one.text, nl=False)
    return 0


def _outline(one: CriteriaSet) -> dict[str, Any]:
    return {
        "set": one.set,
        "version": one.version,
        "title": one.title,
        "digest": one.digest,
        "areas": [
            {
                "id": area.id,
                "title": area.title,
                "criteria": [
                    {
                        "id": criterion.id,
                        "title": criterion.title,
                        "checks": [
                            {"id": check.id, "asks": check.asks, "digest": check.digest}
                            for check in criterion.checks
                        ],
                    }
                    for criterion in area.criteria
                ],
            }
            for area in one.areas
        ],
    }
