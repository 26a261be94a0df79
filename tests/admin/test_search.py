"""One search field for every name and number; an exact number opens the object at once."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.models import Invoice
from core.audit import SYSTEM
from identity.kinds import StaffRole
from onboarding.applications.services import register_interest
from onboarding.models import Application
from participants.kinds import Channel, OrganisationKind, Sector
from participants.models import Organisation, Participant
from participants.services import create_organisation, register_participant
from tests.admin.conftest import SignIn, rows_of
from tests.browser import Browser, Page
from tests.onboarding.conftest import Journey
from tests.people import People

OIN, OWN_OIN = "00000099000000012000", "00000099000000012001"
KVK, ESTABLISHMENT = "99000012", "000099000012"


@pytest.fixture
def organisation(session: Session) -> Organisation:
    row = create_organisation(
        SYSTEM,
        name="Kredietbank Voorbeeldingen",
        kind=OrganisationKind.PUBLIC_BODY,
        sector=Sector.CREDIT_BANK,
        kvk=KVK,
        oin=OIN,
        place="Voorbeeldingen",
        fictional=True,
    )
    session.commit()
    return row


@pytest.fixture
def participant(organisation: Organisation, session: Session) -> Participant:
    row = register_participant(SYSTEM, organisation.id, "creditor", "", Channel.PORTAL)
    session.commit()
    return row


@pytest.fixture
def relations(sign_in: SignIn) -> Browser:
    return sign_in(StaffRole.RELATIONS)


def search(browser: Browser, text: str, expect: int = 200) -> Page:
    return browser.get(f"/beheer/zoeken?{urlencode({'q': text})}", expect)


def address(page: Page) -> str:
    return str(page.response.request.path)


@pytest.mark.parametrize(
    "typed", [OIN, "0000 0099 0000 0001 2000", KVK, f" {KVK} "], ids=["OIN", "OIN in groups", "KvK", "KvK with spaces"]
)
def test_a_number_of_the_organisation_opens_its_only_participant(
    relations: Browser, participant: Participant, typed: str
) -> None:
    assert address(search(relations, typed)) == f"/beheer/deelnemers/{participant.id}"


def test_a_number_of_an_organisation_without_participant_opens_the_organisation(
    relations: Browser, organisation: Organisation
) -> None:
    assert address(search(relations, OIN)) == f"/beheer/organisaties/{organisation.id}"


def test_with_several_participants_the_number_of_the_unit_opens_that_one(
    relations: Browser, organisation: Organisation, participant: Participant, session: Session
) -> None:
    unit = register_participant(SYSTEM, organisation.id, "creditor", "Belastingen", Channel.PORTAL)
    unit.own_oin, unit.establishment_number = OWN_OIN, ESTABLISHMENT
    session.commit()
    assert address(search(relations, OIN)) == f"/beheer/organisaties/{organisation.id}"
    for number in (OWN_OIN, ESTABLISHMENT, str(unit.directory_id), unit.directory_id.hex.upper()):
        assert address(search(relations, number)) == f"/beheer/deelnemers/{unit.id}"
    assert rows_of(search(relations, "belasting"))[0][0] == "Kredietbank Voorbeeldingen – Belastingen"


@pytest.mark.parametrize("typed", ["kredietbank voorbeeldingen", "Kreditbank Vorbeeldingen", "VOORBEELDINGEN"])
def test_a_name_is_found_with_typing_errors_and_leads_to_the_file(
    relations: Browser, participant: Participant, typed: str
) -> None:
    page = search(relations, typed)
    assert rows_of(page)[0][:2] == ["Kredietbank Voorbeeldingen", "Deelnemer"]
    assert "1 resultaat voor" in page.text
    assert address(relations.get(page.link("Kredietbank Voorbeeldingen"))) == f"/beheer/deelnemers/{participant.id}"


def test_a_dissolved_organisation_says_so(relations: Browser, organisation: Organisation, session: Session) -> None:
    organisation.ends_before = date(2023, 1, 1)
    session.commit()
    assert rows_of(search(relations, "voorbeeldingen"))[0][2] == (
        "Publieke organisatie, Voorbeeldingen, opgeheven op 1 januari 2023"
    )


def test_a_contact_is_found_by_mail_address(journey: Journey, relations: Browser) -> None:
    row = journey.submitted()
    page = search(relations, row.contacts[0].email)
    assert [cells[0] for cells in rows_of(page)] == [row.name]


def test_the_numbers_of_an_invoice_and_an_application_open_them(
    journey: Journey, relations: Browser, session: Session
) -> None:
    row = journey.countersigned()
    invoice = session.execute(select(Invoice).where(Invoice.participant_id == row.id)).scalar_one()
    application = session.execute(select(Application).where(Application.participant_id == row.id)).scalar_one()
    assert address(search(relations, f" {invoice.number} ")) == f"/beheer/facturen/{invoice.number}"
    assert address(search(relations, application.number.lower())) == f"/beheer/aanmeldingen/{application.number}"


def test_interest_is_found_by_name(journey: Journey, relations: Browser, session: Session) -> None:
    register_interest("Woonstichting Rand", "Wim Wonen", "wim@rand.invalid", "Wat kost het?", SYSTEM)
    session.commit()
    assert rows_of(search(relations, "woonstichting rand"))[0][:2] == ["Woonstichting Rand", "Aanmelding"]


def test_a_number_does_not_lead_to_a_page_that_one_may_not_open(
    journey: Journey, sign_in: SignIn, session: Session
) -> None:
    row = journey.countersigned()
    invoice = session.execute(select(Invoice).where(Invoice.participant_id == row.id)).scalar_one()
    application = session.execute(select(Application).where(Application.participant_id == row.id)).scalar_one()
    for number in (invoice.number, application.number):
        page = search(sign_in(StaffRole.PRIVACY), number)
        assert page.heading == "Zoeken"
    register_interest("Woonstichting Rand", "Wim Wonen", "wim@rand.invalid", "Wat kost het?", SYSTEM)
    session.commit()
    assert "Niets gevonden" in search(sign_in(StaffRole.PRIVACY), "woonstichting rand").text


@pytest.mark.parametrize(
    "typed", ["qqxxzzqq", "00000099999999999999", "99999999", "999999999999", "40f02b97-c73b-4a8a-8f4b-dd4f5ec8748c"]
)
def test_nothing_found_says_what_can_be_searched_for(relations: Browser, participant: Participant, typed: str) -> None:
    page = search(relations, typed)
    assert "Niets gevonden" in page.text
    assert "vestigingsnummer" in page.text


def test_an_empty_search_explains_itself(relations: Browser) -> None:
    for typed in ("", "   ", "\u00a0"):
        assert "Waar zoekt u naar?" in search(relations, typed).text


@pytest.mark.parametrize(
    "typed",
    [
        "\0",
        "%",
        "_" * 50,
        "'; DROP TABLE x; --",
        "<script>alert(1)</script>",
        "💩" * 40,
        "a" * 5000,
        "\\",
        "１２３４５６７８",
    ],
)
def test_absurd_input_is_answered(relations: Browser, participant: Participant, typed: str) -> None:
    page = search(relations, typed)
    assert page.heading == "Zoeken"
    assert "<script>alert" not in page.text_of_body


def test_who_may_search(journey: Journey, sign_in: SignIn, people: People) -> None:
    for role in StaffRole:
        search(sign_in(role), "iets")
    participant = journey.submitted()
    for account in (people.of(participant), people.applicant()):
        search(Browser(journey.app).sign_in(account), "iets", 403)
    search(sign_in(), "iets", 403)
