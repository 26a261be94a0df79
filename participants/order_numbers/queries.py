"""Which purchase order number stands on the invoices of a participant, and where it comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from core.db import is_among, session
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
    return order_numbers([participant])[participant.id]


def order_numbers(participants: Collection[Participant]) -> dict[int, OrderNumber]:
    """The same for many, by participant, in one question."""
    without = {row.organisation_id for row in participants if not _own(row)}
    query = select(OrganisationOrderNumber).where(is_among(OrganisationOrderNumber.organisation_id, without))
    inherited = {row.organisation_id: row.number for row in session().execute(query).scalars()} if without else {}
    return {
        row.id: OrderNumber(own, inherited=False)
        if (own := _own(row))
        else OrderNumber(found := inherited.get(row.organisation_id), inherited=found is not None)
        for row in participants
    }


def _own(participant: Participant) -> str | None:
    return participant.invoice_details.purchase_order_number if participant.invoice_details else None


def organisation_number(organisation_id: int) -> str | None:
    """The number that units of an organisation inherit; None when there is none, or for who acts for none of them."""
    row = session().get(OrganisationOrderNumber, organisation_id)
    return row.number if row else None
