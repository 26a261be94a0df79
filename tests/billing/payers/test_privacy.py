"""Who asked for a correction can be told what we hold, and is forgotten in time."""

from __future__ import annotations

from datetime import date

from billing.corrections import services
from billing.corrections.kinds import CorrectionKind
from billing.corrections.models import InvoiceCorrection
from billing.corrections.services import Asked
from billing.models import Invoice
from core import clock
from core.audit import Actor
from governance.privacy.holdings.rules import HOLDINGS, Subject
from governance.privacy.retention.rules import RULES
from identity.kinds import StaffRole
from tests.people import People

WHO = Subject("betalen@voorbeeldveld.invalid", (), ())


def answered(invoice: Invoice, people: People) -> InvoiceCorrection:
    with clock.at(date(2026, 2, 1)):
        row = services.ask_correction(
            invoice.id,
            invoice.participant_id,
            invoice.number,
            Asked(CorrectionKind.OTHER, None, "Iets persoonlijks.", "Voorbeeldpersoon A", WHO.email),
        )
        services.decline(row, "Nee.", Actor("staff", people.staff(StaffRole.FINANCE).person_key))
    return row


def test_what_we_hold_is_shown_and_erased(invoice: Invoice, people: People) -> None:
    holding = next(one for one in HOLDINGS if one.label == "Verzoeken om correctie van een factuur")
    row = answered(invoice, people)
    assert holding.collect(WHO)[0]["toelichting"] == "Iets persoonlijks."
    assert holding.erase is not None
    assert holding.erase(WHO) == 1
    assert (row.name, row.explanation) == ("verwijderd", None)
    assert not holding.collect(WHO)


def test_after_two_years_who_asked_is_forgotten(invoice: Invoice, people: People) -> None:
    row = answered(invoice, people)
    rule = RULES["billing:corrections"]
    assert rule.find(date(2026, 2, 1)) == []
    assert list(rule.find(date(2026, 2, 2))) == [row.id]
    rule.carry_out([row.id])
    assert row.name == "verwijderd"
    assert rule.find(date(2026, 2, 2)) == []
