"""What was recorded on the road to release: facts behind the gates, and agreements on process."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models import ModuleVersion
from catalogue.versions.kinds import AgreementAudience, Gate
from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.assessments.models import Assessment
from governance.models import Decision


class GateRecord(Base, Numbered):
    """The fact that opens one gate of a version. Withdrawn with a reason, never changed."""

    __tablename__ = "gate_records"

    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    gate: Mapped[Gate] = mapped_column(labelled_column(Gate, "gate"))
    happened_on: Mapped[date]
    done_by: Mapped[str]
    """A party or a body, not a person."""
    reference: Mapped[str]
    """Where it stands: minutes, a report, a number."""
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]

    version: Mapped[ModuleVersion] = relationship()
    assessment: Mapped[Assessment | None] = relationship()
    decision: Mapped[Decision | None] = relationship()

    __table_args__ = (
        Index(
            "uq_gate_records_in_force",
            "module_version_id",
            "gate",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("(gate IN ('dpia', 'security')) = (assessment_id IS NOT NULL)", name="assessment"),
        CheckConstraint("(gate = 'decision') = (decision_id IS NOT NULL)", name="decision"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)", name="withdrawal"),
    )


class ProcessAgreement(Base, Numbered):
    """How the parties work with a version: terms, who does what. The text stands elsewhere."""

    __tablename__ = "process_agreements"

    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    title: Mapped[str]
    version: Mapped[str]
    agreed_on: Mapped[date | None]
    """None when the source does not say."""
    audience: Mapped[AgreementAudience] = mapped_column(labelled_column(AgreementAudience, "audience"))
    source: Mapped[str]

    __table_args__ = (UniqueConstraint("module_version_id", "title", "version"),)
