"""Reads about assessments."""

from __future__ import annotations

from sqlalchemy import select

from core.db import session
from governance.assessments.kinds import AssessmentKind, Verdict
from governance.assessments.models import Assessment


def accepted_assessments(kind: AssessmentKind) -> list[Assessment]:
    """Closed with a verdict that lets a release go on, latest first."""
    query = select(Assessment).where(
        Assessment.kind == kind, Assessment.verdict.in_((Verdict.ACCEPTED, Verdict.CONDITIONS))
    )
    return list(session().execute(query.order_by(Assessment.closed_on.desc(), Assessment.id.desc())).scalars())
