"""The administrator's pages: people, their accounts and their roles."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from qipp_assure.accounts import services
from qipp_assure.accounts.forms import EndRoleForm, GrantForm, PersonForm
from qipp_assure.accounts.gate import ADMINISTRATOR, current_account
from qipp_assure.accounts.models import Person, RoleGrant, TokenPurpose
from qipp_assure.accounts.presenters import grant_row, is_locked, person_state
from qipp_assure.accounts.queries import (
    get_person,
    list_grants,
    list_pending_grants,
    search_people,
    today,
)
from qipp_assure.accounts.sign_in import request_password_link
from qipp_assure.organisations.queries import get_by_code, list_organisations
from qipp_assure.vocabulary import Actor, Refused, Role
from qipp_assure.web import access, pagination
from qipp_assure.web.sessions import current_database, current_session

blueprint = Blueprint("people", __name__, url_prefix="/people")
administrators = access.policy(ADMINISTRATOR)

Act = Callable[[Session, Actor, Person], None]


@blueprint.get("/")
@administrators
def list_all() -> str:
    """Everybody, by name; `q` looks for part of a name or address."""
    words = request.args.get("q", "").strip()[:100]
    page = pagination.page_of(search_people(current_session(), words))
    rows = [(person, person_state(person)) for person in page.items]
    waiting = len(list_pending_grants(current_session()))
    return render_template(
        "accounts/people.jinja", page=page, rows=rows, words=words, waiting=waiting
    )


@blueprint.route("/new", methods=["GET", "POST"])
@administrators
def add() -> str | Response:
    """Adds somebody, and sends them a link for the first sign-in."""
    form = PersonForm()
    if form.is_sent_and_valid():
        try:
            with current_database().writing() as session:
                person = services.add_person(
                    session,
                    current_account().actor,
                    email=form.email.data or "",
                    name=form.name.data or "",
                )
                request_password_link(session, person.email, TokenPurpose.FIRST_SIGN_IN)
        except Refused as refusal:
            form.refuse(str(refusal))
        else:
            flash(f"{person.name} is added. A link is on its way to {person.email}.", "success")
            return redirect(url_for("people.show", person_id=person.id), code=303)
    return render_template("accounts/person_new.jinja", form=form)


@blueprint.get("/<row:person_id>")
@administrators
def show(person_id: int) -> str:
    """One person: state, roles, and what can be done."""
    person = get_person(current_session(), person_id)
    grants = [grant_row(grant, today()) for grant in list_grants(current_session(), person=person)]
    return render_template(
        "accounts/person.jinja",
        person=person,
        state=person_state(person),
        locked=is_locked(person),
        grants=grants,
        own=person.id == current_account().id,
        me=current_account().id,
    )


def _act(person_id: int, act: Act, done: str) -> Response:
    """Does something to a person and says so; a refusal is said in the same place."""
    try:
        with current_database().writing() as session:
            person = get_person(session, person_id)
            act(session, current_account().actor, person)
        flash(done.format(name=person.name), "success")
    except Refused as refusal:
        flash(str(refusal), "refusal")
    return redirect(url_for("people.show", person_id=person_id), code=303)


@blueprint.get("/<row:person_id>/close")
@administrators
def ask_to_close(person_id: int) -> str:
    """Says what closing an account means, before it is done."""
    person = get_person(current_session(), person_id)
    return render_template("accounts/person_close.jinja", person=person)


@blueprint.post("/<row:person_id>/close")
@administrators
def close(person_id: int) -> Response:
    """Closes an account: signed out at once, no more signing in, history kept."""
    return _act(person_id, services.close_account, "The account of {name} is closed.")


@blueprint.post("/<row:person_id>/reopen")
@administrators
def reopen(person_id: int) -> Response:
    """Opens a closed account again."""
    return _act(person_id, services.reopen_account, "The account of {name} is open again.")


@blueprint.post("/<row:person_id>/unlock")
@administrators
def unlock(person_id: int) -> Response:
    """Lets somebody try again before the wait after wrong passwords is over."""
    return _act(person_id, services.unlock_account, "{name} can sign in again.")


@blueprint.post("/<row:person_id>/link")
@administrators
def send_link(person_id: int) -> Response:
    """Sends a link for setting a password."""

    def send(session: Session, _actor: Actor, person: Person) -> None:
        first = person.password_hash is None
        purpose = TokenPurpose.FIRST_SIGN_IN if first else TokenPurpose.RESET
        request_password_link(session, person.email, purpose)

    return _act(person_id, send, "A link for setting a password is on its way to {name}.")


@blueprint.route("/<row:person_id>/roles/new", methods=["GET", "POST"])
@administrators
def grant(person_id: int) -> str | Response:
    """Gives somebody a role."""
    person = get_person(current_session(), person_id)
    form = GrantForm(data={"starts_on": today()})
    form.offer([o for o in list_organisations(current_session()) if o.exists_on(today())])
    if form.is_sent_and_valid() and form.starts_on.data:
        try:
            with current_database().writing() as session:
                made = services.grant_role(
                    session,
                    current_account().actor,
                    get_person(session, person_id),
                    Role(form.role.data),
                    get_by_code(session, form.organisation.data),
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                    workstream_id=form.workstream.data,
                )
                waits = made.is_pending
        except Refused as refusal:
            form.refuse(str(refusal))
        else:
            more = " A second administrator has to confirm it." if waits else ""
            flash(f"The role is given to {person.name}.{more}", "success")
            return redirect(url_for("people.show", person_id=person_id), code=303)
    return render_template("accounts/grant.jinja", form=form, person=person)


def _get_grant(session: Session, grant_id: int) -> RoleGrant:
    found = session.get(RoleGrant, grant_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/roles/waiting")
@administrators
def waiting() -> str:
    """The roles that wait for a second administrator."""
    grants = [grant_row(grant, today()) for grant in list_pending_grants(current_session())]
    return render_template("accounts/waiting.jinja", grants=grants, me=current_account().id)


@blueprint.post("/roles/<row:grant_id>/confirm")
@administrators
def confirm(grant_id: int) -> Response:
    """Confirms a reviewer's or approver's role, as the second administrator."""
    person_id = _get_grant(current_session(), grant_id).person_id

    def confirm_it(session: Session, actor: Actor, _person: Person) -> None:
        services.confirm_grant(session, actor, _get_grant(session, grant_id))

    return _act(person_id, confirm_it, "The role of {name} is confirmed.")


@blueprint.route("/roles/<row:grant_id>/end", methods=["GET", "POST"])
@administrators
def end_role(grant_id: int) -> str | Response:
    """Ends a role, at once or after a last day."""
    held = _get_grant(current_session(), grant_id)
    form = EndRoleForm()
    if form.is_sent_and_valid():
        last_day = form.last_day.data if form.when.data == "later" else None
        try:
            with current_database().writing() as session:
                services.end_role(
                    session, current_account().actor, _get_grant(session, grant_id), last_day
                )
        except Refused as refusal:
            form.refuse(str(refusal), "last_day" if last_day else None)
        else:
            flash("The role ends as you said.", "success")
            return redirect(url_for("people.show", person_id=held.person_id), code=303)
    return render_template("accounts/end_role.jinja", form=form, grant=grant_row(held, today()))
