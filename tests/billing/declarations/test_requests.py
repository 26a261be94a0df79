"""The yearly request: everybody is asked once, creditors declare, a number that differs waits for a colleague."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.changes.queries import changes_of
from billing.declarations import queries, services
from billing.declarations.models import DeclarationRequest
from billing.declarations.services import Answer
from billing.services import issue_first_invoice
from billing.tariffs.queries import classification_of
from core import approvals, clock
from core.approvals import Approval
from core.audit import SYSTEM, Actor
from core.errors import Conflict, NotFound, Refused
from core.mail import OutboxMessage
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from participants.kinds import MeasurementKind
from participants.models import Participant
from participants.queries import latest_measurement
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People

OCTOBER = date(2025, 10, 6)
DETAILS: dict[str, str | None] = {
    "street": "Postbus 12",
    "postal_code": "9999 XX",
    "city": "Voorbeeldveld",
    "email": "facturen@voorbeeldveld.invalid",
    "purchase_order_number": "PO-2026-0815",
    "e_invoice_address": None,
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(OCTOBER):
        yield


@pytest.fixture
def creditor(world: World) -> Participant:
    """Connected and invoiced in 2025 with 640 files: category C."""
    made = world.creditor(640, connected_on=date(2025, 3, 3))
    with clock.at(date(2025, 3, 3)):
        issue_first_invoice(made, date(2025, 3, 3), SYSTEM)
    return made


@pytest.fixture
def municipality(world: World) -> Participant:
    return world.municipality(name="Gemeente Voorbeeldveld", connected_on=date(2024, 5, 1))


@pytest.fixture
def financial(people: People, creditor: Participant) -> Account:
    return people.of(creditor, ParticipantRole.FINANCIAL)


def mails(session: Session, about: str) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.subject.contains(about)).order_by(OutboxMessage.id)
    return list(session.execute(query).scalars())


def own(account: Account) -> Actor:
    return Actor("participant", account.person_key)


def given(participant: Participant, number: int | None = None, **details: str | None) -> Answer:
    return Answer(number, DETAILS | details, participant.version)


# ------------------------------------------------------------------------------------------------- asking


def test_everybody_who_pays_is_asked_once_and_creditors_for_their_number(
    world: World, creditor: Participant, municipality: Participant
) -> None:
    world.participant(world.organisation("Waarborgfonds Voorbeeld"), "guarantee_fund", connected_on=date(2024, 1, 1))
    world.creditor(12, name="Net aangesloten", connected_on=OCTOBER)
    assert services.ask_everybody(OCTOBER) == 2
    assert services.ask_everybody(OCTOBER) == 0
    assert services.ask_everybody(date(2025, 12, 1)) == 0
    rows = {row.participant_id: row for row in world.session.execute(queries.requests(2025)).scalars()}
    assert {key: row.asks_number for key, row in rows.items()} == {creditor.id: True, municipality.id: False}
    (asked,) = mails(world.session, "Jaaropgave 2025")
    assert "hoeveel schulddossiers Voorbeeld Incasso B.V. in 2024 behandelde" in asked.body
    assert f"/mijn/{creditor.id}/jaaropgave/2025" in asked.body
    (check,) = mails(world.session, "Controleer uw factuurgegevens")
    assert "Inkoopordernummer: PO-2026-0815" in check.body
    assert "schulddossiers" not in check.body


def test_before_the_month_nobody_is_asked_and_next_year_everybody_again(world: World, creditor: Participant) -> None:
    assert services.ask_everybody(date(2025, 9, 30)) == 0
    assert services.ask_everybody(date(2025, 10, 1)) == 1
    with clock.at(date(2026, 10, 1)):
        assert services.ask_everybody(date(2026, 10, 1)) == 1
    assert queries.years() == [2026, 2025]


def test_who_does_not_answer_is_asked_again_not_more_than_once_a_week(
    world: World, creditor: Participant, municipality: Participant
) -> None:
    services.ask_everybody(OCTOBER)
    assert services.ask_again(2025, SYSTEM) == 0
    with clock.at(OCTOBER + timedelta(days=7)):
        assert services.ask_again(2025, SYSTEM) == 2
        assert services.ask_again(2025, SYSTEM) == 0
    assert len(mails(world.session, "Herinnering:")) == 2


# ------------------------------------------------------------------------------------------------- answering


def test_the_same_number_counts_at_once(creditor: Participant, financial: Account) -> None:
    services.ask_everybody(OCTOBER)
    row = services.answer(creditor.id, 2025, given(creditor, 640), own(financial))
    assert (row.number, row.approval_id, row.details_changed) == (640, None, False)
    latest = latest_measurement(MeasurementKind.FILES, participant_id=creditor.id)
    assert latest is not None
    assert latest.measured_on == OCTOBER
    with pytest.raises(Refused, match="al gedaan"):
        services.answer(creditor.id, 2025, given(creditor, 641), own(financial))


def test_another_number_waits_for_a_colleague_who_sees_what_it_means(
    people: People, creditor: Participant, financial: Account
) -> None:
    services.ask_everybody(OCTOBER)
    row = services.answer(creditor.id, 2025, given(creditor, 1_200, street="Postbus 13"), own(financial))
    assert row.details_changed
    assert creditor.invoice_details is not None
    assert creditor.invoice_details.street == "Postbus 13"
    assert creditor.invoice_details.buyer_reference == "SHV / 4711"
    assert latest_measurement(MeasurementKind.FILES, participant_id=creditor.id).value == 640  # type: ignore[union-attr]
    request = creditor_request(row)
    assert request.after["Tariefcategorie"].startswith("D, jaartarief")
    checker = people.staff(StaffRole.FINANCE)
    approvals.approve(request.id, Actor("staff", checker.person_key))
    assert [change.new_category for change in changes_of(creditor.id)] == ["D"]
    assert classification_of(creditor, date(2026, 1, 1)).category == "D"
    assert classification_of(creditor, OCTOBER).category == "C"


def creditor_request(row: DeclarationRequest) -> Approval:
    assert row.approval is not None
    return row.approval


def test_a_number_must_be_given_and_details_must_be_those_that_were_seen(
    creditor: Participant, financial: Account
) -> None:
    services.ask_everybody(OCTOBER)
    with pytest.raises(Refused, match="Vul het aantal"):
        services.answer(creditor.id, 2025, given(creditor), own(financial))
    with pytest.raises(Conflict, match="intussen gewijzigd"):
        services.answer(creditor.id, 2025, Answer(640, DETAILS, creditor.version - 1), own(financial))
    with pytest.raises(NotFound):
        services.answer(creditor.id, 2024, given(creditor, 640), own(financial))


# ------------------------------------------------------------------------------------------------- pages


def test_a_participant_declares_in_one_go_and_checks_first(
    browser: Browser, creditor: Participant, financial: Account
) -> None:
    services.ask_everybody(OCTOBER)
    creditor_page = f"/mijn/{creditor.id}/jaaropgave"
    page = browser.sign_in(financial).get(creditor_page)
    page = browser.get(page.link("Jaaropgave 2025"))
    wrong = browser.submit(page, "Verder naar controleren", expect=422, number="veel", postal_code="x")
    assert "Vul een heel getal in, zonder komma, bijvoorbeeld 1250." in wrong.errors
    page = browser.submit(page, "Verder naar controleren", number="1.200", purchase_order_number="PO-7")
    assert page.heading == "Controleer uw antwoorden"
    assert "1.200" in page.text
    assert latest_measurement(MeasurementKind.FILES, participant_id=creditor.id).value == 640  # type: ignore[union-attr]
    page = browser.submit(page, "Wijzigen")
    assert page.heading == "Jaaropgave 2025"
    page = browser.submit(page, "Verder naar controleren")
    page = browser.submit(page, "Versturen")
    assert page.notices == ["Dank u wel. Uw opgave is verstuurd."]
    assert "Een medewerker bekijkt het." in page.text
    assert "PO-7" in page.text
    assert "gedaan op" in browser.get(creditor_page).text


def test_a_debt_counsellor_checks_the_details_only(browser: Browser, people: People, municipality: Participant) -> None:
    services.ask_everybody(OCTOBER)
    browser.sign_in(people.of(municipality, ParticipantRole.FINANCIAL))
    page = browser.get(f"/mijn/{municipality.id}/jaaropgave/2025")
    assert "Schulddossiers" not in page.text
    page = browser.submit(browser.submit(page, "Verder naar controleren"), "Versturen")
    assert "kloppen" in page.text


def test_another_ones_request_does_not_exist(
    browser: Browser, people: People, creditor: Participant, municipality: Participant
) -> None:
    services.ask_everybody(OCTOBER)
    browser.sign_in(people.of(municipality, ParticipantRole.FINANCIAL))
    browser.get(f"/mijn/{creditor.id}/jaaropgave/2025", expect=404)
    browser.get(f"/mijn/{creditor.id}/jaaropgave", expect=404)
    browser.get(f"/mijn/{municipality.id}/jaaropgave/2019", expect=404)
    employee = people.of(municipality, ParticipantRole.EMPLOYEE)
    Browser(browser.app).sign_in(employee).get(f"/mijn/{municipality.id}/jaaropgave/2025", expect=403)


def test_staff_see_who_answered_and_ask_the_others_again(
    browser: Browser, people: People, creditor: Participant, municipality: Participant, financial: Account
) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    assert "De vraag gaat vanzelf uit op 1 oktober 2025." in browser.get("/beheer/jaaropgave").text
    services.ask_everybody(OCTOBER)
    services.answer(creditor.id, 2025, given(creditor, 1_200), own(financial))
    page = browser.get("/beheer/jaaropgave")
    assert "2025: 2 gevraagd, 1 beantwoord, 1 nog niet." in page.text
    assert "Ander aantal: wacht op een collega" in page.text
    assert "Voorbeeld Incasso" not in browser.get("/beheer/jaaropgave?jaar=2025&stand=niet-beantwoord").text
    csv = browser.get("/beheer/jaaropgave?jaar=2025&als=csv").text_of_body
    assert "1200" in csv
    with clock.at(OCTOBER + timedelta(days=8)):
        later = Browser(browser.app).sign_in(people.staff(StaffRole.RELATIONS))
        page = later.submit(later.get("/beheer/jaaropgave"))
        assert page.notices == ["Opnieuw gevraagd aan 1 deelnemer."]
    auditor = Browser(browser.app).sign_in(people.staff(StaffRole.AUDITOR))
    assert "Vraag opnieuw" not in auditor.get("/beheer/jaaropgave?jaar=2025").text
