"""The administrator's pages for organisations."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from qipp_assure.organisations import services
from qipp_assure.organisations.forms import (
    AddOrganisationForm,
    EditOrganisationForm,
    SuccessorForm,
)
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.presenters import organisation_row
from qipp_assure.organisations.queries import (
    UnknownOrganisation,
    find_by_code,
    get_by_code,
    list_organisations,
    list_successors,
)
from qipp_assure.vocabulary import Refused, Role, Tier
from qipp_assure.web import access, errors, frame, pagination
from qipp_assure.web.sessions import current_database, current_session
from qipp_assure.web.signed_in import SignedIn, require_person

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
administrators = access.policy("administrator")


def register(app: Flask) -> None:
    """Adds the pages to the application."""
    app.register_blueprint(blueprint)
    errors.not_found(app, UnknownOrganisation)
    frame.register_navigation(app, _links)


def _links(person: SignedIn) -> list[frame.Link]:
    if not person.holds(Role.ADMIN):
        return []
    return [frame.Link("Organisations", url_for("organisations.list_all"))]


def _get(session: Session, organisation_id: int) -> Organisation:
    found = session.get(Organisation, organisation_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/")
@administrators
def list_all() -> str:
    """All organisations; `q` looks for part of a name or code."""
    words = request.args.get("q", "").strip()[:100]
    found = [
        organisation_row(organisation)
        for organisation in list_organisations(current_session())
        if words.lower() in f"{organisation.code} {organisation.name}".lower()
    ]
    page = pagination.page_of(found)
    return render_template("organisations/organisations.jinja", page=page, words=words)


@blueprint.get("/<row:organisation_id>")
@administrators
def show(organisation_id: int) -> str:
    """One organisation and who took over from it."""
    organisation = _get(current_session(), organisation_id)
    return render_template(
        "organisations/organisation.jinja",
        row=organisation_row(organisation),
        successors=list_successors(current_session(), organisation),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@administrators
def add() -> str | Response:
    """Adds an organisation."""
    form = AddOrganisationForm()
    form.offer(list_organisations(current_session()))
    if form.is_sent_and_valid() and form.starts_on.data:
        try:
            with current_database().writing() as session:
                made = services.add_organisation(
                    session,
                    require_person().actor,
                    code=form.code.data or "",
                    name=form.name.data or "",
                    kind=form.kind.data or "",
                    tier=Tier(form.tier.data),
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                    parent=find_by_code(session, form.parent.data or ""),
                )
        except Refused as refusal:
            form.refuse(str(refusal))
        else:
            flash(f"{made.name} is added.", "success")
            return redirect(url_for("organisations.show", organisation_id=made.id), code=303)
    back = url_for("organisations.list_all")
    return render_template(
        "organisations/organisation_form.jinja",
        form=form,
        title="Add an organisation",
        explained="",
        back=back,
    )


@blueprint.route("/<row:organisation_id>/edit", methods=["GET", "POST"])
@administrators
def edit(organisation_id: int) -> str | Response:
    """Corrects an organisation's name or days."""
    organisation = _get(current_session(), organisation_id)
    form = EditOrganisationForm(obj=organisation)
    address = url_for("organisations.show", organisation_id=organisation_id)
    if form.is_sent_and_valid() and form.starts_on.data:
        try:
            with current_database().writing() as session:
                services.correct_organisation(
                    session,
                    require_person().actor,
                    _get(session, organisation_id),
                    name=form.name.data or "",
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                )
        except Refused as refusal:
            form.refuse(str(refusal))
        else:
            flash("The change is saved.", "success")
            return redirect(address, code=303)
    return render_template(
        "organisations/organisation_form.jinja",
        form=form,
        title=f"Change {organisation.name}",
        explained="Its code and tier never change: another body is another organisation.",
        back=address,
    )


@blueprint.route("/<row:organisation_id>/successors/new", methods=["GET", "POST"])
@administrators
def add_successor(organisation_id: int) -> str | Response:
    """Names who takes over."""
    organisation = _get(current_session(), organisation_id)
    form = SuccessorForm()
    form.offer([o for o in list_organisations(current_session()) if o.id != organisation.id])
    address = url_for("organisations.show", organisation_id=organisation_id)
    if form.is_sent_and_valid() and form.on.data:
        try:
            with current_database().writing() as session:
                services.name_successor(
                    session,
                    require_person().actor,
                    _get(session, organisation_id),
                    get_by_code(session, form.successor.data),
                    form.on.data,
                )
        except Refused as refusal:
            form.refuse(str(refusal))
        else:
            flash("The successor is named.", "success")
            return redirect(address, code=303)
    return render_template(
        "organisations/organisation_form.jinja",
        form=form,
        title=f"Name a successor of {organisation.name}",
        explained="The successor answers for what is left: plans, ratings and history pass on whole.",
        back=address,
    )
