"""What commands share: reading files, and printing one JSON document and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from qipp_assure.returns.validation import MAX_BYTES, Fault, ReturnFaults, parse_json

Command = TypeVar("Command", bound=Callable[..., Any])


class UnusableInput(Exception):
    """Input that cannot be used at all: one line, exit 2."""


def json_option(command: Command) -> Command:
    """Give a command its ``--json`` flag."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
    )(command)


class DayParameter(click.ParamType[date]):
    """A date as 2011-06-30."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date, or say what one looks like."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2011-06-30", param, ctx)


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Read a file; raises UnusableInput where that cannot be, or where it is too large."""
    try:
        if path.stat().st_size > most:
            raise UnusableInput(f"{path}: larger than {most:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise UnusableInput(f"{path}: {error.strerror or error}") from None


def read_json(path: Path) -> Any:
    """Read a JSON file; raises UnusableInput with one line where it is none."""
    try:
        return parse_json(read_bytes(path, most=5 * MAX_BYTES), most=5 * MAX_BYTES)
    except ReturnFaults as error:
        raise UnusableInput(f"{path}: {error.faults[0].message}") from None


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole; raises UnusableInput where that cannot be."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UnusableInput(f"{path}: {error.strerror or error}") from None


def print_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=False))


def print_faults(faults: list[Fault], *, as_json: bool) -> int:
    """Print what is wrong with a return, a line each, and leave with 1."""
    if as_json:
        print_json({"faults": [fault_document(one) for one in faults]})
    else:
        for fault in faults:
            click.echo(fault_line(fault))
    return 1


def fault_line(fault: Fault) -> str:
    """Write a fault on one line: its path first, for tools; its label last, for people."""
    return f"{fault} ({fault.label})" if fault.label else str(fault)


def fault_document(fault: Fault) -> dict[str, str]:
    """Write a fault for programs."""
    return {"path": fault.path, "message": fault.message, "label": fault.label}
