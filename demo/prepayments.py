"""Two invented launching customers with a prepayment, and one contributor of the start period without."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from billing.prepayments.kinds import EntryKind
from billing.prepayments.models import Prepayment
from billing.prepayments.services import Entry, propose
from core import approvals, clock
from core.db import session, transaction
from core.money import ZERO
from demo.desk import staff_member
from identity.services import actor_of
from participants.kinds import MeasurementKind
from participants.models import ConnectionPeriod, InvoiceDetails, Measurement, Organisation, Participant

AGREED_ON = date(2020, 9, 1)
SOURCE = "Voorbeeldafspraak van 1 september 2020 (verzonnen)"
PAYS_FROM = 1000
"""Files a year from which a creditor pays an annual fee for certain."""
ENTRIES = (
    Entry(EntryKind.PREPAYMENT, AGREED_ON, Decimal("27225.00"), Decimal("500.00"), True, SOURCE),
    Entry(EntryKind.PREPAYMENT, AGREED_ON, Decimal("1815.00"), ZERO, True, SOURCE),
    Entry(EntryKind.CONTRIBUTION, AGREED_ON, ZERO, ZERO, True, SOURCE),
)


def load() -> None:
    """Entered before the first annual invoices are made, so that these use them. Once; opens its own transactions."""
    with transaction():
        if session().scalar(select(Prepayment.id).limit(1)) is not None:
            return
        chosen = _first()
    if not chosen:
        return
    entered_on = max(starts_on for _, starts_on in chosen) + timedelta(days=1)
    with clock.at(entered_on), transaction():
        asks, agrees = (actor_of(staff_member(name)) for name in ("financien", "financien.b"))
        for (participant_id, _), entry in zip(chosen, ENTRIES, strict=False):
            request = propose(session().get_one(Participant, participant_id), entry, asks)
            approvals.approve(request.id, agrees)


def _first() -> list[tuple[int, date]]:
    """The invented participants that connected first and can be invoiced, with the day."""
    counted = select(Measurement.participant_id).where(
        Measurement.kind == MeasurementKind.FILES, Measurement.value >= PAYS_FROM
    )
    query = (
        select(Participant.id, ConnectionPeriod.starts_on)
        .join(Participant.organisation)
        .join(ConnectionPeriod, ConnectionPeriod.participant_id == Participant.id)
        .join(InvoiceDetails, InvoiceDetails.participant_id == Participant.id)
        .where(Organisation.fictional, Participant.role_code == "creditor")
        .where(Participant.id.in_(counted))
        .order_by(ConnectionPeriod.starts_on, Participant.id)
        .limit(len(ENTRIES))
    )
    return [(key, starts_on) for key, starts_on in session().execute(query)]
