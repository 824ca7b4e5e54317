"""What the page of a return shows: the draft, what keeps it from going in, and its versions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.returns.templates import kind_of
from qipp_assure.returns.validation import Fault, ReturnFaults, read_return
from qipp_assure.rounds.models import Round
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.queries import document_of, find_draft, list_versions
from qipp_assure.vocabulary import ReturnKind
from qipp_assure.web.filters import period as period_words

FAULTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """One return of a region.

    `faults` are what keeps the draft from being submitted; `unsent` tells that the draft differs
    from the latest version.  A person who may not open drafts is shown none.
    """

    region: Organisation
    round: Round
    kind: ReturnKind
    period: str
    draft: Draft | None
    faults: tuple[Fault, ...]
    versions: tuple[Submission, ...]

    @property
    def title(self) -> str:
        """What the return is called."""
        return title_of(self.kind, self.period)

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
    return ReturnPage(
        region=region,
        round=round_,
        kind=kind,
        period=period,
        draft=draft,
        faults=tuple(faults_of_draft(session, draft)) if draft else (),
        versions=tuple(list_versions(session, region, round_, kind, period)),
    )


def faults_of_draft(session: Session, draft: Draft) -> list[Fault]:
    """Say what keeps a draft from being submitted: exactly what submitting it would say."""
    document = document_of(session, draft)
    try:
        kind_of(str(document.get("template")))
        read_return(document)
    except KeyError:
        return [Fault(("template",), "is not a template known here")]
    except ReturnFaults as error:
        return error.faults
    return []
