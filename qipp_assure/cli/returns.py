"""``schema``, ``submit`` and ``export``: returns in and out for scripts.

These commands run at the server, where whoever may run them may do all; ``--as`` names the
person on whose behalf they act, whose rights then hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qipp_assure.cli.output import (
    UnusableInput,
    json_option,
    print_faults,
    print_json,
    write_bytes,
)
from qipp_assure.returns.canonical import canonical_bytes
from qipp_assure.returns.periods import phased_by
from qipp_assure.returns.templates import json_schema
from qipp_assure.returns.validation import ReturnFaults
from qipp_assure.vocabulary import Actor, PhasedBy, Refused, ReturnKind

if TYPE_CHECKING:
    # `schema` starts without any database.
    from sqlalchemy.orm import Session

    from qipp_assure.rounds.models import Round

KIND = click.Choice([kind.value for kind in ReturnKind])
Command = TypeVar("Command", bound=Callable[..., Any])


def place_options(command: Command) -> Command:
    """Give a command the options that name one return of a region."""
    for option in (
        click.option("--period", metavar="YYYY-MM", help="Month of a report card."),
        click.option("--region", required=True, metavar="CODE", help="Such as Q36."),
    ):
        command = option(command)
    return command


as_option = click.option(
    "--as", "email", required=True, metavar="EMAIL", help="On whose behalf; their rights hold."
)


def checked_period(kind: ReturnKind, period: str | None) -> str:
    """Give the month of a return, empty for a plan; raises UnusableInput where it does not fit."""
    if kind is ReturnKind.PLAN:
        if period:
            raise UnusableInput("a plan has no month; leave --period out")
        return ""
    if period is None or phased_by(period) is not PhasedBy.MONTH:
        raise UnusableInput("a report card needs its month, such as --period 2011-06")
    return period


def actor_of(session: Session, email: str) -> Actor:
    """Give the person of an e-mail address as an actor; raises UnusableInput for none."""
    from qipp_assure.accounts.queries import find_person

    person = find_person(session, email)
    if person is None or not person.active:
        raise UnusableInput(f"there is no open account for {email[:100]!r}")
    return person.actor


def current_round(session: Session) -> Round:
    """Give the planning round of today; raises UnusableInput where there is none."""
    from qipp_assure.accounts.queries import today
    from qipp_assure.rounds.queries import find_current_round

    found = find_current_round(session, today())
    if found is None:
        raise UnusableInput("there is no planning round yet")
    return found


@click.command("schema")
@click.argument("kind", type=KIND)
def schema_command(kind: str) -> int:
    """Print the JSON Schema of a return."""
    click.echo(json.dumps(json_schema(ReturnKind(kind)), ensure_ascii=False, indent=2))
    return 0


@click.command("submit")
@click.argument("kind", type=KIND)
@place_options
@as_option
@json_option
def submit_command(kind: str, region: str, period: str | None, email: str, as_json: bool) -> int:
    """Submit a region's draft: it is sealed and rated, and never changes again."""
    from qipp_assure.cli.running import opened
    from qipp_assure.organisations.queries import get_by_code
    from qipp_assure.ratings.assessing import submit_return
    from qipp_assure.submissions.queries import find_draft

    month = checked_period(ReturnKind(kind), period)
    with opened() as database:
        try:
            with database.writing() as session:
                actor = actor_of(session, email)
                body = get_by_code(session, region)
                draft = find_draft(session, body, current_round(session), ReturnKind(kind), month)
                if draft is None:
                    raise UnusableInput("there is no draft to submit; import one first")
                submission = submit_return(session, actor, draft)
                found = {
                    "kind": kind,
                    "region": region,
                    "period": month or None,
                    "version": submission.version_number,
                    "digest": submission.digest,
                    "seal": submission.seal,
                }
        except ReturnFaults as error:
            return print_faults(error.faults, as_json=as_json)
        except Refused as refusal:
            raise UnusableInput(str(refusal)) from None
    if as_json:
        print_json(found)
    else:
        click.echo(f"version {found['version']} sealed: {found['seal']}")
    return 0


@click.command("export")
@click.argument("kind", type=KIND)
@place_options
@click.option("--basis", type=click.Choice(["computed", "reviewed"]), help="Which ratings.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.json")
def export_command(kind: str, region: str, period: str | None, basis: str | None, out: Path) -> int:
    """Write a rated return with all that its rating was made from, as one bundle for ``rate``."""
    from qipp_assure.cli.running import opened
    from qipp_assure.organisations.queries import get_by_code
    from qipp_assure.ratings.assessing import bundle_of
    from qipp_assure.ratings.models import Basis
    from qipp_assure.ratings.queries import latest_assessment
    from qipp_assure.submissions.queries import find_latest

    month = checked_period(ReturnKind(kind), period)
    with opened() as database, database.reading() as session:
        try:
            body = get_by_code(session, region)
            submission = find_latest(session, body, current_round(session), ReturnKind(kind), month)
            if submission is None:
                raise UnusableInput("nothing has been submitted there")
            assessment = latest_assessment(session, submission, Basis(basis) if basis else None)
            if assessment is None:
                raise UnusableInput("it has not been rated in that way")
            bundle = bundle_of(session, assessment)
        except Refused as refusal:
            raise UnusableInput(str(refusal)) from None
    write_bytes(out, canonical_bytes(bundle) + b"\n")
    click.echo(f"{out}: version {submission.version_number}, {assessment.basis.value} ratings")
    return 0
