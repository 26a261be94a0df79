"""Make one missing invoice. Callers hold scope staff and a transaction."""

from __future__ import annotations

from decimal import Decimal

from billing.missing import queries
from billing.models import Invoice
from billing.services import issue_annual_invoice, issue_first_invoice
from core import clock
from core.audit import Actor
from core.errors import Conflict, Refused
from participants.models import Participant
from participants.queries import connection_period


def issue_missing_invoice(participant: Participant, year: int, seen: Decimal, actor: Actor) -> Invoice:
    """Make the invoice that a running subscription lacks over a year; `seen` is the sum without VAT that was shown.

    Raises NotFound for a year that is not missing, Refused with what has to be mended first, and Conflict when the sum
    is another one by now.
    """
    today = clock.today()
    plan = queries.planned(participant, year, today)
    if plan.problem:
        raise Refused(plan.problem)
    period = connection_period(participant.id, today)
    assert period is not None  # noqa: S101  without one there is no plan
    if period.starts_on.year == year:
        invoice = issue_first_invoice(participant, period.starts_on, actor)
    else:
        invoice = issue_annual_invoice(participant, year, actor)
    if invoice.net != seen:
        raise Conflict("Het bedrag is intussen anders dan u zag. Bekijk de gegevens opnieuw en maak dan de factuur.")
    return invoice
