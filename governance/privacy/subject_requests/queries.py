"""Reads about requests of people."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from core import approvals
from core.approvals import Approval
from core.db import session
from core.errors import NotFound
from core.filters import moment
from governance.privacy.holdings.queries import collected
from governance.privacy.kinds import RequestStage
from governance.privacy.models import SubjectRequest
from governance.privacy.subject_requests.rules import WARNED, answer_before

KIND = "governance:erasure"
"""Of requests for a second pair of eyes about erasing."""


def request_by_id(request_id: int) -> SubjectRequest:
    """One request. Raises NotFound."""
    found = session().get(SubjectRequest, request_id)
    if found is None:
        raise NotFound("Dit verzoek bestaat niet.")
    return found


def requests() -> list[SubjectRequest]:
    """All requests, latest received first."""
    query = select(SubjectRequest).order_by(SubjectRequest.received_on.desc(), SubjectRequest.id.desc())
    return list(session().execute(query).scalars())


def last_day_of(row: SubjectRequest) -> date:
    """The last day on which to answer it."""
    return answer_before(row.received_on, extended=row.extended_on is not None)


def pressing(on: date) -> list[SubjectRequest]:
    """Open requests whose term ends within a week or has passed, most urgent first."""
    query = select(SubjectRequest).where(SubjectRequest.stage == RequestStage.OPEN)
    found = [row for row in session().execute(query).scalars() if last_day_of(row) <= on + WARNED]
    return sorted(found, key=lambda row: (last_day_of(row), row.id))


def erasure_of(row: SubjectRequest) -> Approval | None:
    """The latest time that a colleague was asked to agree to erasing for this request."""
    query = select(Approval).where(Approval.kind == KIND, Approval.payload["request"].as_integer() == row.id)
    return session().execute(query.order_by(Approval.id.desc()).limit(1)).scalar_one_or_none()


def waits_for_colleague(row: SubjectRequest) -> bool:
    """Whether erasing lies before a colleague now."""
    found = erasure_of(row)
    return found is not None and found.outcome is approvals.Outcome.WAITING


def export_of(row: SubjectRequest, on: date) -> dict[str, Any]:
    """Everything that we hold about the asker, as JSON for people: place by place, with why it is kept."""
    places = [
        {"waar": holding.label, "aantal": len(rows), "gegevens": [dict(one) for one in rows], "blijft": holding.kept}
        for holding, rows in collected(row.email)
    ]
    return {
        "over": {"naam": row.name, "e-mailadres": row.email},
        "stand": on.isoformat(),
        "verzoek": {"nummer": row.id, "soort": row.kind.label, "ontvangen": row.received_on.isoformat()},
        "opgehaald": moment(row.exported_at),
        "gegevens": places,
    }
