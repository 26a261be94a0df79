"""Who decided what, and who the operator is from when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.kinds import Body, DecisionKind


class Decision(Base, Numbered):
    """A decision of a body, or an advice. Never changed; a later one supersedes it."""

    __tablename__ = "decisions"

    number: Mapped[str] = mapped_column(unique=True)
    body: Mapped[Body] = mapped_column(labelled_column(Body, "body"))
    kind: Mapped[DecisionKind] = mapped_column(labelled_column(DecisionKind, "kind"))
    decided_on: Mapped[date]
    title: Mapped[str]
    text: Mapped[str]
    source: Mapped[str]
    """Where the decision was published, or "voorbeeld"."""
    advice_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    """The advice that was taken first, where a rule asks for one."""
    reasons: Mapped[str | None]
    starts_on: Mapped[date]
    """In force from this day …"""
    ends_before: Mapped[date | None]
    """… until before this one, if the decision says so itself; see `in_force_before`."""
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    """The decision that it takes the place of; one decision is superseded once at most."""
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    """The meeting in which it was taken, when that is known."""

    advice: Mapped[Decision | None] = relationship(remote_side="Decision.id", foreign_keys=advice_id)
    supersedes: Mapped[Decision | None] = relationship(
        remote_side="Decision.id", foreign_keys=supersedes_id, back_populates="superseded_by"
    )
    superseded_by: Mapped[Decision | None] = relationship(
        foreign_keys=supersedes_id, back_populates="supersedes", uselist=False
    )
    papers: Mapped[list[DecisionDocument]] = relationship(order_by="DecisionDocument.id")

    __table_args__ = (CheckConstraint("ends_before IS NULL OR ends_before > starts_on", name="period"),)

    @property
    def is_advice(self) -> bool:
        return self.body is Body.ADVISORY_BOARD

    @property
    def in_force_before(self) -> date | None:
        """The first day on which it does not hold any more: its own end, or the start of what supersedes it."""
        ends = (self.ends_before, self.superseded_by.starts_on if self.superseded_by else None)
        return min((end for end in ends if end), default=None)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day and (self.in_force_before is None or day < self.in_force_before)


class DecisionDocument(Base, Numbered):
    """A document that belongs to a decision; the bytes stand in the document store."""

    __tablename__ = "decision_documents"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    name: Mapped[str]
    """The file name, as it was uploaded."""
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    media_type: Mapped[str]
    attached_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("decision_id", "sha256"),)


class Operator(Base, Numbered):
    """The legal entity that operates the hub (stelselbeheerder). In force: the latest that has started.

    What is known lies fixed; what is not known yet (None) may be filled in once.
    """

    __tablename__ = "operators"

    name: Mapped[str]
    starts_on: Mapped[date] = mapped_column(unique=True)
    kvk: Mapped[str | None]
    oin: Mapped[str | None]
    vat_id: Mapped[str | None]
    iban: Mapped[str | None]
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    email: Mapped[str | None]
    fictional: Mapped[bool] = mapped_column(default=False)
    logo_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    """PNG or SVG, on documents of this operator."""

    signatories: Mapped[list[OperatorSignatory]] = relationship(
        order_by="OperatorSignatory.starts_on, OperatorSignatory.id"
    )


class OperatorSignatory(Base, Numbered):
    """Somebody who may sign on behalf of an operator, from when until when. The end may be filled in once."""

    __tablename__ = "operator_signatories"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    name: Mapped[str]
    function: Mapped[str]
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),
        ExcludeConstraint(
            (Column("operator_id"), "="),
            (Column("name"), "="),
            (func.daterange(Column("starts_on", Date), Column("ends_before", Date), type_=DATERANGE), "&&"),
            name="ex_operator_signatories_no_overlap",
            using="gist",
        ),
    )


class Setting(Base, Numbered):
    """A named choice of policy with a start day. In force: the latest of that name that has started.

    What no source states has an explicit default with `to_confirm`, shown as "te bevestigen".
    """

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    starts_on: Mapped[date]
    source: Mapped[str]
    to_confirm: Mapped[bool]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))

    decision: Mapped[Decision | None] = relationship()

    __table_args__ = (UniqueConstraint("name", "starts_on"),)
