"""Modules, for whom they are, who has which switched on and since when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, ExcludeConstraint
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


class ModuleVersion(Base, Numbered):
    """A version of a module: one set of messages, with its road to release and its way out."""

    __tablename__ = "module_versions"

    module_code: Mapped[str] = mapped_column(ForeignKey("modules.code"), index=True)
    version: Mapped[str]
    """Such as "2.0"."""
    to_confirm: Mapped[bool]
    """The sources name the module, but not the number of its version."""
    quarter: Mapped[str | None]
    """As the source names it: "kwartaal 4 van 2023"; None when no source plans it."""
    planned_on: Mapped[date | None]
    """First day of that quarter."""
    purpose: Mapped[str]
    changes: Mapped[str]
    """What changed since the version before."""
    source: Mapped[str]
    source_date: Mapped[str]
    """When the source was written, as far as known."""
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Values of `participants.kinds.Channel`."""
    needs_addendum: Mapped[bool] = mapped_column(default=False)
    """Whether a participant has to accept an addendum to its agreement first."""
    started_on: Mapped[date | None]
    """First day on which somebody worked on it."""
    advice_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    """The advice of the advisory board about the release."""
    released_on: Mapped[date | None]
    retirement_announced_on: Mapped[date | None]
    retires_on: Mapped[date | None]
    """First day on which it can no longer be used."""
    retirement_reason: Mapped[str | None]
    retirement_decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))

    module: Mapped[Module] = relationship()

    __table_args__ = (
        UniqueConstraint("module_code", "version"),
        CheckConstraint("channels <@ ARRAY['portal', 'csv', 'system']", name="channels"),
        CheckConstraint(
            "(retires_on IS NULL) = (retirement_announced_on IS NULL) AND (retires_on IS NULL) ="
            " (retirement_reason IS NULL) AND (retires_on IS NULL OR retires_on >= retirement_announced_on)",
            name="retirement",
        ),
    )

    @property
    def name(self) -> str:
        """As people say it: "Schuldregeling 2.0"; one whose number is to be confirmed keeps the name of the module."""
        return self.module.name if self.to_confirm else f"{self.module.name} {self.version}"

    @property
    def shown_version(self) -> str:
        return "te bevestigen" if self.to_confirm else self.version


class ModuleChoice(Base, Numbered):
    """A module that a participant asks for."""

    __tablename__ = "module_choices"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    module_code: Mapped[str] = mapped_column(ForeignKey("modules.code"))
    chosen_at: Mapped[datetime]
    parked_at: Mapped[datetime | None]
    """When staff wanted to switch it on together with others, and it could not be."""
    parked_reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("participant_id", "module_code"),
        CheckConstraint("(parked_at IS NULL) = (parked_reason IS NULL)", name="parked"),
    )


class ModuleActivation(Base, Numbered):
    """Days on which a module is switched on for a participant."""

    __tablename__ = "module_activations"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    module_code: Mapped[str] = mapped_column(ForeignKey("modules.code"))
    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    module: Mapped[Module] = relationship()
    version: Mapped[ModuleVersion] = relationship()

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
