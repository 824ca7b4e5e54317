"""The ``qipp-assure`` command.

Exit 0: done.  1: the input was judged and found wanting.  2: wrong usage or unreadable input,
with one clear line.  Commands are imported when they are called, so that ``rate`` needs neither
Flask nor a database.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import click

from qipp_assure.cli.output import UnusableInput

# Name of the command, and where it is; the order is that of the help page.
COMMANDS = {
    "rate": "rating:rate_command",
    "criteria": "criteria:criteria_group",
    "schema": "returns:schema_command",
    "template": "workbooks:template_command",
    "import": "workbooks:import_command",
    "submit": "returns:submit_command",
    "export": "returns:export_command",
    "pack": "packs:pack_command",
    "db": "running:db_group",
    "user": "running:user_group",
    "serve": "running:serve_command",
    "worker": "running:worker_command",
    "demo": "running:demo_command",
}


class LateGroup(click.Group):
    """A group whose commands are imported when they are wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"qipp_assure.cli.{module}"), name)
        return found if isinstance(found, click.Command) else None


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version="0.1.0", prog_name="qipp-assure")
def root() -> None:
    """Assure regions' plans: returns in, explained ratings and feedback packs out."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit code; never a traceback for bad input."""
    try:
        code = root.main(arguments, prog_name="qipp-assure", standalone_mode=False)
    except click.exceptions.Abort:
        _stop("stopped", 130)
    except click.UsageError as error:
        hint = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
        _stop(f"{error.format_message()}{hint}", 2)
    except (click.ClickException, UnusableInput) as error:
        _stop(str(error) or error.__class__.__name__, 2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _stop(message: str, code: int) -> NoReturn:
    """Say one line and leave."""
    click.echo(f"qipp-assure: {' '.join(message.split())}", err=True)
    sys.exit(code)
