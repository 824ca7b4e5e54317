"""Pages that use everything the frame offers, and views that fail in every way; only for tests."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.exc import OperationalError

from qipp_assure.database import DatabaseUnavailable
from qipp_assure.vocabulary import NotAllowed, Refused, Role, Stale
from qipp_assure.web import access, fields, redirects
from qipp_assure.web.charts import Savings
from qipp_assure.web.pagination import page_of

TEMPLATES = Path(__file__).parent / "web" / "templates"
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


sink = Blueprint("sink", __name__, template_folder=str(TEMPLATES))
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
