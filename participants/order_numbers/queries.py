"""Which purchase order number stands on the invoices of a participant, and where it comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from core.db import session
from participants.models import Participant
from participants.order_numbers.models import OrganisationOrderNumber


@dataclass(frozen=True)
class OrderNumber:
    """A purchase order number, and whether it is that of the whole organisation."""

    number: str | None
    inherited: bool

    @property
    def origin(self) -> str:
        """Where it comes from, as it stands beside it."""
        if self.number is None:
            return "niet ingevuld"
        return "van de organisatie" if self.inherited else "eigen nummer"


def order_number(participant: Participant) -> OrderNumber:
    """The number of the unit itself, else that of its organisation."""
    details = participant.invoice_details
    if details is not None and details.purchase_order_number:
        return OrderNumber(details.purchase_order_number, inherited=False)
    of_organisation = organisation_number(participant.organisation_id)
    return OrderNumber(of_organisation, inherited=of_organisation is not None)


def purchase_order_number(participant: Participant) -> str | None:
    """What stands on invoices of this participant."""
    return order_number(participant).number


def organisation_number(organisation_id: int) -> str | None:
    """The number that units of an organisation inherit; None when there is none, or for who acts for none of them."""
    row = session().get(OrganisationOrderNumber, organisation_id)
    return row.number if row else None


def load_organisation_numbers(organisation_ids: Collection[int]) -> None:
    """Read the numbers of many organisations into the session at once, before many invoices are made."""
    query = select(OrganisationOrderNumber).where(OrganisationOrderNumber.organisation_id.in_(organisation_ids))
    session().execute(query).all()
