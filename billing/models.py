"""Tariff tables, zero tariff, and invoices that never change after issue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.kinds import CarryOver, FeeKind, InvoiceKind
from core.db import Base, Numbered
from core.kinds import labelled_column
from core.money import Euros
from governance.models import Decision
from participants.models import Participant, Role


class TariffTable(Base, Numbered):
    """A tariff table of the board. In force: the latest that has started, and of one day the one that corrects."""

    __tablename__ = "tariff_tables"

    name: Mapped[str] = mapped_column(unique=True)
    starts_on: Mapped[date]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    source: Mapped[str]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("tariff_tables.id"), unique=True)
    """The table that was wrong: this one holds from the same day in its place."""

    decision: Mapped[Decision] = relationship()
    corrects: Mapped[TariffTable | None] = relationship(remote_side="TariffTable.id", back_populates="corrected_by")
    corrected_by: Mapped[TariffTable | None] = relationship(back_populates="corrects", uselist=False)
    rows: Mapped[list[TariffRow]] = relationship(order_by="TariffRow.audience, TariffRow.lower", back_populates="table")

    __table_args__ = (
        Index("uq_tariff_tables_starts_on", "starts_on", unique=True, postgresql_where=text("corrects_id IS NULL")),
    )


class TariffRow(Base, Numbered):
    """One category of a tariff table for one audience."""

    __tablename__ = "tariff_rows"

    table_id: Mapped[int] = mapped_column(ForeignKey("tariff_tables.id"), index=True)
    audience: Mapped[str]
    """shv or creditor, as on the role."""
    basis: Mapped[str]
    """inhabitants, files or arrangements: what `lower` and `upper` count."""
    category: Mapped[str]
    lower: Mapped[int]
    """Inclusive."""
    upper: Mapped[int | None]
    """Exclusive; None for the open top."""
    connection_fee: Mapped[Decimal | None] = mapped_column(Euros)
    """None when it is a share of the annual fee."""
    connection_share: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    """Percentage of the annual fee."""
    annual_fee: Mapped[Decimal] = mapped_column(Euros)
    step_size: Mapped[int | None]
    """Open top: for every started block of so many above `lower` …"""
    step_fee: Mapped[Decimal | None] = mapped_column(Euros)
    """… this much is added to the annual fee."""

    table: Mapped[TariffTable] = relationship(back_populates="rows")

    __table_args__ = (
        UniqueConstraint("table_id", "audience", "category"),
        UniqueConstraint("table_id", "audience", "lower"),
        CheckConstraint("upper IS NULL OR upper > lower", name="bounds"),
        CheckConstraint("num_nonnulls(connection_fee, connection_share) = 1", name="connection"),
        CheckConstraint("(step_size IS NULL) = (step_fee IS NULL)", name="step"),
    )


class ZeroTariff(Base, Numbered):
    """New subscriptions of a period pay nothing for the time being (VNG handreiking: from 1 January 2026)."""

    __tablename__ = "zero_tariffs"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    starts_on: Mapped[date] = mapped_column(unique=True)
    """Subscriptions whose connection date is on or after this day …"""
    first_ends_before: Mapped[date | None] = mapped_column("ends_before")
    """… and before this day, as the first decision had it; see `ends_before`."""
    first_review_on: Mapped[date] = mapped_column("review_on")
    first_carry_over: Mapped[CarryOver] = mapped_column(
        "carry_over", labelled_column(CarryOver, "carry_over"), default=CarryOver.KEEP_ZERO
    )
    """What these subscriptions pay after the end."""
    carry_over_to_confirm: Mapped[bool] = mapped_column(default=True)
    """Whether no decision says so yet: shown as "te bevestigen"."""

    decision: Mapped[Decision] = relationship()
    reviews: Mapped[list[ZeroTariffReview]] = relationship(order_by="ZeroTariffReview.id", back_populates="zero_tariff")

    @property
    def latest(self) -> ZeroTariffReview | None:
        """The last that was decided about it; None while nothing was."""
        return self.reviews[-1] if self.reviews else None

    @property
    def ends_before(self) -> date | None:
        """Subscriptions from this day on do not fall under it any more."""
        return self.latest.ends_before if self.latest else self.first_ends_before

    @property
    def review_on(self) -> date | None:
        """The day by which the board looks at it again; None when its end is decided."""
        return self.latest.review_on if self.latest else self.first_review_on

    @property
    def carry_over(self) -> CarryOver:
        return self.latest.carry_over if self.latest else self.first_carry_over

    @property
    def is_to_confirm(self) -> bool:
        """Whether the carry-over rule is only our choice."""
        return self.latest is None and self.carry_over_to_confirm

    @property
    def decided_in(self) -> int | None:
        """The year in which its end, or what is paid after it, was last decided on; None while that is as it began."""
        return self.latest.recorded_at.year if self.latest else None

    @property
    def last_free_year(self) -> int | None:
        """The last year over which who began under it pays nothing; None while that has no end."""
        if self.ends_before is None or self.carry_over is CarryOver.KEEP_ZERO:
            return None
        ended_in = (self.ends_before - timedelta(days=1)).year
        return max(ended_in, self.decided_in or ended_in)

    @property
    def last_decision(self) -> Decision:
        return self.latest.decision if self.latest else self.decision


class ZeroTariffReview(Base, Numbered):
    """What the board decided when it looked at a zero tariff again: that it ends, or when to look next. The last one
    holds."""

    __tablename__ = "zero_tariff_reviews"

    zero_tariff_id: Mapped[int] = mapped_column(ForeignKey("zero_tariffs.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    recorded_at: Mapped[datetime]
    ends_before: Mapped[date | None]
    review_on: Mapped[date | None]
    carry_over: Mapped[CarryOver] = mapped_column(labelled_column(CarryOver, "carry_over"))

    decision: Mapped[Decision] = relationship()
    zero_tariff: Mapped[ZeroTariff] = relationship(back_populates="reviews")

    __table_args__ = (CheckConstraint("num_nonnulls(ends_before, review_on) > 0", name="decides_something"),)


class CategoryException(Base, Numbered):
    """A role that falls in a fixed category for a time, whatever its number (administrators in A until 2025)."""

    __tablename__ = "category_exceptions"

    role_code: Mapped[str] = mapped_column(ForeignKey("roles.code"))
    category: Mapped[str]
    starts_on: Mapped[date]
    ends_before: Mapped[date]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))

    decision: Mapped[Decision] = relationship()
    role: Mapped[Role] = relationship()

    __table_args__ = (
        UniqueConstraint("role_code", "starts_on"),
        CheckConstraint("ends_before >= starts_on", name="period"),
    )


class InvoiceSeries(Base):
    """The last number given out per seller, year and kind; its row is locked at issue, so no gap can arise."""

    __tablename__ = "invoice_series"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[InvoiceKind] = mapped_column(labelled_column(InvoiceKind, "kind"), primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)


class Invoice(Base, Numbered):
    """An issued invoice or credit note. `document` is the frozen content of which PDF and e-invoice are made."""

    __tablename__ = "invoices"

    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[InvoiceKind] = mapped_column(labelled_column(InvoiceKind, "kind"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    series_year: Mapped[int]
    series_number: Mapped[int]
    issued_on: Mapped[date] = mapped_column(index=True)
    issued_at: Mapped[datetime]
    due_on: Mapped[date | None]
    """None when nothing has to be paid."""
    year: Mapped[int]
    """The year it is for."""
    net: Mapped[Decimal] = mapped_column(Euros)
    vat: Mapped[Decimal] = mapped_column(Euros)
    gross: Mapped[Decimal] = mapped_column(Euros)
    document: Mapped[dict[str, Any]]
    mailed_to: Mapped[str | None]
    """Address to which it goes by mail; None when it does not go by mail."""
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    """Of a credit note: the invoice that it takes back, all that is left of it or a part."""
    credits_part: Mapped[bool] = mapped_column(default=False)
    """Whether the credit note leaves a part of the invoice standing."""

    participant: Mapped[Participant] = relationship()
    credits: Mapped[Invoice | None] = relationship(remote_side="Invoice.id", back_populates="credit_notes")
    credit_notes: Mapped[list[Invoice]] = relationship(back_populates="credits", order_by="Invoice.id")
    lines: Mapped[list[InvoiceLine]] = relationship(order_by="InvoiceLine.position", back_populates="invoice")
    file: Mapped[InvoiceFile | None] = relationship(back_populates="invoice", uselist=False)

    __table_args__ = (
        UniqueConstraint("operator_id", "series_year", "kind", "series_number"),
        CheckConstraint("gross = net + vat", name="total"),
        CheckConstraint("gross > 0 OR due_on IS NULL", name="nothing_due"),
        CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credit_note"),
        CheckConstraint("NOT credits_part OR kind = 'credit_note'", name="credits_part"),
        Index(
            "uq_invoices_credited_once",
            "credits_id",
            unique=True,
            postgresql_where=text("credits_id IS NOT NULL AND NOT credits_part"),
        ),
    )

    @property
    def credited_by(self) -> Invoice | None:
        """The credit note after which nothing of this invoice is left; None while something stands."""
        return next((note for note in self.credit_notes if not note.credits_part), None)

    @property
    def is_credited_in_part(self) -> bool:
        return bool(self.credit_notes) and self.credited_by is None


class InvoiceFile(Base, Numbered):
    """PDF and UBL of an invoice, made from the frozen document, at once or afterwards; numbers never wait for them."""

    __tablename__ = "invoice_files"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), unique=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"))
    """Of the PDF."""
    ubl_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    """Of the UBL, the same as inside the PDF; None from before it was kept."""
    made_at: Mapped[datetime]

    invoice: Mapped[Invoice] = relationship(back_populates="file")


class InvoiceMail(Base):
    """That an invoice was put in the outbox; once per invoice."""

    __tablename__ = "invoice_mails"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), primary_key=True, autoincrement=False)
    outbox_message_id: Mapped[int] = mapped_column(ForeignKey("outbox_messages.id"))


class InvoiceLine(Base, Numbered):
    """One line of an issued invoice, with what it rests on."""

    __tablename__ = "invoice_lines"

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"), index=True)
    position: Mapped[int]
    fee_kind: Mapped[FeeKind] = mapped_column(labelled_column(FeeKind, "fee_kind"))
    description: Mapped[str]
    net: Mapped[Decimal] = mapped_column(Euros)
    vat_percentage: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    tariff_row_id: Mapped[int | None] = mapped_column(ForeignKey("tariff_rows.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    """None on an invoice by hand that rests on its own reason."""
    category: Mapped[str]
    basis_number: Mapped[int | None]
    credits_line_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_lines.id"), index=True)
    """Of a credit note: the line that it takes back; older credit notes mirror the lines by position."""

    decision: Mapped[Decision | None] = relationship()
    invoice: Mapped[Invoice] = relationship(back_populates="lines")

    __table_args__ = (UniqueConstraint("invoice_id", "position"),)


class Charge(Base, Numbered):
    """That a fee was invoiced: once per participant, year and kind, unless that invoice was credited."""

    __tablename__ = "charges"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"))
    fee_kind: Mapped[FeeKind] = mapped_column(labelled_column(FeeKind, "fee_kind"))
    year: Mapped[int]
    """The year it is for; 0 for what is charged once."""
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    credited_by_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))

    __table_args__ = (
        Index(
            "uq_charges_once",
            "participant_id",
            "fee_kind",
            "year",
            unique=True,
            postgresql_where=text("credited_by_id IS NULL"),
        ),
    )
