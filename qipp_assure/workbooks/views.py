"""Pages of workbooks: out, in, and the national matrix as one."""

from __future__ import annotations

import io
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
)
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from qipp_assure.accounts.gate import by_roles, current_account
from qipp_assure.accounts.policies import (
    can_edit_return,
    can_open_draft,
    can_see_matrix,
    can_see_unreleased,
    can_view_region,
)
from qipp_assure.accounts.queries import today
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.portfolio.queries import national_matrix
from qipp_assure.ratings.return_pages import address_of, find_place
from qipp_assure.ratings.views import find_own_submission
from qipp_assure.rounds.queries import find_current_round
from qipp_assure.submissions.drafts import Replaced
from qipp_assure.submissions.importing import Imported, import_return
from qipp_assure.submissions.presenters import title_of, title_of_all
from qipp_assure.submissions.services import IncomingFile
from qipp_assure.vocabulary import NotAllowed, Refused, ReturnKind
from qipp_assure.web import access
from qipp_assure.web.filters import count_of
from qipp_assure.web.sessions import current_database, current_session
from qipp_assure.workbooks.forms import DownloadForm, TakeForm, UploadForm
from qipp_assure.workbooks.kept_files import KeptFile, pack, unpack
from qipp_assure.workbooks.matrix_writer import write_matrix
from qipp_assure.workbooks.queries import Place
from qipp_assure.workbooks.services import bring_in, read_incoming, take_out, take_out_version

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WARNINGS_SHOWN = 3

blueprint = Blueprint("workbooks", __name__)


@blueprint.route("/regions/<code:code>/plan/workbook", methods=["POST"], endpoint="download_plan")
@blueprint.route(
    "/regions/<code:code>/report-cards/<month:period>/workbook",
    methods=["POST"],
    endpoint="download_card",
)
@access.policy(by_roles(can_open_draft, "code"))
def download(code: str, period: str = "") -> Response:
    """Send the draft as a workbook, or one to begin with; what it carries is kept."""
    if not DownloadForm().is_sent_and_valid():
        abort(400)
    with current_database().writing() as session:
        out = take_out(session, current_account().actor, _place(session, code, period))
    return _excel(out.write(), out.name)


@blueprint.post("/regions/<code:code>/returns/<row:submission_id>/workbook")
@access.policy(by_roles(can_view_region, "code"))
def download_version(code: str, submission_id: int) -> Response:
    """Send a sealed version as a workbook, marked as a copy of it."""
    if not DownloadForm().is_sent_and_valid():
        abort(400)
    with current_database().writing() as session:
        submission = find_own_submission(session, get_by_code(session, code), submission_id)
        out = take_out_version(session, current_account().actor, submission)
    return _excel(out.write(), out.name)


@blueprint.route(
    "/regions/<code:code>/plan/upload", methods=["GET", "POST"], endpoint="upload_plan"
)
@blueprint.route(
    "/regions/<code:code>/report-cards/<month:period>/upload",
    methods=["GET", "POST"],
    endpoint="upload_card",
)
@access.policy(by_roles(can_edit_return, "code"))
def upload(code: str, period: str = "") -> str | Response:
    """Read a workbook: its faults by cell, what taking it in would undo, or else take it in."""
    place = _place(current_session(), code, period)
    form = UploadForm()
    if not form.is_sent_and_valid():
        return _upload_page(place, form)
    file: FileStorage = form.file.data
    data = file.read()
    incoming = IncomingFile.of(file.filename or "workbook.xlsx", data)
    reading = read_incoming(place, data)
    with current_database().writing() as session:
        outcome = bring_in(session, current_account().actor, incoming, reading)
    if outcome.losses and reading.document is not None:
        export_id = reading.origin.export_id if reading.origin is not None else ""
        kept = KeptFile(reading.document, incoming, export_id, outcome.revision)
        return render_template(
            "workbooks/confirm.jinja",
            **_words(place),
            lost=outcome.losses,
            kept=pack(str(current_app.secret_key), place, kept),
            warnings=reading.warnings,
        )
    if reading.document is None:
        found = count_of(len(reading.faults), "fault")
        form.refuse(f"The workbook has {found}, so nothing of it was taken in", "file")
        return _upload_page(place, form, reading.faults, reading.warnings)
    return _taken_in(place, outcome, reading.warnings)


