"""The database: base class, sessions for reading and for writing, and migrations from code.

SQLite (in WAL mode) and PostgreSQL behave alike here.  ``reading()`` sees one moment and cannot
write; ``writing()`` is one act in one transaction, and one writer works at a time: on SQLite by
``BEGIN IMMEDIATE``, on PostgreSQL by an advisory lock.  Acts are short, so nobody waits long,
and no service has to think about what another writer does between its reading and its writing.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.interfaces import ORMOption

Row = TypeVar("Row")

BUSY_TIMEOUT_MS = 5_000
"""How long a writer waits for another before it gives up and says so."""

WRITER_LOCK = 0x51495050
"""Key of PostgreSQL's advisory lock that lets one writer in at a time."""

MAX_ID = 2**31 - 1
"""The largest row id; a longer number in an address is no row's, and no error either."""

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

IMMUTABLE = {"immutable": True}
"""``__table_args__`` info of a table whose rows are never changed or deleted (see migrations)."""

_MIGRATING = threading.Lock()
"""Alembic works on one database at a time in a process; processes wait by the database's lock."""

SQLITE_AWAY = ("locked", "busy", "full", "unable to open", "disk i/o")
POSTGRESQL_AWAY = ("08", "53", "57P", "55P03", "40001", "40P01")


class DatabaseUnavailable(Exception):
    """The database is locked, full or away: nothing was changed, and trying again may help."""

    retry_after = 5
    """Seconds after which another try makes sense."""


