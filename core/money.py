"""Amounts of money: `Decimal` in euros in code, whole cents in the database."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def euros(value: Decimal | int | str) -> Decimal:
    """An amount in euros, rounded half up to whole cents (0,005 becomes 0,01 and -0,005 becomes -0,01)."""
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def vat(net: Decimal, percentage: Decimal) -> Decimal:
    """VAT over `net` euros at `percentage` (21 means 21%), rounded half up once.

    On an invoice it is called once per rate, over the sum of that rate's lines (EN 16931, BR-CO-17).
    """
    return euros(net * percentage / 100)


class Euros(TypeDecorator[Decimal]):
    """Column type: a Decimal amount in euros, stored as a whole number of cents. Refuses fractions of a cent."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        cents = value * 100
        if cents != cents.to_integral_value():
            raise ValueError(f"{value} is geen heel aantal centen")
        return int(cents)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(value) / 100).quantize(CENT)
