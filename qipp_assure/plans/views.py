"""The page of a region's plan."""

from __future__ import annotations

from flask import Blueprint, Flask
from werkzeug.wrappers import Response

from qipp_assure.accounts.gate import by_roles
from qipp_assure.accounts.policies import can_submit, can_view_region
from qipp_assure.ratings.return_pages import show_return_page, submit_and_go_back
from qipp_assure.vocabulary import ReturnKind
from qipp_assure.web import access

blueprint = Blueprint("plans", __name__)


@blueprint.get("/regions/<code:code>/plan")
@access.policy(by_roles(can_view_region, "code"))
def show_plan(code: str) -> str:
    """Show the draft, what keeps it from going in, and the versions sent in."""
    return show_return_page(code, ReturnKind.PLAN)


@blueprint.post("/regions/<code:code>/plan/submit")
@access.policy(by_roles(can_submit, "code"))
def submit_plan(code: str) -> Response:
    """Seal the plan as its writer saw it, and rate it."""
    return submit_and_go_back(code, ReturnKind.PLAN)


def register(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