class Base(DeclarativeBase):
    """Base of all models."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware and in UTC on the way in and on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone; keep the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back as aware UTC (SQLite keeps no time zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(sa.types.TypeDecorator[str]):
    """Text of any length, whoever it comes from.

    What no database can hold (NUL, halves of surrogate pairs) becomes U+FFFD, alike on both, when
    it is stored and when it is looked for.
    """

    impl: type[sa.String] = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        return None if value is None else storable(value)


class Name(Words):
    """Short text, such as an id or a code: `Words` with a length."""

    impl = sa.String
    cache_ok = True


def storable(text: str) -> str:
    """Put U+FFFD in place of what no database can hold.

    >>> storable("a" + chr(0) + "b")
    'a\ufffdb'
    """
    whole = text.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass")
    return whole.decode("utf-8", "replace")


def find_row(
    session: Session, model: type[Row], row_id: int, options: Sequence[ORMOption] = ()
) -> Row | None:
    """Return a row by its id, None if there is none, however long the number."""
    if not 0 < row_id <= MAX_ID:
        return None
    return session.get(model, row_id, options=options)


class PackedBytes(sa.types.TypeDecorator[bytes]):
    """Bytes that are kept packed (zlib): long results shrink to a twentieth."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Pack."""
        return None if value is None else zlib.compress(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Unpack."""
        return None if value is None else zlib.decompress(value)


def choice(values: type[StrEnum], name: str) -> sa.Enum:
    """Return the column type for an enumeration: its values as text, checked by the database.

    Args:
        values: the enumeration.
        name: names the check constraint within its table.
    """
    return sa.Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda enumeration: [member.value for member in enumeration],
    )


class Database:
    """One database by its address; cheap to make, to be disposed of at the end."""

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if not parsed.database or parsed.database == ":memory:":
                raise ValueError("the embedded database needs a file: sqlite:////path/to/file.db")
            self.engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
            self._reader = self.engine.execution_options(qipp_mode="reading")
        else:
            self.engine = sa.create_engine(
                parsed, pool_pre_ping=True, connect_args={"connect_timeout": 5}
            )
            sa.event.listen(self.engine, "begin", _begin_postgresql)
            self._reader = self.engine.execution_options(
                qipp_mode="reading", isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        sa.event.listen(self.engine, "handle_error", _say_unavailable)
        self._writer = self.engine.execution_options(qipp_mode="writing")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment and cannot write; it never commits."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session for one act: committed when the block ends well, else undone whole.

        Raises:
            DatabaseUnavailable: another writer kept the database for longer than five seconds,
                or it is full or away; nothing was changed.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.connection()  # takes the writer's place now, before anything is read
            yield session

    def revision(self) -> str | None:
        """Return the migration that the database stands at, None for an empty one."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def is_current(self) -> bool:
        """Tell whether every migration has been applied."""
        return self.revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()

    def upgrade(self, revision: str = "head") -> None:
        """Apply migrations up to a revision, all of them or none."""
        self._migrate(command.upgrade, revision)

    def downgrade(self, revision: str) -> None:
        """Take migrations back down to a revision (``base`` for an empty database)."""
        self._migrate(command.downgrade, revision)

    def _migrate(self, run: Callable[[Config, str], None], revision: str) -> None:
        with _MIGRATING:
            run(alembic_config(self.engine), revision)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def alembic_config(engine: Engine) -> Config:
    """Return Alembic's settings for an engine; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Apply migrations to the database at an address."""
    database = Database(url)
    try:
        database.upgrade(revision)
    finally:
        database.dispose()


def downgrade(url: str, revision: str) -> None:
    """Take migrations back in the database at an address."""
    database = Database(url)
    try:
        database.downgrade(revision)
    finally:
        database.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set what SQLite forgets between connections; transactions are begun by us alone."""
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # Without this, INSERT OR REPLACE deletes rows without asking the triggers.
        cursor.execute("PRAGMA recursive_triggers = ON")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("qipp_mode")
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if mode == 'reading' else 'OFF'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == "writing" else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("qipp_mode") == "writing":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def _say_unavailable(context: ExceptionContext) -> None:
    """Turn the drivers' many ways of saying 'not now' into one error."""
    error = context.original_exception
    if not isinstance(context.sqlalchemy_exception, DBAPIError):
        return
    state = getattr(error, "sqlstate", None)
    if type(error).__module__.startswith("sqlite3"):
        away = any(word in str(error).lower() for word in SQLITE_AWAY)
    else:
        away = (
            context.is_disconnect
            or (type(error).__name__ == "OperationalError" and state is None)
            or (state is not None and state.startswith(POSTGRESQL_AWAY))
        )
    if away:
        raise DatabaseUnavailable("the database cannot take this just now") from error


def writer_lock(session: Session) -> None:
    """Take the one writer's place for this transaction, where the session did not do so yet."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK)))


def immutable_tables() -> list[str]:
    """Return the names of all tables whose rows never change, in order."""
    return sorted(
        table.name for table in Base.metadata.tables.values() if table.info.get("immutable")
    )


def immutability_sql(table: str, dialect: str) -> list[str]:
    """Return the statements that make a table refuse every change and deletion.

    They may be run again over what they made before.

    Args:
        table: its name.
        dialect: ``sqlite`` or ``postgresql``.
    """
    says = f"{table} is append-only"
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        update, deletion = f"{table}_no_update", f"{table}_no_delete"
        return [
            f"DROP TRIGGER IF EXISTS {update}",
            f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} {refuse}",
            f"DROP TRIGGER IF EXISTS {deletion}",
            f"CREATE TRIGGER {deletion} BEFORE DELETE ON {table} {refuse}",
        ]
    function, trigger = f"{table}_refuse_change()", f"{table}_no_change"
    refuse = f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'"
    made = f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql"
    acts = f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    return [
        f"{made} AS $$ BEGIN {refuse}; END $$",
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}",
        f"{acts} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
    ]


def make_immutable(connection: Connection) -> None:
    """Make the triggers of every immutable table that there is; called after each migration."""
    standing = set(sa.inspect(connection).get_table_names())
    for table in immutable_tables():
        if table in standing:
            for statement in immutability_sql(table, connection.dialect.name):
                connection.exec_driver_sql(statement)
