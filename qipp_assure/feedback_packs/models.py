"""The table of packs that were made; the files lie in the home's folder, by their digest."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qipp_assure.database import Base, Name, UtcDateTime, Words, choice
from qipp_assure.submissions.models import Submission


class Standing(StrEnum):
    """How far the ratings in a pack have come, which decides who may open it."""

    UNRELEASED = "unreleased"
    PROVISIONAL = "provisional"
    RELEASED = "released"


class Pack(Base):
    """A pack that was made once.

    `key` is the digest of what it was made from, `digest` the SHA-256 of the PDF.  A pack can be
    made again from its parts at any time, so this table is no record to be kept for ever.
    """

    __tablename__ = "packs"
    __table_args__ = (
        CheckConstraint("page_count >= 1 and size_bytes >= 1", name="not_empty"),
        Index("ix_packs_key", "key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"))
    key: Mapped[str] = mapped_column(Name(64))
    digest: Mapped[str] = mapped_column(Name(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    page_count: Mapped[int]
    made_by_id: Mapped[int | None]
    made_by_name: Mapped[str] = mapped_column(Words)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    submission: Mapped[Submission] = relationship()
