"""Invoices are issued once, with everything that they rest on, and never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from billing import queries, services
from billing.delivery.services import file_of, render
from billing.kinds import FeeKind, InvoiceKind
from billing.models import Charge, Invoice, InvoiceLine
from billing.tariffs.queries import CannotClassify
from core import audit, clock, documents
from core.audit import SYSTEM
from core.errors import Refused, UserError
from core.mail import OutboxMessage
from core.money import ZERO
from governance.models import Operator, Setting
from participants.kinds import OrganisationKind
from participants.models import Participant
from tests.billing.conftest import World

IN_2024 = date(2024, 3, 15)
IN_2026 = date(2026, 3, 15)


def issue(participant: Participant, connected_on: date) -> Invoice:
    with clock.at(connected_on):
        return services.issue_first_invoice(participant, connected_on, SYSTEM)


def test_the_first_invoice_has_the_connection_fee_and_the_rest_of_the_year(world: World, session: Session) -> None:
    participant = world.municipality(70_361, name="Gemeente Velsen")
    invoice = issue(participant, IN_2024)
    document = queries.document_of(invoice)
    assert invoice.number == "2024-00001"
    assert [(line.description, line.net) for line in document.lines] == [
        ("Aansluitkosten, eenmalig, categorie D", Decimal("300.00")),
        ("Jaartarief 2024, categorie D, 10 van 12 maanden (maart tot en met december)", Decimal("2500.00")),
    ]
    assert (invoice.net, invoice.vat, invoice.gross) == (Decimal("2800.00"), Decimal("588.00"), Decimal("3388.00"))
    assert (invoice.issued_on, invoice.due_on, invoice.year) == (IN_2024, date(2024, 4, 14), 2024)
    assert (document.starts_on, document.ends_on) == (IN_2024, date(2024, 12, 31))
    assert document.seller.name == "Voorbeeldbeheerder A"
    assert (document.seller.kvk, document.seller.vat_id, document.seller.iban) == (
        "99000010",
        "NL000099998B57",
        "NL02ABNA0123456789",
    )
    assert (document.buyer.purchase_order_number, document.buyer.reference) == ("PO-2026-0815", "SHV / 4711")
    assert document.explanation == "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D"
    assert document.example
    lines = session.execute(select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)).scalars().all()
    assert {(line.category, line.basis_number, line.tariff_row_id is None) for line in lines} == {("D", 70_361, False)}
    assert queries.first_invoice(participant.id) == invoice
    assert queries.invoice_by_number("2024-00001") == invoice


def test_it_leaves_a_sentence_on_the_timeline(world: World) -> None:
    participant = world.municipality(name="Gemeente Velsen")
    issue(participant, IN_2024)
    sentences = [entry.sentence for entry in audit.timeline(participant_id=participant.id, for_staff=True)]
    assert sentences == ["Het systeem maakte factuur 2024-00001 van €\u00a03.388,00 voor Gemeente Velsen."]


def test_it_goes_by_mail_with_the_pdf_and_the_ubl(world: World, session: Session) -> None:
    invoice = issue(world.municipality(), IN_2024)
    mail = session.execute(select(OutboxMessage)).scalar_one()
    assert (mail.recipient, mail.subject) == (
        "facturen@voorbeeldveld.invalid",
        "Factuur 2024-00001 van het Schuldenknooppunt",
    )
    assert mail.attachments == [
        {
            "name": "voorbeeld-factuur-2024-00001.pdf",
            "sha256": file_of(invoice).sha256,
            "media_type": "application/pdf",
        },
        {
            "name": "voorbeeld-factuur-2024-00001.xml",
            "sha256": file_of(invoice).ubl_sha256,
            "media_type": "application/xml",
        },
    ]
    assert documents.read(file_of(invoice).sha256).startswith(b"%PDF-")
    assert "Te betalen: €\u00a03.388,00, voor of op 14 april 2024" in mail.body
    assert "NL02 ABNA 0123 4567 89" in mail.body
    assert mail.body.rstrip().endswith("Het Schuldenknooppunt")


def test_a_new_subscription_from_2026_gets_a_numbered_invoice_of_nothing(world: World, session: Session) -> None:
    participant = world.municipality()
    invoice = issue(participant, IN_2026)
    document = queries.document_of(invoice)
    assert (invoice.number, invoice.gross, invoice.due_on) == ("2026-00001", ZERO, None)
    assert [line.description for line in document.lines] == [
        "Aansluitkosten, eenmalig, categorie D",
        "Jaartarief 2026, categorie D",
    ]
    assert [(total.percentage, total.net, total.vat) for total in document.vat_totals] == [(Decimal(21), ZERO, ZERO)]
    assert document.seller.name == "Voorbeeldbeheerder B"
    assert document.seller.iban is None
    assert document.why_nothing is not None
    mail = session.execute(select(OutboxMessage)).scalar_one()
    assert "U hoeft niets te betalen." in mail.body
    assert "IBAN" not in mail.body
    assert "NL02" not in mail.body


def test_asking_twice_gives_the_same_invoice(world: World, session: Session) -> None:
    participant = world.municipality()
    first = issue(participant, IN_2024)
    assert issue(participant, IN_2024) == first
    assert len(queries.invoices_of(participant.id)) == 1
    assert len(session.execute(select(OutboxMessage)).scalars().all()) == 1


def test_the_database_too_refuses_a_second_charge(world: World, session: Session) -> None:
    participant = world.municipality()
    invoice = issue(participant, IN_2024)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Charge(participant_id=participant.id, fee_kind=FeeKind.ANNUAL, year=2024, invoice_id=invoice.id))
        session.flush()


def test_two_units_of_one_organisation_are_invoiced_separately(world: World) -> None:
    municipality = world.organisation("Gemeente Twee Rollen")
    units = [world.participant(municipality, "creditor", unit=unit) for unit in ("Belastingen", "Werk en inkomen")]
    for unit in units:
        world.files(unit, 640)
    numbers = [issue(unit, IN_2024).number for unit in units]
    assert numbers == ["2024-00001", "2024-00002"]
    assert queries.document_of(queries.invoices_of(units[1].id)[0]).buyer.unit == "Werk en inkomen"


def test_a_guarantee_fund_gets_an_invoice_of_nothing_that_says_why(world: World) -> None:
    fund = world.participant(world.organisation("Waarborgfonds", OrganisationKind.FOUNDATION), "guarantee_fund")
    invoice = issue(fund, IN_2024)
    document = queries.document_of(invoice)
    assert (invoice.gross, document.category) == (ZERO, "–")
    assert document.why_nothing == "Voor deze rol geldt geen tarief."
    assert document.lines[-1].description == "Jaartarief 2024"


# ------------------------------------------------------------------------------------------------- later years


def test_an_existing_subscription_pays_on_in_2026(world: World) -> None:
    participant = world.municipality(connected_on=IN_2024)
    with clock.at(date(2026, 1, 12)):
        invoice = services.issue_annual_invoice(participant, 2026, SYSTEM)
        assert services.issue_annual_invoice(participant, 2026, SYSTEM) == invoice
    document = queries.document_of(invoice)
    assert [(line.description, line.net) for line in document.lines] == [
        ("Jaartarief 2026, categorie D", Decimal(3000))
    ]
    assert (invoice.gross, invoice.due_on) == (Decimal("3630.00"), date(2026, 2, 11))
    assert (document.starts_on, document.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_subscription_that_began_at_nothing_stays_at_nothing(world: World) -> None:
    participant = world.municipality(connected_on=IN_2026)
    with clock.at(date(2027, 1, 12)):
        invoice = services.issue_annual_invoice(participant, 2027, SYSTEM)
    assert (invoice.gross, invoice.due_on) == (ZERO, None)


def test_category_a_gets_an_annual_invoice_of_nothing(world: World) -> None:
    participant = world.municipality(14_802, connected_on=IN_2024)
    with clock.at(date(2025, 1, 13)):
        invoice = services.issue_annual_invoice(participant, 2025, SYSTEM)
    assert invoice.gross == 0
    assert queries.document_of(invoice).why_nothing == "In categorie A is er geen jaartarief."


@pytest.mark.parametrize("connected_on", [None, date(2025, 1, 1), date(2025, 6, 1)])
def test_the_first_year_is_not_invoiced_as_a_later_one(world: World, connected_on: date | None) -> None:
    participant = world.municipality(connected_on=connected_on)
    with pytest.raises(Refused, match="staat op de eerste factuur"):
        services.issue_annual_invoice(participant, 2025, SYSTEM)


# ------------------------------------------------------------------------------------------------- what is missing


def test_without_invoice_details_it_says_who_must_do_what(world: World) -> None:
    participant = world.municipality()
    bare = world.participant(participant.organisation, "creditor", details=False)
    world.files(bare, 640)
    with pytest.raises(UserError, match=r"nog geen factuurgegevens bekend\. Vul adres en e-mailadres"):
        issue(bare, IN_2024)


def test_without_a_number_nothing_is_issued(world: World, session: Session) -> None:
    with pytest.raises(CannotClassify):
        issue(world.creditor(None), IN_2024)
    assert session.execute(select(Invoice)).first() is None


def test_without_the_vat_number_of_the_seller_nothing_is_issued(world: World, session: Session) -> None:
    session.add(Operator(name="Kale beheerder", starts_on=date(2027, 1, 1), kvk="99000036", fictional=True))
    session.flush()
    with pytest.raises(UserError, match="Kale beheerder ontbreekt: btw-nummer, straat, postcode, plaats"):
        issue(world.municipality(), date(2027, 2, 1))


def test_an_iban_is_needed_only_when_there_is_something_to_pay(world: World, session: Session) -> None:
    session.add(
        Operator(
            name="Zonder rekening",
            starts_on=date(2027, 1, 1),
            kvk="99000036",
            vat_id="NL000099998B57",
            street="Straat 1",
            postal_code="9999 XX",
            city="Stad",
            fictional=True,
        )
    )
    session.flush()
    assert issue(world.municipality(), date(2027, 2, 1)).gross == 0
    paying = world.municipality(name="Gemeente Betaalt", connected_on=IN_2024)
    with clock.at(date(2027, 2, 1)), pytest.raises(UserError, match="Zonder rekening ontbreekt: IBAN"):
        services.issue_annual_invoice(paying, 2027, SYSTEM)


def test_the_vat_rate_is_a_dated_setting(world: World, session: Session) -> None:
    session.add(
        Setting(name="vat_percentage", value="22.5", starts_on=date(2024, 3, 15), source="test", to_confirm=False)
    )
    session.flush()
    assert issue(world.municipality(), date(2024, 3, 14)).vat == Decimal("588.00")
    assert issue(world.municipality(name="Gemeente Later"), date(2024, 3, 15)).vat == Decimal("630.00")


def test_a_second_operator_within_a_year_has_a_series_of_its_own(world: World, session: Session) -> None:
    assert issue(world.municipality(name="Gemeente Een"), date(2026, 3, 1)).number == "2026-00001"
    session.add(
        Operator(
            name="Opvolger",
            starts_on=date(2026, 7, 1),
            kvk="99000036",
            vat_id="NL000099998B57",
            street="Straat 1",
            postal_code="9999 XX",
            city="Stad",
            fictional=True,
        )
    )
    session.flush()
    assert issue(world.municipality(name="Gemeente Twee"), date(2026, 6, 30)).number == "2026-00002"
    assert issue(world.municipality(name="Gemeente Drie"), date(2026, 7, 1)).number == "2026B-00001"
    assert issue(world.municipality(name="Gemeente Vier"), date(2027, 1, 4)).number == "2027-00001"


# ------------------------------------------------------------------------------------------------- crediting


def test_a_credit_note_mirrors_the_invoice_and_comes_from_the_operator_of_that_day(
    world: World, session: Session
) -> None:
    participant = world.municipality()
    invoice = issue(participant, IN_2024)
    with clock.at(date(2026, 2, 1)):
        credit_note = services.credit_invoice(invoice, " Verkeerde periode. ", SYSTEM)
    original, document = queries.document_of(invoice), queries.document_of(credit_note)
    assert credit_note.number == "C2026-00001"
    assert credit_note.kind is InvoiceKind.CREDIT_NOTE
    assert (credit_note.net, credit_note.vat, credit_note.gross) == (-invoice.net, -invoice.vat, -invoice.gross)
    assert credit_note.due_on is None
    assert [line.net for line in document.lines] == [-line.net for line in original.lines]
    assert document.buyer == original.buyer
    assert document.seller.name == "Voorbeeldbeheerder B"
    assert document.credited is not None
    assert (document.credited.number, document.credited.seller, document.credited.reason) == (
        "2024-00001",
        "Voorbeeldbeheerder A",
        "Verkeerde periode.",
    )
    assert next(entry.sentence for entry in audit.timeline(participant_id=participant.id, for_staff=True)) == (
        f"Het systeem crediteerde factuur 2024-00001 van {participant.name} met creditnota C2026-00001."
        " Reden: Verkeerde periode."
    )
    mails = session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars().all()
    assert mails[-1].subject == "Creditnota C2026-00001 van het Schuldenknooppunt"
    assert "vervalt factuur 2024-00001 van 15 maart 2024 helemaal" in mails[-1].body


def test_after_crediting_a_new_invoice_can_be_made(world: World) -> None:
    participant = world.municipality()
    first = issue(participant, IN_2024)
    services.credit_invoice(first, "Verkeerd adres.", SYSTEM)
    assert queries.first_invoice(participant.id) == first
    second = issue(participant, IN_2024)
    assert (second.number, second.gross) == ("2024-00002", first.gross)
    assert queries.first_invoice(participant.id) == second


def test_an_invoice_is_credited_once(world: World, session: Session) -> None:
    invoice = issue(world.municipality(), IN_2024)
    services.credit_invoice(invoice, "Dubbel.", SYSTEM)
    with pytest.raises(Refused, match="al gecrediteerd met creditnota C") as refused:
        services.credit_invoice(invoice, "Nog eens.", SYSTEM)
    assert refused.value.entry is not None
    refused.value.entry.write()
    assert (
        session.scalar(select(audit.AuditEvent.name).order_by(audit.AuditEvent.id.desc())) == "billing:credit:refused"
    )


def test_the_database_too_refuses_a_second_credit_note(world: World, session: Session) -> None:
    invoice = issue(world.municipality(), IN_2024)
    credit_note = services.credit_invoice(invoice, "Dubbel.", SYSTEM)
    values = {
        column.name: getattr(credit_note, column.name) for column in Invoice.__table__.columns if column.name != "id"
    }
    with pytest.raises(DBAPIError, match="al helemaal gecrediteerd"), session.begin_nested():
        session.add(Invoice(**{**values, "number": "C2026-00099", "series_number": 99}))
        session.flush()


def test_a_credit_note_cannot_be_credited(world: World) -> None:
    credit_note = services.credit_invoice(issue(world.municipality(), IN_2024), "Dubbel.", SYSTEM)
    with pytest.raises(Refused, match="Een creditnota kunt u niet crediteren"):
        services.credit_invoice(credit_note, "Toch.", SYSTEM)


def test_a_credit_note_needs_a_reason(world: World) -> None:
    with pytest.raises(Refused, match="waarom u deze factuur crediteert"):
        services.credit_invoice(issue(world.municipality(), IN_2024), "  ", SYSTEM)


def test_an_invoice_of_nothing_can_be_credited(world: World) -> None:
    credit_note = services.credit_invoice(issue(world.municipality(), IN_2026), "Verkeerde deelnemer.", SYSTEM)
    assert (credit_note.gross, credit_note.due_on) == (ZERO, None)


# ------------------------------------------------------------------------------------------------- immutable

CHANGES = [
    "UPDATE invoices SET gross = 0, net = 0, vat = 0",
    "UPDATE invoices SET document = '{}'",
    "DELETE FROM invoices",
    "TRUNCATE invoices CASCADE",
    "UPDATE invoice_lines SET description = 'iets anders'",
    "DELETE FROM invoice_lines",
    "UPDATE charges SET year = 2030",
    "DELETE FROM charges",
    "UPDATE invoice_series SET year = 2030",
    "DELETE FROM invoice_series",
]


def test_the_application_cannot_change_what_was_issued(world: World, session: Session) -> None:
    issue(world.municipality(), IN_2024)
    for statement in CHANGES:
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


def test_the_series_only_rises(world: World, session: Session) -> None:
    issue(world.municipality(), IN_2024)
    for last_number in (0, 1):
        with pytest.raises(DBAPIError, match="lopen alleen op"), session.begin_nested():
            session.execute(text("UPDATE invoice_series SET last_number = :n"), {"n": last_number})


def test_a_number_without_an_invoice_is_refused_at_the_end_of_the_transaction(world: World, session: Session) -> None:
    issue(world.municipality(), IN_2024)
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for statement in (
        "UPDATE invoice_series SET last_number = last_number + 1",
        "INSERT INTO invoice_series SELECT operator_id, year + 1, kind, 1 FROM invoice_series",
    ):
        with pytest.raises(DBAPIError, match="staat op geen factuur"), session.begin_nested():
            session.execute(text(statement))


def test_a_charge_that_was_credited_stays_credited(world: World, session: Session) -> None:
    services.credit_invoice(issue(world.municipality(), IN_2024), "Dubbel.", SYSTEM)
    with pytest.raises(DBAPIError, match="ligt vast"), session.begin_nested():
        session.execute(text("UPDATE charges SET credited_by_id = NULL"))


def test_the_pdf_is_made_of_the_stored_document_alone(world: World) -> None:
    document = queries.document_of(issue(world.municipality(), IN_2024))
    assert render(replace(document, number="2099-00001")).pdf.startswith(b"%PDF-")
