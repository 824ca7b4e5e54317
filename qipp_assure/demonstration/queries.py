"""Reading the table of savings of the demonstration year from its sealed report cards."""

from __future__ import annotations

from sqlalchemy.orm import Session

from qipp_assure.rounds.models import Round
from qipp_assure.savings.figure_three import FigureThree, figure_three
from qipp_assure.submissions.queries import list_latest, read_content
from qipp_assure.vocabulary import ReturnKind

_LATEST: dict[tuple[str, ...], FigureThree] = {}


def savings_table(session: Session, round_: Round) -> FigureThree:
    """Work figure 3 out from the latest sealed cards of a round's first year.

    A hundred and twenty cards are many megabytes: the table is kept, for as long as the process
    lives, under the seals of the cards that it was worked out from.
    """
    cards = list_latest(session, round_, ReturnKind.REPORT_CARD)
    seals = tuple(card.seal for card in cards)
    if seals not in _LATEST:
        whole = list_latest(session, round_, ReturnKind.REPORT_CARD, with_content=True)
        found = figure_three(map(read_content, whole), round_.horizon_first_year)
        _LATEST.clear()
        _LATEST[seals] = found
    return _LATEST[seals]
