"""What who pays does in the demonstration: opens an invoice, says that something is wrong. Only about invented
organisations."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from billing.corrections.kinds import CorrectionKind
from billing.corrections.services import Asked, ask_correction, decline
from billing.kinds import InvoiceKind
from billing.models import Invoice
from billing.payers.services import link_of
from core import clock
from core.db import session, transaction
from core.money import ZERO
from demo.desk import staff_member
from identity.services import actor_of
from participants.models import Organisation, Participant
from participants.order_numbers.services import set_organisation_number

ASKED = (
    Asked(
        CorrectionKind.ORDER_NUMBER,
        "INK-VOORBEELD-17",
        "Zonder dit nummer kunnen wij niet betalen (voorbeeld).",
        "Voorbeeldpersoon A",
        "betalen@voorbeeld.invalid",
    ),
    Asked(
        CorrectionKind.ADDRESS,
        "Voorbeeldlaan 5\n9999 XX Voorbeeldstad",
        "Wij zijn verhuisd (voorbeeld).",
        "Voorbeeldpersoon B",
        "betalen@voorbeeld.invalid",
    ),
)


def leave() -> None:
    """Two requests to correct an invoice, one that was declined, and an order number that units inherit."""
    invoices = _invoices(3)
    today = clock.today()
    asked_before = list(enumerate(zip((*ASKED, ASKED[0]), invoices, strict=False), start=1))
    for days, (asked, key) in reversed(asked_before):
        with clock.at(today - timedelta(days=days)), transaction():
            invoice = session().get_one(Invoice, key)
            link_of(invoice)
            row = ask_correction(invoice.id, invoice.participant_id, invoice.number, asked)
            if days == 3:
                actor = actor_of(staff_member("financien"))
                decline(row, "Uw organisatie gaf ons een ander nummer op (voorbeeld).", actor)
    if invoices:
        with transaction():
            organisation = session().get_one(Invoice, invoices[0]).participant.organisation
            set_organisation_number(actor_of(staff_member("relatie.a")), organisation, "INK-VOORBEELD-HEEL")


def _invoices(limit: int) -> list[int]:
    """Ids of the newest invoices of invented organisations with something to pay."""
    query = (
        select(Invoice.id)
        .join(Participant, Participant.id == Invoice.participant_id)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .where(Organisation.fictional, Invoice.kind == InvoiceKind.INVOICE, Invoice.gross > ZERO)
    )
    return list(session().execute(query.order_by(Invoice.id.desc()).limit(limit)).scalars())
