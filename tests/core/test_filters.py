"""How amounts, numbers and dates look on a page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from core import filters


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("euro", Decimal("1234.50"), "€\u00a01.234,50"),
        ("euro", Decimal("0.00"), "€\u00a00,00"),
        ("euro", Decimal("-0.00"), "€\u00a00,00"),
        ("euro", Decimal("-250.00"), "€\u00a0-250,00"),
        ("euro", Decimal("1234567.89"), "€\u00a01.234.567,89"),
        ("euro", Decimal("0.125"), "€\u00a00,13"),
        ("number", 70361, "70.361"),
        ("number", 0, "0"),
        ("percentage", Decimal("21.00"), "21%"),
        ("percentage", Decimal("5.5"), "5,5%"),
        ("day", date(2026, 11, 3), "3 november 2026"),
        ("day", None, "–"),
        ("short_day", date(2026, 11, 3), "3-11-2026"),
        ("short_day", None, "–"),
        ("moment", datetime(2026, 11, 3, 13, 5, tzinfo=UTC), "3 november 2026 om 14:05"),
        ("moment", datetime(2026, 6, 3, 22, 5, tzinfo=UTC), "4 juni 2026 om 00:05"),
        ("moment", None, "–"),
        ("iban", "NL91ABNA0417164300", "NL91 ABNA 0417 1643 00"),
        ("iban", None, ""),
    ],
)
def test_on_a_page(app: Flask, name: str, value: Any, shown: str) -> None:
    assert getattr(filters, name)(value) == shown
    assert app.jinja_env.from_string("{{ value|" + name + " }}").render(value=value) == shown
