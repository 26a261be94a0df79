"""Amounts: rounding half up, VAT, and whole cents in the database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect

from core.money import CENT, Euros, euros, vat

DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's constructor has no types
AMOUNTS = st.decimals(-10_000_000, 10_000_000, places=2)
FRACTIONS = st.decimals(-1_000_000, 1_000_000, places=6)
PERCENTAGES = st.sampled_from([Decimal(0), Decimal(9), Decimal(21), Decimal("5.5")])


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049999", "0.00"), ("1.115", "1.12"), ("2.675", "2.68"), (3, "3.00")],
)
def test_half_a_cent_goes_up(value: str | int, rounded: str) -> None:
    assert str(euros(value)) == rounded


@given(FRACTIONS)
def test_rounding_moves_an_amount_by_half_a_cent_at_most_and_away_from_zero_at_half(value: Decimal) -> None:
    rounded = euros(value)
    assert abs(rounded - value) <= CENT / 2
    if abs(rounded - value) == CENT / 2:
        assert abs(rounded) > abs(value)
    assert euros(rounded) == rounded
    assert euros(-value) == -rounded


@given(AMOUNTS, PERCENTAGES)
def test_vat_is_the_rounded_share_and_a_credit_note_mirrors_it(net: Decimal, percentage: Decimal) -> None:
    tax = vat(net, percentage)
    assert abs(tax - net * percentage / 100) <= CENT / 2
    assert vat(-net, percentage) == -tax
    assert (net + tax) - tax == net
    assert (net + tax).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("net", "tax"), [("0.00", "0.00"), ("150.00", "31.50"), ("0.02", "0.00"), ("0.03", "0.01"), ("7500.00", "1575.00")]
)
def test_vat_at_21_percent(net: str, tax: str) -> None:
    assert str(vat(Decimal(net), Decimal(21))) == tax


@given(AMOUNTS)
def test_what_is_stored_comes_back_to_the_cent(amount: Decimal) -> None:
    cents = Euros().process_bind_param(amount, DIALECT)
    assert isinstance(cents, int)
    assert Euros().process_result_value(cents, DIALECT) == amount


def test_a_fraction_of_a_cent_is_not_stored() -> None:
    with pytest.raises(ValueError, match="geen heel aantal centen"):
        Euros().process_bind_param(Decimal("0.005"), DIALECT)
    assert Euros().process_bind_param(None, DIALECT) is None
