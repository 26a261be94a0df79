"""Reads about assessments."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from core import documents
from core.db import session
from core.errors import NotFound
from governance.assessments.kinds import AssessmentKind, FindingState, Verdict
from governance.assessments.models import Assessment, Finding
from governance.assessments.rules import ANNOUNCED


def accepted_assessments(kind: AssessmentKind) -> list[Assessment]:
    """Closed with a verdict that lets a release go on, latest first."""
    query = select(Assessment).where(
        Assessment.kind == kind, Assessment.verdict.in_((Verdict.ACCEPTED, Verdict.CONDITIONS))
    )
    return list(session().execute(query.order_by(Assessment.closed_on.desc(), Assessment.id.desc())).scalars())


def assessments() -> list[Assessment]:
    """All of them with their findings, the latest begun first."""
    query = select(Assessment).options(selectinload(Assessment.findings))
    return list(session().execute(query.order_by(Assessment.started_on.desc(), Assessment.id.desc())).scalars())


def assessment(assessment_id: int) -> Assessment:
    """One assessment. Raises NotFound."""
    found = session().get(Assessment, assessment_id)
    if found is None:
        raise NotFound("Deze toets bestaat niet.")
    return found


def finding(assessment_id: int, finding_id: int) -> Finding:
    """One finding of this assessment. Raises NotFound."""
    found = session().get(Finding, finding_id)
    if found is None or found.assessment_id != assessment_id:
        raise NotFound("Deze bevinding bestaat niet.")
    return found


def report_of(row: Assessment) -> bytes:
    """The report as it was added. Raises NotFound when there is none."""
    if row.document_sha256 is None:
        raise NotFound("Bij deze toets is geen rapport toegevoegd.")
    return documents.read(row.document_sha256)


def overdue_findings(on: date) -> list[Finding]:
    """Open findings whose date has passed, longest ago first."""
    query = (
        select(Finding)
        .options(joinedload(Finding.assessment))
        .where(Finding.state == FindingState.OPEN, Finding.due_on < on)
        .order_by(Finding.due_on, Finding.id)
    )
    return list(session().execute(query).scalars())


def assessments_due(on: date) -> list[Assessment]:
    """Closed assessments that have to be done again within sixty days, soonest first; not when a later assessment of
    the same kind and release has begun."""
    latest = select(func.max(Assessment.id)).group_by(Assessment.kind, Assessment.release)
    query = (
        select(Assessment)
        .where(Assessment.id.in_(latest), Assessment.closed_on.is_not(None), Assessment.next_on <= on + ANNOUNCED)
        .order_by(Assessment.next_on, Assessment.id)
    )
    return list(session().execute(query).scalars())
