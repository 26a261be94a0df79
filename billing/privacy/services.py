"""Personal data in requests to correct an invoice: where they stand, and how long they may. Registered with
`governance.privacy`; nothing here commits. Invoices themselves are registered by `onboarding.privacy`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from sqlalchemy import select

from billing.corrections.kinds import CorrectionStage
from billing.corrections.models import InvoiceCorrection
from core.clock import AMSTERDAM
from core.db import session
from core.filters import moment
from governance.privacy.holdings.rules import ERASED, Holding, Row, Subject, erased_address, register
from governance.privacy.retention.rules import RetentionRule
from governance.privacy.retention.rules import register as register_rule


def _of(subject: Subject) -> list[InvoiceCorrection]:
    query = select(InvoiceCorrection).where(InvoiceCorrection.email == subject.email).order_by(InvoiceCorrection.id)
    return list(session().execute(query).scalars())


def collect_corrections(subject: Subject) -> list[Row]:
    return [
        {
            "factuur": row.invoice.number,
            "gevraagd": moment(row.asked_at),
            "naam": row.name,
            "e-mailadres": row.email,
            "wat klopt er niet": row.kind.label,
            "wat moet het zijn": row.proposed or "",
            "toelichting": row.explanation or "",
            "antwoord": row.answer or "",
        }
        for row in _of(subject)
    ]


def _clear(rows: Iterable[InvoiceCorrection]) -> int:
    """That something was asked and answered stays; by whom, and in which words, does not."""
    cleared = 0
    for row in rows:
        row.name, row.email, row.explanation = ERASED, erased_address(row.id), None
        cleared += 1
    session().flush()
    return cleared


def _erase(subject: Subject) -> int:
    """Those that were answered; of an open one the address is needed for the answer."""
    return _clear(row for row in _of(subject) if row.stage is not CorrectionStage.OPEN)


def _old(before: date) -> Sequence[int]:
    query = select(InvoiceCorrection.id).where(
        InvoiceCorrection.answered_at < datetime.combine(before, time(), AMSTERDAM), InvoiceCorrection.name != ERASED
    )
    return list(session().execute(query).scalars())


def _clear_old(keys: Sequence[int | str]) -> None:
    query = select(InvoiceCorrection).where(InvoiceCorrection.id.in_(keys))
    _clear(session().execute(query).scalars())


register(
    Holding(
        "Verzoeken om correctie van een factuur",
        collect_corrections,
        _erase,
        "Een verzoek dat nog niet is beantwoord, blijft tot het antwoord is gemaild.",
    )
)
register_rule(
    RetentionRule(
        "billing:corrections",
        "Wie om een correctie van een factuur vroeg",
        "invoice_corrections",
        "Naam, e-mailadres en toelichting verdwijnen; wat er niet klopte en het antwoord blijven staan.",
        24,
        _old,
        _clear_old,
    )
)
