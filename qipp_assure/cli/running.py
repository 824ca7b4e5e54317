"""``db``, ``user``, ``serve``, ``worker`` and ``demo``: what keeps the service running."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click
from alembic.util.exc import CommandError

from config import Settings, SettingsError
from qipp_assure.cli.output import DayParameter, UnusableInput
from qipp_assure.database import Database, DatabaseUnavailable
from qipp_assure.vocabulary import SYSTEM, Refused, Role, Tier


def settings() -> Settings:
    """Read the settings; raises UnusableInput with one line where one is wrong."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise UnusableInput(str(error)) from None


@contextmanager
def opened(found: Settings | None = None, *, current: bool = True) -> Iterator[Database]:
    """Open the database of the settings, and turn what it refuses into one line.

    With `current`, one that lacks migrations is refused.
    """
    found = found or settings()
    if found.database_url.startswith("sqlite:///"):
        found.home.mkdir(parents=True, exist_ok=True)
    try:
        database = Database(found.database_url)
    except Exception as error:  # an address of whatever form; the driver says what is wrong
        raise UnusableInput(f"DATABASE_URL cannot be used: {error}") from None
    try:
        if current and not database.is_current():
            raise UnusableInput("the database lacks migrations: run 'qipp-assure db upgrade'")
        yield database
    except DatabaseUnavailable as away:
        raise UnusableInput(str(away)) from None
    finally:
        database.dispose()


@click.group("db")
def db_group() -> None:
    """Bring the database's tables up to date, or back."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> int:
    """Apply migrations, up to the newest by default."""
    with opened(current=False) as database:
        try:
            database.upgrade(revision)
        except CommandError as error:
            raise UnusableInput(str(error)) from None
        click.echo(f"database at {database.revision()}")
    return 0


@db_group.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> int:
    """Take migrations back to a revision ('base' for none)."""
    with opened(current=False) as database:
        try:
            database.downgrade(revision)
        except CommandError as error:
            raise UnusableInput(str(error)) from None
        click.echo(f"database at {database.revision() or 'base'}")
    return 0


@click.group("user")
def user_group() -> None:
    """Add the first people."""


@user_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organisation", required=True, metavar="CODE", help="Code, such as DH or Q36.")
@click.option("--organisation-name", help="Makes the national body of that code, if it is new.")
@click.option("--from", "starts_on", type=DayParameter(), help="First day; today by default.")
@click.option("--to", "ends_on", type=DayParameter(), help="Last day, if there is one.")
def add_command(
    email: str,
    name: str,
    role: str,
    organisation: str,
    organisation_name: str | None,
    starts_on: date | None,
    ends_on: date | None,
) -> int:
    """Add a person with a role, and print the address where they choose their password."""
    from qipp_assure.accounts.models import TokenPurpose
    from qipp_assure.accounts.queries import find_person, today
    from qipp_assure.accounts.services import add_person, grant_role
    from qipp_assure.accounts.sign_in import issue_token
    from qipp_assure.organisations.queries import find_by_code, get_by_code
    from qipp_assure.organisations.services import add_organisation

    found = settings()
    with opened(found) as database:
        try:
            with database.writing() as session:
                body = find_by_code(session, organisation)
                if body is None and organisation_name:
                    body = add_organisation(
                        session,
                        SYSTEM,
                        code=organisation,
                        name=organisation_name,
                        kind="department",
                        tier=Tier.NATIONAL,
                        starts_on=starts_on or today(),
                    )
                body = body or get_by_code(session, organisation)
                person = find_person(session, email)
                if person is None:
                    person = add_person(session, SYSTEM, email=email, name=name)
                grant_role(
                    session,
                    SYSTEM,
                    person,
                    Role(role),
                    body,
                    starts_on=starts_on or today(),
                    ends_on=ends_on,
                )
                token = issue_token(session, person, TokenPurpose.FIRST_SIGN_IN)
        except Refused as refusal:
            raise UnusableInput(str(refusal)) from None
    click.echo(f"{found.base_url}/password/{token}")
    return 0


def check_production(found: Settings, database: Database) -> None:
    """Refuse a production start while demonstration accounts are open."""
    from qipp_assure.accounts.queries import has_demonstration_accounts

    if not found.production:
        return
    with database.reading() as session:
        if has_demonstration_accounts(session):
            raise UnusableInput(
                "demonstration accounts are open in this database: close them, or start with "
                "another one, before QIPP_ENV=production"
            )


@click.command("serve")
def serve_command() -> int:
    """Serve the web application on 127.0.0.1, until stopped."""
    from gunicorn.app.base import BaseApplication

    from qipp_assure.app import create_app

    found = settings()
    with opened(found) as database:
        check_production(found, database)

    class Server(BaseApplication):  # type: ignore[misc] # gunicorn comes without types
        """gunicorn with our settings; each worker opens its own database after the fork."""

        def load_config(self) -> None:
            self.cfg.set("bind", f"127.0.0.1:{found.port}")
            self.cfg.set("workers", found.workers)
            self.cfg.set("threads", 4)
            self.cfg.set("timeout", 60)
            self.cfg.set("graceful_timeout", 10)
            self.cfg.set("loglevel", "warning")
            self.cfg.set("control_socket_disable", True)

        def load(self) -> object:
            return create_app(found, Database(found.database_url))

    Server(None).run()
    return 0


@click.command("worker")
def worker_command() -> int:
    """Do the jobs that the web application asks for, until stopped."""
    from qipp_assure.app import job_handlers
    from qipp_assure.jobs.worker import run_worker

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    found = settings()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with opened(found) as database:
        check_production(found, database)
        run_worker(database, job_handlers(found, database), stop)
    return 0


@click.command("demo")
def demo_command() -> int:
    """Load the demonstration year, if it is not there, and render one region's pack."""
    from qipp_assure.demonstration.start import prepare

    found = settings()
    if found.production:
        raise UnusableInput("the demonstration is not for QIPP_ENV=production")
    try:
        prepare(found, lambda line: click.echo(line, err=True))
    except Refused as refusal:
        raise UnusableInput(str(refusal)) from None
    except DatabaseUnavailable as away:
        raise UnusableInput(str(away)) from None
    return 0
