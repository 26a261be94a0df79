"""A version on its way to release, and what follows for who wants to use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalogue import queries as modules
from catalogue import services
from catalogue.activation.services import accept_addendum, record_support
from catalogue.decisions.queries import effects_of, waiting_for
from catalogue.imports.services import import_versions
from catalogue.messages.kinds import MessageKind, Party
from catalogue.messages.services import NewMessage, add_message_type
from catalogue.models import ModuleVersion
from catalogue.versions import queries
from catalogue.versions import services as road
from catalogue.versions.kinds import AgreementAudience, Gate
from core import clock
from core.approvals import approve
from core.audit import SYSTEM, AuditEvent
from core.db import savepoint
from core.errors import NotFound, Refused
from governance.assessments.kinds import AssessmentKind, Verdict
from governance.assessments.models import Assessment
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from governance.services import record_decision
from identity.kinds import StaffRole
from identity.services import actor_of
from participants.kinds import Channel, Stage
from participants.models import Supplier
from tests.catalogue.conftest import MakeParticipant
from tests.people import People

TODAY = date(2026, 11, 20)
BEFORE = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def pause(session: Session, modules: None) -> ModuleVersion:
    """A version of the roadmap, with nothing done yet."""
    return queries.versions("national_pause")[0]


def decided(*, with_advice: bool = True) -> Decision:
    advice = record_decision(
        body=Body.ADVISORY_BOARD,
        kind=DecisionKind.MODULE_RELEASE,
        decided_on=BEFORE,
        title="Voorbeeldadvies",
        text="Verzonnen.",
        source="voorbeeld",
        actor=SYSTEM,
    )
    return record_decision(
        body=Body.BOARD,
        kind=DecisionKind.MODULE_RELEASE,
        decided_on=BEFORE,
        title="Voorbeeldbesluit",
        text="Verzonnen.",
        source="voorbeeld",
        actor=SYSTEM,
        advice=advice if with_advice else None,
        from_source=not with_advice,
    )


def assessed(session: Session, kind: AssessmentKind, verdict: Verdict | None = Verdict.ACCEPTED) -> Assessment:
    row = Assessment(
        kind=kind,
        release="Landelijke pauzeknop 1.0",
        report_version="1",
        scope="Alles",
        assessor="Voorbeeldbureau",
        started_on=BEFORE,
        verdict=verdict,
        closed_on=BEFORE if verdict else None,
    )
    session.add(row)
    session.flush()
    return row


def fill(session: Session, row: ModuleVersion, *, without: Gate | None = None) -> None:
    """Open every gate but one."""
    message = NewMessage(
        "PZ.VERZOEK", "Verzoek om pauze", MessageKind.NOTICE, [Party.DEBT_COUNSELLOR], [Party.CREDITOR], "voorbeeld"
    )
    add_message_type(SYSTEM, row, message, is_agreed=False)
    road.add_process_agreement(
        SYSTEM,
        row,
        title="Afspraken",
        version="1",
        agreed_on=BEFORE,
        audience=AgreementAudience.EVERYBODY,
        source="voorbeeld",
    )
    happened = road.Fact(BEFORE, "Voorbeeldoverleg", "verslag 1")
    facts = dict.fromkeys((Gate.MESSAGES, Gate.AGREEMENTS, Gate.BUILT, Gate.TESTED), happened)
    facts[Gate.DPIA] = road.Fact(assessment_id=assessed(session, AssessmentKind.DPIA).id)
    facts[Gate.SECURITY] = road.Fact(assessment_id=assessed(session, AssessmentKind.SECURITY).id)
    facts[Gate.DECISION] = road.Fact(decision_id=decided().id)
    for gate, fact in facts.items():
        if gate is not without:
            road.record_gate(SYSTEM, row, gate, fact)


Release = Callable[[ModuleVersion], None]


@pytest.fixture
def release(people: People) -> Release:
    def act(row: ModuleVersion) -> None:
        asker, checker = (actor_of(people.staff(StaffRole.RELATIONS)) for _ in range(2))
        approve(road.request_release(asker, row, TODAY).id, checker)

    return act


# ------------------------------------------------------------------------------------------- the data files


def test_versions_that_the_sources_date_are_released_and_roadmap_items_are_not(session: Session, modules: None) -> None:
    released = {row.name: row.released_on for row in queries.versions() if row.released_on}
    assert released["Schuldregeling 2.0"] == date(2023, 4, 1)
    assert released["Meldingen bewindvoering"] == date(2024, 4, 1)  # the sources name no version
    assert len(released) == 7
    assert len(queries.versions()) == 14


def test_importing_keeps_what_was_recorded_here(session: Session, pause: ModuleVersion) -> None:
    pause.released_on = TODAY
    session.flush()
    assert services.import_modules(SYSTEM).changed == 1  # the module became available
    assert pause.released_on == TODAY
    assert services.import_modules(SYSTEM).is_empty
    assert callable(import_versions)


def test_the_database_itself_keeps_the_sides_apart(session: Session, modules: None) -> None:
    settlement = queries.versions("debt_settlement")[-1]
    request = next(one for one in queries.message_types(settlement.id) if one.code == "SR.SALDOVERZOEK")
    agreed = next(one for one in queries.message_types(settlement.id) if one.code == "SR.BETAALVOORSTEL_ANTWOORD")
    for message, senders in ((request, ["creditor"]), (agreed, ["debt_counsellor"])):
        with pytest.raises(IntegrityError), savepoint():
            message.senders = senders
            session.flush()
        session.refresh(message)


# ------------------------------------------------------------------------------------------- gates


@pytest.mark.parametrize("gate", list(Gate), ids=lambda gate: gate.value)
def test_with_any_gate_shut_nobody_releases_and_the_refusal_names_it(
    session: Session, people: People, pause: ModuleVersion, gate: Gate
) -> None:
    fill(session, pause, without=gate)
    with pytest.raises(Refused) as refused:
        road.request_release(actor_of(people.staff(StaffRole.RELATIONS)), pause, TODAY)
    assert gate.in_a_sentence in refused.value.message
    assert gate.lifted_by in refused.value.message
    assert refused.value.entry is not None
    assert refused.value.entry.event.name == "catalogue:version:release_refused"
    with pytest.raises(Refused, match=gate.in_a_sentence):  # and not behind the back of the asker either
        road.release(SYSTEM, pause, TODAY)


def test_with_all_gates_open_a_colleague_releases(session: Session, pause: ModuleVersion, release: Release) -> None:
    fill(session, pause)
    release(pause)
    assert pause.released_on == TODAY
    assert pause.module.available
    assert session.scalar(select(AuditEvent.facts).where(AuditEvent.name == "catalogue:version:released"))


def test_the_maker_does_not_release(session: Session, people: People, pause: ModuleVersion) -> None:
    fill(session, pause)
    maker = actor_of(people.staff(StaffRole.RELATIONS))
    asked = road.request_release(maker, pause, TODAY)
    with pytest.raises(Refused, match="zelf gevraagd"):
        approve(asked.id, maker)
    with pytest.raises(Refused, match="al om gevraagd"):
        road.request_release(maker, pause, TODAY)


def test_what_was_withdrawn_in_the_meantime_stops_the_release(
    session: Session, people: People, pause: ModuleVersion
) -> None:
    fill(session, pause)
    asked = road.request_release(actor_of(people.staff(StaffRole.RELATIONS)), pause, TODAY)
    road.withdraw_gate(SYSTEM, pause, Gate.TESTED, "De test bleek van een andere versie.")
    with pytest.raises(Refused, match="getest"):
        approve(asked.id, actor_of(people.staff(StaffRole.RELATIONS)))
    assert pause.released_on is None
    assert [row.withdrawal_reason for row in queries.withdrawn_records(pause.id)] == [
        "De test bleek van een andere versie."
    ]


def test_after_the_release_nothing_is_withdrawn(session: Session, pause: ModuleVersion, release: Release) -> None:
    fill(session, pause)
    release(pause)
    with pytest.raises(Refused, match="vrijgegeven"):
        road.withdraw_gate(SYSTEM, pause, Gate.TESTED, "Toch niet.")


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, None])
def test_an_assessment_that_did_not_end_well_opens_nothing(
    session: Session, pause: ModuleVersion, verdict: Verdict | None
) -> None:
    row = assessed(session, AssessmentKind.DPIA, verdict)
    with pytest.raises(Refused, match="oordeel akkoord"):
        road.record_gate(SYSTEM, pause, Gate.DPIA, road.Fact(assessment_id=row.id))
    other = assessed(session, AssessmentKind.SECURITY)
    with pytest.raises(Refused, match="oordeel akkoord"):
        road.record_gate(SYSTEM, pause, Gate.DPIA, road.Fact(assessment_id=other.id))


def test_a_decision_without_advice_opens_nothing(session: Session, pause: ModuleVersion) -> None:
    with pytest.raises(Refused, match="geen advies"):
        road.record_gate(SYSTEM, pause, Gate.DECISION, road.Fact(decision_id=decided(with_advice=False).id))


def test_what_is_not_there_is_not_agreed(session: Session, pause: ModuleVersion) -> None:
    fact = road.Fact(BEFORE, "Voorbeeldoverleg", "verslag 1")
    with pytest.raises(Refused, match="geen berichten"):
        road.record_gate(SYSTEM, pause, Gate.MESSAGES, fact)
    with pytest.raises(Refused, match="geen procesafspraken"):
        road.record_gate(SYSTEM, pause, Gate.AGREEMENTS, fact)
    with pytest.raises(Refused, match="toekomst"):
        road.record_gate(SYSTEM, pause, Gate.BUILT, road.Fact(date(2026, 11, 21), "x", "y"))


def test_an_agreed_set_does_not_change(session: Session, pause: ModuleVersion) -> None:
    fill(session, pause)
    message = NewMessage("PZ.NOG", "Nog een", MessageKind.NOTICE, [Party.CREDITOR], [Party.CREDIT_BANK], "voorbeeld")
    with pytest.raises(Refused, match="vastgesteld"):
        add_message_type(SYSTEM, pause, message, is_agreed=True)


# ------------------------------------------------------------------------------------------- who decides


def test_the_advisory_board_is_asked_first_and_then_the_board(session: Session, pause: ModuleVersion) -> None:
    assert waiting_for(Body.ADVISORY_BOARD) == []
    fill(session, pause, without=Gate.DECISION)
    assert [one.title for one in waiting_for(Body.ADVISORY_BOARD)] == [
        "Advies over de vrijgave van Landelijke pauzeknop 1.0"
    ]
    assert waiting_for(Body.BOARD) == []
    decision = decided()
    assert decision.advice is not None
    road.link_advice(SYSTEM, pause, decision.advice)
    assert waiting_for(Body.ADVISORY_BOARD) == []
    assert [one.title for one in waiting_for(Body.BOARD)] == ["Besluit over de vrijgave van Landelijke pauzeknop 1.0"]
    road.record_gate(SYSTEM, pause, Gate.DECISION, road.Fact(decision_id=decision.id))
    assert waiting_for(Body.BOARD) == []
    assert [one.explanation for one in effects_of(decision.id)] == ["Nog niet vrijgegeven."]
    assert waiting_for(Body.SUPERVISORY_BOARD) == []


# ------------------------------------------------------------------------------------------- switching on


def test_before_the_release_it_is_on_for_nobody(
    session: Session, pause: ModuleVersion, release: Release, participant: MakeParticipant
) -> None:
    made = participant()
    road.set_audience(SYSTEM, pause.module, {"creditor": None})
    with pytest.raises(Refused, match="is er nog niet") as refused:
        services.activate(made.id, "national_pause", TODAY, SYSTEM)
    assert refused.value.entry is not None
    fill(session, pause)
    release(pause)
    services.activate(made.id, "national_pause", TODAY, SYSTEM)
    assert [row.version for row in modules.active_modules(made.id, TODAY)] == ["1.0"]


def test_a_second_version_waits_for_its_own_release(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    values = {"channels": ["portal"], "purpose": "Voorbeeld", "changes": "", "source": "voorbeeld", "source_date": ""}
    newer = road.add_version(SYSTEM, "debt_settlement", "3.0", **values)
    with pytest.raises(Refused, match=r"Schuldregeling 3\.0 is nog niet vrijgegeven\. Nog te doen: berichtenset"):
        services.activate(made.id, "debt_settlement", TODAY, SYSTEM, version=newer)
    services.activate(made.id, "debt_settlement", TODAY, SYSTEM)
    assert [row.version for row in modules.active_modules(made.id, TODAY)] == ["2.0"]


def test_a_version_with_an_addendum_waits_until_it_is_accepted(
    session: Session, participant: MakeParticipant, modules: None
) -> None:
    made, row = participant(), queries.versions("debt_settlement")[-1]
    row.needs_addendum = True
    with pytest.raises(Refused, match=r"addendum voor Schuldregeling 2\.0 nog niet aanvaard\. Relatiebeheer"):
        services.activate(made.id, "debt_settlement", TODAY, SYSTEM)
    accept_addendum(SYSTEM, made, row, TODAY, "dossier 12")
    services.activate(made.id, "debt_settlement", TODAY, SYSTEM)
    with pytest.raises(Refused, match="al vastgelegd"):
        accept_addendum(SYSTEM, made, row, TODAY, "dossier 12")


def test_files_are_for_one_module_only(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    made.channel = Channel.CSV
    session.flush()
    services.activate(made.id, "debt_settlement", TODAY, SYSTEM)
    with pytest.raises(Refused, match="werkt niet met het kanaal Webportaal met CSV-bestanden"):
        services.activate(made.id, "debt_inventory", TODAY, SYSTEM)


def test_software_has_to_speak_the_messages(session: Session, participant: MakeParticipant) -> None:
    made, supplier = participant(), Supplier(name="Fictie Applicaties")
    made.channel = Channel.SYSTEM
    session.add(supplier)
    session.flush()
    with pytest.raises(Refused, match="niet bekend met welke software"):
        services.activate(made.id, "debt_settlement", TODAY, SYSTEM)
    made.supplier, made.product = supplier, "RegelHulp"
    session.flush()
    with pytest.raises(Refused, match=r"RegelHulp van Fictie Applicaties de berichten van Schuldregeling 2\.0"):
        services.activate(made.id, "debt_settlement", TODAY, SYSTEM)
    row = queries.versions("debt_settlement")[-1]
    assert record_support(SYSTEM, supplier, "regelhulp", row, TODAY, "eigen opgave") is not None
    assert record_support(SYSTEM, supplier, "RegelHulp", row, TODAY, "eigen opgave") is None
    services.activate(made.id, "debt_settlement", TODAY, SYSTEM)


def test_going_on_with_another_version_is_no_interruption(session: Session, participant: MakeParticipant) -> None:
    made = participant()
    services.take_over_module(made.id, "debt_settlement:1.1", date(2021, 3, 1), SYSTEM)
    assert [(row.version, row.since) for row in modules.active_modules(made.id, TODAY)] == [("1.1", date(2021, 3, 1))]
    newest = queries.versions("debt_settlement")[-1]
    services.switch_version(made.id, newest, TODAY, SYSTEM)
    assert [(row.version, row.since) for row in modules.active_modules(made.id, TODAY)] == [("2.0", date(2021, 3, 1))]
    assert [row.version.version for row in modules.activations(made.id)] == ["2.0", "1.1", "1.0"]
    with pytest.raises(Refused, match=r"gebruikt Schuldregeling 2\.0 al"):
        services.switch_version(made.id, newest, TODAY, SYSTEM)
    with pytest.raises(Refused, match="terugwerkende kracht"):
        services.switch_version(made.id, newest, BEFORE, SYSTEM)


def test_what_is_taken_over_in_a_version_that_does_not_exist_is_refused(
    session: Session, participant: MakeParticipant
) -> None:
    made = participant(stage=Stage.LIVE)
    with pytest.raises(NotFound, match=r"geen vrijgegeven versie 9\.9"):
        services.take_over_module(made.id, "debt_settlement:9.9", TODAY, SYSTEM)
