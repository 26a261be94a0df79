"""Example data about privacy: assessments with findings, the register, a request, a data breach. All of it invented."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from core import clock, csv_files, pdf
from core.audit import SYSTEM, Actor
from core.db import session, transaction
from core.errors import NotFound
from governance.assessments.kinds import AssessmentKind, FindingState, Severity, Verdict
from governance.assessments.models import Assessment
from governance.assessments.services import (
    add_finding,
    add_report,
    close_assessment,
    settle_finding,
    start_assessment,
)
from governance.privacy.breaches.services import notify_controllers, record_breach, set_affected
from governance.privacy.holdings.rules import HOLDINGS
from governance.privacy.kinds import DataRole, RequestKind, Risk
from governance.privacy.processing.services import import_activities
from governance.privacy.retention.services import load_default_terms
from governance.privacy.statistics.services import import_purposes
from governance.privacy.subject_requests.services import identify, receive
from identity.queries import account_by_email
from identity.services import actor_of
from participants.kinds import Stage
from participants.models import Organisation, Participant

DATA = Path(__file__).parent.parent / "data"
OFFICER = "privacy@voorbeeld.invalid"
RELEASES = (("Schuldregeling 2.0", date(2023, 6, 1)), ("Betalingsregeling 1.0", date(2023, 10, 1)))
"""Release, and the invented day on which its assessments began."""


def load_rules() -> None:
    """The register, retention terms and purposes that every installation begins with. Idempotent; one transaction."""
    with transaction():
        import_activities(csv_files.read(DATA / "verwerkingen.csv"), SYSTEM)
        load_default_terms(SYSTEM)
        import_purposes(csv_files.read(DATA / "statistieken.csv"), SYSTEM)


def load_examples() -> None:
    """What lies on the desk of the privacy officer, after the staff and the fictional participants were made."""
    officer = account_by_email(OFFICER)
    if officer is None or not HOLDINGS:
        raise NotFound("De voorbeeldmedewerker voor privacy ontbreekt.")
    actor = actor_of(officer)
    for release, started_on in RELEASES:
        for kind in AssessmentKind:
            _closed(kind, release, started_on, actor)
    today = clock.today()
    with clock.at(today - timedelta(days=20)), transaction():
        _running(actor)
    with clock.at(today - timedelta(days=26)), transaction():
        row = receive(
            actor,
            kind=RequestKind.ACCESS,
            name="Voorbeeldpersoon A",
            email="voorbeeldpersoon-a@voorbeeld.invalid",
            received_on=clock.today(),
            received_how="per mail (voorbeeld)",
        )
        identify(row, "Teruggebeld op het nummer dat wij hadden (voorbeeld).", actor)
    with clock.at(today - timedelta(days=30)), transaction():
        _told_to_participants(actor)
    with transaction():
        _with_a_running_clock(actor)


def _about(release: str) -> str:
    return f"{release}: portaal, systeemkoppeling en beheerfuncties (voorbeeld)"


def _closed(kind: AssessmentKind, release: str, started_on: date, actor: Actor) -> None:
    """A DPIA and a security assessment of a release of the past; the verdicts are invented."""
    closed_on = started_on + timedelta(days=40)
    with clock.at(closed_on), transaction():
        row = _start(kind, release, started_on, actor)
        finding = add_finding(
            row,
            actor,
            severity=Severity.HIGH,
            text="Voorbeeldbevinding: een overzicht toonde meer dan nodig was.",
            owner="Ontwikkeling",
            due_on=closed_on,
        )
        settle_finding(
            finding, FindingState.SOLVED, actor, settled_on=closed_on, reason="Het overzicht is beperkt (voorbeeld)."
        )
        add_report(row, _report(row), actor)
        next_on = clock.today() + timedelta(days=5 * 365)
        close_assessment(row, Verdict.ACCEPTED, actor, closed_on=closed_on, next_on=next_on)


def _start(kind: AssessmentKind, release: str, started_on: date, actor: Actor) -> Assessment:
    return start_assessment(
        actor,
        kind=kind,
        release=release,
        report_version="1.0 (voorbeeld)",
        scope=_about(release),
        assessor="Voorbeeldbureau voor toetsen",
        started_on=started_on,
    )


def _report(row: Assessment) -> bytes:
    return pdf.render("pdf/example_report.html", row=row)


def _running(actor: Actor) -> None:
    row = _start(AssessmentKind.SECURITY, "Meldingen bewindvoering 1.0", clock.today(), actor)
    soon = clock.today() + timedelta(days=10)
    add_finding(
        row,
        actor,
        severity=Severity.CRITICAL,
        text="Voorbeeldbevinding: een sessie bleef te lang geldig.",
        owner="Ontwikkeling",
        due_on=soon,
    )
    add_finding(
        row,
        actor,
        severity=Severity.LOW,
        text="Voorbeeldbevinding: een foutmelding noemt een versienummer.",
        owner=None,
        due_on=None,
    )


def _with_a_running_clock(actor: Actor) -> None:
    """A breach as controller."""
    record_breach(
        actor,
        role=DataRole.CONTROLLER,
        title="Voorbeeld: mail naar een verkeerd adres",
        facts="Verzonnen voorbeeld: een mail met een naam en een telefoonnummer ging naar een verkeerd adres.",
        effects="Een vreemde kent een zakelijk telefoonnummer.",
        measures="De ontvanger is gevraagd de mail te verwijderen.",
        people_affected="1 contactpersoon van een verzonnen deelnemer",
        discovered_at=clock.now() - timedelta(hours=41),
        risk=Risk.UNKNOWN,
    )


def _told_to_participants(actor: Actor) -> None:
    """A breach as processor, told to invented participants the same day."""
    query = select(Participant.id).join(Participant.organisation)
    invented = query.where(Organisation.fictional, Participant.stage == Stage.LIVE).order_by(Participant.id).limit(2)
    keys = list(session().execute(invented).scalars())
    if not keys:
        return
    row = record_breach(
        actor,
        role=DataRole.PROCESSOR,
        title="Voorbeeld: berichten bleven te lang staan",
        facts="Verzonnen voorbeeld: berichten die waren opgehaald stonden een dag te lang in het knooppunt.",
        effects="Geen gevolgen bekend; de inhoud was versleuteld.",
        measures="De taak die berichten verwijdert, is hersteld en wordt bewaakt.",
        people_affected="ongeveer 40 gesprekken, gepseudonimiseerd",
        discovered_at=clock.now() - timedelta(hours=2),
        risk=Risk.UNLIKELY,
    )
    set_affected(row, keys, actor)
    notify_controllers(row, [one.id for one in row.affected], actor)
