"""The e-invoice beside the PDF for staff and participant, and mailing an invoice again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from billing import queries, services
from billing.delivery.services import file_of
from billing.e_invoice.checks import check
from billing.e_invoice.kinds import Layer
from billing.e_invoice.services import ubl
from billing.models import Invoice, InvoiceFile
from core import clock, documents
from core.audit import SYSTEM, AuditEvent
from core.mail import OutboxMessage
from identity.kinds import ParticipantRole, StaffRole
from participants.kinds import Language
from participants.models import Participant
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People

DAY = date(2024, 3, 15)


@pytest.fixture
def participant(world: World) -> Participant:
    return world.municipality(70_361, name="Gemeente Velsen", connected_on=DAY)


@pytest.fixture
def invoice(world: World, participant: Participant) -> Invoice:
    with clock.at(DAY):
        made = services.issue_first_invoice(participant, DAY, SYSTEM)
    world.session.commit()
    return made


def test_staff_and_the_participant_download_the_same_e_invoice(
    browser: Browser, people: People, invoice: Invoice
) -> None:
    stored = documents.read(file_of(invoice).ubl_sha256 or "")
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(f"/beheer/facturen/{invoice.number}")
    assert "Download de e-factuur (UBL)" in page.text
    answer = browser.client.get(f"/beheer/facturen/{invoice.number}.xml")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, stored, "application/xml")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="voorbeeld-factuur-2024-00001.xml"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    browser.sign_in(people.of(invoice.participant, ParticipantRole.FINANCIAL))
    list_page = browser.get(f"/mijn/{invoice.participant_id}/facturen")
    assert f"/mijn/{invoice.participant_id}/facturen/{invoice.number}.xml" in str(list_page.soup)
    assert browser.client.get(f"/mijn/{invoice.participant_id}/facturen/{invoice.number}.xml").data == stored


def test_the_e_invoice_of_another_participant_does_not_exist(
    browser: Browser, people: People, world: World, invoice: Invoice
) -> None:
    other = world.municipality(name="Gemeente Anders", connected_on=DAY)
    browser.sign_in(people.of(other, ParticipantRole.FINANCIAL))

    browser.get(f"/mijn/{other.id}/facturen/{invoice.number}.xml", expect=404)
    browser.get(f"/mijn/{invoice.participant_id}/facturen/{invoice.number}.xml", expect=404)
    browser.get(f"/beheer/facturen/{invoice.number}.xml", expect=403)


def test_what_we_issue_in_the_example_has_only_the_numbers_that_are_wrong_on_purpose(invoice: Invoice) -> None:
    found = check(ubl(queries.document_of(invoice)))

    assert all(finding.layer is Layer.NUMBERS for finding in found), found


def test_of_an_old_invoice_without_e_invoice_it_is_made_of_the_same_document(
    browser: Browser, people: People, world: World, participant: Participant
) -> None:
    with clock.at(DAY):
        invoice = services.issue_annual_invoice(participant, 2025, SYSTEM, by_mail=False)
    world.session.add(
        InvoiceFile(invoice_id=invoice.id, sha256=documents.store(b"%PDF-1", "application/pdf"), made_at=clock.now())
    )
    world.session.commit()
    browser.sign_in(people.staff(StaffRole.FINANCE))

    assert browser.client.get(f"/beheer/facturen/{invoice.number}.xml").data == ubl(queries.document_of(invoice))


# ------------------------------------------------------------------------------------------- again


def sent(session: Session) -> list[OutboxMessage]:
    return list(session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars())


@pytest.mark.parametrize("role", [StaffRole.FINANCE, StaffRole.RELATIONS])
def test_an_invoice_goes_again_to_the_address_that_is_known_now(
    browser: Browser, people: People, world: World, invoice: Invoice, role: StaffRole
) -> None:
    assert invoice.participant.invoice_details
    invoice.participant.invoice_details.email = "nieuw@voorbeeldveld.invalid"
    world.session.commit()
    browser.sign_in(people.staff(role))

    page = browser.submit(browser.get(f"/beheer/facturen/{invoice.number}"), "Opnieuw versturen")

    assert "Factuur 2024-00001 wordt opnieuw verstuurd naar nieuw@voorbeeldveld.invalid." in page.text
    first, again = sent(world.session)
    assert (first.recipient, again.recipient) == ("facturen@voorbeeldveld.invalid", "nieuw@voorbeeldveld.invalid")
    assert (first.attachments, first.body) == (again.attachments, again.body)
    (event,) = world.session.execute(
        select(AuditEvent).where(AuditEvent.name == "billing:invoice:sent_again")
    ).scalars()
    assert event.participant_id == invoice.participant_id


@pytest.mark.parametrize("role", [StaffRole.BOARD, StaffRole.AUDITOR])
def test_who_only_reads_does_not_send(browser: Browser, people: People, invoice: Invoice, role: StaffRole) -> None:
    browser.sign_in(people.staff(role))

    page = browser.get(f"/beheer/facturen/{invoice.number}")

    assert "Opnieuw versturen" not in page.text
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]  # type: ignore[index]
    data = {"csrf_token": token}
    browser.post(f"/beheer/facturen/{invoice.number}/opnieuw-versturen", data, expect=403)


def test_in_english_mail_pdf_and_e_invoice_are_english(world: World, participant: Participant) -> None:
    assert participant.invoice_details
    participant.invoice_details.language = Language.ENGLISH
    world.session.commit()
    with clock.at(DAY):
        invoice = services.issue_first_invoice(participant, DAY, SYSTEM)
        services.credit_invoice(invoice, "Dubbel gemaakt", SYSTEM)

    first, second = sent(world.session)

    assert (first.subject, second.subject) == (
        "Invoice 2024-00001 of the Schuldenknooppunt",
        "Credit note C2024-00001 of the Schuldenknooppunt",
    )
    assert "Annual fee 2024, category D, 10 of 12 months (March to December): €2,500.00" in first.body
    assert "Amount due: €3,388.00, by 14 April 2024" in first.body
    assert "cancelled entirely" in second.body
    assert b"Annual fee 2024" in documents.read(file_of(invoice).ubl_sha256 or "")


def test_the_mail_names_the_reference_with_which_to_pay(world: World, invoice: Invoice) -> None:
    (mail,) = sent(world.session)

    assert "met betalingskenmerk RF42202400001." in mail.body
    assert "als pdf en als e-factuur (UBL)" in mail.body


def test_the_files_of_an_invoice_cannot_be_changed_afterwards(world: World, invoice: Invoice) -> None:
    file_of(invoice)
    world.session.commit()

    with pytest.raises(Exception, match="permission denied"):
        world.session.execute(update(InvoiceFile).values(ubl_sha256=None))
    world.session.rollback()
