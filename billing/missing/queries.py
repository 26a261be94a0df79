"""Which invoices are missing, and what would stand on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from billing import queries
from billing.kinds import FeeKind
from billing.models import Charge
from billing.tariffs.queries import classification_of, policy_on
from billing.tariffs.rules import Fee, annual_charge, connection_charge, first_year_charge, why_nothing
from core.db import session
from core.errors import NotFound, UserError
from core.money import ZERO
from participants.models import ConnectionPeriod, Participant
from participants.queries import connection_period


def missing_years(participant_id: int, on: date) -> list[int]:
    """The years over which a running subscription has no annual fee on an invoice: this year, and those whose invoice
    was credited. What an older administration invoiced is not known here, so earlier years are left alone."""
    period = connection_period(participant_id, on)
    if period is None:
        return []
    credited = select(Charge.year).where(
        Charge.participant_id == participant_id,
        Charge.fee_kind == FeeKind.ANNUAL,
        Charge.credited_by_id.is_not(None),
        Charge.year.between(period.starts_on.year, on.year),
    )
    years = {on.year, *session().execute(credited).scalars()}
    return sorted(year for year in years if queries.charge(participant_id, FeeKind.ANNUAL, year) is None)


@dataclass(frozen=True)
class Planned:
    """What would stand on the invoice over a year."""

    year: int
    fees: Sequence[Fee]
    explanation: str
    why_nothing: str | None
    problem: str | None
    """What has to be mended first; then there are no fees."""

    @property
    def net(self) -> Decimal:
        return sum((fee.net for fee in self.fees), ZERO)


def planned(participant: Participant, year: int, on: date) -> Planned:
    """What the missing invoice over a year would say on a day. Raises NotFound for a year that is not missing."""
    period = connection_period(participant.id, on)
    if period is None or year not in missing_years(participant.id, on):
        raise NotFound("Over dit jaar is geen factuur te maken. Bekijk de facturen van de deelnemer.")
    try:
        return _planned(participant, period, year)
    except UserError as error:
        return Planned(year, (), "", None, error.message)


def _planned(participant: Participant, period: ConnectionPeriod, year: int) -> Planned:
    is_first = period.starts_on.year == year
    policy = policy_on(period.starts_on if is_first else date(year, 1, 1))
    found = classification_of(participant, period.starts_on if is_first else date(year, 1, 1), policy)
    zero = policy.zero_rule(period.starts_on)
    if is_first:
        fees = [first_year_charge(found, zero, period.starts_on, policy.first_year)]
        if queries.charge(participant.id, FeeKind.CONNECTION, 0) is None:
            fees.insert(0, connection_charge(found, zero))
    else:
        fees = [annual_charge(found, zero, year)]
    return Planned(year, fees, f"{found.sentence}.", why_nothing(found, zero, period.starts_on, year), None)
