"""Accounts, staff roles, sessions and one-time links."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.audit import Person
from core.db import Base, Numbered
from core.kinds import labelled_column
from identity.kinds import AccountKind, LinkPurpose, StaffRole


class Account(Base, Numbered):
    """Somebody who can sign in. The name stands in `people`, so that it can be erased."""

    __tablename__ = "accounts"

    kind: Mapped[AccountKind] = mapped_column(labelled_column(AccountKind, "kind"))
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case. To reach somebody and to sign in; never to decide for whom they may act."""
    person_key: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"), unique=True)
    password_hash: Mapped[str | None]
    """argon2id; None for who signs in by mailed link."""
    totp_secret: Mapped[str | None]
    """Encrypted; None until the second factor is set."""
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The time step of the last accepted code: a code works once."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)


class RoleGrant(Base, Numbered):
    """A staff role held from a day, until a day when time-boxed or withdrawn."""

    __tablename__ = "role_grants"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[StaffRole] = mapped_column(labelled_column(StaffRole, "role"))
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]
    granted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    granted_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),)


class SignInSession(Base, Numbered):
    """A server-side session; only the SHA-256 of its random id is stored."""

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    """When the second factor was last proven."""
    ended_at: Mapped[datetime | None]
    device: Mapped[str]
    """Browser and system, as the person recognises them."""


class OneTimeLink(Base, Numbered):
    """A mailed link; only the SHA-256 of its secret is stored."""

    __tablename__ = "one_time_links"

    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(labelled_column(LinkPurpose, "purpose"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    target: Mapped[str]
    """Path inside the application to go to afterwards."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_one_time_links_expires_at", "expires_at"),)
