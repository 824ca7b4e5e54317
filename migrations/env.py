"""Runs migrations on an engine that ``qipp_assure.database`` hands over, all of them or none.

On SQLite, Alembic's batch mode copies tables: that drops their triggers, and with foreign keys on
it would delete what refers to them.  So migrations run with foreign keys off; afterwards the
triggers of every immutable table are made again, on both databases, and on SQLite all references
are checked before anything is committed.
"""

from __future__ import annotations

from importlib import import_module

from alembic import context
from sqlalchemy.engine import Connection, Engine

from qipp_assure.database import Base, make_immutable

ROOMS_WITH_TABLES = (
    *("accounts", "audit", "feedback_packs", "jobs"),
    *("organisations", "ratings", "rounds", "submissions"),
)
for room in ROOMS_WITH_TABLES:  # importing a room's models registers its tables
    import_module(f"qipp_assure.{room}.models")


def switch_foreign_keys(connection: Connection, state: str) -> None:
    """Set foreign keys on SQLite, past SQLAlchemy: inside a transaction it would do nothing."""
    driver_connection = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and driver_connection is not None:
        driver_connection.execute(f"PRAGMA foreign_keys = {state}")


def check_references(connection: Connection) -> None:
    """Refuse to commit rows on SQLite that refer to what is not there."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(
                f"a migration left {len(broken)} broken references, first {broken[0]}"
            )


def run(engine: Engine) -> None:
    """Run what Alembic was asked for in one transaction, with no other writer beside it."""
    with engine.connect().execution_options(qipp_mode="writing") as connection:
        switch_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                context.configure(
                    connection=connection,
                    target_metadata=Base.metadata,
                    render_as_batch=True,
                    compare_type=True,
                )
                context.run_migrations()
                make_immutable(connection)
                check_references(connection)
        finally:
            switch_foreign_keys(connection, "ON")


run(context.config.attributes["engine"])
