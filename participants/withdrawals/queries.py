"""What was asked and agreed about the name of a participant."""

from __future__ import annotations

from sqlalchemy import select

from core import approvals
from core.approvals import Approval, Outcome
from core.db import session

NAME = "name_withdrawal"
"""Kind of approval."""


def open_request(participant_id: int) -> Approval | None:
    """The request on which nobody decided yet."""
    waiting = (row for row in approvals.waiting() if row.kind == NAME)
    return next((row for row in waiting if row.payload["participant"] == participant_id), None)


def carried_out(participant_id: int) -> list[Approval]:
    """What was agreed, latest first."""
    query = (
        select(Approval)
        .where(Approval.kind == NAME, Approval.outcome == Outcome.APPROVED)
        .where(Approval.payload["participant"].as_integer() == participant_id)
        .order_by(Approval.id.desc())
    )
    return list(session().execute(query).scalars())
