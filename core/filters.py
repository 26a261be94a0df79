"""How dates, amounts and numbers look on a Dutch page; the only place that formats them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask

from core.clock import AMSTERDAM
from core.countries import country_name
from core.money import euros

LOCALE = "nl_NL"


def euro(amount: Decimal) -> str:
    """`€ 1.234,50`, with a non-breaking space; negative amounts as `€ -250,00`."""
    return f"€\u00a0{format_decimal(euros(amount) + 0, format='#,##0.00', locale=LOCALE)}"  # + 0: no "-0,00"


def number(value: int | Decimal) -> str:
    """`70.361`"""
    return format_decimal(value, locale=LOCALE)


def percentage(value: Decimal) -> str:
    """`21%`: a percentage as it is stored, without needless zeros."""
    return f"{format_decimal(value, format='0.##', locale=LOCALE)}%"


def day(value: date | None) -> str:
    """`3 november 2026`; a dash for no date."""
    return format_date(value, "d MMMM y", locale=LOCALE) if value else "–"


def short_day(value: date | None) -> str:
    """`3-11-2026`"""
    return f"{value.day}-{value.month}-{value.year}" if value else "–"


def last_day(ends_before: date | None) -> date | None:
    """The last day of a half-open period: people read "tot en met"."""
    return ends_before - timedelta(days=1) if ends_before else None


def moment(value: datetime | None) -> str:
    """`3 november 2026 om 14:05`, Dutch time."""
    if value is None:
        return "–"
    return format_datetime(value.astimezone(AMSTERDAM), "d MMMM y 'om' HH:mm", locale=LOCALE)


def clock_time(value: datetime | None) -> str:
    """`14:05`, Dutch time."""
    return f"{value.astimezone(AMSTERDAM):%H:%M}" if value else "–"


def local_day(value: datetime | None) -> date | None:
    """The Dutch calendar day of a moment."""
    return value.astimezone(AMSTERDAM).date() if value else None


def iban(value: str | None) -> str:
    """In groups of four."""
    compact = (value or "").replace(" ", "")
    return " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))


def timeline_lines(entries: Iterable[Any]) -> list[dict[str, str]]:
    """Entries of `core.audit.timeline` for the timeline component: `{{ timeline(entries|timeline_lines) }}`."""
    return [
        {
            "when": moment(entry.when),
            "iso": entry.when.isoformat(),
            "sentence": entry.sentence,
            "tone": "negative" if entry.refusal else "neutral",
        }
        for entry in entries
    ]


def install(app: Flask) -> None:
    for function in (
        euro,
        number,
        percentage,
        day,
        short_day,
        last_day,
        moment,
        clock_time,
        local_day,
        iban,
        country_name,
        timeline_lines,
    ):
        app.add_template_filter(function)
