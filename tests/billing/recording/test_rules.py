"""What a tariff table must comply with, and what of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.tariffs.recording import rules
from billing.tariffs.recording.fields import parse_amount, shown_amount
from tests.billing.simulator.tables import A_TO_G, BY_FILES

TABLES = {"shv": A_TO_G, "creditor": BY_FILES}
TODAY = date(2026, 11, 22)


def test_the_table_of_now_is_right() -> None:
    assert rules.problems(TABLES) == []


def test_an_audience_needs_a_category_and_one_basis() -> None:
    assert [found.told for found in rules.problems({"shv": A_TO_G})] == [
        "Schuldeisers en anderen: er is geen enkele categorie. Voeg er ten minste één toe."
    ]
    mixed = [*A_TO_G[:-1], replace(A_TO_G[-1], basis="files")]
    assert "tellen niet allemaal hetzelfde" in rules.problems({**TABLES, "shv": mixed})[0].sentence


def test_a_table_comes_back_as_it_was_kept() -> None:
    assert rules.from_json(rules.to_json(TABLES)) == TABLES


def test_what_changes_is_told_in_sentences() -> None:
    raised = [replace(row, annual_fee=Decimal(800)) if row.name == "B" else row for row in A_TO_G]
    without = [row for row in BY_FILES if row.name != "F"]
    assert rules.differences(TABLES, {"shv": raised, "creditor": without}) == [
        "schuldhulpverleners, categorie B: jaartarief van €\u00a0750,00 naar €\u00a0800,00",
        "schuldeisers en anderen: categorie F vervalt",
    ]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("750", "750"),
        ("1.500", "1500"),
        ("1.500,50", "1500.50"),
        ("€ 312,5", "312.5"),
        ("750.00", "750"),
        ("-5", "-5"),
        ("1500,-", "1500"),
        ("1.5", None),
        ("1,234", None),
        ("1.50.0", None),
        ("", None),
        ("²", None),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, amount: str | None) -> None:
    assert parse_amount(typed) == (Decimal(amount) if amount else None)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_what_a_field_shows_it_reads_again(amount: Decimal) -> None:
    assert parse_amount(shown_amount(amount)) == amount


@pytest.mark.parametrize(
    ("ended", "ends_before", "review_on", "field"),
    [
        (None, date(2027, 1, 1), None, None),
        (None, None, date(2027, 6, 30), None),
        (None, None, None, "ends_on"),
        (None, TODAY, None, "ends_on"),
        (None, date(2025, 1, 1), None, "ends_on"),
        (None, None, TODAY, "review_on"),
        (date(2026, 7, 1), date(2026, 7, 1), None, None),
        (date(2026, 7, 1), date(2027, 1, 1), None, "ends_on"),
        (date(2027, 1, 1), date(2028, 1, 1), None, None),
    ],
)
def test_a_zero_tariff_ends_in_the_future(
    ended: date | None, ends_before: date | None, review_on: date | None, field: str | None
) -> None:
    found = rules.why_not_reviewed(date(2026, 1, 1), ended, ends_before, review_on, TODAY)
    assert (found[0] if found else None) == field


@pytest.mark.parametrize(
    ("ends_before", "review_on", "today", "due_on", "pressing"),
    [
        (None, date(2026, 12, 31), date(2026, 9, 29), date(2026, 12, 31), False),
        (None, date(2026, 12, 31), date(2026, 9, 30), date(2026, 12, 31), True),
        (None, date(2026, 12, 31), date(2027, 3, 1), date(2026, 12, 31), True),
        (date(2027, 1, 1), None, TODAY, date(2026, 12, 31), True),
        (date(2028, 1, 1), date(2027, 1, 1), TODAY, date(2027, 12, 31), False),
        (date(2026, 11, 1), None, TODAY, None, False),
    ],
)
def test_finance_is_warned_three_months_ahead(
    ends_before: date | None, review_on: date | None, today: date, due_on: date | None, pressing: bool
) -> None:
    assert rules.due_day(ends_before, review_on, today) == due_on
    assert rules.is_pressing(due_on, today) is pressing
