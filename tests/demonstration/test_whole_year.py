"""The whole demonstration year loaded: figure 3 from the sealed cards, and ratings of all 120."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from qipp_assure.demonstration.loading import load
from qipp_assure.demonstration.plans import ROUND
from qipp_assure.demonstration.published import published_areas
from qipp_assure.ratings.models import Basis
from qipp_assure.ratings.queries import rating_matrix
from qipp_assure.rounds.queries import get_round
from qipp_assure.savings.figure_three import disagreements, figure_three
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.queries import read_content
from qipp_assure.vocabulary import Rating, ReturnKind


@pytest.mark.long
def test_the_whole_year_is_sealed_and_rated_and_gives_the_published_table(database, year):
    load(database, "heron-teasel-quill-marl-4821", lambda _: None, year)
    with database.reading() as session:
        sealed = session.scalars(
            select(Submission).where(Submission.kind == ReturnKind.REPORT_CARD)
        ).all()
        assert len(sealed) == 120
        table = figure_three(read_content(card) for card in sealed)
        assert disagreements(table, published_areas()) == []
        assert (table.total.forecast_gbp, table.total.reported_gbp) == (
            5_900_000_000,
            5_820_000_000,
        )
        round_ = get_round(session, ROUND)
        overall = {}
        for month in round_.periods:
            rows = rating_matrix(
                session, round_, ReturnKind.REPORT_CARD, month, basis=Basis.REVIEWED
            )
            assert all(row.assessment is not None for row in rows)
            for row in rows:
                overall[row.organisation.code, month] = row.cells["", "overall", ""].rating
        assert set(overall.values()) == set(Rating)
        # No colour takes more than three of four: ratings are there to tell regions apart.
        for rating in Rating:
            assert list(overall.values()).count(rating) < 90
        plans = rating_matrix(session, round_, ReturnKind.PLAN, basis=Basis.REVIEWED)
        found = {row.cells["", "overall", ""].rating for row in plans}
        assert {Rating.RED, Rating.AMBER, Rating.GREEN} <= found
