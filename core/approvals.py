"""Four eyes: who asks, what would change, who decides. The maker is never the checker, administrators included."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.audit import Actor, Entry, Event, record
from core.db import Base, Numbered, session
from core.errors import NotFound, Refused
from core.kinds import Labelled, labelled_column

REQUESTED = Event("core:approval:requested", "{actor} vroeg een collega om akkoord: {what}.")
APPROVED = Event("core:approval:approved", "{actor} gaf akkoord: {what}.")
DECLINED = Event("core:approval:declined", "{actor} gaf geen akkoord: {what}. Reden: {reason}")
OWN_WORK = Event(
    "core:approval:refused",
    "{actor} wilde het eigen verzoek goedkeuren ({what}); dat mag alleen een collega.",
    refusal=True,
)


class Outcome(Labelled):
    WAITING = "waiting", "Wacht op een collega"
    APPROVED = "approved", "Akkoord"
    DECLINED = "declined", "Niet akkoord"


class Approval(Base, Numbered):
    """One request for a second pair of eyes."""

    __tablename__ = "approvals"

    kind: Mapped[str]
    what: Mapped[str]
    """The change as a Dutch sentence part."""
    payload: Mapped[dict[str, Any]]
    """What is carried out after approval."""
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    permission: Mapped[str]
    """What the checker must be allowed to do."""
    requested_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.key"))
    requested_at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(labelled_column(Outcome, "outcome"), default=Outcome.WAITING)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.key"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    __table_args__ = (Index("ix_approvals_outcome_id", "outcome", "id"),)


@dataclass(frozen=True)
class Kind:
    """What can be asked approval for, and what approval does."""

    name: str
    label: str
    permission: str
    carry_out: Callable[[Approval, Actor], None]
    page: str | None = None
    """Endpoint of a page that shows all of a request, by `approval_id`; None when the table of values says enough."""
    turn_down: Callable[[Approval, Actor], None] | None = None
    """What declining does, where it does more than leave things as they are."""


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    KINDS[kind.name] = kind
    return kind


def request_approval(
    kind: Kind, actor: Actor, what: str, payload: dict[str, Any], *, before: dict[str, Any], after: dict[str, Any]
) -> Approval:
    """Put a change before a colleague. Nothing changes until one approves."""
    if actor.person is None:
        raise Refused("Alleen een medewerker kan om akkoord vragen.")
    row = Approval(
        kind=kind.name,
        what=what,
        payload=payload,
        before=before,
        after=after,
        permission=kind.permission,
        requested_by=actor.person,
        requested_at=clock.now(),
        outcome=Outcome.WAITING,
    )
    session().add(row)
    session().flush()
    record(REQUESTED, actor, subject=f"approval:{row.id}", what=what)
    return row


def _open(approval_id: int, actor: Actor) -> Approval:
    # populate_existing: the page may have read the row before a colleague decided
    row = session().get(Approval, approval_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("Dit verzoek bestaat niet.")
    if row.outcome is not Outcome.WAITING:
        raise Refused("Een collega heeft hier al over besloten.")
    if actor.person is None or actor.person == row.requested_by:
        entry = Entry(OWN_WORK, actor, {"what": row.what}, subject=f"approval:{row.id}")
        raise Refused("U hebt dit zelf gevraagd. Laat een collega het beoordelen.", entry=entry)
    return row


def approve(approval_id: int, actor: Actor) -> Approval:
    """Approve and carry out, in one transaction. Raises Refused (audited) for the maker, or when decided already."""
    row = _open(approval_id, actor)
    kind = KINDS.get(row.kind)
    if kind is None:
        raise Refused("Dit verzoek is van een soort die niet meer bestaat. Keur het af, en vraag het zo nodig opnieuw.")
    row.outcome, row.decided_by, row.decided_at = Outcome.APPROVED, actor.person, clock.now()
    record(APPROVED, actor, subject=f"approval:{row.id}", what=row.what)
    kind.carry_out(row, actor)
    session().flush()
    return row


def decline(approval_id: int, actor: Actor, reason: str) -> Approval:
    """Decline with a reason. The request stays as it is, decided."""
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen waarom u geen akkoord geeft.", field="reason")
    row = _open(approval_id, actor)
    row.outcome, row.decided_by, row.decided_at, row.reason = (
        Outcome.DECLINED,
        actor.person,
        clock.now(),
        reason.strip(),
    )
    record(DECLINED, actor, subject=f"approval:{row.id}", what=row.what, reason=row.reason)
    kind = KINDS.get(row.kind)
    if kind is not None and kind.turn_down is not None:
        kind.turn_down(row, actor)
    session().flush()
    return row


def waiting() -> list[Approval]:
    """Open requests, oldest first."""
    query = select(Approval).where(Approval.outcome == Outcome.WAITING).order_by(Approval.id)
    return list(session().execute(query).scalars())
