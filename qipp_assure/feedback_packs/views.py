"""Pages about packs: ask for one, wait for it, take it away.  All of it works without script."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    send_file,
    url_for,
)
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from config import Settings
from qipp_assure.accounts.gate import by_roles, current_account
from qipp_assure.accounts.policies import can_view_region
from qipp_assure.feedback_packs.models import Pack, Standing
from qipp_assure.feedback_packs.policies import can_open_pack
from qipp_assure.feedback_packs.queries import PackParts, UnknownPack, find_pack, get_pack
from qipp_assure.feedback_packs.services import (
    PACK_JOB,
    NothingToShow,
    job_key,
    parts_for,
    path_of,
    request_pack,
)
from qipp_assure.jobs.models import Job, JobState
from qipp_assure.jobs.queries import find_latest as find_latest_job
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.ratings.return_pages import address_of
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.presenters import title_of
from qipp_assure.submissions.queries import UnknownSubmission, get_submission
from qipp_assure.web import access, errors
from qipp_assure.web.sessions import current_database, current_session

blueprint = Blueprint("feedback_packs", __name__)

LOOK_AGAIN_SECONDS = 3
_WAITING = (JobState.REQUESTED, JobState.RUNNING)
WHAT_IT_SHOWS = {
    Standing.UNRELEASED: "It holds reviewers’ judgements that are not released: not for the region.",
    Standing.PROVISIONAL: "It holds provisional ratings, computed without reviewers’ judgements.",
    Standing.RELEASED: "It holds the ratings that are released to the region.",
}


@dataclass(frozen=True, slots=True)
class PackState:
    """Where somebody's pack of a return stands: there, on its way, failed, or not asked for."""

    parts: PackParts | None
    pack: Pack | None = None
    job: Job | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it is being made."""
        return self.pack is None and self.job is not None and self.job.state in _WAITING

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt to make it failed for good."""
        return self.pack is None and self.job is not None and self.job.state is JobState.FAILED


@blueprint.get("/regions/<code:code>/returns/<row:submission_id>/pack")
@access.policy(by_roles(can_view_region, "code"))
def show_pack(code: str, submission_id: int) -> Response:
    """Show where the pack of a return stands, and how to get it."""
    session = current_session()
    region, submission = _find(session, code, submission_id)
    state = _state(session, submission)
    response = make_response(
        render_template(
            "feedback_packs/show.jinja",
            region=region,
            title=title_of(submission.kind, submission.period),
            version=submission.version_number,
            submission=submission,
            state=state,
            shows=WHAT_IT_SHOWS,
            return_href=address_of(code, submission.kind, submission.period),
        )
    )
    if state.is_waiting:
        response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@blueprint.post("/regions/<code:code>/returns/<row:submission_id>/pack")
@access.policy(by_roles(can_view_region, "code"))
def ask_for_pack(code: str, submission_id: int) -> Response:
    """Have the pack made by the worker, if it is not there and not on its way."""
    with current_database().writing() as session:
        _, submission = _find(session, code, submission_id)
        state = _state(session, submission)
        if state.pack is None and not state.is_waiting:
            request_pack(session, current_account().actor, submission)
    return redirect(url_for(".show_pack", code=code, submission_id=submission_id), code=303)


@blueprint.get("/regions/<code:code>/packs/<row:pack_id>")
@access.policy(by_roles(can_view_region, "code"))
def download_pack(code: str, pack_id: int) -> Response:
    """Give a pack as a file to whoever may see the ratings in it."""
    session = current_session()
    region = get_by_code(session, code)
    pack = get_pack(session, pack_id)
    submission = get_submission(session, pack.submission_id)
    if submission.organisation_id != region.id:
        abort(404)
    if not can_open_pack(current_account().roles, code, pack.standing):
        abort(403)
    path = path_of(_folder(), pack.digest)
    if not path.exists():
        abort(404)
    return send_file(
        io.BytesIO(path.read_bytes()),  # a megabyte; the file is closed before it is sent
        mimetype="application/pdf",
        as_attachment=True,
        download_name=file_name(submission),
        max_age=0,
    )


def file_name(submission: Submission) -> str:
    """Name the file of a pack, in letters that every system takes."""
    words = (
        "feedback-pack",
        submission.organisation.code,
        submission.organisation.name,
        submission.period or "plan",
        f"v{submission.version_number}",
    )
    return re.sub(r"[^A-Za-z0-9-]+", "-", "-".join(words)).strip("-").lower()[:120] + ".pdf"


def _find(session: Session, code: str, submission_id: int) -> tuple[Organisation, Submission]:
    region = get_by_code(session, code)
    submission = get_submission(session, submission_id)
    if submission.organisation_id != region.id:
        abort(404)
    return region, submission


def _state(session: Session, submission: Submission) -> PackState:
    try:
        parts = parts_for(session, current_account().actor, submission)
    except NothingToShow:
        return PackState(None)
    pack = find_pack(session, parts.key)
    if pack is not None and not path_of(_folder(), pack.digest).exists():
        pack = None
    return PackState(parts, pack, find_latest_job(session, PACK_JOB, job_key(parts)))


def _folder() -> Path:
    settings: Settings = current_app.extensions["qipp_settings"]
    return settings.packs


def register(app: Flask) -> None:
    """Puts the pages into the application."""
    app.register_blueprint(blueprint)
    errors.not_found(app, UnknownPack)
    errors.not_found(app, UnknownSubmission)
