"""Scenarios that are kept, and what they are attached to."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.simulator.kinds import Population
from core.audit import Person
from core.db import Base, Numbered
from core.kinds import labelled_column
from core.money import Euros
from governance.models import Decision


class TariffScenario(Base, Numbered):
    """A changed tariff table with everything that its outcome was reckoned from, so that it can be reckoned again to
    the same cent. Once it is attached to a decision or to advice in preparation it never changes."""

    __tablename__ = "tariff_scenarios"

    name: Mapped[str] = mapped_column(unique=True)
    explanation: Mapped[str | None]
    population: Mapped[Population] = mapped_column(labelled_column(Population, "population"))
    year: Mapped[int]
    """The year over which it is reckoned."""
    ends_zero_tariff: Mapped[bool]
    """Whether who is under the zero tariff pays what the table asks."""
    budget: Mapped[Decimal | None] = mapped_column(Euros)
    """What is wanted over the year."""
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """The changed table; see billing.tariffs.recording.rules.to_json."""
    facts: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """The present table and the population; see billing.simulator.facts. Read on demand: it is long."""
    counted_at: Mapped[datetime]
    """When those facts were read."""
    income_before: Mapped[Decimal] = mapped_column(Euros)
    income: Mapped[Decimal] = mapped_column(Euros)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("tariff_scenarios.id"))
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    """None: the system."""
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    maker: Mapped[Person | None] = relationship()
    copied_from: Mapped[TariffScenario | None] = relationship(remote_side="TariffScenario.id")
    attachments: Mapped[list[ScenarioAttachment]] = relationship(order_by="ScenarioAttachment.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as it is

    @property
    def is_fixed(self) -> bool:
        """Whether it is attached, and so lies fixed."""
        return bool(self.attachments)

    @property
    def counted_on(self) -> date:
        return self.counted_at.date()


class ScenarioAttachment(Base, Numbered):
    """That a scenario belongs to a decision or advice, or to advice in preparation."""

    __tablename__ = "scenario_attachments"

    scenario_id: Mapped[int] = mapped_column(ForeignKey("tariff_scenarios.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    preparing: Mapped[str | None]
    """What is in preparation: "Adviesaanvraag tarieven 2027"."""
    attached_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    attached_at: Mapped[datetime]

    decision: Mapped[Decision | None] = relationship()

    __table_args__ = (
        UniqueConstraint("scenario_id", "decision_id"),
        CheckConstraint("num_nonnulls(decision_id, preparing) = 1", name="to_one_thing"),
    )
