"""What the page of a return shows: the draft, what keeps it from going in, and its versions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.returns.canonical import digest, to_document
from qipp_assure.returns.templates import Return, kind_of
from qipp_assure.returns.validation import Fault, ReturnFaults, read_return
from qipp_assure.rounds.models import Round
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.queries import document_of, find_draft, list_versions
from qipp_assure.vocabulary import ReturnKind
from qipp_assure.web.filters import count_of
from qipp_assure.web.filters import period as period_words

FAULTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """One return of a region.

    `faults` are what keeps the draft from being submitted; `is_sent` tells that the draft is what
    the latest version holds.  A person who may not open drafts is shown none.
    """

    region: Organisation
    round: Round
    kind: ReturnKind
    period: str
    draft: Draft | None
    faults: tuple[Fault, ...]
    versions: tuple[Submission, ...]
    is_sent: bool

    @property
    def title(self) -> str:
        """What the return is called."""
        return title_of(self.kind, self.period)

    @property
    def next_version(self) -> int:
        """What the version that is submitted next will be called."""
        return self.versions[0].version_number + 1 if self.versions else 1

    @property
    def can_go_in(self) -> bool:
        """Whether there is something to submit."""
        return self.draft is not None and not self.faults and not self.is_sent

    @property
    def state(self) -> str:
        """Say where the draft stands."""
        if self.faults:
            found = count_of(len(self.faults), "fault")
            return f"{found} must be mended before it can be submitted."
        if self.is_sent:
            return f"Sent in: version {self.versions[0].version_number} is the same."
        if self.versions:
            return f"Changed since version {self.versions[0].version_number} was sent in."
        return "It can be submitted as it stands."

    @property
    def shown_faults(self) -> tuple[Fault, ...]:
        """As many faults as a page can bear."""
        return self.faults[:FAULTS_SHOWN]


def title_of(kind: ReturnKind, period: str) -> str:
    """Name a return for people.

    >>> title_of(ReturnKind.REPORT_CARD, "2011-06")
    'Report card for June 2011'
    """
    return "Plan" if kind is ReturnKind.PLAN else f"Report card for {period_words(period)}"


def title_of_all(kind: ReturnKind, period: str) -> str:
    """Name the returns of all regions for people.

    >>> title_of_all(ReturnKind.REPORT_CARD, "2011-06")
    'Report cards for June 2011'
    """
    return "Plans" if kind is ReturnKind.PLAN else f"Report cards for {period_words(period)}"


def return_page(
    session: Session,
    region: Organisation,
    round_: Round,
    kind: ReturnKind,
    period: str = "",
    *,
    with_draft: bool,
) -> ReturnPage:
    """Put the page of a return together."""
    draft = find_draft(session, region, round_, kind, period) if with_draft else None
    versions = tuple(list_versions(session, region, round_, kind, period))
    faults: list[Fault] = []
    content_digest = None
    if draft is not None:
        try:
            content_digest = digest(to_document(_read(session, draft)))
        except ReturnFaults as error:
            faults = error.faults
    return ReturnPage(
        region=region,
        round=round_,
        kind=kind,
        period=period,
        draft=draft,
        faults=tuple(faults),
        versions=versions,
        is_sent=bool(versions) and content_digest == versions[0].digest,
    )


def _read(session: Session, draft: Draft) -> Return:
    """Read a draft as submitting it would; raises ReturnFaults with all that keeps it back."""
    document = document_of(session, draft)
    try:
        kind_of(str(document.get("template")))
    except KeyError:
        raise ReturnFaults(
            [Fault(("template",), "is not a template known here", "Template")]
        ) from None
    return read_return(document)
