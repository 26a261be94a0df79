"""What people of a participant see and change, and that they see nothing of others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import clock
from core import db as database
from core.audit import SYSTEM, Actor
from core.db import scoped
from identity.kinds import ParticipantRole
from participants import services
from participants.kinds import ContactRole, MeasurementKind, OrganisationKind
from participants.models import (
    ActsForCreditor,
    ConnectionPeriod,
    Contact,
    InvoiceDetails,
    Measurement,
    Note,
    Organisation,
    Participant,
    Representation,
)
from tests.browser import Browser
from tests.participants.conftest import MakeOrganisation, MakeParticipant
from tests.people import People

ADDRESS = {"street": "Postbus 1", "postal_code": "1234AB", "city": "Ergens", "email": "f@deelnemer.invalid"}


@pytest.fixture
def own(make_participant: MakeParticipant) -> Participant:
    return make_participant()


@pytest.fixture
def representative(browser: Browser, people: People, own: Participant) -> Browser:
    return browser.sign_in(people.of(own, ParticipantRole.REPRESENTATIVE, name="Vera Tekent"))


def test_who_works_for_one_participant_goes_straight_there(representative: Browser, own: Participant) -> None:
    page = representative.get("/mijn")
    assert page.response.request.path == f"/mijn/{own.id}"
    assert page.heading == own.name


def test_who_works_for_several_chooses(
    browser: Browser, people: People, session: Session, own: Participant, make_participant: MakeParticipant
) -> None:
    second = make_participant(own.organisation, "shv_phase_1")
    account = people.of(own, ParticipantRole.REPRESENTATIVE)
    services.represent(SYSTEM, account.id, second.id, ParticipantRole.EMPLOYEE, clock.today())
    session.commit()
    page = browser.sign_in(account).get("/mijn")
    assert page.heading == "Mijn organisatie"
    links = [str(anchor["href"]) for anchor in page.soup.select("tbody a")]
    assert links == [f"/mijn/{own.id}", f"/mijn/{second.id}"]


def test_a_representative_changes_contacts_and_invoice_details(representative: Browser, own: Participant) -> None:
    page = representative.get(f"/mijn/{own.id}/contact/technisch")
    page = representative.submit(page, "Bewaren", expect=422, name="", email="geen adres")
    assert page.errors == [
        "Vul een naam in.",
        "Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl.",
    ]
    page = representative.submit(page, "Bewaren", name="Tessa Techniek", email="Tessa@Deelnemer.invalid", phone="020-1")
    assert page.heading == own.name
    assert "tessa@deelnemer.invalid" in page.text
    assert "Vera Tekent vulde een contactpersoon in: technisch contact." in page.text
    page = representative.get(f"/mijn/{own.id}/factuurgegevens")
    page = representative.submit(
        page, "Bewaren", **ADDRESS, purchase_order_number="4500012345", e_invoice_address="0190:123", expect=422
    )
    assert page.errors[0].startswith("Een OIN heeft twintig tekens.")
    page = representative.submit(page, "Bewaren", e_invoice_address="0190:00000099000000000001")
    assert "4500012345" in page.text
    assert "Postbus 1, 1234 AB Ergens" in page.text
    assert "Vera Tekent vulde de factuurgegevens in." in page.text


def test_a_contact_is_taken_away_but_never_the_signatory(
    representative: Browser, session: Session, own: Participant
) -> None:
    for role in (ContactRole.SIGNATORY, ContactRole.PRIVACY):
        services.set_contact(SYSTEM, own, role, name="Naam Achternaam", email="naam@deelnemer.invalid")
    session.commit()
    page = representative.get(f"/mijn/{own.id}/contact/privacy")
    page = representative.submit(page, "Gegevens weghalen")
    assert "Vera Tekent haalde een contactpersoon weg: privacycontact." in page.text
    assert "Gegevens weghalen" not in representative.get(f"/mijn/{own.id}/contact/tekeningsbevoegde").text


def test_saving_without_a_change_leaves_no_sentence(
    representative: Browser, session: Session, own: Participant
) -> None:
    services.set_contact(SYSTEM, own, ContactRole.PRIVACY, name="Naam Achternaam", email="naam@deelnemer.invalid")
    session.commit()
    page = representative.get(f"/mijn/{own.id}/contact/privacy")
    page = representative.submit(page, "Bewaren")
    assert "Vera Tekent" not in page.soup.select_one(".timeline").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("role", "contact", "invoice_details"),
    [
        (ParticipantRole.REPRESENTATIVE, 200, 200),
        (ParticipantRole.ACCOUNT_ADMINISTRATOR, 200, 200),
        (ParticipantRole.FINANCIAL, 403, 200),
        (ParticipantRole.EMPLOYEE, 403, 403),
    ],
)
def test_each_role_changes_what_it_may(
    browser: Browser, people: People, own: Participant, role: ParticipantRole, contact: int, invoice_details: int
) -> None:
    browser.sign_in(people.of(own, role))
    page = browser.get(f"/mijn/{own.id}")
    assert ("Factuurgegevens wijzigen" in page.text) is (invoice_details == 200)
    browser.get(f"/mijn/{own.id}/contact/technisch", expect=contact)
    browser.get(f"/mijn/{own.id}/factuurgegevens", expect=invoice_details)


@pytest.mark.parametrize("path", ["", "/contact/technisch", "/factuurgegevens"])
def test_the_pages_of_another_participant_do_not_exist(
    representative: Browser, own: Participant, make_participant: MakeParticipant, path: str
) -> None:
    another = make_participant(unit_name="Een ander")
    page = representative.get(f"/mijn/{another.id}{path}", expect=404)
    assert "Een ander" not in page.text
    form = representative.get(f"/mijn/{own.id}/contact/technisch")
    token = form.soup.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    if path:
        representative.post(f"/mijn/{another.id}{path}", {"csrf_token": token, "name": "x"}, expect=404)
    representative.post(f"/mijn/{another.id}/contact/privacy/weghalen", {"csrf_token": token}, expect=404)


def test_staff_have_no_business_on_the_pages_of_a_participant(
    browser: Browser, people: People, own: Participant
) -> None:
    browser.sign_in(people.staff())
    browser.get(f"/mijn/{own.id}", expect=403)


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(browser: Browser, own: Participant) -> None:
    answer = browser.client.get(f"/mijn/{own.id}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/inloggen?verder=")


# ------------------------------------------------------------------------------------------------- row policies


@pytest.fixture
def two_with_everything(
    session: Session, people: People, make_organisation: MakeOrganisation, make_participant: MakeParticipant
) -> tuple[Participant, Participant]:
    both = []
    for name in ("Eerste", "Tweede"):
        row = make_participant(make_organisation(f"{name} incasso", OrganisationKind.SOLE_TRADER))
        people.of(row, ParticipantRole.REPRESENTATIVE)
        services.set_contact(SYSTEM, row, ContactRole.PRIVACY, name="Naam", email="naam@deelnemer.invalid")
        services.set_invoice_details(SYSTEM, row, **ADDRESS)
        services.act_for_creditor(SYSTEM, row.id, "Webwinkel", clock.today())
        services.open_connection(SYSTEM, row.id, clock.today())
        services.record_measurement(
            SYSTEM, MeasurementKind.FILES, 5, measured_on=clock.today(), source="eigen opgave", participant_id=row.id
        )
        both.append(row)
    session.commit()
    session.expire_all()
    return both[0], both[1]


@pytest.mark.parametrize(
    "model", [Contact, InvoiceDetails, ActsForCreditor, ConnectionPeriod, Measurement, Representation]
)
def test_a_query_without_a_filter_returns_own_rows_only(
    session: Session, two_with_everything: tuple[Participant, Participant], model: type[Any]
) -> None:
    first, second = (participant.id for participant in two_with_everything)
    everybody = {row.participant_id for row in session.execute(select(model)).scalars()}
    assert {first, second} <= everybody
    with scoped(database.participant(1, (first,))):
        session.expire_all()
        assert {row.participant_id for row in session.execute(select(model)).scalars()} == {first}
    for scope in (database.VISITOR, database.PUBLIC, database.NOBODY, database.participant(1, ())):
        with scoped(scope):
            assert session.execute(select(model)).scalars().all() == []


def test_participants_and_sole_traders_of_others_are_out_of_sight(
    session: Session, two_with_everything: tuple[Participant, Participant]
) -> None:
    first, second = two_with_everything
    keys = {first.id, second.id}
    names = {first.organisation.name, second.organisation.name}
    own_name = first.organisation.name
    with scoped(database.participant(1, (first.id,))):
        session.expire_all()
        assert keys & set(session.execute(select(Participant.id)).scalars()) == {first.id}
        assert names & set(session.execute(select(Organisation.name)).scalars()) == {own_name}
    with scoped(database.VISITOR):
        assert session.execute(select(Participant.id)).scalars().all() == []


def test_notes_are_out_of_sight_of_participants(session: Session, people: People, own: Participant) -> None:
    services.write_note(Actor("staff", people.staff().person_key), own.id, "Alleen voor collega's")
    session.commit()
    with scoped(database.participant(1, (own.id,))):
        assert session.execute(select(Note)).scalars().all() == []


def test_nobody_gives_himself_access(session: Session, people: People, own: Participant) -> None:
    key, applicant = own.id, people.applicant().id
    with (
        scoped(database.participant(applicant, ())),
        pytest.raises(DBAPIError, match="row-level security"),
        session.begin_nested(),
    ):
        services.represent(SYSTEM, applicant, key, ParticipantRole.REPRESENTATIVE, clock.today())
