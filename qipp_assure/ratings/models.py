"""Criteria versions, judgements, assessments with their ratings, and releases: all append-only."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qipp_assure.database import IMMUTABLE, Base, Name, PackedBytes, UtcDateTime, Words, choice
from qipp_assure.submissions.models import Submission
from qipp_assure.vocabulary import Because, Direction, Rating


class Basis(StrEnum):
    """What an assessment rests on.

    `COMPUTED` is made by the program alone and is what a region sees while it writes; `REVIEWED`
    counts the reviewers' judgements too, and is what is released.
    """

    COMPUTED = "computed"
    REVIEWED = "reviewed"


class RatedPart(StrEnum):
    """What of a subject a rating is about; halves exist on report cards only."""

    OVERALL = "overall"
    HALF = "half"
    AREA = "area"
    CRITERION = "criterion"


class CriteriaVersion(Base):
    """A published version of a criteria set, with the text of its file."""

    __tablename__ = "criteria_versions"
    __table_args__ = (UniqueConstraint("set_id", "version"), {"info": IMMUTABLE})

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[str] = mapped_column(Name(60))
    version: Mapped[str] = mapped_column(Name(20))
    digest: Mapped[str] = mapped_column(Name(64))
    text: Mapped[str] = mapped_column(Text)
    published_by_id: Mapped[int | None]
    published_by_name: Mapped[str] = mapped_column(Words)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Judgement(Base):
    """What a reviewer found on one check of one subject; a later one counts, the earlier stays."""

    __tablename__ = "judgements"
    __table_args__ = (
        CheckConstraint("rating <> 'not_rated'", name="rated"),
        CheckConstraint("trim(reason) <> ''", name="reasoned"),
        Index("ix_judgements_submission", "submission_id", "id"),
        {"info": IMMUTABLE},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    set_id: Mapped[str] = mapped_column(Name(60))
    version: Mapped[str] = mapped_column(Name(20))
    check_id: Mapped[str] = mapped_column(Name(200))
    check_digest: Mapped[str] = mapped_column(Name(64))
    subject_kind: Mapped[str] = mapped_column(Name(20))
    subject_id: Mapped[str] = mapped_column(Name(40))
    rating: Mapped[Rating] = mapped_column(choice(Rating, "rating"))
    reason: Mapped[str] = mapped_column(Words)
    author_id: Mapped[int | None] = mapped_column(index=True)
    author_name: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class FrozenContext(Base):
    """A context document as it stood when something was rated by it, kept once by its digest."""

    __tablename__ = "frozen_contexts"
    __table_args__ = ({"info": IMMUTABLE},)

    digest: Mapped[str] = mapped_column(Name(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Assessment(Base):
    """A return rated once, with digests of all that went in and the whole result.

    `judgements` and `result` are canonical JSON as bytes; `criteria` is canonical JSON text, a
    list of ``{set, version, digest}``.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        Index("ix_assessments_submission", "submission_id", "id"),
        {"info": IMMUTABLE},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    basis: Mapped[Basis] = mapped_column(choice(Basis, "basis"))
    as_of: Mapped[date]
    context_digest: Mapped[str] = mapped_column(ForeignKey("frozen_contexts.digest"), index=True)
    judgements: Mapped[bytes] = mapped_column(PackedBytes, deferred=True)
    judgements_digest: Mapped[str] = mapped_column(Name(64))
    criteria: Mapped[str] = mapped_column(Text)
    result: Mapped[bytes] = mapped_column(PackedBytes, deferred=True)
    result_digest: Mapped[str] = mapped_column(Name(64))
    author_id: Mapped[int | None]
    author_name: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    submission: Mapped[Submission] = relationship()


class RatingRow(Base):
    """One rating of an assessment, as a row, so that pictures of many returns read no JSON.

    `set_id` and `part_id` are empty for a subject's overall rating.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint(
            "(rating = 'not_rated') = (because is not null)", name="because_if_not_rated"
        ),
        Index("ix_ratings_assessment", "assessment_id", "subject_kind", "part"),
        {"info": IMMUTABLE},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    position: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(Name(20))
    subject_id: Mapped[str] = mapped_column(Name(40))
    subject_code: Mapped[str] = mapped_column(Words)
    subject_name: Mapped[str] = mapped_column(Words)
    parent_id: Mapped[str | None] = mapped_column(Name(40))
    part: Mapped[RatedPart] = mapped_column(choice(RatedPart, "part"))
    set_id: Mapped[str] = mapped_column(Name(60), default="")
    part_id: Mapped[str] = mapped_column(Name(200), default="")
    title: Mapped[str] = mapped_column(Words)
    rating: Mapped[Rating] = mapped_column(choice(Rating, "rating"))
    because: Mapped[Because | None] = mapped_column(choice(Because, "because"))
    direction: Mapped[Direction | None] = mapped_column(choice(Direction, "direction"))
    reason: Mapped[str] = mapped_column(Words)


class Release(Base):
    """From this moment on a region sees a reviewed assessment, words and all."""

    __tablename__ = "releases"
    __table_args__ = ({"info": IMMUTABLE},)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), unique=True)
    released_by_id: Mapped[int | None]
    released_by_name: Mapped[str] = mapped_column(Words)
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)

    assessment: Mapped[Assessment] = relationship()
