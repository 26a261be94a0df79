"""What waits on who looks after privacy: findings, assessments, requests of people, data breaches."""

from __future__ import annotations

from flask import url_for

from admin.items import WorkItem
from admin.items import start_of as _start_of
from admin.kinds import WorkKind
from core import clock
from core.filters import day
from core.permissions import Caller
from governance.assessments.queries import assessments_due, overdue_findings
from governance.assessments.rules import ANNOUNCED
from governance.privacy.breaches.queries import facts_of as facts_of_breach
from governance.privacy.breaches.queries import open_breaches
from governance.privacy.breaches.rules import clock_runs, clock_text, still_to_do, tell_authority_before
from governance.privacy.subject_requests.queries import last_day_of, pressing
from governance.privacy.subject_requests.rules import standing


def overdue_findings_of_assessments(who: Caller) -> list[WorkItem]:
    """Findings that should have been settled by now."""
    if not who.may("assessment:edit"):
        return []
    return [
        WorkItem(
            WorkKind.FINDING,
            f"{finding.assessment.kind.label} {finding.assessment.release}",
            f"{finding.severity.label}: {finding.text[:120]} Klaar vóór of op {day(finding.due_on)}.",
            _start_of(finding.due_on or clock.today()),
            "Afhandelen",
            url_for("assessments.settle_finding", assessment_id=finding.assessment_id, finding_id=finding.id),
        )
        for finding in overdue_findings(clock.today())
    ]


def assessments_to_repeat(who: Caller) -> list[WorkItem]:
    """Assessments whose next date comes within sixty days; they wait since that announcement."""
    if not who.may("assessment:edit"):
        return []
    return [
        WorkItem(
            WorkKind.ASSESSMENT,
            f"{row.kind.label} {row.release}",
            f"Opnieuw op {day(row.next_on)}.",
            _start_of((row.next_on or clock.today()) - ANNOUNCED),
            "Bekijken",
            url_for("assessments.show_assessment", assessment_id=row.id),
        )
        for row in assessments_due(clock.today())
    ]


def pressing_requests(who: Caller) -> list[WorkItem]:
    """Requests for access or erasure whose term ends within a week, or has passed."""
    if not who.may("privacy:edit"):
        return []
    today = clock.today()
    return [
        WorkItem(
            WorkKind.REQUEST,
            f"Verzoek {row.id}: {row.kind.label}",
            f"Antwoord uiterlijk op {day(last_day_of(row))}: {standing(last_day_of(row), today)[0]}.",
            _start_of(row.received_on),
            "Behandelen",
            url_for("privacy.show_request", request_id=row.id),
        )
        for row in pressing(today)
    ]


def open_breaches_of_data(who: Caller) -> list[WorkItem]:
    """Data breaches that are not closed, with the running clock."""
    if not who.may("privacy:edit"):
        return []
    found = []
    for row in open_breaches():
        facts = facts_of_breach(row)
        todo = still_to_do(facts)
        what = todo[0] if todo else "Alles is gedaan; sluit het af."
        left = ""
        if clock_runs(facts):
            time_left = clock_text(tell_authority_before(row.discovered_at), clock.now())
            left = f" {time_left[:1].upper()}{time_left[1:]}."
        url = url_for("privacy.show_breach", number=row.number)
        about = f"{row.number}: {row.title}"
        found.append(WorkItem(WorkKind.BREACH, about, f"{what}{left}", row.discovered_at, "Behandelen", url))
    return found
