"""``template`` and ``import``: returns out as workbooks to fill in, and back into drafts."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qipp_assure.cli.output import (
    UnusableInput,
    fault_document,
    fault_line,
    json_option,
    print_json,
    read_bytes,
    write_bytes,
)
from qipp_assure.cli.returns import (
    KIND,
    actor_of,
    as_option,
    checked_period,
    current_round,
    place_options,
)
from qipp_assure.vocabulary import SYSTEM, Refused, ReturnKind

if TYPE_CHECKING:
    from qipp_assure.database import Database
    from qipp_assure.submissions.importing import Imported
    from qipp_assure.submissions.services import IncomingFile


@click.command("template")
@click.argument("kind", type=KIND)
@place_options
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.xlsx")
def template_command(kind: str, region: str, period: str | None, out: Path) -> int:
    """Write a workbook to fill in, which holds what is known already."""
    from qipp_assure.cli.running import opened
    from qipp_assure.organisations.queries import get_by_code
    from qipp_assure.workbooks.queries import Place
    from qipp_assure.workbooks.services import take_out

    month = checked_period(ReturnKind(kind), period)
    with opened() as database:
        try:
            with database.writing() as session:
                body = get_by_code(session, region)
                place = Place(body, current_round(session), ReturnKind(kind), month)
                outgoing = take_out(session, SYSTEM, place)
        except Refused as refusal:
            raise UnusableInput(str(refusal)) from None
    write_bytes(out, outgoing.write())
    click.echo(f"{out}: export {outgoing.origin.export_id}")
    return 0


@dataclass(frozen=True, slots=True)
class FileRead:
    """What came of reading a file, workbook or JSON; `faults` are for print and for JSON."""

    document: dict[str, Any] | None
    faults: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    export_id: str = ""
    region: str | None = None


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@as_option
@click.option("--yes", is_flag=True, help="Import even where that undoes work in the draft.")
@json_option
def import_command(file: Path, email: str, *, yes: bool, as_json: bool) -> int:
    """Import a workbook, or a return as JSON, into the draft it is for: all of it or nothing."""
    from qipp_assure.cli.running import opened
    from qipp_assure.submissions.importing import refuse_file
    from qipp_assure.submissions.services import IncomingFile
    from qipp_assure.workbooks.package import MAX_UPLOAD

    data = read_bytes(file, most=MAX_UPLOAD)
    incoming = IncomingFile.of(file.name, data)
    read = _read(data)
    with opened() as database:
        if read.document is None:
            with database.writing() as session:
                actor = actor_of(session, email)
                refuse_file(session, actor, incoming, read.region, len(read.faults))
            return _say_faults(read, as_json=as_json)
        outcome = _take_in(database, email, incoming, read)
        if outcome.losses and (yes or _agreed(outcome, as_json=as_json)):
            outcome = _take_in(database, email, incoming, read, revision=outcome.revision)
    if outcome.refusal is not None:
        raise UnusableInput(str(outcome.refusal))
    return _say_outcome(outcome, read, as_json=as_json)


def _read(data: bytes) -> FileRead:
    from qipp_assure.submissions.importing import read_json_return
    from qipp_assure.workbooks.reader import read_workbook

    if data.lstrip().startswith(b"{"):
        found = read_json_return(data)
        said = [(fault_line(one), fault_document(one)) for one in found.faults]
        return FileRead(found.document, said)
    reading = read_workbook(data)
    cells = [
        (str(one), {"sheet": one.sheet, "cell": one.cell, "message": one.message})
        for one in reading.faults
    ]
    origin = reading.origin
    if origin is None:
        return FileRead(reading.document, cells, reading.warnings)
    return FileRead(reading.document, cells, reading.warnings, origin.export_id, origin.region)


def _take_in(
    database: Database,
    email: str,
    incoming: IncomingFile,
    read: FileRead,
    revision: int | None = None,
) -> Imported:
    from qipp_assure.submissions.importing import import_return

    with database.writing() as session:
        return import_return(
            session,
            actor_of(session, email),
            incoming,
            read.document or {},
            export_id=read.export_id,
            confirmed_revision=revision,
        )


def _agreed(outcome: Imported, *, as_json: bool) -> bool:
    """Ask, where there is somebody to ask."""
    if as_json or not sys.stdin.isatty():
        return False
    _say_losses(outcome)
    return click.confirm("Import it all the same?")


def _say_losses(outcome: Imported) -> None:
    click.echo("Importing it would undo work in the draft:")
    for one in outcome.losses:
        by = f", last written by {one.by}" if one.by else ""
        click.echo(f"  {one.what}: {one.changed} fields replaced, {one.vanishing} removed{by}")


def _say_faults(read: FileRead, *, as_json: bool) -> int:
    if as_json:
        print_json({"faults": [fault for _, fault in read.faults], "warnings": read.warnings})
    else:
        for line, _ in read.faults:
            click.echo(line)
    return 1


def _say_outcome(outcome: Imported, read: FileRead, *, as_json: bool) -> int:
    done = outcome.replaced
    if as_json and done is None:
        losses = [
            {"part": one.what, "replaced": one.changed, "removed": one.vanishing}
            for one in outcome.losses
        ]
        print_json({"losses": losses, "revision": outcome.revision})
    elif as_json and done is not None:
        parts = {
            "added": done.added,
            "changed": done.changed,
            "removed": done.removed,
            "unchanged": done.unchanged,
        }
        said = {"revision": outcome.revision, "parts": parts, "warnings": read.warnings}
        print_json({"imported": True, **said})
    elif done is None:
        _say_losses(outcome)
        click.echo("Nothing was imported. Give --yes to import it all the same.")
    else:
        for warning in read.warnings:
            click.echo(f"note: {warning}", err=True)
        click.echo(
            f"imported: {done.added} parts added, {done.changed} changed, {done.removed} removed"
        )
    return 0 if done is not None else 1
