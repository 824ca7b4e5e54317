"""Pages about ratings: a return as a whole, and each subject with its why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Flask, abort, render_template, url_for
from sqlalchemy.orm import Session

from qipp_assure.accounts.gate import by_roles, current_account
from qipp_assure.accounts.policies import (
    can_open_draft,
    can_see_provisional,
    can_see_unreleased,
    can_view_region,
)
from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.ratings.assessing import Rated, rate_as_kept, rate_draft, standing_result
from qipp_assure.ratings.models import Assessment, Basis
from qipp_assure.ratings.presenters import Standing, find_subject, root_of, subject_page
from qipp_assure.ratings.queries import is_released
from qipp_assure.ratings.return_pages import address_of
from qipp_assure.ratings.ways_to_green import WayToGreen, may_have_way, way_to_green
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.presenters import title_of
from qipp_assure.vocabulary import Refused
from qipp_assure.web import access
from qipp_assure.web.filters import date as date_words
from qipp_assure.web.sessions import current_session

blueprint = Blueprint("ratings", __name__)


def find_own_submission(session: Session, region: Organisation, submission_id: int) -> Submission:
    """Give a region's own submission; another region's is not found."""
    found = session.get(Submission, submission_id)
    if found is None or found.organisation_id != region.id:
        abort(404)
    return found


@blueprint.get("/regions/<code:code>/returns/<row:submission_id>/ratings")
@access.policy(by_roles(can_view_region, "code"))
def show_return(code: str, submission_id: int) -> str:
    """Show the ratings of a sealed return as a whole."""
    return _show_submission(code, submission_id, None)


@blueprint.get(
    "/regions/<code:code>/returns/<row:submission_id>/ratings/<item:kind>/<item:subject_id>"
)
@access.policy(by_roles(can_view_region, "code"))
def show_subject(code: str, submission_id: int, kind: str, subject_id: str) -> str:
    """Show one subject of a sealed return with the why of every rating."""
    return _show_submission(code, submission_id, (kind, subject_id))


@blueprint.get("/regions/<code:code>/drafts/<row:draft_id>/ratings")
@access.policy(by_roles(can_open_draft, "code"))
def show_draft(code: str, draft_id: int) -> str:
    """Show the provisional ratings of a draft as a whole."""
    return _show_draft(code, draft_id, None)


@blueprint.get("/regions/<code:code>/drafts/<row:draft_id>/ratings/<item:kind>/<item:subject_id>")
@access.policy(by_roles(can_open_draft, "code"))
def show_draft_subject(code: str, draft_id: int, kind: str, subject_id: str) -> str:
    """Show one subject of a draft with its provisional ratings."""
    return _show_draft(code, draft_id, (kind, subject_id))


def _show_submission(code: str, submission_id: int, wanted: tuple[str, str] | None) -> str:
    session = current_session()
    region = get_by_code(session, code)
    submission = find_own_submission(session, region, submission_id)
    roles = current_account().roles
    found = standing_result(
        session,
        submission,
        unreleased=can_see_unreleased(roles) and not can_open_draft(roles, code),
        computed=can_see_provisional(roles, code),
    )
    title = f"{title_of(submission.kind, submission.period)}, version {submission.version_number}"
    if found is None:
        return render_template(
            "ratings/none.jinja",
            region=region,
            title=title,
            return_title=title_of(submission.kind, submission.period),
            return_href=address_of(code, submission.kind, submission.period),
        )
    assessment, result = found
    review = url_for("review.show_review", code=code, submission_id=submission_id)

    def link(kind: str, subject_id: str) -> str:
        return url_for(
            ".show_subject",
            code=code,
            submission_id=submission_id,
            kind=kind,
            subject_id=subject_id,
        )

    return _page(
        region,
        title,
        result,
        wanted,
        link,
        _standing(session, assessment),
        lambda: rate_as_kept(session, assessment),
        home=url_for(".show_return", code=code, submission_id=submission_id),
        return_title=title_of(submission.kind, submission.period),
        return_href=address_of(code, submission.kind, submission.period),
        review_href=review if can_see_unreleased(roles) and wanted is None else None,
    )


def _show_draft(code: str, draft_id: int, wanted: tuple[str, str] | None) -> str:
    session = current_session()
    region = get_by_code(session, code)
    draft = session.get(Draft, draft_id)
    if draft is None or draft.organisation_id != region.id:
        abort(404)

    def link(kind: str, subject_id: str) -> str:
        return url_for(
            ".show_draft_subject", code=code, draft_id=draft_id, kind=kind, subject_id=subject_id
        )

    sentence = (
        "Provisional: computed from the draft as it stands now. Reviewers' judgements are not in."
    )
    rated = rate_draft(session, draft)
    return _page(
        region,
        f"{title_of(draft.kind, draft.period)}, draft",
        rated.result(),
        wanted,
        link,
        Standing(sentence, provisional=True),
        lambda: rated,
        home=url_for(".show_draft", code=code, draft_id=draft_id),
        return_title=title_of(draft.kind, draft.period),
        return_href=address_of(code, draft.kind, draft.period),
        review_href=None,
    )


def _standing(session: Session, assessment: Assessment) -> Standing:
    made = date_words(assessment.at)
    if assessment.basis is Basis.COMPUTED:
        return Standing(
            f"Computed on {made}, without reviewers' judgements; not yet decided.",
            provisional=True,
        )
    if is_released(session, assessment):
        return Standing(
            f"Reviewed, and released to the region. Rated on {made}.", provisional=False
        )
    return Standing(
        f"Reviewed on {made}, not yet released: the region cannot see this.", provisional=True
    )


def _page(
    region: Organisation,
    title: str,
    result: dict[str, Any],
    wanted: tuple[str, str] | None,
    link: Any,
    standing: Standing,
    rating: Callable[[], Rated],
    **places: str | None,
) -> str:
    subject = root_of(result) if wanted is None else find_subject(result, *wanted)
    if subject is None:
        abort(404)
    return render_template(
        "ratings/subject.jinja",
        region=region,
        title=title,
        result=result,
        page=subject_page(result, subject, link),
        standing=standing,
        way=_way(rating, subject),
        **places,
    )


def _way(rating: Callable[[], Rated], subject: Mapping[str, Any]) -> WayToGreen | None:
    """Work out the way to green from the very rating that the page shows."""
    if not may_have_way(subject):
        return None
    try:
        return way_to_green(rating(), subject)
    except (Refused, CriteriaFaults):  # criteria that are not kept, or no longer read, say no way
        return None


def register(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
