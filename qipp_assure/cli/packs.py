"""``pack``: a region's feedback pack as a file, for scripts."""

from __future__ import annotations

from pathlib import Path

import click

from qipp_assure.cli.output import UnusableInput, json_option, print_json, read_bytes, write_bytes
from qipp_assure.cli.returns import KIND, actor_of, checked_period, current_round, place_options
from qipp_assure.vocabulary import SYSTEM, Refused, ReturnKind

_MOST_BYTES = 200_000_000


@click.command("pack")
@click.argument("kind", type=KIND)
@place_options
@click.option(
    "--as",
    "email",
    metavar="EMAIL",
    help="For whom: the pack holds what they may see.  Without it, everything there is.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.pdf")
@json_option
def pack_command(
    kind: str,
    region: str,
    period: str | None,
    email: str | None,
    out: Path,
    as_json: bool,
) -> int:
    """Make the feedback pack of the latest version of a return: a tagged PDF."""
    from qipp_assure.cli.running import opened, settings
    from qipp_assure.demonstration.provenance import PROVENANCE
    from qipp_assure.feedback_packs.press import make_pack
    from qipp_assure.organisations.queries import get_by_code
    from qipp_assure.submissions.queries import find_latest

    month = checked_period(ReturnKind(kind), period)
    found = settings()
    with opened(found) as database:
        try:
            with database.reading() as session:
                body = get_by_code(session, region)
                round_ = current_round(session)
                submission = find_latest(session, body, round_, ReturnKind(kind), month)
                if submission is None:
                    raise UnusableInput("nothing has been submitted there")
                actor = actor_of(session, email) if email else SYSTEM
                submission_id = submission.id
            made = make_pack(database, found.packs, actor, submission_id, PROVENANCE.note)
        except Refused as refusal:
            raise UnusableInput(str(refusal)) from None
    write_bytes(out, read_bytes(made.path, _MOST_BYTES))
    if as_json:
        print_json({"file": str(out), "pages": made.page_count, "kept": str(made.path)})
    else:
        click.echo(f"{out}: {made.page_count} pages")
    return 0
