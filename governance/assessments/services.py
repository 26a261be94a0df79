"""Begin, report on and close an assessment; add and settle findings. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from core import clock, documents
from core.audit import Actor, Entry, record
from core.db import lock, session
from core.errors import Refused
from governance.assessments import events
from governance.assessments.kinds import AssessmentKind, FindingState, Severity, Verdict
from governance.assessments.models import Assessment, Finding
from governance.assessments.rules import FindingFacts, why_not_closed

LARGEST_REPORT = 15 * 1024 * 1024
PDF = "application/pdf"
_LABELS = {
    "release": "release",
    "report_version": "versie van het rapport",
    "scope": "wat is getoetst",
    "assessor": "uitgevoerd door",
    "started_on": "begonnen op",
}


def _subject(row: Assessment) -> str:
    return f"assessment:{row.id}"


def _facts(row: Assessment) -> dict[str, Any]:
    return {"kind": row.kind.label, "release": row.release}


def start_assessment(
    actor: Actor,
    *,
    kind: AssessmentKind,
    release: str,
    report_version: str,
    scope: str,
    assessor: str,
    started_on: date,
) -> Assessment:
    """Begin an assessment of a release. Raises Refused for a day that is still to come."""
    _check_begun(started_on)
    row = Assessment(
        kind=kind,
        release=release,
        report_version=report_version,
        scope=scope,
        assessor=assessor,
        started_on=started_on,
    )
    session().add(row)
    session().flush()
    record(events.STARTED, actor, subject=_subject(row), **_facts(row))
    return row


def _check_begun(started_on: date) -> None:
    if started_on > clock.today():
        raise Refused("Deze dag moet nog komen. Vul in op welke dag de toets begon.", field="started_on")


def locked_open(row: Assessment) -> Assessment:
    """The same row, kept to ourselves. Raises Refused when it is closed."""
    lock(row)
    if row.closed_on is not None:
        raise Refused("Deze toets is afgesloten en ligt vast. Begin een nieuwe toets als er iets is veranderd.")
    return row


def change_assessment(row: Assessment, values: Mapping[str, Any], actor: Actor) -> None:
    """Mend what was filled in. `values`: fields of the assessment; those that stay the same leave no trace."""
    locked_open(row)
    _check_begun(values["started_on"])
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        session().flush()
        fields = ", ".join(_LABELS[name] for name in changed)
        record(events.CHANGED, actor, subject=_subject(row), fields=fields, **_facts(row))


def add_report(row: Assessment, content: bytes, actor: Actor) -> None:
    """Attach the report. Raises Refused for what is no whole PDF, or too large."""
    locked_open(row)
    if len(content) > LARGEST_REPORT:
        raise Refused("Dit bestand is te groot. Een rapport mag hoogstens 15 MB zijn.", field="report")
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Refused("Dit bestand is geen (hele) PDF. Sla het rapport op als PDF en probeer opnieuw.", field="report")
    row.document_sha256 = documents.store(content, PDF)
    session().flush()
    record(events.REPORT_ADDED, actor, subject=_subject(row), sha256=row.document_sha256[:12], **_facts(row))


def close_assessment(row: Assessment, verdict: Verdict, actor: Actor, *, closed_on: date, next_on: date | None) -> None:
    """Give the verdict, for good. Raises Refused (audited) when the findings do not allow it."""
    locked_open(row)
    if not row.started_on <= closed_on <= clock.today():
        raise Refused("De dag ligt tussen het begin van de toets en vandaag.", field="closed_on")
    if next_on is None and verdict is not Verdict.REJECTED:
        raise Refused("Vul in wanneer de toets opnieuw moet.", field="next_on")
    if next_on is not None and next_on <= closed_on:
        raise Refused("De volgende toets is na deze. Kies een latere dag.", field="next_on")
    if row.document_sha256 is None and verdict is not Verdict.REJECTED:
        raise Refused("Voeg eerst het rapport toe.")
    found = [FindingFacts(one.severity, one.state, bool(one.owner), one.due_on is not None) for one in row.findings]
    why = why_not_closed(verdict, found)
    if why:
        facts = {**_facts(row), "verdict": verdict.label.lower(), "why": why}
        raise Refused(why, entry=Entry(events.NOT_CLOSED, actor, facts, subject=_subject(row)), field="verdict")
    row.verdict, row.closed_on, row.next_on = verdict, closed_on, next_on
    session().flush()
    record(events.CLOSED, actor, subject=_subject(row), verdict=verdict.label.lower(), **_facts(row))


# ------------------------------------------------------------------------------------------- findings


def add_finding(
    row: Assessment, actor: Actor, *, severity: Severity, text: str, owner: str | None, due_on: date | None
) -> Finding:
    """Add what was found. Raises Refused when the assessment is closed."""
    locked_open(row)
    found = Finding(assessment_id=row.id, severity=severity, text=text, owner=owner, due_on=due_on)
    session().add(found)
    session().flush()
    session().expire(row, ["findings"])
    record(events.FINDING_ADDED, actor, subject=_subject(row), severity=severity.label.lower(), **_facts(row))
    return found


def change_finding(finding: Finding, values: Mapping[str, Any], actor: Actor) -> None:
    """Mend severity, text, owner or date of an open finding, while the assessment is open."""
    row = locked_open(finding.assessment)
    lock(finding)
    if finding.state is not FindingState.OPEN:
        raise Refused("Deze bevinding is afgehandeld en verandert niet meer.")
    changed = [name for name, value in values.items() if getattr(finding, name) != value]
    for name in changed:
        setattr(finding, name, values[name])
    if changed:
        session().flush()
        record(events.FINDING_CHANGED, actor, subject=_subject(row), finding=finding.id, **_facts(row))


def settle_finding(finding: Finding, state: FindingState, actor: Actor, *, settled_on: date, reason: str) -> None:
    """Solved, or the risk is accepted with a reason; once. Also after the assessment was closed under conditions."""
    lock(finding)
    if finding.state is not FindingState.OPEN:
        raise Refused("Deze bevinding is al afgehandeld.")
    if state is FindingState.OPEN:
        raise Refused("Kies opgelost of risico aanvaard.", field="state")
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen hoe of waarom.", field="reason")
    if not finding.assessment.started_on <= settled_on <= clock.today():
        raise Refused("De dag ligt tussen het begin van de toets en vandaag.", field="settled_on")
    finding.state, finding.settled_on, finding.reason = state, settled_on, reason.strip()
    session().flush()
    record(
        events.FINDING_SETTLED,
        actor,
        subject=_subject(finding.assessment),
        finding=finding.id,
        release=finding.assessment.release,
        state=state.label.lower(),
        reason=finding.reason,
    )
