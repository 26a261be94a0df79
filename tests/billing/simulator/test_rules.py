"""Reckoning a whole population at once gives what classifying one by one gives."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.kinds import NO_CATEGORY, OpenTop
from billing.simulator.rules import Movement, PriceList, Subscription, Tariffs, movement, simulate
from billing.tariffs.rules import Category, Count, FixedCategory, Policy, classification, fixed_classification
from core.money import ZERO
from tests.billing.simulator.tables import A_TO_G, PRESENT, changed


def who(key: str, number: int | None, **values: object) -> Subscription:
    return replace(Subscription(key, f"Voorbeeld {key}", "shv", number), **values)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------- what is reckoned


def test_a_raise_of_one_category_is_paid_by_who_is_in_it() -> None:
    population = [who("1", 14_999), who("2", 15_000), who("3", 39_999), who("4", 40_000)]
    result = simulate(population, PRESENT, changed("B", annual_fee=Decimal(800)))
    assert (result.income_before, result.income) == (Decimal(3000), Decimal(3100))
    assert result.change == 100
    assert result.movement == Movement(2, Decimal(100), 0, ZERO, 2)
    assert [row.subscription.key for row in result.risers(10)] == ["2", "3"]
    assert result.fallers(10) == []


def test_totals_are_per_category_and_audience_with_empty_categories_too() -> None:
    result = simulate([who("1", 20_000), who("2", 20, audience="creditor")], PRESENT, changed("B", lower=25_000))
    shv = {row.category: row for row in result.categories if row.audience == "shv"}
    assert list(shv) == list("ABCDEFG")
    assert (shv["B"].count_before, shv["B"].count) == (1, 0)
    assert (shv["A"].count_before, shv["A"].count) == (0, 1)
    assert result.audiences == ["shv", "creditor"]
    assert [result.audience_total("shv").income_before, result.audience_total("shv").income] == [750, 0]
    assert result.audience_total("creditor").income == 750


def test_last_year_and_a_budget_stand_beside_it() -> None:
    population = [
        who("1", 20_000, last_year=Decimal(750)),
        who("2", 20_000, last_year=Decimal("312.50")),
        who("3", 20_000),
    ]
    result = simulate(population, PRESENT, changed("B", annual_fee=Decimal(600)), budget=Decimal(2000))
    assert result.last_year == Decimal("1062.50")
    assert result.movement_since_last_year == Movement(1, Decimal("287.50"), 1, Decimal(150), 0)
    assert result.without_last_year == 1
    assert result.above_budget == -200
    assert simulate(population, PRESENT, PRESENT).above_budget is None


def test_the_end_of_the_zero_tariff_can_be_reckoned_with_and_without() -> None:
    population = [who("1", 20_000), who("2", 50_000, is_zero=True)]
    kept = simulate(population, PRESENT, PRESENT)
    ended = simulate(population, PRESENT, PRESENT, ends_zero_tariff=True)
    assert [kept.income_before, kept.income] == [750, 750]
    assert [ended.income_before, ended.income] == [750, 2250]
    for result in (kept, ended):
        assert [result.income_with_zero_tariff, result.income_without_zero_tariff] == [750, 2250]
        assert [result.zero_count, result.zero_fee] == [1, 1500]
    assert [row.subscription.key for row in ended.risers(5)] == ["2"]


def test_a_fixed_category_stays_whatever_the_number() -> None:
    held = who("1", None, fixed="A", audience="creditor")
    assert simulate([held], PRESENT, changed("A", audience="creditor", annual_fee=Decimal(10))).income == 10


def test_who_pays_no_tariff_pays_nothing() -> None:
    free = who("1", None, audience="", fixed=NO_CATEGORY)
    result = simulate([free], PRESENT, PRESENT)
    assert [(row.category, row.count, row.income) for row in result.categories] == [(NO_CATEGORY, 1, ZERO)]


@pytest.mark.parametrize(
    ("subscription", "sentence"),
    [
        (who("1", None, problem="Van Voorbeeld 1 is geen opgave."), "Van Voorbeeld 1 is geen opgave."),
        (who("1", 50_000, audience="unknown"), "De huidige tabel heeft geen categorie voor dit aantal."),
        (who("1", 50, fixed="Q"), "De huidige tabel heeft geen categorie Q, waarin deze deelnemer nu vast valt."),
    ],
)
def test_who_cannot_be_reckoned_is_parked_with_the_reason(subscription: Subscription, sentence: str) -> None:
    result = simulate([subscription], PRESENT, PRESENT)
    assert (list(result.lines), result.parked) == ([], [(subscription, sentence)])


def test_a_table_with_a_gap_parks_who_falls_into_it() -> None:
    gap = Tariffs({"shv": [row for row in A_TO_G if row.name != "C"]})
    assert simulate([who("1", 50_000)], PRESENT, gap).parked[0][1] == (
        "De tabel van dit scenario heeft geen categorie voor dit aantal."
    )


def test_amounts_above_and_below_zero_are_counted_apart() -> None:
    assert movement(map(Decimal, (5, -3, 0, 2))) == Movement(2, Decimal(7), 1, Decimal(3), 1)


# ------------------------------------------------------------------------------------------- the same as one by one


@st.composite
def tables(draw: st.DrawFn) -> list[Category]:
    """Contiguous from 0, open at the top, with or without a surcharge there."""
    starts = sorted(draw(st.sets(st.integers(1, 3000), max_size=8)))
    lowers, uppers = [0, *starts], [*starts, None]
    rows = [
        Category(f"K{number}", "files", lower, upper, draw(st.integers(0, 2_000_000)) / Decimal(100), Decimal(150))
        for number, (lower, upper) in enumerate(zip(lowers, uppers, strict=True))
    ]
    if draw(st.booleans()):
        step = {"step_size": draw(st.integers(1, 500)), "step_fee": draw(st.integers(0, 9999)) / Decimal(100)}
        rows[-1] = replace(rows[-1], **step)  # type: ignore[arg-type]
    return rows


@settings(max_examples=150, deadline=None)
@given(
    tables(),
    tables(),
    st.lists(st.tuples(st.integers(0, 5000), st.booleans(), st.booleans()), max_size=30),
    st.sampled_from(OpenTop),
    st.booleans(),
)
def test_each_outcome_equals_classifying_that_participant(
    old: list[Category], new: list[Category], cases: list[tuple[int, bool, bool]], open_top: OpenTop, ends: bool
) -> None:
    population = [
        Subscription(str(n), f"P{n}", "shv", None if fixed else number, "K0" if fixed else None, is_zero)
        for n, (number, is_zero, fixed) in enumerate(cases)
    ]
    result = simulate(
        population, Tariffs({"shv": old}, open_top), Tariffs({"shv": new}, open_top), ends_zero_tariff=ends
    )
    exception = FixedCategory("x", "K0", date.min, date.max, 1)
    for row, (number, is_zero, fixed) in zip(result.lines, cases, strict=True):
        for table, category, paid, is_free in (
            (old, row.category_before, row.before, is_zero),
            (new, row.category_after, row.after, is_zero and not ends),
        ):
            policy = Policy("t", 1, {"shv": table}, open_top=open_top)
            found = (
                fixed_classification(exception, table, "P", "rol")
                if fixed
                else classification(policy, table, [Count("P", number, "opgave")], "P")
            )
            assert (category, paid) == (found.category, ZERO if is_free else found.annual_fee)
    assert result.income == sum((row.after for row in result.lines), ZERO)
    assert result.income - result.income_before == result.movement.rise - result.movement.fall
    assert sum((row.income for row in result.categories), ZERO) == result.income
    assert (
        sum(row.count for row in result.categories) == len(cases) == sum(row.count_before for row in result.categories)
    )


# ------------------------------------------------------------------------------------------- speed


def test_ten_thousand_subscriptions_are_reckoned_within_a_second() -> None:
    """Measured in bench/bench_simulator.py, far below it; the limit is generous, for busy machines."""
    population = [who(str(n), (n * 7919) % 1_200_000, last_year=Decimal(750)) for n in range(10_000)]
    begun = time.process_time()
    result = simulate(population, PRESENT, changed("B", annual_fee=Decimal(800)))
    result.risers(10)
    assert time.process_time() - begun < 1
    assert len(result.lines) == 10_000


def test_a_price_list_answers_on_the_bounds() -> None:
    prices = PriceList(PRESENT)
    found = [prices.of(who("1", number)) for number in (14_999, 15_000, 999_999, 1_000_000, 1_000_001)]
    assert [(row.category, int(row.fee)) for row in found if row] == [
        ("A", 0),
        ("B", 750),
        ("F", 15_000),
        ("G", 15_000),
        ("G", 16_500),
    ]
