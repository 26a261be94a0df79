"""What is done with participants leaves one sentence each, and refuses what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import create_app
from core import audit, clock
from core import db as database
from core.audit import SYSTEM, Actor
from core.db import scoped, transaction
from core.errors import NotFound, Refused, UserError
from identity.kinds import ParticipantRole
from participants import queries, services
from participants.kinds import Channel, ContactRole, MeasurementKind, OrganisationKind, Sector, Stage
from participants.models import Participant
from participants.works_for.queries import creditors_acted_for, served_municipalities
from tests.conftest import settings_for
from tests.database import Databases
from tests.participants.conftest import MakeOrganisation, MakeParticipant
from tests.people import People

TODAY = date(2026, 11, 3)


def sentences(participant: Participant) -> list[str]:
    return [entry.sentence for entry in reversed(audit.timeline(participant_id=participant.id, for_staff=True))]


# ------------------------------------------------------------------------------------------------- organisations


def test_a_new_organisation_can_be_found_at_once(session: Session, make_organisation: MakeOrganisation) -> None:
    row = make_organisation("Bewind & Zo", place="Ons Dorp", kvk="99000001")
    assert [hit.id for hit in queries.find_organisations("bewind zo")] == [row.id]
    assert audit.timeline(subject=f"organisation:{row.id}", for_staff=True)[0].sentence == (
        "Het systeem voegde organisatie Bewind & Zo toe (eigen opgave)."
    )


def test_a_visitor_may_add_an_organisation_that_he_cannot_see_afterwards(session: Session) -> None:
    with scoped(database.VISITOR):
        row = services.create_organisation(
            audit.VISITOR, name="Bewind Janssen", kind=OrganisationKind.SOLE_TRADER, sector=Sector.ADMINISTRATION
        )
        participant = services.register_participant(audit.VISITOR, row.id, "administrator")
        assert queries.find_organisations("Bewind Janssen") == []
        with pytest.raises(NotFound):
            queries.participant(participant.id)
    assert participant.list_publicly is False
    assert sentences(participant) == ["Een bezoeker meldde Bewind Janssen aan als bewindvoerder."]


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"kvk": "1234567"}, "kvk", "Een KvK-nummer heeft acht cijfers. U vulde er zeven in."),
        ({"oin": "1" * 19}, "oin", "Een OIN heeft twintig tekens."),
        ({"rsin": "123456789"}, "rsin", "Dit RSIN klopt niet. Controleer de cijfers."),
        ({"name": " "}, "name", "Vul de naam van de organisatie in."),
        ({"name": "x" * 5_000_000}, "name", "De naam mag hoogstens 200 tekens hebben."),
        ({"name": "a\x00b"}, "name", "Deze tekens kunnen wij niet verwerken: U+0000."),
    ],
)
def test_a_wrong_number_or_name_is_refused(session: Session, facts: dict[str, Any], field: str, message: str) -> None:
    given: dict[str, Any] = {"name": "Naam", "kind": OrganisationKind.COMPANY, "sector": Sector.OTHER, **facts}
    with pytest.raises(UserError) as error:
        services.create_organisation(SYSTEM, **given)
    assert error.value.field == field
    assert error.value.message.startswith(message)


def test_one_kvk_number_is_one_organisation(session: Session, make_organisation: MakeOrganisation) -> None:
    make_organisation("De eerste", kvk="99000001")
    with pytest.raises(Refused, match="Er is al een organisatie met dit KvK-nummer"):
        make_organisation("De tweede", kvk="99000001")


def test_a_supplier_exists_once(session: Session) -> None:
    first = services.add_supplier(SYSTEM, "Softwarehuis")
    assert services.add_supplier(SYSTEM, " SOFTWAREHUIS ").id == first.id
    with pytest.raises(UserError, match="Vul de naam van de leverancier in"):
        services.add_supplier(SYSTEM, "  ")


# ------------------------------------------------------------------------------------------------- registering


def test_the_same_organisation_role_and_unit_apply_once(
    session: Session, make_organisation: MakeOrganisation, make_participant: MakeParticipant
) -> None:
    organisation = make_organisation()
    with clock.at(TODAY):
        first = make_participant(organisation, "shv_phase_2", "Team Noord")
    with scoped(database.VISITOR), pytest.raises(Refused) as error:
        services.register_participant(audit.VISITOR, organisation.id, "shv_phase_2", "  team  NOORD ")
    assert error.value.message == (
        "U bent al aangemeld als schuldhulpverlener fase 2 (met fase 1) (ingediend op 3 november 2026). "
        "Bekijk die aanmelding."
    )
    assert make_participant(organisation, "shv_phase_2", "Team Zuid").id != first.id
    assert make_participant(organisation, "creditor", "Team Noord").id != first.id


@pytest.mark.parametrize("stage", [Stage.REFUSED, Stage.WITHDRAWN, Stage.ENDED])
def test_after_a_closed_application_one_may_apply_again(
    session: Session, make_organisation: MakeOrganisation, make_participant: MakeParticipant, stage: Stage
) -> None:
    organisation = make_organisation()
    make_participant(organisation).stage = stage
    session.flush()
    assert queries.open_participant(organisation.id, "creditor") is None
    assert make_participant(organisation).stage is Stage.SUBMITTED


def test_a_role_that_is_still_to_come_cannot_be_applied_for(
    session: Session, make_participant: MakeParticipant
) -> None:
    with pytest.raises(Refused, match="Als rechtbank kunt u nu nog niet meedoen"):
        make_participant(role_code="court")
    with pytest.raises(NotFound):
        make_participant(role_code="bestaat-niet")
    assert "court" not in {role.code for role in queries.roles_to_apply_for()}
    assert [role.code for role in queries.roles_to_apply_for()][:2] == ["creditor", "shv_phase_1"]


def test_a_dissolved_organisation_cannot_apply(
    session: Session, make_organisation: MakeOrganisation, make_participant: MakeParticipant
) -> None:
    gone = make_organisation("Gemeente Weg", ends_before=date(2020, 1, 1))
    with pytest.raises(Refused, match="Gemeente Weg bestaat sinds 1 januari 2020 niet meer"):
        make_participant(gone)


def test_of_two_simultaneous_applications_one_is_refused(databases: Databases, tmp_path: Path) -> None:
    with databases.copy() as urls:
        app = create_app(settings_for(urls.app, tmp_path))
        with app.app_context(), scoped(database.JOB), transaction():
            key = services.create_organisation(
                SYSTEM, name="Tegelijk", kind=OrganisationKind.COMPANY, sector=Sector.OTHER
            ).id
        results: list[str] = []
        together = Barrier(2)

        def apply() -> None:
            with app.app_context(), scoped(database.JOB):
                try:
                    with transaction():
                        queries.organisation(key)
                        together.wait(timeout=10)
                        services.register_participant(SYSTEM, key, "creditor")
                    results.append("aangemeld")
                except Refused as refused:
                    results.append(refused.message[:29])
                finally:
                    database.db.session.remove()

        threads = [Thread(target=apply), Thread(target=apply)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        assert sorted(results) == ["U bent al aangemeld als schul", "aangemeld"]
        with app.app_context():
            database.db.engine.dispose()


# ------------------------------------------------------------------------------------------------- changing


def test_every_change_raises_the_version(session: Session, people: People, make_participant: MakeParticipant) -> None:
    row = make_participant()
    changes: list[Callable[[], object]] = [
        lambda: services.set_contact(SYSTEM, row, ContactRole.PRIVACY, name="N", email="N@deelnemer.invalid"),
        lambda: services.set_invoice_details(
            SYSTEM, row, street="Plein 1", postal_code="1234AB", city="Ergens", email="f@deelnemer.invalid"
        ),
        lambda: services.change_participant(SYSTEM, row, channel=Channel.CSV),
        lambda: services.remove_contact(SYSTEM, row, ContactRole.PRIVACY),
        lambda: services.hand_over(SYSTEM, row, people.staff()),
    ]
    for change in changes:
        before = row.version
        change()
        session.flush()
        assert row.version == before + 1
        change() if change is not changes[-1] else None
        session.flush()
        assert row.version == before + 1, "the same again is no change"


def test_a_file_is_handed_to_a_colleague_and_back(
    session: Session, people: People, make_participant: MakeParticipant
) -> None:
    row, mine, theirs = make_participant(), people.staff(name="Rita"), people.staff(name="Bo")
    actor = Actor("staff", mine.person_key)
    for account in (mine, theirs, None):
        services.hand_over(actor, row, account)
    assert sentences(row)[1:] == [
        "Rita nam dit dossier in behandeling.",
        f"Rita gaf dit dossier in behandeling bij medewerker {theirs.id}.",
        "Rita heeft dit dossier niet meer in behandeling.",
    ]
    assert audit.timeline(participant_id=row.id, for_staff=False)[0].sentence.startswith("Het systeem meldde")


def test_a_change_of_invoice_details_names_the_fields(session: Session, make_participant: MakeParticipant) -> None:
    row = make_participant()
    address = {"street": "Plein 1", "postal_code": "1234AB", "city": "Ergens", "email": "f@deelnemer.invalid"}
    services.set_invoice_details(SYSTEM, row, **address)
    services.set_invoice_details(SYSTEM, row, **address | {"city": "Elders"}, purchase_order_number="45 001")
    assert sentences(row)[-1] == "Het systeem wijzigde de factuurgegevens: plaats, inkoopordernummer."
    assert row.invoice_details is not None
    assert row.invoice_details.postal_code == "1234 AB"


# ------------------------------------------------------------------------------------------------- periods


def test_a_subscription_starts_once_and_ends(session: Session, make_participant: MakeParticipant) -> None:
    row = make_participant()
    services.open_connection(SYSTEM, row.id, TODAY)
    with pytest.raises(Refused, match="Het abonnement loopt al"):
        services.open_connection(SYSTEM, row.id, TODAY + timedelta(days=5))
    with pytest.raises(Refused, match="ligt voor de begindatum"):
        services.close_connection(SYSTEM, row.id, TODAY - timedelta(days=1))
    services.close_connection(SYSTEM, row.id, date(2027, 1, 1))
    with pytest.raises(Refused, match="Er loopt geen abonnement"):
        services.close_connection(SYSTEM, row.id, date(2027, 1, 1))
    assert queries.connection_period(row.id, date(2026, 12, 31)) is not None
    assert queries.connection_period(row.id, date(2027, 1, 1)) is None
    services.open_connection(SYSTEM, row.id, date(2027, 1, 1))
    assert sentences(row)[1:3] == [
        "Het systeem liet het abonnement ingaan op 3 november 2026.",
        "Het systeem beëindigde het abonnement; laatste dag: 31 december 2026.",
    ]
    assert len(queries.connection_periods(row.id)) == 2


def test_active_participants_are_those_whose_connection_is_on(
    session: Session, make_organisation: MakeOrganisation, make_participant: MakeParticipant
) -> None:
    second, first = make_participant(make_organisation("Tweede")), make_participant(make_organisation("Eerste"))
    for row in (first, second):
        services.open_live_period(SYSTEM, row.id, TODAY)
    services.close_live_period(SYSTEM, second.id, TODAY + timedelta(days=10))
    assert [row.name for row in queries.active_participants(TODAY)] == ["Eerste", "Tweede"]
    assert [row.name for row in queries.active_participants(TODAY + timedelta(days=10))] == ["Eerste"]
    assert queries.active_participants(TODAY - timedelta(days=1)) == []


def test_served_municipalities_are_dated(
    session: Session, make_organisation: MakeOrganisation, make_participant: MakeParticipant
) -> None:
    row = make_participant(role_code="shv_phase_2")
    city = make_organisation("Gemeente Stad", OrganisationKind.MUNICIPALITY, municipality_code="GM9901")
    services.serve_municipality(SYSTEM, row.id, city.id, TODAY)
    services.serve_municipality(SYSTEM, row.id, city.id, TODAY + timedelta(days=3))
    assert [served.organisation.name for served in served_municipalities(row.id, TODAY)] == ["Gemeente Stad"]
    services.leave_municipality(SYSTEM, row.id, city.id, TODAY + timedelta(days=30))
    assert served_municipalities(row.id, TODAY + timedelta(days=30)) == []
    with pytest.raises(Refused, match="is geen gemeente"):
        services.serve_municipality(SYSTEM, row.id, row.organisation_id, TODAY)
    assert sentences(row)[1:] == [
        "Het systeem legde vast: werkt vanaf 3 november 2026 voor Gemeente Stad.",
        "Het systeem legde vast: werkt sinds 3 december 2026 niet meer voor Gemeente Stad.",
    ]


def test_the_measurement_of_a_day_is_the_latest_before_it(session: Session, make_participant: MakeParticipant) -> None:
    row = make_participant()
    for value, day in ((100, date(2025, 1, 1)), (200, date(2026, 1, 1)), (250, date(2026, 1, 1))):
        services.record_measurement(
            SYSTEM, MeasurementKind.FILES, value, measured_on=day, source="eigen opgave", participant_id=row.id
        )

    def on(day: date | None) -> int | None:
        found = queries.latest_measurement(MeasurementKind.FILES, on=day, participant_id=row.id)
        return found.value if found else None

    assert (on(date(2024, 12, 31)), on(date(2025, 6, 1)), on(date(2026, 1, 1)), on(None)) == (None, 100, 250, 250)
    assert sentences(row)[-1] == "Het systeem legde vast: schulddossiers per jaar 250 op 1 januari 2026 (eigen opgave)."


def test_access_begins_and_ends_on_a_day(session: Session, people: People, make_participant: MakeParticipant) -> None:
    row, account = make_participant(), people.applicant()
    given = services.represent(SYSTEM, account.id, row.id, ParticipantRole.FINANCIAL, TODAY)
    assert services.represent(SYSTEM, account.id, row.id, ParticipantRole.FINANCIAL, TODAY) is given
    assert queries.permissions_of(account.id, TODAY - timedelta(days=1)) == {}
    assert "own:invoice" in queries.permissions_of(account.id, TODAY)[row.id]
    services.end_representation(SYSTEM, given, TODAY + timedelta(days=1))
    assert queries.permissions_of(account.id, TODAY + timedelta(days=1)) == {}
    assert sentences(row)[1:] == [
        "Het systeem gaf iemand toegang als financieel, vanaf 3 november 2026.",
        "Het systeem trok toegang als financieel in, vanaf 4 november 2026.",
    ]


def test_a_collector_acts_for_a_creditor_from_day_to_day(session: Session, make_participant: MakeParticipant) -> None:
    row = make_participant()
    period = services.act_for_creditor(SYSTEM, row.id, " Webwinkel  Ver ", TODAY)
    assert [found.creditor_name for found in creditors_acted_for(row.id, TODAY)] == ["Webwinkel Ver"]
    services.stop_acting_for(SYSTEM, period, TODAY + timedelta(days=1))
    assert creditors_acted_for(row.id, TODAY + timedelta(days=1)) == []
    with pytest.raises(Refused, match="Vul de naam van de schuldeiser in"):
        services.act_for_creditor(SYSTEM, row.id, "  ", TODAY)
