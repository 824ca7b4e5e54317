"""``criteria compare``: what another version of a set would move in sealed history.

It reads the database of the settings and writes nothing to it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qipp_assure.cli.output import UnusableInput, json_option, print_json
from qipp_assure.criteria_engine.assessment import Outcome
from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.criteria_engine.loading import load_file
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.returns.schemas import schemas
from qipp_assure.vocabulary import Because, Rating, Refused

if TYPE_CHECKING:
    # The other commands on criteria start without any database.
    from sqlalchemy.orm import Session

    from qipp_assure.ratings.comparing import Moved

WORDS = {
    Rating.RED: "■ Red",
    Rating.AMBER: "▲ Amber",
    Rating.GREEN: "● Green",
    Rating.NOT_RATED: "○ Not rated",
}
BECAUSE = {
    Because.NOTHING_DUE: "nothing due",
    Because.MISSING: "figures missing",
    Because.UNDEFINED: "undefined",
    Because.JUDGEMENT_OUTSTANDING: "judgement outstanding",
    Because.DOES_NOT_APPLY: "does not apply",
}


@click.command("compare")
@click.argument("first", metavar="SET@A")
@click.argument("second", metavar="SET@B", required=False)
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    metavar="OTHER.yaml",
    help="A criteria file in place of SET@B, published or not.",
)
@json_option
def compare_command(first: str, second: str | None, path: Path | None, as_json: bool) -> int:
    """List every rating in sealed history that would move from SET@A to SET@B, and why.

    The latest version of each sealed return is rated by both, from what its last rating was made
    from.  Judgements count where their check is the same in that version.  Nothing is written.
    """
    from qipp_assure.cli.running import opened
    from qipp_assure.ratings.comparing import find_moved
    from qipp_assure.ratings.history import list_sealed, read_sealed

    if (second is None) == (path is None):
        raise click.UsageError("name what to compare with: either SET@B or --file OTHER.yaml")
    with opened() as database, database.reading() as session:
        a = _version(session, first)
        b = _version(session, second) if second is not None else _from_file(path or Path())
        if a.set != b.set:
            raise UnusableInput(f"{a.set} and {b.set} are different sets: compare versions of one")
        sealed = list_sealed(session, set(a.reads) & set(b.reads))
        label = f"Rating {len(sealed)} returns by two versions"
        with click.progressbar(sealed, label=label, file=sys.stderr) as bar:
            moved = list(find_moved(a, b, read_sealed(session, bar)))
    document = _document(a, b, len(sealed), moved)
    if as_json:
        print_json(document)
    else:
        _print(document, moved)
    return 0


def _version(session: Session, name: str) -> CriteriaSet:
    from qipp_assure.ratings.history import find_version

    if not all(name.partition("@")):
        raise UnusableInput(f"{name[:80]!r} does not name a version, as SET@VERSION does")
    try:
        return find_version(session, name)
    except Refused as refusal:
        raise UnusableInput(str(refusal)) from None
    except CriteriaFaults as error:
        raise UnusableInput(str(error.faults[0])) from None


def _from_file(path: Path) -> CriteriaSet:
    try:
        return load_file(path, schemas())
    except OSError as error:
        raise UnusableInput(f"{path}: {error.strerror or error}") from None
    except CriteriaFaults as error:
        more = f" (and {len(error.faults) - 1} more faults)" if len(error.faults) > 1 else ""
        raise UnusableInput(f"{error.faults[0]}{more}") from None


def _document(
    a: CriteriaSet, b: CriteriaSet, returns: int, moved: Sequence[Moved]
) -> dict[str, Any]:
    from qipp_assure.ratings.comparing import count_by_criterion, only_in

    return {
        "set": a.set,
        **{
            name: {"version": one.version, "digest": one.digest, "file": one.file}
            for name, one in (("from", a), ("to", b))
        },
        "returns": returns,
        "moved": [one.to_json() for one in moved],
        "by_criterion": [
            {"id": key, "title": count.title, "checks": count.checks, "criteria": count.criteria}
            for key, count in count_by_criterion(b, moved).items()
        ],
        "only_in": {
            name: [{"part": part.value, "id": place} for part, place in only_in(one, other)]
            for name, one, other in (("from", a, b), ("to", b, a))
        },
    }


def _print(document: dict[str, Any], moved: Sequence[Moved]) -> None:
    before, after = document["from"], document["to"]
    click.echo(
        f"{document['set']}@{before['version']} {before['digest'][:12]} → "
        f"{document['set']}@{after['version']} {after['digest'][:12]}"
    )
    heading = ""
    for one in moved:
        facts, subject = one.facts, one.subject
        place = ", ".join(part for part in (facts.return_kind, facts.region, facts.period) if part)
        label = " ".join(part for part in (subject.code, subject.name) if part)
        if heading != (heading := f"{place}: {subject.kind} {label}"):
            click.echo(f"\n{heading}")
        named = " ".join(part for part in one.place if part)
        title = "" if one.title.lower() == named else f" ({one.title})"
        click.echo(f"  {named}{title}: {_words(one.before)} → {_words(one.after)}")
        click.echo(f"      was: {one.before.reason}")
        click.echo(f"      now: {one.after.reason}")
    _print_counts(document)


def _print_counts(document: dict[str, Any]) -> None:
    click.echo("")
    for count in document["by_criterion"]:
        if count["checks"] or count["criteria"]:
            click.echo(
                f"{count['id']}: {count['checks']:,} ratings of its checks would move, "
                f"{count['criteria']:,} of its own"
            )
    for name in ("from", "to"):
        for one in document["only_in"][name]:
            click.echo(f"only in {document[name]['version']}: {one['part']} {one['id']}")
    click.echo(
        f"{document['returns']:,} returns rated by both: {len(document['moved']):,} ratings would move"
    )


def _words(outcome: Outcome) -> str:
    because = f" ({BECAUSE[outcome.because]})" if outcome.because else ""
    return f"{WORDS[outcome.rating]}{because}"
