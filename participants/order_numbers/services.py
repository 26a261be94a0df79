"""Set the purchase order number of a unit or of a whole organisation. It goes for new invoices."""

from __future__ import annotations

from collections.abc import Container

from core import clock
from core import db as database
from core.audit import Actor, record
from core.db import advisory_lock, scoped, session
from core.errors import Refused
from participants.kinds import CLOSED
from participants.models import Organisation, Participant
from participants.order_numbers.events import ORGANISATION_NUMBER_SET
from participants.order_numbers.models import OrganisationOrderNumber
from participants.queries import participants_of
from participants.services import INVOICE_FIELDS, set_invoice_details

NONE = "geen"


def set_unit_number(actor: Actor, participant: Participant, number: str | None) -> None:
    """The unit's own number; without one it inherits that of its organisation. Raises Refused without invoice
    details."""
    details = participant.invoice_details
    if details is None:
        raise Refused("Vul eerst de factuurgegevens van dit onderdeel in. Daar hoort het inkoopordernummer bij.")
    current = {name: getattr(details, name) for name in INVOICE_FIELDS}
    set_invoice_details(actor, participant, **current | {"purchase_order_number": number or None})


def inheriting(organisation_id: int) -> list[Participant]:
    """Units that have no number of their own, and still take part. Looks past the scope: the number of an organisation
    also counts for units for which somebody else acts."""
    with scoped(database.JOB):
        return [
            one
            for one in participants_of(organisation_id)
            if one.stage not in CLOSED and not (one.invoice_details and one.invoice_details.purchase_order_number)
        ]


def set_organisation_number(
    actor: Actor, organisation: Organisation, number: str | None, editable: Container[int] | None = None
) -> None:
    """The number that units inherit. `editable`: ids of the units for which the person may; None for staff.

    Raises Refused when it would also count for a unit for which somebody else acts.
    """
    advisory_lock(f"participants-order-number-{organisation.id}")
    units = inheriting(organisation.id)
    if editable is not None and not all(unit.id in editable for unit in units):
        raise Refused(
            "Dit nummer zou ook gelden voor een onderdeel van uw organisatie waarvoor u niet werkt. Vul per onderdeel"
            " een nummer in, of vraag het ons.",
            field="number",
        )
    row = session().get(OrganisationOrderNumber, organisation.id)
    if row is None:
        row = OrganisationOrderNumber(organisation_id=organisation.id)
        session().add(row)
    elif row.number == (number or None):
        return
    row.number, row.changed_at = number or None, clock.now()
    session().flush()
    for unit in units:
        record(
            ORGANISATION_NUMBER_SET,
            actor,
            participant_id=unit.id,
            subject=f"organisation:{organisation.id}",
            name=organisation.name,
            number=number or NONE,
        )
