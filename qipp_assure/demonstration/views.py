"""Says on every page that its data are a demonstration's, and on one page which are published."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, current_app, render_template, url_for
from markupsafe import Markup

from qipp_assure.accounts.gate import current_account
from qipp_assure.accounts.policies import can_see_matrix
from qipp_assure.accounts.queries import has_demonstration_accounts, today
from qipp_assure.demonstration.presenters import savings_page
from qipp_assure.demonstration.provenance import PROVENANCE
from qipp_assure.demonstration.queries import savings_table
from qipp_assure.organisations.queries import list_organisations
from qipp_assure.rounds.queries import find_current_round
from qipp_assure.vocabulary import Tier
from qipp_assure.web import access, frame
from qipp_assure.web.sessions import current_session

blueprint = Blueprint("demonstration", __name__)
_EXTENSION = "qipp_is_demonstration"

NOTICE = Markup(
    "<strong>Demonstration data.</strong> Figures marked as published come from the publications; "
    'everything else is invented. <a href="{}">See what is published and what is invented</a>'
)


@blueprint.get("/demonstration")
@access.policy("signed_in")
def show_demonstration() -> str:
    """Show what is published, what is invented, and the published table worked out from cards.

    Delivery by region is shown to whoever may see all regions; others see their own.
    """
    if not is_demonstration():
        abort(404)
    session = current_session()
    round_ = find_current_round(session, today())
    roles = current_account().roles
    own = {held.region_code for held in roles.held}
    regions = {
        one.code: one.name
        for one in list_organisations(session)
        if one.tier is Tier.REGIONAL and (can_see_matrix(roles) or one.code in own)
    }
    return render_template(
        "demonstration/demonstration.jinja",
        provenance=PROVENANCE,
        savings=savings_page(savings_table(session, round_), regions) if round_ else None,
        all_regions=can_see_matrix(roles),
    )


def is_demonstration() -> bool:
    """Tell whether the demonstration is loaded; the database is asked once a process.

    It is loaded before the application starts, and production refuses to start with it.
    """
    known: dict[str, bool] = current_app.extensions[_EXTENSION]
    if not known:
        known["found"] = has_demonstration_accounts(current_session())
    return known["found"]


def _notice() -> str | None:
    if not is_demonstration():
        return None
    return NOTICE.format(url_for("demonstration.show_demonstration"))


def register(app: Flask) -> None:
    """Add the page, and the notice that leads to it."""
    app.extensions[_EXTENSION] = {}
    app.register_blueprint(blueprint)
    frame.register_notice(app, _notice)
