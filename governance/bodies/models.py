"""Seats of bodies, and who sits there from when until when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.bodies.kinds import Represents, SeatSector
from governance.kinds import Body


class Seat(Base, Numbered):
    """A seat in a body. Its end may be filled in once; nothing else of it changes."""

    __tablename__ = "seats"

    body: Mapped[Body] = mapped_column(labelled_column(Body, "body"))
    name: Mapped[str]
    """How the seat is called: "Zetel 3", "Voorzitter"."""
    represents: Mapped[Represents] = mapped_column(labelled_column(Represents, "represents"))
    sector: Mapped[SeatSector | None] = mapped_column(labelled_column(SeatSector, "sector"))
    """None for an independent seat."""
    is_chair: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]
    """When the seat no longer exists."""

    terms: Mapped[list[Term]] = relationship(order_by="Term.starts_on", back_populates="seat")

    __table_args__ = (
        UniqueConstraint("body", "name"),
        CheckConstraint("(represents = 'independent') = (sector IS NULL)", name="sector_of_side"),
        CheckConstraint("NOT is_chair OR represents = 'independent'", name="independent_chair"),
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),
    )


class Term(Base, Numbered):
    """Somebody on a seat for a time. Ending it early may be filled in once; nothing else of it changes."""

    __tablename__ = "terms"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    member: Mapped[str]
    starts_on: Mapped[date]
    ends_before: Mapped[date]
    """As it was planned at the appointment."""
    ended_before: Mapped[date | None]
    """The first day without the member, when they left early."""
    end_reason: Mapped[str | None]

    seat: Mapped[Seat] = relationship(back_populates="terms")

    __table_args__ = (
        CheckConstraint("ends_before > starts_on", name="period"),
        CheckConstraint("ended_before BETWEEN starts_on AND ends_before", name="early"),
        CheckConstraint("(ended_before IS NULL) = (end_reason IS NULL)", name="reason"),
        ExcludeConstraint(
            (Column("seat_id"), "="),
            (
                func.daterange(
                    Column("starts_on", Date),
                    func.coalesce(Column("ended_before", Date), Column("ends_before", Date)),
                    type_=DATERANGE,
                ),
                "&&",
            ),
            name="ex_terms_no_overlap",
            using="gist",
        ),
    )

    @property
    def leaves_on(self) -> date:
        """The first day without the member."""
        return self.ended_before or self.ends_before
