"""People, role grants and the one-time tokens by which people set a password."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qipp_assure.database import Base, Name, UtcDateTime, Words, choice
from qipp_assure.organisations.models import Organisation
from qipp_assure.vocabulary import Actor, Role

MAX_EMAIL = 254


class TokenPurpose(StrEnum):
    """What a one-time token is for."""

    FIRST_SIGN_IN = "first_sign_in"
    RESET = "reset"


class Person(Base):
    """Somebody who signs in.

    `generation` rises when the password changes or the account is closed; a session that carries
    an older one has ended.
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("failed_sign_ins >= 0", name="failures_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Name(MAX_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(Words)
    password_hash: Mapped[str | None] = mapped_column(Name(200))
    active: Mapped[bool] = mapped_column(default=True)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    generation: Mapped[int] = mapped_column(default=1)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reset_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def actor(self) -> Actor:
        """The person as the actor of events."""
        return Actor(person_id=self.id, name=self.email)


class RoleGrant(Base):
    """A role that a person holds for an organisation, from one day to another (both count).

    Reviewer and approver count only once a second administrator has confirmed them.  A grant that
    was withdrawn has ended at once, whatever its last day.
    """

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("granted_by_id <> person_id", name="not_to_oneself"),
        CheckConstraint(
            "confirmed_by_id <> granted_by_id and confirmed_by_id <> person_id",
            name="second_administrator",
        ),
        CheckConstraint(
            "confirmed_by_id is null or confirmed_at is not null", name="confirmed_when"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    workstream_id: Mapped[str | None] = mapped_column(Name(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship()
    granted_by: Mapped[Person | None] = relationship(foreign_keys=[granted_by_id])

    @property
    def is_pending(self) -> bool:
        """Whether it still waits for a second administrator."""
        return self.confirmed_at is None and self.withdrawn_at is None

    def is_active_on(self, day: date) -> bool:
        """Tell whether the role is held on a day."""
        return (
            self.confirmed_at is not None
            and self.withdrawn_at is None
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
        )


class PasswordToken(Base):
    """A one-time token for setting a password; only its SHA-256 is kept."""

    __tablename__ = "password_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[TokenPurpose] = mapped_column(choice(TokenPurpose, "purpose"))
    token_digest: Mapped[str] = mapped_column(Name(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
