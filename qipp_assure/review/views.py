"""Pages of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from qipp_assure.accounts.gate import by_roles, current_account
from qipp_assure.accounts.policies import can_approve, can_review, can_see_unreleased
from qipp_assure.accounts.queries import today
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.ratings.assessing import standing_result
from qipp_assure.ratings.models import Assessment
from qipp_assure.ratings.presenters import KIND_WORDS, find_subject, root_of
from qipp_assure.ratings.queries import has_judged, is_released
from qipp_assure.ratings.services import Verdict
from qipp_assure.ratings.views import find_own_submission
from qipp_assure.review.forms import JudgementForm, ReleaseForm
from qipp_assure.review.queries import CheckToJudge, checks_to_judge, list_desk
from qipp_assure.review.services import judge_return, release_ratings
from qipp_assure.rounds.queries import find_current_round
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.presenters import title_of, title_of_all
from qipp_assure.submissions.queries import had_a_hand_in
from qipp_assure.vocabulary import Because, NotAllowed, Rating, Refused, ReturnKind, Role
from qipp_assure.web import access, frame
from qipp_assure.web.sessions import current_database, current_session
from qipp_assure.web.signed_in import SignedIn

blueprint = Blueprint("review", __name__)


@blueprint.get("/review")
@access.policy(by_roles(can_see_unreleased))
def show_desk() -> str:
    """List the returns with what is left to judge."""
    session = current_session()
    round_ = find_current_round(session, today())
    period = request.args.get("period", "")
    if round_ is None or (period and period not in round_.periods):
        abort(404)
    kind = ReturnKind.REPORT_CARD if period else ReturnKind.PLAN
    return render_template(
        "review/desk.jinja",
        round=round_,
        period=period,
        title=title_of_all(kind, period),
        lines=list_desk(session, round_, kind, period),
    )


@blueprint.get("/regions/<code:code>/returns/<row:submission_id>/review")
@access.policy(by_roles(can_see_unreleased))
def show_review(code: str, submission_id: int) -> str:
    """List the subjects of a return with the judgements that each still waits for."""
    session = current_session()
    submission = _submission(session, code, submission_id)
    assessment, result = _standing(session, submission)
    subjects = _subjects_to_judge(result)
    return render_template(
        "review/return.jinja",
        submission=submission,
        title=title_of(submission.kind, submission.period),
        overall=root_of(result),
        waiting=sum(waiting for _, _, _, waiting in subjects),
        is_released=is_released(session, assessment),
        subjects=subjects,
        may_review=_may(session, submission, can_review, judged=False),
        may_release=_may(session, submission, can_approve, judged=True),
        form=ReleaseForm(),
    )


def _may(session: Session, submission: Submission, policy: Any, *, judged: bool) -> bool:
    account = current_account()
    organisation = submission.organisation
    hand = had_a_hand_in(session, account.id, organisation, submission.round) or (
        judged and has_judged(session, account.id, organisation, submission.round)
    )
    return bool(policy(account.roles, organisation.code, had_a_hand_in=hand))


def _subjects_to_judge(result: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], str, int, int]]:
    """List subject, kind in words, judged checks that apply, and how many of them are open."""
    found = []
    for subject in result["subjects"]:
        judged = [
            check
            for criterion in subject["criteria"]
            for check in criterion["checks"]
            if check["kind"] == "judged" and check["because"] != Because.DOES_NOT_APPLY
        ]
        waiting = sum(1 for one in judged if one["because"] == Because.JUDGEMENT_OUTSTANDING)
        if judged:
            found.append((subject, KIND_WORDS[subject["kind"]], len(judged), waiting))
    return found


@blueprint.route(
    "/regions/<code:code>/returns/<row:submission_id>/review/<item:kind>/<item:subject_id>",
    methods=["GET", "POST"],
)
@access.policy(by_roles(can_review, "code"))
def judge_subject(code: str, submission_id: int, kind: str, subject_id: str) -> str | Response:
    """Judge what one subject's checks ask of a person."""
    session = current_session()
    submission = _submission(session, code, submission_id)
    _, result = _standing(session, submission)
    subject = find_subject(result, kind, subject_id)
    if subject is None:
        abort(404)
    checks = checks_to_judge(session, submission, result, kind, subject_id)
    forms = [_form(one) for one in checks]
    sound = [form.is_sent_and_valid() for form in forms]  # each is asked: every fault at once
    if forms and all(sound):
        verdicts = _verdicts(checks, forms, kind, subject_id)
        try:
            _judge(submission_id, verdicts)
        except Refused as refusal:
            if isinstance(refusal, NotAllowed):
                raise
            forms[0].refuse(str(refusal))
        else:
            flash(f"Judgements on {subject['name']} saved.", "success")
            return redirect(_next(code, submission_id, result, subject), code=303)
    return render_template(
        "review/subject.jinja",
        submission=submission,
        title=title_of(submission.kind, submission.period),
        subject=subject,
        kind=KIND_WORDS[kind],
        judging=list(zip(checks, forms, strict=True)),
        forms=forms,
    )


