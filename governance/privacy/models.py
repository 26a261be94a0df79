"""Register of processing activities, retention terms, requests of people, data breaches, purposes of statistics."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.privacy.kinds import DataRole, RequestKind, RequestStage, Risk
from participants.models import Participant


class ProcessingActivity(Base, Numbered):
    """One version of an entry of the register of art. 30 GDPR. In force: the latest of its code that has started.

    Never changed: a change is a new version with a later start.
    """

    __tablename__ = "processing_activities"

    code: Mapped[str]
    """The same for all versions, such as "aanmeldingen"."""
    starts_on: Mapped[date]
    role: Mapped[DataRole] = mapped_column(labelled_column(DataRole, "role"))
    name: Mapped[str]
    controller: Mapped[str]
    """Name and contact of the controller, of joint controllers, or, for a processor, of whom it works for."""
    representative: Mapped[str]
    officer: Mapped[str]
    """Contact of the data protection officer."""
    purpose: Mapped[str]
    """For a processor: the categories of processing carried out for each controller (art. 30(2)(b))."""
    legal_basis: Mapped[str]
    people: Mapped[str]
    """Categories of data subjects."""
    data: Mapped[str]
    """Categories of personal data."""
    recipients: Mapped[str]
    transfers: Mapped[str]
    """To countries outside the EEA, with the safeguards."""
    retention: Mapped[str]
    security: Mapped[str]
    stopped: Mapped[bool] = mapped_column(default=False)
    """From this version on it is no longer done."""
    source: Mapped[str]
    to_confirm: Mapped[bool]
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("code", "starts_on"),)


class RetentionTerm(Base, Numbered):
    """How many months a retention rule lets something stand, from a day on. In force: the latest that has started."""

    __tablename__ = "retention_terms"

    rule: Mapped[str]
    months: Mapped[int]
    starts_on: Mapped[date]
    reason: Mapped[str]
    to_confirm: Mapped[bool]
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("rule", "starts_on"),
        CheckConstraint("months BETWEEN 1 AND 600", name="months"),
    )


class SubjectRequest(Base, Numbered):
    """Somebody asks what we hold about them, to mend it, or to erase it."""

    __tablename__ = "subject_requests"

    kind: Mapped[RequestKind] = mapped_column(labelled_column(RequestKind, "kind"))
    name: Mapped[str]
    email: Mapped[str]
    """Lower case; what we hold is looked up by it."""
    received_on: Mapped[date]
    received_how: Mapped[str]
    identity_check: Mapped[str | None]
    """How it was established that the asker is who they say; None until then."""
    extended_on: Mapped[date | None]
    extension_reason: Mapped[str | None]
    stage: Mapped[RequestStage] = mapped_column(labelled_column(RequestStage, "stage"), default=RequestStage.OPEN)
    closed_on: Mapped[date | None]
    answer: Mapped[str | None]
    """What was answered, or why it was refused; mailed to the person."""
    exported_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's form
    __table_args__ = (
        CheckConstraint("(stage = 'open') = (closed_on IS NULL)", name="closed"),
        CheckConstraint("(extended_on IS NULL) = (extension_reason IS NULL)", name="extension"),
    )


class Breach(Base, Numbered):
    """A personal data breach (art. 4(12) GDPR), with facts, effects and measures (art. 33(5)). Closed, it is frozen."""

    __tablename__ = "breaches"

    number: Mapped[str] = mapped_column(unique=True)
    """Shown to people: DL-2026-01."""
    role: Mapped[DataRole] = mapped_column(labelled_column(DataRole, "role"))
    title: Mapped[str]
    facts: Mapped[str]
    effects: Mapped[str]
    measures: Mapped[str]
    people_affected: Mapped[str]
    """Categories and approximate numbers of people and records (art. 33(3)(a)); no names."""
    discovered_at: Mapped[datetime]
    """When we became aware of it: from then on the clock runs."""
    risk: Mapped[Risk] = mapped_column(labelled_column(Risk, "risk"), default=Risk.UNKNOWN)
    authority_told_at: Mapped[datetime | None]
    authority_reference: Mapped[str | None]
    not_told_reason: Mapped[str | None]
    """Why the supervisory authority is not told, or why later than 72 hours."""
    people_told_at: Mapped[datetime | None]
    people_not_told_reason: Mapped[str | None]
    controllers_told_at: Mapped[datetime | None]
    """As processor: when the last of the affected participants was told."""
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    affected: Mapped[list[BreachParticipant]] = relationship(order_by="BreachParticipant.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's form


class BreachParticipant(Base, Numbered):
    """A participant that a data breach affects, and when and to which address we told it."""

    __tablename__ = "breach_participants"

    breach_id: Mapped[int] = mapped_column(ForeignKey("breaches.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    told_at: Mapped[datetime | None]
    told_to: Mapped[str | None]

    participant: Mapped[Participant] = relationship()

    __table_args__ = (UniqueConstraint("breach_id", "participant_id"),)


class StatisticPurpose(Base, Numbered):
    """What a statistic is for and on what legal basis, from a day on. Without both it stays off.

    In force: the latest of its code that has started. Never changed.
    """

    __tablename__ = "statistic_purposes"

    code: Mapped[str]
    label: Mapped[str]
    starts_on: Mapped[date]
    purpose: Mapped[str]
    legal_basis: Mapped[str]
    allowed: Mapped[bool]
    source: Mapped[str]
    to_confirm: Mapped[bool]
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("code", "starts_on"),
        CheckConstraint("NOT allowed OR (purpose <> '' AND legal_basis <> '')", name="purpose"),
    )
