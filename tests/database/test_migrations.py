"""Migrations: they make what the models say, lose nothing, and keep what is sealed sealed."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from qipp_assure.audit.queries import verify_chain
from qipp_assure.audit.services import record
from qipp_assure.database import (
    MIGRATIONS,
    Base,
    Database,
    alembic_config,
    downgrade,
    immutable_tables,
    upgrade,
)
from qipp_assure.ratings.models import Basis
from qipp_assure.ratings.services import (
    publish_criteria_version,
    release_assessment,
    store_assessment,
)
from qipp_assure.submissions.services import seal_return
from qipp_assure.vocabulary import SYSTEM
from tests.ratings.sample import RESULT_CRITERIA_TEXT, judge, sample_result

COPYING = '''
"""Copies tables that others refer to, and one that is immutable, as a later migration may."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade():
    for table in ("organisations", "submissions", "audit_events", "drafts"):
        with op.batch_alter_table(table, recreate="auto") as batch:
            batch.add_column(sa.Column("extra", sa.Integer(), nullable=True))
            batch.create_check_constraint(f"ck_{{table}}_extra", "extra is null or extra > 0")


def downgrade():
    for table in ("organisations", "submissions", "audit_events", "drafts"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"ck_{{table}}_extra", type_="check")
            batch.drop_column("extra")
'''


def fill(database: Database, world) -> None:
    """Put a row into every immutable table, and into those that they refer to."""
    with database.writing() as session:
        region, round_ = world.region(session), world.round(session)
        submission = seal_return(session, SYSTEM, region, round_, world.plan())
        version = publish_criteria_version(
            session, SYSTEM, set_id="plan", version="2011.1", text=RESULT_CRITERIA_TEXT
        )
        judge(session, world.actors["reviewer"], submission)
        assessment = store_assessment(
            session,
            SYSTEM,
            submission,
            basis=Basis.REVIEWED,
            as_of=submission.submitted_at.date(),
            context={"challenge_gbp": None},
            judgements=[],
            result=sample_result(version.digest),
        )
        release_assessment(session, world.actors["approver"], assessment)
        record(session, SYSTEM, "filled", "database", 1)


def counts(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in sorted(Base.metadata.tables)
        }


def refusals(database: Database) -> dict[tuple[str, str], str]:
    """Try every forbidden statement on every immutable table; give back what was let through."""
    let_through = {}
    acts = ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}"]
    acts += (
        ["INSERT OR REPLACE INTO {t} SELECT * FROM {t}"]
        if database.is_sqlite
        else ["TRUNCATE {t} CASCADE"]
    )
    for table in immutable_tables():
        column = next(iter(Base.metadata.tables[table].primary_key.columns)).name
        for act in acts:
            with database.engine.connect() as connection:
                try:
                    connection.exec_driver_sql(act.format(t=table, c=column))
                except IntegrityError as error:
                    if "is append-only" in str(error):
                        continue
                let_through[table, act] = "let through"
    return let_through


def test_the_tables_are_those_of_the_models(database):
    command.check(alembic_config(database.engine))  # raises where models and migrations differ
    with database.engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
    assert found == {*Base.metadata.tables, "alembic_version"}


def test_what_is_immutable():
    assert immutable_tables() == [
        "assessments",
        "audit_events",
        "criteria_versions",
        "frozen_contexts",
        "judgements",
        "ratings",
        "releases",
        "submissions",
    ]


def test_the_database_itself_refuses_changes(database, world):
    fill(database, world)
    filled = counts(database)
    assert all(filled[table] for table in immutable_tables())
    assert refusals(database) == {}
    assert counts(database) == filled


def test_revisions_are_numbered_in_order():
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]


def test_up_down_and_up_again(empty_database_url):
    upgrade(empty_database_url, "0001")
    database = Database(empty_database_url)
    assert database.revision() == "0001"
    assert not database.is_current()
    with database.writing() as session:
        record(session, SYSTEM, "kept", "thing", 1)
    upgrade(empty_database_url)
    assert database.is_current()
    downgrade(empty_database_url, "0001")
    with database.reading() as session:
        assert verify_chain(session) == []
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text("DELETE FROM audit_events"))
    database.dispose()
    downgrade(empty_database_url, "base")
    upgrade(empty_database_url)


def test_a_filled_database_goes_through_a_copying_migration(database, world, tmp_path):
    """What Alembic does to tables on SQLite must drop no row, no reference and no trigger."""
    fill(database, world)
    before = counts(database)
    head = str(database.revision())
    (tmp_path / "9999_copying.py").write_text(COPYING.format(head=head), encoding="utf-8")
    config = alembic_config(database.engine)
    separate = f"{MIGRATIONS / 'versions'}:{tmp_path}"
    config.set_main_option("version_locations", separate)
    for move, target in ((command.upgrade, "9999"), (command.downgrade, head)):
        move(config, target)
        assert counts(database) == before
        assert refusals(database) == {}
        with database.reading() as session:
            assert verify_chain(session) == []
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("DELETE FROM organisations"))  # foreign keys are on again


def test_a_migration_that_fails_changes_nothing(database, world, tmp_path):
    fill(database, world)
    before, head = counts(database), str(database.revision())
    broken = (
        COPYING.format(head=head) + "\n\ndef upgrade():\n    op.drop_table('jobs')\n    1 / 0\n"
    )
    (tmp_path / "9999_copying.py").write_text(broken, encoding="utf-8")
    config = alembic_config(database.engine)
    config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'}:{tmp_path}")
    with pytest.raises(ZeroDivisionError):
        command.upgrade(config, "9999")
    assert database.revision() == head
    assert counts(database) == before


def test_a_migration_that_breaks_references_is_undone(sqlite_database, tmp_path):
    head = str(sqlite_database.revision())
    breaks = '\n\ndef upgrade():\n    op.execute("INSERT INTO allocations VALUES (1, 1, 1)")\n'
    (tmp_path / "9999_copying.py").write_text(COPYING.format(head=head) + breaks, encoding="utf-8")
    config = alembic_config(sqlite_database.engine)
    config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'}:{tmp_path}")
    with pytest.raises(RuntimeError, match="broken references"):
        command.upgrade(config, "9999")
    assert sqlite_database.revision() == head
    assert counts(sqlite_database)["allocations"] == 0


UPGRADE = "import sys; from qipp_assure.database import upgrade; upgrade(sys.argv[1])"


def test_three_processes_upgrading_at_once(empty_database_url):
    processes = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, empty_database_url]) for _ in range(3)
    ]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    database = Database(empty_database_url)
    assert database.is_current()
    database.dispose()


def test_two_threads_upgrading_at_once(empty_database_url):
    with ThreadPoolExecutor() as pool:
        list(pool.map(upgrade, [empty_database_url] * 2))
    database = Database(empty_database_url)
    assert database.is_current()
    database.dispose()
