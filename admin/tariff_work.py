"""Tariffs that ask for attention, as work of finance."""

from __future__ import annotations

from flask import url_for

from admin.items import WorkItem, start_of
from admin.kinds import WorkKind
from billing.tariffs.recording.queries import pressing_zero_tariffs
from billing.tariffs.recording.rules import WARNED_MONTHS
from core import clock
from core.filters import day
from core.permissions import Caller
from governance.bodies.rules import months_after


def pressing_tariffs(who: Caller) -> list[WorkItem]:
    """A zero tariff that ends, or that the board has to look at again, within three months."""
    if not who.may("tariff:propose"):
        return []
    return [
        WorkItem(
            WorkKind.ZERO_TARIFF,
            f"Jaartarief € 0,00 vanaf {day(row.zero_tariff.starts_on)}",
            f"Eindigt op {day(row.due_on)}. {row.zero_tariff.carry_over.label}."
            if row.ends
            else f"Het bestuur kijkt er uiterlijk op {day(row.due_on)} opnieuw naar. Leg daarna het besluit vast.",
            start_of(months_after(row.due_on, -WARNED_MONTHS)),
            "Bekijken" if row.ends else "Einde of nieuwe dag vastleggen",
            url_for("tariffs.list_tariffs")
            if row.ends
            else url_for("tariffs.review_zero_tariff", zero_tariff_id=row.zero_tariff.id),
        )
        for row in pressing_zero_tariffs(clock.today())
    ]
