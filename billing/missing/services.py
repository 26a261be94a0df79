"""Make one missing invoice. Callers hold scope staff and a transaction."""

from __future__ import annotations

from decimal import Decimal

from billing.missing import queries
from billing.models import Invoice
from billing.runs.queries import hold_of
from billing.services import issue_annual_invoice, issue_first_invoice
from core import clock
from core.audit import Actor
from core.errors import Conflict, Refused, UserError
from participants.models import Participant


def issue_missing_invoice(participant: Participant, year: int, seen: Decimal, actor: Actor) -> Invoice:
    """Make the invoice that a subscription lacks over a year; `seen` is the sum without VAT that was shown.

    Raises NotFound for a year that is not missing, Refused with what has to be mended first, and Conflict when the sum
    is another one by now.
    """
    today = clock.today()
    plan = queries.planned(participant, year, today)
    if plan.problem:
        raise Refused(plan.problem)
    invoice = _issue(participant, year, actor)
    if invoice.net != seen:
        raise Conflict("Het bedrag is intussen anders dan u zag. Bekijk de gegevens opnieuw en maak dan de factuur.")
    return invoice


def _issue(participant: Participant, year: int, actor: Actor) -> Invoice:
    period = queries.subscription(participant.id, clock.today())
    assert period is not None  # noqa: S101  without one no year is missing
    if period.starts_on.year == year:
        return issue_first_invoice(participant, period.starts_on, actor)
    return issue_annual_invoice(participant, year, actor)


def issue_final_invoice(participant: Participant, actor: Actor) -> Invoice | None:
    """At the end of a subscription: the annual fee over its last year, when it never stood on an invoice.

    None when it did, or when it cannot be made now because something is missing, the invoices are held, or an earlier
    one was credited: then it stays among what is still to be made.
    """
    today = clock.today()
    ended = queries.unfinished(today, [participant.id])
    if not ended or hold_of(participant.id) is not None or queries.was_credited(participant.id, ended[-1].year):
        return None
    try:
        return _issue(participant, ended[-1].year, actor)
    except UserError:
        return None
