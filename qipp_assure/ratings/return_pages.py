"""What the pages of plans and report cards do alike: show a return, and send it in."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from qipp_assure.accounts.gate import current_account
from qipp_assure.accounts.policies import (
    can_edit_return,
    can_open_draft,
    can_submit,
)
from qipp_assure.accounts.queries import today
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.ratings.assessing import submit_return
from qipp_assure.returns.validation import ReturnFaults
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import find_current_round
from qipp_assure.submissions.forms import SubmitForm
from qipp_assure.submissions.presenters import return_page, title_of
from qipp_assure.submissions.queries import find_draft, find_latest
from qipp_assure.vocabulary import ReturnKind
from qipp_assure.web.filters import count_of
from qipp_assure.web.sessions import current_database, current_session


def find_place(session: Session, code: str, period: str = "") -> tuple[Organisation, Round]:
    """Give the region and the round that a page is about; a month outside it is not found."""
    region = get_by_code(session, code)
    round_ = find_current_round(session, today())
    if round_ is None or (period and period not in round_.periods):
        abort(404)
    return region, round_


def address_of(code: str, kind: ReturnKind, period: str = "") -> str:
    """Give the address of a return's page."""
    if kind is ReturnKind.PLAN:
        return url_for("plans.show_plan", code=code)
    return url_for("report_cards.show_report_card", code=code, period=period)


def show_return_page(code: str, kind: ReturnKind, period: str = "") -> str:
    """Show a return: its draft to its writers, its versions to all who may see the region."""
    session = current_session()
    region, round_ = find_place(session, code, period)
    roles = current_account().roles
    page = return_page(
        session, region, round_, kind, period, with_draft=can_open_draft(roles, code)
    )
    form = SubmitForm(data={"revision": page.draft.revision if page.draft else 0})
    return render_template(
        "submissions/return.jinja",
        page=page,
        form=form,
        may_edit=can_edit_return(roles, code),
        may_submit=can_submit(roles, code),
        may_open=can_open_draft(roles, code),
        here=address_of(code, kind, period),
    )


def submit_and_go_back(code: str, kind: ReturnKind, period: str = "") -> Response:
    """Send a draft in as its writer saw it; whatever stands against it is said on its page."""
    find_place(current_session(), code, period)
    form = SubmitForm()
    if form.is_sent_and_valid():
        _submit(code, kind, period, int(form.revision.data or 0))
    else:
        flash("The page was out of date. Look at the draft again, then submit it.")
    return redirect(address_of(code, kind, period), code=303)


def _submit(code: str, kind: ReturnKind, period: str, revision: int) -> None:
    try:
        with current_database().writing() as session:
            region, round_ = find_place(session, code, period)
            draft = find_draft(session, region, round_, kind, period)
            if draft is None:
                abort(404)
            before = find_latest(session, region, round_, kind, period)
            submission = submit_return(session, current_account().actor, draft, revision)
            unchanged = before is not None and before.id == submission.id
            version = submission.version_number
    except ReturnFaults as error:
        found = count_of(len(error.faults), "fault")
        flash(f"Not submitted: the draft has {found}. They are listed below.")
        return
    title = title_of(kind, period)
    if unchanged:
        flash(f"Version {version} of this return is the same as the draft, so nothing was sent.")
    else:
        flash(f"{title} submitted: version {version} is sealed and rated.", "success")
