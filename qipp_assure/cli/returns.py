"""``schema``: what a return looks like."""

from __future__ import annotations

import json

import click

from qipp_assure.returns.templates import json_schema
from qipp_assure.vocabulary import ReturnKind

KIND = click.Choice([kind.value for kind in ReturnKind])


@click.command("schema")
@click.argument("kind", type=KIND)
def schema_command(kind: str) -> int:
    """Print the JSON Schema of a return."""
    click.echo(json.dumps(json_schema(ReturnKind(kind)), ensure_ascii=False, indent=2))
    return 0
