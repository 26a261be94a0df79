"""Assessments of a release: data protection (DPIA, art. 35 GDPR) and security (with penetration test)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.assessments.kinds import AssessmentKind, FindingState, Severity, Verdict


class Assessment(Base, Numbered):
    """One assessment. Open until it has a verdict; a closed one does not change any more."""

    __tablename__ = "assessments"

    kind: Mapped[AssessmentKind] = mapped_column(labelled_column(AssessmentKind, "kind"))
    release: Mapped[str]
    """What was assessed, such as "Schuldregeling 2.0"."""
    report_version: Mapped[str]
    scope: Mapped[str]
    assessor: Mapped[str]
    started_on: Mapped[date]
    verdict: Mapped[Verdict | None] = mapped_column(labelled_column(Verdict, "verdict"))
    closed_on: Mapped[date | None]
    next_on: Mapped[date | None]
    """When it has to be done again."""
    document_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    version: Mapped[int] = mapped_column(default=1)

    findings: Mapped[list[Finding]] = relationship(order_by="Finding.id", back_populates="assessment")

    __table_args__ = (CheckConstraint("(verdict IS NULL) = (closed_on IS NULL)", name="closed_with_verdict"),)


class Finding(Base, Numbered):
    """What an assessment found. Of a closed assessment it can only still be settled."""

    __tablename__ = "findings"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    severity: Mapped[Severity] = mapped_column(labelled_column(Severity, "severity"))
    text: Mapped[str]
    owner: Mapped[str | None]
    """The role or team that solves it; no name of a person is needed."""
    due_on: Mapped[date | None]
    state: Mapped[FindingState] = mapped_column(labelled_column(FindingState, "state"), default=FindingState.OPEN)
    settled_on: Mapped[date | None]
    reason: Mapped[str | None]
    """How it was solved, or why the risk is accepted."""

    assessment: Mapped[Assessment] = relationship(back_populates="findings")

    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_on IS NULL)", name="settled"),
        CheckConstraint("state <> 'accepted' OR reason IS NOT NULL", name="reason"),
    )
