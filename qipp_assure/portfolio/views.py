"""The region's home page and the national matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, Flask, abort, render_template, request, url_for

from qipp_assure.accounts.gate import Account, by_roles, current_account
from qipp_assure.accounts.policies import (
    can_open_draft,
    can_see_matrix,
    can_see_provisional,
    can_see_unreleased,
    can_view_region,
)
from qipp_assure.accounts.queries import today
from qipp_assure.organisations.queries import UnknownOrganisation, list_organisations
from qipp_assure.portfolio.presenters import savings_by_month, year_row
from qipp_assure.portfolio.queries import national_matrix, year_of_region
from qipp_assure.ratings.matrix import Matrix
from qipp_assure.ratings.matrix_table import matrix_table
from qipp_assure.ratings.return_pages import address_of, find_place
from qipp_assure.rounds.queries import UnknownRound, find_current_round
from qipp_assure.submissions.presenters import title_of_all
from qipp_assure.submissions.queries import list_latest, read_content
from qipp_assure.vocabulary import ReturnKind, Tier
from qipp_assure.web import access, errors, frame
from qipp_assure.web.sessions import current_session
from qipp_assure.web.signed_in import SignedIn

blueprint = Blueprint("portfolio", __name__)


@blueprint.get("/regions/<code:code>")
@access.policy(by_roles(can_view_region, "code"))
def show_region(code: str) -> str:
    """Show a region's year: its plan, its months with their ratings, and its savings."""
    session = current_session()
    region, round_ = find_place(session, code)
    if region.tier is not Tier.REGIONAL:
        abort(404)
    roles = current_account().roles
    year = year_of_region(
        session,
        region,
        round_,
        unreleased=can_see_unreleased(roles) and not can_open_draft(roles, code),
        computed=can_see_provisional(roles, code),
        drafts=can_open_draft(roles, code),
    )
    cards = list_latest(
        session, round_, ReturnKind.REPORT_CARD, organisation=region, with_content=True
    )
    savings = savings_by_month(
        f"Savings of {region.name} by month", map(read_content, cards), round_.periods
    )
    return render_template(
        "portfolio/region.jinja",
        region=region,
        round=round_,
        year=[year_row(one, address_of(code, one.kind, one.period)) for one in year],
        savings=savings,
        may_open=can_open_draft(roles, code),
    )


@blueprint.get("/regions")
@access.policy("signed_in")
def list_own_regions() -> str:
    """List the regions that somebody has to do with."""
    roles = current_account().roles
    own = {held.region_code for held in roles.held if held.tier is not Tier.NATIONAL}
    regions = [
        one
        for one in list_organisations(current_session())
        if one.tier is Tier.REGIONAL and (one.code in own or can_see_matrix(roles))
    ]
    return render_template("portfolio/regions.jinja", regions=regions)


@blueprint.get("/national")
@access.policy(by_roles(can_see_matrix))
def show_matrix() -> str:
    """Show all regions in one matrix: their plans, or their report cards of one month."""
    session = current_session()
    round_ = find_current_round(session, today())
    if round_ is None:
        return render_template("portfolio/no_round.jinja")
    period = request.args.get("period", "")
    if period and period not in round_.periods:
        abort(404)
    kind = ReturnKind.REPORT_CARD if period else ReturnKind.PLAN
    unreleased = can_see_unreleased(current_account().roles)
    found = national_matrix(session, round_, kind, period, unreleased=unreleased)
    rows = tuple(
        replace(
            rated,
            href=None
            if row.submission is None
            else url_for(
                "ratings.show_return",
                code=row.organisation.code,
                submission_id=row.submission.id,
            ),
        )
        for rated, row in zip(found.matrix.rows, found.source, strict=True)
    )
    return render_template(
        "portfolio/matrix.jinja",
        round=round_,
        title=title_of_all(kind, period),
        period=period,
        table=matrix_table(Matrix(found.matrix.groups, rows)),
        unreleased=unreleased,
        empty=not any(row.assessment for row in found.source),
    )


def _links(person: SignedIn) -> Iterable[frame.Link]:
    account = _account(person)
    if can_see_matrix(account.roles):
        yield frame.Link("National matrix", url_for("portfolio.show_matrix"))
    if own := own_region(account):
        yield frame.Link("My region", url_for("portfolio.show_region", code=own))
    elif any(held.tier is not Tier.NATIONAL for held in account.roles.held):
        yield frame.Link("My regions", url_for("portfolio.list_own_regions"))


def _start(person: SignedIn) -> str | None:
    account = _account(person)
    if own := own_region(account):
        return url_for("portfolio.show_region", code=own)
    if can_see_matrix(account.roles):
        return url_for("portfolio.show_matrix")
    if any(held.tier is not Tier.NATIONAL for held in account.roles.held):
        return url_for("portfolio.list_own_regions")
    return None


def own_region(account: Account) -> str | None:
    """Give the one region that somebody belongs to; None where it is none or several."""
    own = {
        held.region_code
        for held in account.roles.held
        if held.tier is not Tier.NATIONAL and held.region_code
    }
    return own.pop() if len(own) == 1 else None


def _account(person: SignedIn) -> Account:
    if not isinstance(person, Account):
        raise TypeError("the frame hands over whoever the room of accounts has signed in")
    return person


def register(app: Flask) -> None:
    """Add pages, navigation and start page to the application."""
    app.register_blueprint(blueprint)
    frame.register_navigation(app, _links)
    frame.register_start(app, _start)
    errors.not_found(app, UnknownOrganisation)
    errors.not_found(app, UnknownRound)