@blueprint.route(
    "/regions/<code:code>/plan/upload/confirm", methods=["POST"], endpoint="confirm_plan"
)
@blueprint.route(
    "/regions/<code:code>/report-cards/<month:period>/upload/confirm",
    methods=["POST"],
    endpoint="confirm_card",
)
@access.policy(by_roles(can_edit_return, "code"))
def confirm(code: str, period: str = "") -> str | Response:
    """Take in what was read from a file, now that its person has seen what that undoes."""
    place = _place(current_session(), code, period)
    form = TakeForm()
    try:
        if not form.is_sent_and_valid():
            raise Refused("Choose the workbook again.")
        kept = unpack(str(current_app.secret_key), place, str(form.kept.data))
        with current_database().writing() as session:
            outcome = import_return(
                session,
                current_account().actor,
                kept.file,
                kept.document,
                export_id=kept.export_id,
                confirmed_revision=kept.revision,
            )
        return _taken_in(place, outcome, [])
    except NotAllowed:
        raise
    except Refused as refusal:
        again = UploadForm()
        again.refuse(str(refusal), "file")
        return _upload_page(place, again)


@blueprint.get("/national/matrix.xlsx")
@access.policy(by_roles(can_see_matrix))
def download_matrix() -> Response:
    """Send the national matrix, as its page shows it, as a workbook."""
    session = current_session()
    round_ = find_current_round(session, today())
    period = request.args.get("period", "")
    if round_ is None or (period and period not in round_.periods):
        abort(404)
    kind = ReturnKind.REPORT_CARD if period else ReturnKind.PLAN
    unreleased = can_see_unreleased(current_account().roles)
    found = national_matrix(session, round_, kind, period, unreleased=unreleased)
    title = f"{title_of_all(kind, period)}: {round_.title}"
    data = write_matrix(found.matrix, title, "Region")
    return _excel(data, f"national-matrix-{period or 'plans'}.xlsx")


def _place(session: Session, code: str, period: str) -> Place:
    region, round_ = find_place(session, code, period)
    kind = ReturnKind.REPORT_CARD if period else ReturnKind.PLAN
    return Place(region, round_, kind, period)


def _words(place: Place) -> dict[str, Any]:
    code, kind, period = place.organisation.code, place.kind, place.period
    return {
        "region": place.organisation,
        "title": title_of(kind, period),
        "here": address_of(code, kind, period),
    }


def _upload_page(place: Place, form: UploadForm, faults: Any = (), warnings: Any = ()) -> str:
    return render_template(
        "workbooks/upload.jinja", **_words(place), form=form, faults=faults, warnings=warnings
    )


def _taken_in(place: Place, outcome: Imported, warnings: list[str]) -> Response:
    """Say what became of a file; raises the refusal, if it was refused."""
    if outcome.replaced is None:
        raise outcome.refusal or Refused("The workbook was not taken in.")
    flash(f"The workbook is in the draft: {_outcome_words(outcome.replaced)}.", "success")
    for warning in warnings[:WARNINGS_SHOWN]:
        flash(warning[:300])
    return redirect(address_of(place.organisation.code, place.kind, place.period), code=303)


def _outcome_words(outcome: Replaced) -> str:
    touched = (
        (outcome.added, "added"),
        (outcome.changed, "changed"),
        (outcome.removed, "removed"),
    )
    said = [f"{count_of(number, 'part')} {verb}" for number, verb in touched if number]
    return ", ".join(said) or "nothing in it was new"


def _excel(data: bytes, name: str) -> Response:
    return send_file(io.BytesIO(data), mimetype=EXCEL, as_attachment=True, download_name=name)


def register(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