def _form(one: CheckToJudge) -> JudgementForm:
    said = one.said or {}
    return JudgementForm(
        prefix=f"{one.criteria.set}-{one.check.id}-",
        data={"rating": said.get("rating"), "reason": said.get("reason")},
    )


def _verdicts(
    checks: Sequence[CheckToJudge], forms: Sequence[JudgementForm], kind: str, subject_id: str
) -> list[Verdict]:
    """Take what is new; what was said already is not said again."""
    found = []
    for one, form in zip(checks, forms, strict=True):
        if not form.rating.data:
            continue
        said = (one.said or {}).get("rating"), (one.said or {}).get("reason")
        if said != (form.rating.data, form.reason.data):
            found.append(
                Verdict(
                    set_id=one.criteria.set,
                    version=one.criteria.version,
                    check_id=one.check.id,
                    check_digest=one.check.digest,
                    subject_kind=kind,
                    subject_id=subject_id,
                    rating=Rating(form.rating.data),
                    reason=str(form.reason.data),
                )
            )
    return found


def _judge(submission_id: int, verdicts: list[Verdict]) -> None:
    if not verdicts:
        return
    with current_database().writing() as session:
        submission = session.get_one(Submission, submission_id)
        judge_return(session, current_account().actor, submission, verdicts)


def _next(
    code: str, submission_id: int, result: Mapping[str, Any], subject: Mapping[str, Any]
) -> str:
    """Go on to the next subject that waits for a judgement; to the list where none is left."""
    subjects = _subjects_to_judge(result)
    place = next((i for i, found in enumerate(subjects) if found[0] is subject), len(subjects))
    for found, _, _, waiting in (*subjects[place + 1 :], *subjects[:place]):
        if waiting:
            return url_for(
                ".judge_subject",
                code=code,
                submission_id=submission_id,
                kind=found["kind"],
                subject_id=found["id"],
            )
    return url_for(".show_review", code=code, submission_id=submission_id)


@blueprint.post("/regions/<code:code>/returns/<row:submission_id>/release")
@access.policy(by_roles(can_approve, "code"))
def release(code: str, submission_id: int) -> Response:
    """Let the region see the reviewed ratings."""
    _submission(current_session(), code, submission_id)
    if ReleaseForm().is_sent_and_valid():
        with current_database().writing() as session:
            submission = session.get_one(Submission, submission_id)
            release_ratings(session, current_account().actor, submission)
        flash("The ratings are released: the region can see them now.", "success")
    return redirect(url_for(".show_review", code=code, submission_id=submission_id), code=303)


def _submission(session: Session, code: str, submission_id: int) -> Submission:
    return find_own_submission(session, get_by_code(session, code), submission_id)


def _standing(session: Session, submission: Submission) -> tuple[Assessment, Mapping[str, Any]]:
    found = standing_result(session, submission, unreleased=True)
    if found is None:
        abort(404)
    return found


def _links(person: SignedIn) -> Iterable[frame.Link]:
    if person.holds(Role.REVIEWER, Role.APPROVER):
        yield frame.Link("Review", url_for("review.show_desk"))


def register(app: Flask) -> None:
    """Add pages and navigation to the application."""
    app.register_blueprint(blueprint)
    frame.register_navigation(app, _links)
