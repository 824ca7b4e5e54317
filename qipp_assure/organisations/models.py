"""Organisations and their succession."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qipp_assure.database import Base, Name, Words, choice
from qipp_assure.vocabulary import Tier


class Organisation(Base):
    """A body of the system, from its first day to its last.

    `kind` says what it is (``sha``, ``pct``, ``department``, ...), `tier` where it stands; a
    commissioner's or provider's parent is its region.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("parent_id is null or parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Name(20), unique=True)
    name: Mapped[str] = mapped_column(Words)
    kind: Mapped[str] = mapped_column(Name(40))
    tier: Mapped[Tier] = mapped_column(choice(Tier, "tier"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)

    parent: Mapped[Organisation | None] = relationship(remote_side="Organisation.id")

    @property
    def region_code(self) -> str:
        """The code of the region that it belongs to; its own where it is one."""
        return self.parent.code if self.parent is not None else self.code

    def exists_on(self, day: date) -> bool:
        """Tell whether it exists on a day; its last day counts."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Succession(Base):
    """From a day on, one organisation answers for what another has left."""

    __tablename__ = "successions"
    __table_args__ = (CheckConstraint("predecessor_id <> successor_id", name="two_bodies"),)

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id"), primary_key=True, index=True
    )
    on: Mapped[date] = mapped_column("on_day")

    predecessor: Mapped[Organisation] = relationship(foreign_keys=[predecessor_id])
    successor: Mapped[Organisation] = relationship(foreign_keys=[successor_id])
