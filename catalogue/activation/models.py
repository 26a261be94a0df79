"""Facts that must hold before a version is switched on for one participant."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalogue.models import ModuleVersion
from core.db import Base, Numbered
from participants.models import Supplier


class AddendumAcceptance(Base, Numbered):
    """A participant accepted the addendum that a version needs."""

    __tablename__ = "addendum_acceptances"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"))
    accepted_on: Mapped[date]
    reference: Mapped[str]
    """Where the accepted text is kept."""
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    recorded_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("participant_id", "module_version_id"),)


class ProductSupport(Base, Numbered):
    """The software of a supplier speaks the message set of a version."""

    __tablename__ = "product_supports"

    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    product: Mapped[str]
    module_version_id: Mapped[int] = mapped_column(ForeignKey("module_versions.id"), index=True)
    since: Mapped[date]
    source: Mapped[str]
    """How we know: "eigen opgave", an acceptance test."""

    supplier: Mapped[Supplier] = relationship()
    version: Mapped[ModuleVersion] = relationship()

    __table_args__ = (UniqueConstraint("supplier_id", "product", "module_version_id"),)


class Covenant(Base, Numbered):
    """A covenant (convenant) with a creditor, for a time."""

    __tablename__ = "covenants"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id"), index=True)
    reference: Mapped[str]
    starts_on: Mapped[date]
    ends_before: Mapped[date | None]

    __table_args__ = (CheckConstraint("ends_before IS NULL OR ends_before >= starts_on", name="period"),)
