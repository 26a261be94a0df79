"""Modules, for whom they are, who has which switched on and since when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered


class Module(Base):
    """Something the hub offers: a set of standard messages for one purpose."""

    __tablename__ = "modules"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    purpose: Mapped[str]
    position: Mapped[int]
    available: Mapped[bool]
    """False while it is on the roadmap."""
    source: Mapped[str]

    audiences: Mapped[list[ModuleAudience]] = relationship(back_populates="module")


class ModuleAudience(Base):
    """A role that may use a module, and on which condition."""

    __tablename__ = "module_audiences"

    module_code: Mapped[str] = mapped_column(ForeignKey("modules.code"), primary_key=True)
    role_code: Mapped[str] = mapped_column(ForeignKey("roles.code"), primary_key=True)
    condition: Mapped[str | None]

    module: Mapped[Module] = relationship(back_populates="audiences")


class ModuleChoice(Base, Numbered):
    """A module that a participant asks for."""

    __tablename__ = "module_choices"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    module_code: Mapped[str] = mapped_column(ForeignKey("modules.code"))
    chosen_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("participant_id", "module_code"),)


class ModuleActivation(Base, Numbered):
    """Days on which a module is switched on for a participant."""

    __tablename__ = "module_activations"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    module_code: Mapped[str] = mapped_column(ForeignKey("modules.code"))
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    module: Mapped[Module] = relationship()

    __table_args__ = (
        CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),
        ExcludeConstraint(
            (Column("participant_id"), "="),
            (Column("module_code"), "="),
            (func.daterange(Column("starts_on", Date), Column("ends_before", Date), type_=DATERANGE), "&&"),
            name="ex_module_activations_no_overlap",
            using="gist",
        ),
    )
