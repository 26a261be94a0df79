"""Which invoices are missing, and what would stand on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing import queries
from billing.documents import InvoiceDocument
from billing.issuing.queries import Circumstances, annual_basis, draft, first_basis
from billing.kinds import FeeKind
from billing.models import Charge
from core.db import session
from core.errors import NotFound, UserError
from core.money import ZERO
from participants.models import ConnectionPeriod, Participant
from participants.queries import BY_NAME, connection_periods

ONE_DAY = timedelta(days=1)


def subscription(participant_id: int, on: date) -> ConnectionPeriod | None:
    """The subscription that runs on a day, or else the last one that ended before it. One that ended on the day on
    which it began counts as none."""
    periods = [
        row
        for row in connection_periods(participant_id)
        if row.starts_on <= on and (row.ends_before is None or row.ends_before > row.starts_on)
    ]
    return periods[-1] if periods else None


def last_year(period: ConnectionPeriod, on: date) -> int:
    """The last year with an annual fee, seen from a day: this year while the subscription runs, else the one in which
    it ended."""
    if period.ends_before is None or period.ends_before > on:
        return on.year
    return (period.ends_before - ONE_DAY).year


def missing_years(participant_id: int, on: date) -> list[int]:
    """The years over which a subscription has no annual fee on an invoice: this year, or the year in which it ended,
    and those whose invoice was credited. What an older administration invoiced is not known here, so earlier years are
    left alone."""
    period = subscription(participant_id, on)
    if period is None:
        return []
    last = last_year(period, on)
    credited = select(Charge.year).where(
        Charge.participant_id == participant_id,
        Charge.fee_kind == FeeKind.ANNUAL,
        Charge.credited_by_id.is_not(None),
        Charge.year.between(period.starts_on.year, last),
    )
    years = {last, *session().execute(credited).scalars()}
    return sorted(year for year in years if queries.charge(participant_id, FeeKind.ANNUAL, year) is None)


@dataclass(frozen=True)
class Unfinished:
    """A subscription that ended while the annual fee over its last year stands on no invoice."""

    participant: Participant
    year: int
    ended_before: date


def unfinished(on: date, participant_ids: Iterable[int] | None = None) -> list[Unfinished]:
    """Everybody of whom the final invoice is still to be made, by name; also where it was made and credited."""
    last = func.date_part("year", ConnectionPeriod.ends_before - 1)
    charged = select(Charge.id).where(
        Charge.participant_id == ConnectionPeriod.participant_id,
        Charge.fee_kind == FeeKind.ANNUAL,
        Charge.year == last,
        Charge.credited_by_id.is_(None),
    )
    query = (
        select(Participant, ConnectionPeriod.ends_before)
        .join(ConnectionPeriod, ConnectionPeriod.participant_id == Participant.id)
        .join(Participant.organisation)
        .options(joinedload(Participant.organisation), joinedload(Participant.role))
        .where(ConnectionPeriod.ends_before <= on, ConnectionPeriod.ends_before > ConnectionPeriod.starts_on)
        .where(~charged.exists())
        .order_by(*BY_NAME, ConnectionPeriod.ends_before)
    )
    if participant_ids is not None:
        query = query.where(Participant.id.in_(list(participant_ids)))
    return [
        Unfinished(participant, (ends_before - ONE_DAY).year, ends_before)
        for participant, ends_before in session().execute(query)
        if ends_before is not None
    ]


@dataclass(frozen=True)
class Planned:
    """What would stand on the invoice over a year."""

    year: int
    document: InvoiceDocument | None
    problem: str | None
    """What has to be mended first; then there is no document."""

    @property
    def net(self) -> Decimal:
        """In euros without VAT."""
        return self.document.net if self.document else ZERO


def planned(participant: Participant, year: int, on: date) -> Planned:
    """What the missing invoice over a year would say on a day. Raises NotFound for a year that is not missing."""
    period = subscription(participant.id, on)
    if period is None or year not in missing_years(participant.id, on):
        raise NotFound("Over dit jaar is geen factuur te maken. Bekijk de facturen van de deelnemer.")
    try:
        return Planned(year, _document(participant, period, year), None)
    except UserError as error:
        return Planned(year, None, error.message)


def _document(participant: Participant, period: ConnectionPeriod, year: int) -> InvoiceDocument:
    now = Circumstances.now()
    if period.starts_on.year != year:
        return draft(participant, annual_basis(participant, year, period.starts_on, now), now).document
    has_connection_fee = queries.charge(participant.id, FeeKind.CONNECTION, 0) is not None
    charged = frozenset({FeeKind.CONNECTION}) if has_connection_fee else frozenset[FeeKind]()
    return draft(participant, first_basis(participant, period.starts_on, charged, now), now).document


def was_credited(participant_id: int, year: int) -> bool:
    """Whether the annual fee over a year stood on an invoice that was credited."""
    query = select(Charge.id).where(
        Charge.participant_id == participant_id,
        Charge.fee_kind == FeeKind.ANNUAL,
        Charge.year == year,
        Charge.credited_by_id.is_not(None),
    )
    return session().scalar(query.limit(1)) is not None
