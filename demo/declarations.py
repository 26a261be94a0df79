"""The yearly request in the demonstration: invented creditors, of whom some answer, some with another number, and some
not; and what the hub (invented) measured of a few, which leads to proposals for another category."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from billing.changes.services import find_changes
from billing.declarations import services
from billing.declarations.models import DeclarationRequest
from billing.declarations.queries import NOT_ANSWERED, requests
from billing.declarations.services import Answer
from billing.tariffs.rules import MEASURED
from core import approvals, clock
from core.audit import SYSTEM
from core.db import session, transaction
from demo.desk import staff_member
from demo.journeys import Happening
from identity.models import Account
from identity.services import actor_of
from participants.kinds import MeasurementKind
from participants.models import Measurement, Organisation, Participant, Representation
from participants.services import INVOICE_FIELDS, record_measurement

SHOWN = ("street", "postal_code", "city", "email", "purchase_order_number", "e_invoice_address")
STAYS_SILENT, GROWS = 4, 9
"""One in so many does not answer; one in so many of the others declares another number."""
MEASURED_OF = 4


def happenings(today: date) -> Iterable[Happening]:
    """The request of last autumn, its answers, and what finance thought of them."""
    year = today.year if today >= date(today.year, 11, 10) else today.year - 1
    yield Happening(_at(date(year, 10, 6)), 0, _ask)
    yield Happening(_at(date(year, 10, 20)), 0, lambda: _answer(year))
    yield Happening(_at(date(year, 11, 3)), 0, _agree)


def leave() -> None:
    """Proposals that wait today."""
    today = clock.today()
    with clock.at(today - timedelta(days=6)), transaction():
        for participant, number in _latest_numbers(MEASURED_OF):
            record_measurement(
                SYSTEM,
                MeasurementKind.FILES,
                number * 3 + 40,
                measured_on=clock.today(),
                source=MEASURED,
                participant_id=participant.id,
            )
        session().flush()
        find_changes(clock.today())


def _at(day: date) -> datetime:
    return datetime.combine(day, time(8, 10), clock.AMSTERDAM)


def _ask() -> None:
    while services.ask_everybody(clock.today()):
        pass


def _answer(year: int) -> None:
    rows = list(session().execute(requests(year, NOT_ANSWERED).order_by(DeclarationRequest.id)).scalars())
    for n, row in enumerate(rows):
        account = _somebody_of(row.participant)
        if n % STAYS_SILENT == 3 or account is None or row.participant.invoice_details is None:
            continue
        number = None
        if row.asks_number:
            known = _declared(row.participant_id)
            number = 150 if known is None else known * 2 if n % GROWS == 1 else known
        details = {name: getattr(row.participant.invoice_details, name) for name in INVOICE_FIELDS if name in SHOWN}
        services.answer(row.participant_id, year, Answer(number, details, row.participant.version), actor_of(account))


def _agree() -> None:
    """Finance agrees with what was declared, but for the last one."""
    waiting = [row for row in approvals.waiting() if row.kind == "declaration"]
    for row in waiting[:-1]:
        approvals.approve(row.id, actor_of(staff_member("financien")))


def _somebody_of(participant: Participant) -> Account | None:
    query = (
        select(Account)
        .join(Representation, Representation.account_id == Account.id)
        .where(Representation.participant_id == participant.id)
        .order_by(Account.id)
        .limit(1)
    )
    return session().execute(query).scalar_one_or_none()


def _declared(participant_id: int) -> int | None:
    query = select(Measurement.value).where(
        Measurement.participant_id == participant_id, Measurement.kind == MeasurementKind.FILES
    )
    return session().execute(query.order_by(Measurement.measured_on.desc(), Measurement.id.desc()).limit(1)).scalar()


def _latest_numbers(count: int) -> list[tuple[Participant, int]]:
    """Invented creditors that answered the last request, with what they declared."""
    query = (
        select(Participant, DeclarationRequest.number)
        .join(DeclarationRequest, DeclarationRequest.participant_id == Participant.id)
        .join(Participant.organisation)
        .where(Organisation.fictional, DeclarationRequest.number > 100, Participant.role_code == "creditor")
        .order_by(Participant.id)
        .limit(count)
    )
    return [(participant, number) for participant, number in session().execute(query) if number is not None]
