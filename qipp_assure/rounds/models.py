"""Rounds and what belongs to them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qipp_assure.database import Base, Name, Words
from qipp_assure.organisations.models import Organisation
from qipp_assure.returns.periods import financial_year, months_of, years_between
from qipp_assure.vocabulary import ReturnKind


class Round(Base):
    """One planning round: which templates it takes, for which years, and in which months.

    `horizon_first_year` and `horizon_last_year` are financial years (``2011/12``); report cards
    are due for every month from `first_month` to `last_month` (``2011-04``).
    """

    __tablename__ = "rounds"
    __table_args__ = (
        CheckConstraint("closes_on >= opens_on", name="closes_after_opening"),
        CheckConstraint("horizon_last_year >= horizon_first_year", name="horizon_in_order"),
        CheckConstraint("last_month >= first_month", name="months_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Name(40), unique=True)
    title: Mapped[str] = mapped_column(Words)
    plan_template: Mapped[str] = mapped_column(Name(40))
    report_card_template: Mapped[str] = mapped_column(Name(40))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    horizon_first_year: Mapped[str] = mapped_column(Name(7))
    horizon_last_year: Mapped[str] = mapped_column(Name(7))
    first_month: Mapped[str] = mapped_column(Name(7))
    last_month: Mapped[str] = mapped_column(Name(7))

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years that plans cover."""
        return years_between(self.horizon_first_year, self.horizon_last_year)

    @property
    def periods(self) -> tuple[str, ...]:
        """The months for which report cards are due, in order."""
        first = financial_year(int(self.first_month[:4]) - 1)
        last = financial_year(int(self.last_month[:4]))
        return tuple(
            month
            for year in years_between(first, last)
            for month in months_of(year)
            if self.first_month <= month <= self.last_month
        )

    def template_for(self, kind: ReturnKind) -> str:
        """Return the template that a kind of return is written in."""
        return self.plan_template if kind is ReturnKind.PLAN else self.report_card_template


class RoundCriteria(Base):
    """A version of a criteria set that a round rates by."""

    __tablename__ = "round_criteria"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    set_id: Mapped[str] = mapped_column(Name(60), primary_key=True)
    version: Mapped[str] = mapped_column(Name(20))
    position: Mapped[int]


class RoundWorkstream(Base):
    """A national workstream as it stands in one round (these change from year to year)."""

    __tablename__ = "round_workstreams"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    code: Mapped[str] = mapped_column(Name(40), primary_key=True)
    name: Mapped[str] = mapped_column(Words)
    category: Mapped[str] = mapped_column(Words)
    focus: Mapped[str] = mapped_column(Words)
    position: Mapped[int]


class RoundRegion(Base):
    """A region that takes part in a round, with the Department's estimate of its challenge."""

    __tablename__ = "round_regions"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, index=True
    )
    challenge_gbp: Mapped[int | None] = mapped_column(BigInteger)

    organisation: Mapped[Organisation] = relationship()


class Allocation(Base):
    """What the Department allocates to a commissioner in a round's first year, in whole pounds."""

    __tablename__ = "allocations"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, index=True
    )
    amount_gbp: Mapped[int] = mapped_column(BigInteger)

    organisation: Mapped[Organisation] = relationship()
