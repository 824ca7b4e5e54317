"""``rate``: rates a return with no database, by every set that applies to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from qipp_assure.cli.output import (
    DayParameter,
    UnusableInput,
    json_option,
    print_faults,
    print_json,
    read_json,
)
from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.criteria_engine.path_to_green import add_paths
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.ratings.criteria_files import library
from qipp_assure.returns.bundle import (
    RatingInputs,
    assessment_document,
    date_of_rating,
    is_bundle,
    kind_of_document,
    read_bundle,
)
from qipp_assure.returns.canonical import to_document
from qipp_assure.returns.validation import ReturnFaults, read_return

WORDS = {"red": "■ Red", "amber": "▲ Amber", "green": "● Green", "not_rated": "○ Not rated"}

MOST_CHANGES = 25
"""Changes of one subject that are printed; beyond these nobody reads on."""


@click.command("rate")
@click.argument("return_file", type=click.Path(path_type=Path), metavar="RETURN.json")
@click.option("--judgements", type=click.Path(path_type=Path), help="Judgements, as JSON.")
@click.option("--context", type=click.Path(path_type=Path), help="Context, as JSON.")
@click.option("--criteria", multiple=True, metavar="SET[@VERSION]", help="By these sets only.")
@click.option("--as-of", type=DayParameter(), help="Date of the rating, such as 2011-06-30.")
@click.option("--path-to-green", is_flag=True, help="Say what would make each subject green.")
@json_option
def rate_command(
    return_file: Path,
    judgements: Path | None,
    context: Path | None,
    criteria: tuple[str, ...],
    as_of: date | None,
    path_to_green: bool,
    as_json: bool,
) -> int:
    """Rate a return, or a bundle from ``export``; every rating says why."""
    document = read_json(return_file)
    try:
        if is_bundle(document):
            inputs, sets = read_bundle(document)
        else:
            inputs, sets = _inputs_of(document), ()
    except ReturnFaults as error:
        return print_faults(error.faults, as_json=as_json)
    except CriteriaFaults as error:
        raise UnusableInput(f"{return_file}: {error.faults[0]}") from None
    inputs = _with_options(inputs, judgements, context, as_of)
    chosen = _chosen(criteria, inputs.document) if criteria or not sets else sets
    assessment = inputs.assess(chosen)
    found = assessment_document(inputs, assessment)
    if path_to_green:
        add_paths(found, inputs.facts(), assessment, chosen)
    if as_json:
        print_json(found)
    else:
        _print_assessment(found)
    return 0


def _inputs_of(document: Any) -> RatingInputs:
    checked = to_document(read_return(document))
    today = datetime.now(UTC).date()
    return RatingInputs(document=checked, as_of=date_of_rating(checked, today))


def _with_options(
    inputs: RatingInputs, judgements: Path | None, context: Path | None, as_of: date | None
) -> RatingInputs:
    found_context, documents = inputs.context, inputs.documents
    if context is not None:
        found_context = read_json(context)
        if not isinstance(found_context, Mapping):
            raise UnusableInput(f"{context}: a context is one JSON object")
        # A context file may bring the documents that it names by digest.
        documents = found_context.get("documents", documents)
        found_context = {name: part for name, part in found_context.items() if name != "documents"}
    found_judgements = inputs.judgements
    if judgements is not None:
        listed = read_json(judgements)
        if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
            raise UnusableInput(f"{judgements}: judgements are a list of JSON objects")
        found_judgements = tuple(listed)
    return RatingInputs(
        document=inputs.document,
        as_of=as_of or inputs.as_of,
        context=found_context,
        documents=documents,
        judgements=found_judgements,
    )


def _chosen(names: tuple[str, ...], document: Mapping[str, Any]) -> tuple[CriteriaSet, ...]:
    """Give the sets asked for by name, or all that read the return's template."""
    try:
        found = library()
    except CriteriaFaults as error:
        raise UnusableInput(str(error.faults[0])) from None
    template = str(document.get("template"))
    if not names:
        return found.reading(template)
    try:
        sets = tuple(found.get_set(name) for name in names)
    except KeyError as error:
        raise UnusableInput(str(error.args[0])) from None
    for one in sets:
        if template not in one.reads:
            kind = kind_of_document(document)
            raise UnusableInput(
                f"{one.set}@{one.version} does not rate a {kind} (it reads {', '.join(one.reads)})"
            )
    return sets


def _print_assessment(found: Mapping[str, Any]) -> None:
    stated = found["return"]
    period = f", {stated['period']}" if stated["period"] else ""
    click.echo(f"{stated['kind']} of {stated['region']}{period}, as of {found['as_of']}")
    for one in found["criteria"]:
        click.echo(f"by {one['set']}@{one['version']} {one['digest'][:12]}")
    for subject in found["subjects"]:
        click.echo("")
        label = " ".join(part for part in (subject["code"], subject["name"]) if part)
        click.echo(f"{WORDS[subject['overall']]}  {subject['kind']} {label}")
        for flag in subject["flags"]:
            click.echo(f"  ! {flag['says']}")
        if path := subject.get("path_to_green"):
            _print_path(path)
        for criterion in subject["criteria"]:
            click.echo(
                f"  {WORDS[criterion['rating']]}  {criterion['title']}: {criterion['reason']}"
            )
            for check in criterion["checks"]:
                click.echo(f"      {WORDS[check['rating']]}  {check['reason']}")


def _print_path(path: Mapping[str, Any]) -> None:
    """What would make a subject green: one line a check, with whose it is and until when."""
    changes = path["changes"]
    if path["unreachable"]:
        click.echo(f"  → Unreachable now. {path['unreachable']['says']}")
    elif len(changes) == 1:
        click.echo("  → Green by one change:")
    else:
        click.echo(f"  → Green by {len(changes)} changes:")
    for change in changes[:MOST_CHANGES]:
        subject = change["subject"]
        label = subject["code"] or subject["name"]
        by = f", by {change['by']}" if change["by"] else ""
        owner = f" [{change['owner']}{by}]" if change["owner"] else ""
        click.echo(f"      {label} {change['check']}: {change['do']}{owner}")
    if len(changes) > MOST_CHANGES:
        click.echo(f"      and {len(changes) - MOST_CHANGES} more (--json gives them all)")
