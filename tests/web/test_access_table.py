"""The access table of the whole application: every endpoint stands in it with one policy."""

from __future__ import annotations

from pathlib import Path

from config import Settings
from qipp_assure.app import create_app
from qipp_assure.database import Database
from qipp_assure.web import access

PUBLIC = {
    "accounts.first_sign_in",
    "accounts.forgotten_password",
    "accounts.set_password",
    "accounts.sign_in",
    "accounts.sign_out",
    "web.alive",
    "web.asset",
    "web.ready",
    "web.start",
}
"""What anybody may reach; a new name here is a decision."""


def test_every_endpoint_states_a_policy(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=sqlite_database.url, secret_key="s" * 32)
    app = create_app(settings, sqlite_database)
    table = access.table(app)
    assert [endpoint for endpoint, policy in table.items() if policy is None] == []
    assert {endpoint for endpoint, policy in table.items() if policy == "public"} == PUBLIC
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(app.view_functions)


def test_only_posts_change_anything(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=sqlite_database.url, secret_key="s" * 32)
    app = create_app(settings, sqlite_database)
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods <= {"GET", "POST"} or rule.rule.startswith("/api/")
