"""Assessments of a release: data protection (DPIA, art. 35 GDPR) and security (with penetration test)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.assessments.kinds import AssessmentKind, Verdict


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

    __table_args__ = (CheckConstraint("(verdict IS NULL) = (closed_on IS NULL)", name="closed_with_verdict"),)
