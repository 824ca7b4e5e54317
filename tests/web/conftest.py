"""An application with pages of its own that use everything the frame offers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask, flash, redirect, render_template, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from config import Settings
from qipp_assure.accounts.gate import Account
from qipp_assure.accounts.queries import Held, RolesOf
from qipp_assure.app import create_app
from qipp_assure.database import Database, DatabaseUnavailable
from qipp_assure.vocabulary import NotAllowed, Refused, Role, Stale, Tier
from qipp_assure.web import access, fields, frame, redirects, signed_in
from qipp_assure.web.charts import Savings
from qipp_assure.web.pagination import page_of

HERE = Path(__file__).parent
MONTHS = ("April", "May", "June", "July", "August", "September")


class SinkForm(fields.PageForm):
    """One field of each kind."""

    name = fields.Line(
        "Full name", [fields.Required("Enter your full name")], description="As on your badge"
    )
    email = fields.Email()
    words = fields.LongText("What happened")
    password = fields.Password("Password")
    colour = fields.Choice(
        "Colour", choices=[("red", "Red"), ("blue", "Blue")], hints={"red": "Like a letter box"}
    )
    place = fields.Select("Place", choices=[("", "Choose a place"), ("q30", "North East")])
    days = fields.Choices("Days", choices=[("mon", "Monday"), ("tue", "Tuesday")])
    begins = fields.DateBoxes("First day", [fields.Required("Enter the first day")])
    amount = fields.Pounds("Saving")
    file = fields.Upload("Workbook", look={"accept": ".xlsx"})


class Seat:
    """Where somebody sits before the screen, with the roles a test gives them."""

    def __init__(self) -> None:
        self.give()

    def give(self, *roles: Role) -> None:
        """Gives them these roles of the national body, and no others."""
        held = frozenset(Held(role, "DH", tier=Tier.NATIONAL) for role in roles)
        self.account = Account(7, "Nasreen Ali", "nasreen@example.nhs.uk", RolesOf(7, held))


sink = Blueprint("sink", __name__, template_folder="templates")
FAULTS = {
    "refused": Refused("A plan cannot end before it begins."),
    "not-allowed": NotAllowed("Only the region's lead may do this."),
    "stale": Stale("The milestones changed at 3:05pm."),
    "away": DatabaseUnavailable("locked"),
    "driver": OperationalError("SELECT 1", {}, Exception("disk is full")),
    "bug": ZeroDivisionError("a secret: swordfish"),
}


@sink.route("/sink", methods=["GET", "POST"])
@access.policy("signed_in")
def everything() -> object:
    """A page with everything on it."""
    form = SinkForm()
    if form.is_sent_and_valid():
        flash(f"Saved for {form.name.data}.", "success")
        return redirect("/sink", code=303)
    planned = [1_000_000, 2_500_000, 3_000_000, 3_200_000, 3_900_000, 4_400_000]
    savings = Savings("Savings by month", MONTHS, planned, planned[::-1], [900_000, *[None] * 5])
    by_name = Savings("Savings by workstream", ["Medicines", "Urgent care"], [5, 6], [6, 5], [4, 4])
    return render_template(
        "sink.jinja",
        form=form,
        savings=savings,
        by_name=by_name,
        page=page_of(range(500)),
        echoed=request.args.get("echo", ""),
    )


@sink.get("/sink/undeclared")
def undeclared() -> str:
    """A view whose author forgot the policy."""
    return "secret"


@sink.get("/sink/admin")
@access.policy(access.roles(Role.ADMIN))
def for_administrators() -> str:
    """A view for administrators."""
    return "for administrators"


@sink.get("/sink/rows/<int:number>")
@access.policy("public")
def row(number: int) -> str:
    """A view with a row id."""
    return str(number)


@sink.get("/sink/faults/<kind>")
@access.policy("public")
def fault(kind: str) -> str:
    """A view that fails."""
    raise FAULTS[kind]


@sink.get("/sink/back")
@access.policy("public")
def back() -> object:
    """A view that sends people back to where they were."""
    return redirects.redirect_back("/start")


@pytest.fixture
def seat() -> Seat:
    """Whoever is signed in."""
    return Seat()


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path, seat: Seat) -> Flask:
    """The application with the sink in it, and somebody signed in."""
    settings = Settings(home=tmp_path, database_url=sqlite_database.url, secret_key="s" * 32)
    app = create_app(settings, sqlite_database)
    app.register_blueprint(sink)
    signed_in.register_loader(app, lambda: seat.account)
    frame.register_navigation(app, lambda _person: [frame.Link("Sink", "/sink")])
    return app


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client of that application."""
    with app.test_client() as client:
        yield client
