"""Drafts in parts, sealed submissions, and what is kept of exports and imports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qipp_assure.database import IMMUTABLE, Base, Name, UtcDateTime, Words, choice
from qipp_assure.organisations.models import Organisation
from qipp_assure.rounds.models import Round
from qipp_assure.vocabulary import ReturnKind

_PERIOD_FITS = "(kind = 'plan') = (period = '')"


class Draft(Base):
    """A return that a region is writing; its content lies in its parts.

    `period` is the month of a report card and empty for a plan.  `revision` rises with every part
    that is saved or removed: whoever signs or submits says which revision they saw.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "round_id", "kind", "period"),
        CheckConstraint(_PERIOD_FITS, name="period_fits_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReturnKind] = mapped_column(choice(ReturnKind, "kind"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    period: Mapped[str] = mapped_column(Name(7), default="")
    template: Mapped[str] = mapped_column(Name(40))
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    round: Mapped[Round] = relationship()


class DraftPart(Base):
    """One part of a draft, as JSON text; it may hold what cannot be read yet, as it was typed."""

    __tablename__ = "draft_parts"
    __table_args__ = (
        UniqueConstraint("draft_id", "kind", "key"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    kind: Mapped[str] = mapped_column(Name(40))
    key: Mapped[str] = mapped_column(Name(60))
    owner_organisation: Mapped[str | None] = mapped_column(Name(40))
    position: Mapped[int]
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    saved_by_id: Mapped[int | None]
    saved_by_name: Mapped[str] = mapped_column(Words)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Submission(Base):
    """A sealed return.

    `content` is the canonical JSON (RFC 8785) as bytes and `digest` its SHA-256.  `seal` covers
    the digest together with what else is said here (see ``queries.seal_of``).
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("organisation_id", "round_id", "kind", "period", "version_number"),
        CheckConstraint(_PERIOD_FITS, name="period_fits_kind"),
        CheckConstraint(
            "(version_number = 1) = (supersedes_id is null)", name="later_ones_supersede"
        ),
        Index("ix_submissions_round_kind_period", "round_id", "kind", "period"),
        {"info": IMMUTABLE},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReturnKind] = mapped_column(choice(ReturnKind, "kind"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    period: Mapped[str] = mapped_column(Name(7), default="")
    version_number: Mapped[int]
    template: Mapped[str] = mapped_column(Name(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(Name(64), index=True)
    seal: Mapped[str] = mapped_column(Name(64), unique=True)
    submitted_by_id: Mapped[int | None] = mapped_column(index=True)
    submitted_by_name: Mapped[str] = mapped_column(Words)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"), unique=True)

    organisation: Mapped[Organisation] = relationship()
    round: Mapped[Round] = relationship()


class WorkbookExport(Base):
    """A workbook that went out: the document as it was then, kept for merging what comes back."""

    __tablename__ = "workbook_exports"

    id: Mapped[str] = mapped_column(Name(40), primary_key=True)
    kind: Mapped[ReturnKind] = mapped_column(choice(ReturnKind, "kind"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    period: Mapped[str] = mapped_column(Name(7), default="")
    draft_revision: Mapped[int | None]
    digest: Mapped[str] = mapped_column(Name(64))
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    exported_by_id: Mapped[int | None]
    exported_by_name: Mapped[str] = mapped_column(Words)
    exported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRecord(Base):
    """That a file came in and what became of it; nothing else is kept of a refused one."""

    __tablename__ = "import_records"
    __table_args__ = (
        CheckConstraint("(outcome = 'accepted') = (fault_count = 0)", name="faults_refuse"),
        CheckConstraint("outcome in ('accepted', 'refused')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    file_name: Mapped[str] = mapped_column(Words)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Name(64))
    outcome: Mapped[str] = mapped_column(Name(20))
    fault_count: Mapped[int]
    imported_by_id: Mapped[int | None]
    imported_by_name: Mapped[str] = mapped_column(Words)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
