"""Who decided what, and who the operator is from when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Numbered
from core.kinds import labelled_column
from governance.kinds import Body, DecisionKind


class Decision(Base, Numbered):
    """A decision of a body. Never changed; a later one supersedes it."""

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

    advice: Mapped[Decision | None] = relationship(remote_side="Decision.id")


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
