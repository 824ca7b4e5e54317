"""The page of a region's report card for one month."""

from __future__ import annotations

from flask import Blueprint, Flask
from werkzeug.wrappers import Response

from qipp_assure.accounts.gate import by_roles
from qipp_assure.accounts.policies import can_submit, can_view_region
from qipp_assure.ratings.return_pages import show_return_page, submit_and_go_back
from qipp_assure.vocabulary import ReturnKind
from qipp_assure.web import access

blueprint = Blueprint("report_cards", __name__)


@blueprint.get("/regions/<code:code>/report-cards/<month:period>")
@access.policy(by_roles(can_view_region, "code"))
def show_report_card(code: str, period: str) -> str:
    """Show the draft, what keeps it from going in, and the versions sent in."""
    return show_return_page(code, ReturnKind.REPORT_CARD, period)


@blueprint.post("/regions/<code:code>/report-cards/<month:period>/submit")
@access.policy(by_roles(can_submit, "code"))
def submit_report_card(code: str, period: str) -> Response:
    """Seal the card as its writer saw it, and rate it."""
    return submit_and_go_back(code, ReturnKind.REPORT_CARD, period)


def register(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
