"""Assessments of a release: the verdict follows from the findings, and a closed one lies fixed."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, clock
from core.audit import SYSTEM, AuditEvent
from core.errors import Refused
from governance.assessments import queries, services
from governance.assessments.kinds import AssessmentKind, FindingState, Severity, Verdict
from governance.assessments.models import Assessment, Finding
from governance.assessments.rules import FindingFacts, is_due_soon, is_overdue, why_not_closed
from identity.kinds import StaffRole
from tests.browser import Browser, Page
from tests.people import People

EXAMPLES = list(csv.DictReader((Path(__file__).parent / "examples/verdicts.csv").open(encoding="utf-8")))
PDF = b"%PDF-1.7\nvoorbeeld\n%%EOF\n"
LIST = "/beheer/toetsen"


def _finding(written: str) -> FindingFacts:
    severity, state, owner, due = written.split(":")
    return FindingFacts(Severity(severity), FindingState(state), bool(owner), bool(due))


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["test"] for row in EXAMPLES])
def test_which_verdict_the_findings_allow(row: dict[str, str]) -> None:
    findings = [_finding(one) for one in row["findings"].split(" ") if one]
    why = why_not_closed(Verdict(row["verdict"]), findings)
    assert (why is None) == (row["allowed"] == "yes"), why


def test_when_something_is_due() -> None:
    today = date(2026, 11, 1)
    assert is_due_soon(date(2026, 12, 31), today)
    assert not is_due_soon(date(2027, 1, 1), today)
    assert not is_due_soon(None, today)
    assert is_overdue(FindingState.OPEN, date(2026, 10, 31), today)
    assert not is_overdue(FindingState.OPEN, today, today)
    assert not is_overdue(FindingState.SOLVED, date(2026, 10, 31), today)


@pytest.fixture
def assessment(session: Session) -> Assessment:
    made = services.start_assessment(
        SYSTEM,
        kind=AssessmentKind.DPIA,
        release="Voorbeeldmodule 1.0",
        report_version="0.9",
        scope="Alles",
        assessor="Voorbeeldbureau",
        started_on=clock.today() - timedelta(days=10),
    )
    session.commit()
    return made


def _add(row: Assessment, severity: Severity = Severity.HIGH, **values: object) -> Finding:
    given = {"text": "Te ruime rechten.", "owner": None, "due_on": None} | values
    return services.add_finding(row, SYSTEM, severity=severity, **given)  # type: ignore[arg-type]


def _close(row: Assessment, verdict: Verdict = Verdict.ACCEPTED) -> None:
    services.close_assessment(
        row, verdict, SYSTEM, closed_on=clock.today(), next_on=clock.today() + timedelta(days=365)
    )


def test_a_release_is_accepted_once_its_findings_are_settled(session: Session, assessment: Assessment) -> None:
    services.add_report(assessment, PDF, SYSTEM)
    finding = _add(assessment)
    with pytest.raises(Refused, match="ernst hoog of kritiek"):
        _close(assessment)
    assert queries.accepted_assessments(AssessmentKind.DPIA) == []
    services.settle_finding(
        finding, FindingState.ACCEPTED, SYSTEM, settled_on=clock.today(), reason="Tijdelijk en gemonitord."
    )
    _close(assessment)
    assert queries.accepted_assessments(AssessmentKind.DPIA) == [assessment]
    assert queries.accepted_assessments(AssessmentKind.SECURITY) == []
    last = session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert last is not None
    assert audit.sentence(last, "Het systeem") == (
        "Het systeem sloot de toets DPIA van Voorbeeldmodule 1.0 af: akkoord."
    )


def test_without_a_report_there_is_no_approval(assessment: Assessment) -> None:
    with pytest.raises(Refused, match="rapport"):
        _close(assessment)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7 cut off", b"%PDF-" + b"x" * services.LARGEST_REPORT])
def test_a_report_is_a_whole_pdf(assessment: Assessment, content: bytes) -> None:
    with pytest.raises(Refused):
        services.add_report(assessment, content, SYSTEM)


def test_a_closed_assessment_refuses_every_change(session: Session, assessment: Assessment) -> None:
    services.add_report(assessment, PDF, SYSTEM)
    finding = _add(assessment, Severity.LOW, owner="Beheer", due_on=clock.today())
    _close(assessment, Verdict.CONDITIONS)
    for change in (
        lambda: _add(assessment),
        lambda: services.add_report(assessment, PDF, SYSTEM),
        lambda: services.change_finding(finding, {"text": "Iets anders"}, SYSTEM),
        lambda: _close(assessment),
    ):
        with pytest.raises(Refused, match="afgesloten"):
            change()
    services.settle_finding(finding, FindingState.SOLVED, SYSTEM, settled_on=clock.today(), reason="Opgelost.")
    with pytest.raises(Refused, match="al afgehandeld"):
        services.settle_finding(finding, FindingState.SOLVED, SYSTEM, settled_on=clock.today(), reason="Nog eens.")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments SET verdict = 'accepted' WHERE id = :id",
        "UPDATE assessments SET next_on = NULL WHERE id = :id",
        "UPDATE findings SET text = 'anders' WHERE assessment_id = :id",
        "UPDATE findings SET state = 'open', settled_on = NULL WHERE assessment_id = :id AND state = 'solved'",
        "INSERT INTO findings (assessment_id, severity, text, state) VALUES (:id, 'low', 'later', 'open')",
    ],
)
def test_the_database_keeps_a_closed_assessment_fixed(session: Session, assessment: Assessment, statement: str) -> None:
    services.add_report(assessment, PDF, SYSTEM)
    solved = _add(assessment, Severity.LOW)
    services.settle_finding(solved, FindingState.SOLVED, SYSTEM, settled_on=clock.today(), reason="Opgelost.")
    _add(assessment, Severity.LOW, owner="Beheer", due_on=clock.today())
    _close(assessment, Verdict.CONDITIONS)
    with pytest.raises(IntegrityError, match="afgesloten"):
        session.execute(text(statement), {"id": assessment.id})


def test_a_next_date_is_put_forward_until_a_later_assessment_begins(session: Session, assessment: Assessment) -> None:
    services.close_assessment(
        assessment, Verdict.REJECTED, SYSTEM, closed_on=clock.today(), next_on=clock.today() + timedelta(days=59)
    )
    assert queries.assessments_due(clock.today()) == [assessment]
    assert queries.assessments_due(clock.today() - timedelta(days=2)) == []
    services.start_assessment(
        SYSTEM,
        kind=AssessmentKind.DPIA,
        release=assessment.release,
        report_version="1.0",
        scope="Alles",
        assessor="Voorbeeldbureau",
        started_on=clock.today(),
    )
    assert queries.assessments_due(clock.today()) == []


# ------------------------------------------------------------------------------------------- pages


@pytest.fixture
def privacy(browser: Browser, people: People) -> Browser:
    return browser.sign_in(people.staff(StaffRole.PRIVACY))


def test_from_start_to_verdict_on_the_pages(privacy: Browser) -> None:
    page = privacy.get(LIST)
    assert "Nog geen toetsen" in page.text
    page = privacy.get(page.link("Toets beginnen"))
    page = privacy.submit(page, "Toets beginnen", expect=422)
    assert "Kies een soort toets." in page.errors
    page = privacy.submit(
        page,
        "Toets beginnen",
        kind="security",
        release="Voorbeeldmodule <2>",
        report_version="1",
        scope="Portaal",
        assessor="Voorbeeldbureau",
        started_on="1-1-2026",
    )
    assert page.heading == "Beveiligingstoets Voorbeeldmodule <2>"
    address = page.response.request.path
    page = privacy.submit(
        privacy.get(page.link("Bevinding toevoegen")), "Bewaren", severity="critical", text="Lek", due_on="1-2-2026"
    )
    assert "te laat" in page.text
    assert "Bevinding afhandelen" in privacy.get("/beheer/").text
    refused = privacy.submit(
        privacy.get(page.link("Afsluiten")),
        "Afsluiten",
        verdict="accepted",
        closed_on="1-3-2026",
        next_on="1-3-2027",
        expect=422,
    )
    assert refused.errors == ["Voeg eerst het rapport toe."]
    page = privacy.submit(privacy.get(f"{address}/rapport"), "Toevoegen", report=(io.BytesIO(PDF), "rapport.pdf"))
    report = privacy.client.get(page.link("Download het rapport (PDF)"))
    assert (report.data, report.mimetype) == (PDF, "application/pdf")
    page = privacy.submit(
        privacy.get(page.link("Afhandelen : bevinding 1")),
        "Afhandelen",
        state="solved",
        settled_on="1-2-2026",
        reason="Gedicht",
    )
    page = privacy.submit(
        privacy.get(page.link("Afsluiten")), "Afsluiten", verdict="accepted", closed_on="1-3-2026", next_on="1-3-2030"
    )
    assert page.notices == ["De toets is afgesloten."]
    assert "Bevinding toevoegen" not in page.text
    export = privacy.client.get(f"{LIST}/bevindingen.csv").get_data(as_text=True)
    assert "Voorbeeldmodule <2>" in export
    assert "Gedicht" in export


def test_mending_what_was_filled_in(privacy: Browser, assessment: Assessment) -> None:
    address = f"{LIST}/{assessment.id}"
    page = privacy.submit(privacy.get(f"{address}/wijzigen"), "Bewaren", scope="Alleen het portaal")
    assert "Alleen het portaal" in page.text
    page = privacy.submit(privacy.get(f"{address}/wijzigen"), "Bewaren", started_on="1-1-2100", expect=422)
    assert page.errors == ["Deze dag moet nog komen. Vul in op welke dag de toets begon."]


def test_two_who_mend_the_same_see_the_difference(privacy: Browser, session: Session, assessment: Assessment) -> None:
    page = privacy.get(f"{LIST}/{assessment.id}/wijzigen")
    services.change_assessment(
        assessment,
        {
            "scope": "Van een collega",
            **{name: getattr(assessment, name) for name in ("release", "report_version", "assessor", "started_on")},
        },
        SYSTEM,
    )
    session.commit()
    clash: Page = privacy.submit(page, "Bewaren", scope="Van mij", expect=409)
    assert "Van een collega" in clash.text


@pytest.mark.parametrize("role", [StaffRole.BOARD, StaffRole.AUDITOR, StaffRole.ADMINISTRATION])
def test_who_may_look_but_not_change(browser: Browser, people: People, assessment: Assessment, role: StaffRole) -> None:
    browser.sign_in(people.staff(role))
    assert "Bevinding toevoegen" not in browser.get(f"{LIST}/{assessment.id}").text
    for path in ("nieuw", f"{assessment.id}/wijzigen", f"{assessment.id}/afsluiten", f"{assessment.id}/rapport"):
        browser.get(f"{LIST}/{path}", expect=403)


def test_who_may_not_look(browser: Browser, people: People, assessment: Assessment) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE)).get(f"{LIST}/{assessment.id}", expect=403)


def test_a_finding_of_another_assessment_does_not_exist(privacy: Browser, assessment: Assessment) -> None:
    finding = _add(assessment)
    privacy.get(f"{LIST}/{assessment.id + 1}/bevindingen/{finding.id}/afhandelen", expect=404)
