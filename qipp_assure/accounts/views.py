"""Signing in and out, setting a password, and one's own account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qipp_assure.accounts.forms import (
    AskForLinkForm,
    ChangePasswordForm,
    SetPasswordForm,
    SignInForm,
)
from qipp_assure.accounts.gate import begin_session, current_account, end_session
from qipp_assure.accounts.models import TokenPurpose
from qipp_assure.accounts.passwords import WeakPassword
from qipp_assure.accounts.presenters import grant_row
from qipp_assure.accounts.queries import get_person, list_grants, today
from qipp_assure.accounts.sign_in import (
    SignInOutcome,
    TokenRefused,
    change_password,
    find_token,
    request_password_link,
    set_password_by_token,
)
from qipp_assure.accounts.sign_in import sign_in as try_to_sign_in
from qipp_assure.vocabulary import Refused
from qipp_assure.web import access, filters
from qipp_assure.web.redirects import redirect_back
from qipp_assure.web.sessions import current_database, current_session
from qipp_assure.web.signed_in import current_person

blueprint = Blueprint("accounts", __name__)

_WRONG = (
    "The email address or the password is not right. If you have not chosen a password yet, "
    "use the link for a first sign-in below"
)


@blueprint.route("/login", methods=["GET", "POST"])
@access.policy("public")
def sign_in() -> str | Response:
    """The sign-in page."""
    if request.method == "GET" and current_person() is not None:
        return redirect_back(url_for("web.start"))
    form = SignInForm()
    if form.is_sent_and_valid():
        # Passwords are compared as typed: the clean form's text is what was set in the same way.
        attempt = try_to_sign_in(
            current_database(), form.email.data or "", form.password.data or ""
        )
        if attempt.outcome is SignInOutcome.SIGNED_IN and attempt.person is not None:
            begin_session(attempt.person)
            return redirect_back(url_for("web.start"))
        if attempt.outcome is SignInOutcome.LOCKED:
            form.refuse(
                "There were too many attempts with a wrong password. Wait until "
                f"{filters.datetime(attempt.locked_until)}, or ask your administrator to unlock "
                "the account"
            )
        else:
            form.refuse(_WRONG)
    return render_template("accounts/sign_in.jinja", form=form, next=request.values.get("next", ""))


@blueprint.post("/logout")
@access.policy("public")
def sign_out() -> Response:
    """Signs whoever it is out."""
    end_session()
    flash("You are signed out.", "success")
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.route("/first-sign-in", methods=["GET", "POST"])
@access.policy("public")
def first_sign_in() -> str | Response:
    """Asks for the link with which somebody chooses their first password."""
    return _ask_for_link(TokenPurpose.FIRST_SIGN_IN, "First sign-in")


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@access.policy("public")
def forgotten_password() -> str | Response:
    """Asks for the link with which somebody chooses a new password."""
    return _ask_for_link(TokenPurpose.RESET, "Forgotten password")


def _ask_for_link(purpose: TokenPurpose, title: str) -> str | Response:
    form = AskForLinkForm()
    if form.is_sent_and_valid():
        with current_database().writing() as session:
            request_password_link(session, form.email.data or "", purpose)
        # The same answer whether or not there is such an account.
        return render_template("accounts/link_sent.jinja", title=title, email=form.email.data)
    return render_template("accounts/ask_for_link.jinja", form=form, title=title)


@blueprint.route("/password/<token>", methods=["GET", "POST"])
@access.policy("public")
def set_password(token: str) -> str | Response | tuple[str, int]:
    """Where the link in the letter leads; opening it changes nothing."""
    form = SetPasswordForm()
    if form.is_sent_and_valid():
        try:
            with current_database().writing() as session:
                set_password_by_token(session, token, form.password.data or "")
        except WeakPassword as refusal:
            form.refuse(str(refusal), "password")
        except TokenRefused:
            return render_template("accounts/link_unusable.jinja"), 400
        else:
            end_session()
            flash("Your password is set. Sign in with it.", "success")
            return redirect(url_for("accounts.sign_in"), code=303)
    elif find_token(current_session(), token) is None:
        return render_template("accounts/link_unusable.jinja"), 400
    return render_template("accounts/set_password.jinja", form=form)


@blueprint.get("/account")
@access.policy("signed_in")
def own_account() -> str:
    """One's own name, address and roles."""
    account = current_account()
    person = get_person(current_session(), account.id)
    grants = [grant_row(grant, today()) for grant in list_grants(current_session(), person=person)]
    return render_template("accounts/own_account.jinja", account=account, grants=grants)


@blueprint.route("/account/password", methods=["GET", "POST"])
@access.policy("signed_in")
def change_own_password() -> str | Response:
    """Changes one's own password; sessions elsewhere end."""
    form = ChangePasswordForm()
    if form.is_sent_and_valid():
        now, new = form.password_now.data or "", form.password.data or ""
        try:
            person = change_password(current_database(), current_account().id, now, new)
        except WeakPassword as refusal:
            form.refuse(str(refusal), "password")
        except Refused as refusal:
            form.refuse(str(refusal), "password_now")
        else:
            begin_session(person)
            flash("Your password is changed. You are signed out everywhere else.", "success")
            return redirect(url_for("accounts.own_account"), code=303)
    return render_template("accounts/change_password.jinja", form=form)
