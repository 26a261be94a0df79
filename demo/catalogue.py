"""The road of the modules in the example: decisions with advice, assessments and agreements behind what was released,
and one module of the roadmap halfway. Everything here says that it is an example."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from catalogue.messages.kinds import MessageKind, Party
from catalogue.messages.services import NewMessage, add_message_type
from catalogue.models import ModuleVersion
from catalogue.queries import active_modules, modules_for_role
from catalogue.services import choose_modules
from catalogue.versions import queries
from catalogue.versions import services as road
from catalogue.versions.kinds import AgreementAudience, Gate
from catalogue.versions.models import GateRecord
from core import clock
from core.audit import SYSTEM
from core.db import session
from governance.assessments.kinds import AssessmentKind, Verdict
from governance.assessments.models import Assessment
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from governance.services import record_decision
from participants.kinds import Channel, Stage
from participants.models import Organisation, Participant

EXAMPLE = "voorbeeld"
REPORT = "Voorbeeldverslag"
PARTIES = "Voorbeeldoverleg van schuldhulpverleners en schuldeisers"
IN_DEVELOPMENT = "national_pause"
BEGUN_ON = date(2026, 3, 2)
REQUESTS = 6


def load_roads() -> None:
    """Give every released version its example road, and bring one of the roadmap halfway. Idempotent; runs in a
    transaction of the caller, after the modules were imported."""
    for row in queries.versions():
        if session().scalar(select(GateRecord.id).where(GateRecord.module_version_id == row.id).limit(1)):
            continue
        if row.released_on is not None:
            _give_road(row, row.released_on)
        elif row.module_code == IN_DEVELOPMENT:
            _bring_halfway(row)


def leave_requests() -> None:
    """Some invented participants asked for a module this week; for the one with CSV files it cannot be switched on.
    Runs in a transaction of the caller."""
    query = (
        select(Participant)
        .join(Participant.organisation)
        .where(Organisation.fictional, Participant.stage == Stage.LIVE)
        .order_by(Participant.id)
    )
    left, over_files = REQUESTS, 1
    for participant in session().execute(query).scalars():
        offered = [offer.code for offer in modules_for_role(participant.role_code)]
        active = {module.code for module in active_modules(participant.id, clock.today())}
        if participant.channel is not Channel.PORTAL and not (participant.channel is Channel.CSV and over_files):
            continue
        if left and active < set(offered):
            over_files -= participant.channel is Channel.CSV
            with clock.at(clock.today() - timedelta(days=left)):
                choose_modules(participant, offered, SYSTEM)
            left -= 1


def _give_road(row: ModuleVersion, released_on: date) -> None:
    """What must have come before a release, as example, in the order in which it happens."""
    _complete_messages(row)
    if not queries.process_agreements(row.id):
        _agree_on_process(row, released_on - timedelta(days=150))
    decision = _decide(row, released_on)
    days = {Gate.MESSAGES: 160, Gate.AGREEMENTS: 150, Gate.BUILT: 75, Gate.TESTED: 45}
    for gate, before in days.items():
        _record(row, gate, released_on - timedelta(days=before))
    for gate, kind, before in ((Gate.DPIA, AssessmentKind.DPIA, 40), (Gate.SECURITY, AssessmentKind.SECURITY, 35)):
        made = _assess(row, kind, released_on - timedelta(days=before))
        _record(row, gate, released_on - timedelta(days=before), assessment=made)
    _record(row, Gate.DECISION, decision.decided_on, decision=decision)
    row.advice_id = decision.advice_id
    row.started_on = released_on - timedelta(days=240)
    session().flush()


def _record(
    row: ModuleVersion,
    gate: Gate,
    on: date,
    *,
    assessment: Assessment | None = None,
    decision: Decision | None = None,
) -> None:
    """As `services.record_gate` does, for a version that the sources already call released: hence the row itself."""
    done_by = {Gate.BUILT: "Voorbeeldbouwer", Gate.TESTED: "Voorbeeldtester"}.get(gate, PARTIES)
    reference = f"{REPORT} {row.name}"
    if assessment is not None:
        done_by, reference = assessment.assessor, f"{assessment.release}, rapport {assessment.report_version}"
    if decision is not None:
        done_by, reference = decision.body.label, f"besluit {decision.number}"
    session().add(
        GateRecord(
            module_version_id=row.id,
            gate=gate,
            happened_on=on,
            done_by=done_by,
            reference=reference,
            assessment_id=assessment.id if assessment else None,
            decision_id=decision.id if decision else None,
            recorded_by=None,
            recorded_at=clock.now(),
        )
    )


def _complete_messages(row: ModuleVersion) -> None:
    """The sources do not name the messages of the first versions; the example has one, so that a set can be agreed."""
    if queries.message_types(row.id):
        return
    kept_on, row.released_on = row.released_on, None
    message = NewMessage(
        "VB.SALDOVERZOEK",
        "Saldoverzoek",
        MessageKind.BALANCE_REQUEST,
        [Party.DEBT_COUNSELLOR],
        [Party.CREDITOR],
        "voorbeeld: de bronnen noemen de berichten van deze versie niet",
    )
    add_message_type(SYSTEM, row, message, is_agreed=False)
    row.released_on = kept_on
    session().flush()


def _agree_on_process(row: ModuleVersion, on: date) -> None:
    road.add_process_agreement(
        SYSTEM,
        row,
        title="Voorbeeldprocesafspraken",
        version=row.version,
        agreed_on=on,
        audience=AgreementAudience.EVERYBODY,
        source=f"{REPORT} {row.name}",
    )


def _decide(row: ModuleVersion, released_on: date) -> Decision:
    """Advice and decision before the quarter, each with a number of its own."""
    slug = f"{row.module.name}-{row.version}".lower().replace(" ", "-").replace("/", "-")
    advice = record_decision(
        body=Body.ADVISORY_BOARD,
        kind=DecisionKind.MODULE_RELEASE,
        decided_on=released_on - timedelta(days=28),
        title=f"Voorbeeldadvies vrijgave {row.name}",
        text=f"Verzonnen advies: de raad van advies adviseert om {row.name} vrij te geven.",
        source=EXAMPLE,
        number=f"VOORBEELD-advies-{slug}",
        actor=SYSTEM,
    )
    return record_decision(
        body=Body.BOARD,
        kind=DecisionKind.MODULE_RELEASE,
        decided_on=released_on - timedelta(days=14),
        title=f"Voorbeeldbesluit vrijgave {row.name}",
        text=f"Verzonnen besluit: {row.name} wordt vrijgegeven. Advies en besluit horen alleen bij het voorbeeld.",
        source=EXAMPLE,
        number=f"VOORBEELD-vrijgave-{slug}",
        actor=SYSTEM,
        advice=advice,
    )


def _assess(row: ModuleVersion, kind: AssessmentKind, closed_on: date) -> Assessment:
    made = Assessment(
        kind=kind,
        release=row.name,
        report_version="voorbeeld 1.0",
        scope=f"Voorbeeld: alle onderdelen die met {row.name} veranderen.",
        assessor="Voorbeeldbureau",
        started_on=closed_on - timedelta(days=30),
        verdict=Verdict.ACCEPTED,
        closed_on=closed_on,
        next_on=None,
    )
    session().add(made)
    session().flush()
    return made


def _bring_halfway(row: ModuleVersion) -> None:
    """Messages, agreements and building are done; test, assessments and decision are still to come."""
    road.change_version(
        SYSTEM,
        row,
        {"quarter": "kwartaal 2 van 2027 (voorbeeld)", "planned_on": date(2027, 4, 1), "needs_addendum": True},
    )
    road.set_audience(
        SYSTEM,
        row.module,
        {"creditor": None, "shv_phase_1": None, "shv_phase_2": None, "credit_bank": None},
    )
    counsellor, creditor = [Party.DEBT_COUNSELLOR], [Party.CREDITOR]
    for message in (
        NewMessage("PZ.VERZOEK", "Verzoek om pauze (voorbeeld)", MessageKind.NOTICE, counsellor, creditor, EXAMPLE),
        NewMessage(
            "PZ.ANTWOORD",
            "Antwoord op verzoek om pauze (voorbeeld)",
            MessageKind.NOTICE,
            creditor,
            counsellor,
            EXAMPLE,
            answers=["PZ.VERZOEK"],
        ),
        NewMessage("PZ.EINDE", "Einde van de pauze (voorbeeld)", MessageKind.NOTICE, counsellor, creditor, EXAMPLE),
    ):
        add_message_type(SYSTEM, row, message, is_agreed=False)
    _agree_on_process(row, BEGUN_ON + timedelta(days=60))
    for gate, after, done_by in (
        (Gate.MESSAGES, 45, PARTIES),
        (Gate.AGREEMENTS, 60, PARTIES),
        (Gate.BUILT, 150, "Voorbeeldbouwer"),
    ):
        on = BEGUN_ON + timedelta(days=after)
        if on <= clock.today():
            road.record_gate(SYSTEM, row, gate, road.Fact(on, done_by, f"{REPORT} {row.name}"))
