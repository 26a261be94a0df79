"""What of tariffs and invoices rests on a decision, and what of it waits for a body. Read from the rows themselves."""

from __future__ import annotations

from datetime import date, timedelta

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing.models import CategoryException, Invoice, InvoiceLine, TariffTable, ZeroTariff, ZeroTariffReview
from billing.tariffs.queries import zero_tariffs
from core import clock
from core.db import session
from core.filters import day, last_day, number
from core.permissions import current_caller
from governance.kinds import Body
from governance.models import Decision
from governance.rules import Effect, Waiting, register_effects, register_waiting

REVIEW_AHEAD = timedelta(days=183)
"""A review of the zero tariff stands on the agenda half a year ahead."""


def _may(permission: str) -> bool:
    who = current_caller()
    return who is not None and who.may(permission)


def _tariffs_url() -> str | None:
    return url_for("tariffs.list_tariffs") if _may("tariff:view") else None


@register_effects
def tariffs_resting_on(decision_id: int) -> list[Effect]:
    """Tariff tables, zero tariffs and exceptions."""
    url = _tariffs_url()
    tables = select(TariffTable).where(TariffTable.decision_id == decision_id)
    zeros = select(ZeroTariff).where(ZeroTariff.decision_id == decision_id)
    reviews = select(ZeroTariffReview).where(ZeroTariffReview.decision_id == decision_id)
    exceptions = (
        select(CategoryException)
        .options(joinedload(CategoryException.role))
        .where(CategoryException.decision_id == decision_id)
    )
    return [
        *(
            Effect("Tarieftabel", row.name, f"Geldt vanaf {day(row.starts_on)}.", url)
            for row in session().execute(tables.order_by(TariffTable.starts_on)).scalars()
        ),
        *(
            Effect(
                "Jaartarief € 0,00",
                f"Nieuwe abonnementen vanaf {day(row.starts_on)}",
                _until(row.first_ends_before, row.first_review_on),
                url,
            )
            for row in session().execute(zeros.order_by(ZeroTariff.starts_on)).scalars()
        ),
        *(
            Effect(
                "Jaartarief € 0,00",
                "Einde voor nieuwe abonnementen" if row.ends_before else "Blijft gelden voor nieuwe abonnementen",
                f"{_until(row.ends_before, row.review_on)} {row.carry_over.label}.",
                url,
            )
            for row in session().execute(reviews.order_by(ZeroTariffReview.id)).scalars()
        ),
        *(
            Effect(
                "Uitzondering",
                f"{row.role.label} in categorie {row.category}",
                f"Van {day(row.starts_on)} tot en met {day(last_day(row.ends_before))}.",
                url,
            )
            for row in session().execute(exceptions.order_by(CategoryException.starts_on)).scalars()
        ),
    ]


def _until(ends_before: date | None, review_on: date | None) -> str:
    told = [f"Tot en met {day(last_day(ends_before))}."] if ends_before else []
    return " ".join(told + ([f"Opnieuw te bekijken op {day(review_on)}."] if review_on else []))


@register_effects
def invoices_resting_on(decision_id: int) -> list[Effect]:
    """How many invoices and credit notes have a line that rests on it, as one effect."""
    query = (
        select(
            Decision.number, func.count(Invoice.id.distinct()), func.min(Invoice.issued_on), func.max(Invoice.issued_on)
        )
        .join(InvoiceLine, InvoiceLine.decision_id == Decision.id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Decision.id == decision_id)
        .group_by(Decision.number)
    )
    found = session().execute(query).one_or_none()
    if found is None:
        return []
    decision_number, count, first, last = found
    url = url_for("billing.list_invoices", besluit=decision_number) if _may("invoice:view") else None
    noun = "factuur of creditnota" if count == 1 else "facturen en creditnota's"
    when = f"Van {day(first)}." if first == last else f"De eerste van {day(first)}, de laatste van {day(last)}."
    return [Effect("Facturen", f"{number(count)} {noun}", when, url)]


@register_waiting
def zero_tariff_reviews(body: Body) -> list[Waiting]:
    """For the advisory board and then the board: a zero tariff that has to be looked at again within half a year."""
    if body not in {Body.BOARD, Body.ADVISORY_BOARD}:
        return []
    return [
        Waiting(
            "Jaartarief € 0,00 opnieuw bekijken",
            f"Geldt voor nieuwe abonnementen vanaf {day(row.starts_on)}; opnieuw te bekijken op {day(row.review_on)}.",
            url_for("tariffs.list_tariffs"),
            row.review_on - REVIEW_AHEAD,
        )
        for row in sorted(zero_tariffs(), key=lambda row: row.starts_on)
        if row.ends_before is None and row.review_on and row.review_on <= clock.today() + REVIEW_AHEAD
    ]
