"""Finance's examples: from a number to a category and a fee, on the tables of data/tarieven.csv."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.kinds import FirstYear, OpenTop
from billing.tariffs import rules
from billing.tariffs.rules import Category, Count, FixedCategory, NoCategory, Policy, ZeroRule
from billing.tariffs.services import audience_of, read_category
from core import csv_files
from core.money import ZERO as NOTHING
from core.money import euros

EXAMPLES = Path(__file__).parent / "examples"
ROWS = csv_files.read(Path(__file__).parents[2] / "data/tarieven.csv")


def examples(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Every row of a file as a case, named by its first column."""
    with (EXAMPLES / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return pytest.mark.parametrize("row", rows, ids=[row["name"] for row in rows])


def table(begins_with: str, audience: str) -> list[Category]:
    return [
        read_category(row)
        for row in ROWS
        if row["tabel"].startswith(begins_with) and row["ondergrens_incl"] and audience_of(row) == audience
    ]


A_TO_G = table("A-G", "shv")


@examples("classification.csv")
def test_a_number_gives_a_category_and_its_fees(row: dict[str, str]) -> None:
    number = int(row["number"])
    category = rules.classify(table(row["table"], row["audience"]), number)
    annual = rules.annual_fee(category, number, OpenTop.STARTED_BLOCK)
    assert category.name == row["category"]
    assert annual == Decimal(row["annual_fee"])
    assert rules.connection_fee(category, annual) == Decimal(row["connection_fee"])


@examples("first_year.csv")
def test_the_first_year_is_paid_per_month_begun(row: dict[str, str]) -> None:
    connected_on = date.fromisoformat(row["connected_on"])
    fee = rules.first_year_fee(Decimal(row["annual_fee"]), connected_on, FirstYear.STARTED_MONTHS)
    assert rules.months_left(connected_on) == int(row["months"])
    assert fee == Decimal(row["first_year_fee"])
    assert rules.first_year_fee(Decimal(row["annual_fee"]), connected_on, FirstYear.WHOLE_YEAR) == Decimal(
        row["annual_fee"]
    )


@pytest.mark.parametrize(
    ("number", "started", "full"),
    [
        (1_000_000, 15_000, 15_000),
        (1_000_001, 16_500, 15_000),
        (1_099_999, 16_500, 15_000),
        (1_100_000, 16_500, 16_500),
    ],
)
def test_the_setting_decides_whether_a_block_that_has_started_counts(number: int, started: int, full: int) -> None:
    category = rules.classify(A_TO_G, number)
    assert rules.annual_fee(category, number, OpenTop.STARTED_BLOCK) == started
    assert rules.annual_fee(category, number, OpenTop.FULL_BLOCK) == full


@given(st.integers(min_value=0, max_value=20_000_000))
def test_every_number_has_exactly_one_category_and_more_never_costs_less(number: int) -> None:
    holding = [c for c in A_TO_G if c.lower <= number and (c.upper is None or number < c.upper)]
    assert holding == [rules.classify(A_TO_G, number)]
    fee = rules.annual_fee(holding[0], number, OpenTop.STARTED_BLOCK)
    more = rules.annual_fee(rules.classify(A_TO_G, number + 1), number + 1, OpenTop.STARTED_BLOCK)
    assert fee <= more
    assert rules.connection_fee(holding[0], fee) == max(Decimal(150), euros(fee / 10))


def test_a_table_with_a_hole_refuses_to_guess() -> None:
    with pytest.raises(NoCategory, match="geen categorie bij 12"):
        rules.classify([Category("A", "files", 0, 12, Decimal(0), Decimal(150))], 12)


# ------------------------------------------------------------------------------------------------- sentences

POLICY = Policy("A–G", 1, {"shv": A_TO_G})


@pytest.mark.parametrize(
    ("name", "counts", "sentence"),
    [
        (
            "Gemeente Velsen",
            [Count("Gemeente Velsen", 70_361, "organisaties.overheid.nl")],
            "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D",
        ),
        (
            "Kredietbank Noord",
            [Count("Gemeente Velsen", 70_361, "organisaties.overheid.nl")],
            (
                "Kredietbank Noord werkt voor Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl,"
                " categorie D"
            ),
        ),
        (
            "Kredietbank Noord",
            [
                Count("Gemeente Velsen", 70_361, "organisaties.overheid.nl"),
                Count("Gemeente Goes", 40_387, "CBS"),
                Count("Gemeente Veere", 22_000, "CBS"),
            ],
            (
                "Kredietbank Noord werkt voor 3 gemeenten (Gemeente Velsen, Gemeente Goes, Gemeente Veere): samen"
                " 132.748 inwoners volgens organisaties.overheid.nl en CBS, categorie D"
            ),
        ),
    ],
)
def test_the_sentence_says_who_was_counted_by_whom(name: str, counts: list[Count], sentence: str) -> None:
    assert rules.classification(POLICY, A_TO_G, counts, name).sentence == sentence


def test_one_file_is_not_called_files() -> None:
    files = table("A-G", "creditor")
    found = rules.classification(POLICY, files, [Count("Winkel", 1, "eigen opgave")], "Winkel")
    assert found.sentence == "Winkel: 1 schulddossier per jaar volgens eigen opgave, categorie A"


def test_an_exception_puts_a_role_in_a_category_whatever_its_number() -> None:
    exception = FixedCategory("administrator", "A", date(2023, 1, 1), date(2025, 1, 1), 7)
    assert exception.holds("administrator", date(2024, 12, 31))
    assert not exception.holds("administrator", date(2025, 1, 1))
    assert not exception.holds("administrator", date(2022, 12, 31))
    assert not exception.holds("creditor", date(2024, 1, 1))
    found = rules.fixed_classification(exception, table("A-G", "creditor"), "Bewind B.V.", "Bewindvoerder")
    assert (found.category, found.annual_fee, found.connection_fee, found.decision_id) == (
        "A",
        NOTHING,
        Decimal(150),
        7,
    )
    assert found.sentence == (
        "Bewind B.V.: een bewindvoerder valt tot 1 januari 2025 in categorie A, ongeacht het aantal schulddossiers"
    )


def test_an_exception_to_a_category_that_the_table_lacks_is_not_guessed() -> None:
    exception = FixedCategory("administrator", "Z", date(2023, 1, 1), date(2025, 1, 1), 7)
    with pytest.raises(NoCategory):
        rules.fixed_classification(exception, A_TO_G, "Bewind B.V.", "Bewindvoerder")


# ------------------------------------------------------------------------------------------------- what is invoiced

ZERO = ZeroRule(date(2026, 1, 1), None, 9)
VELSEN = rules.classification(POLICY, A_TO_G, [Count("Gemeente Velsen", 70_361, "ROO")], "Gemeente Velsen")


@pytest.mark.parametrize(
    ("connected_on", "holds"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2030, 1, 1), True)],
)
def test_the_zero_tariff_goes_by_the_connection_date(connected_on: date, holds: bool) -> None:
    assert ZERO.holds(connected_on) is holds
    assert Policy("t", 1, {}, zero_rules=[ZERO]).zero_rule(connected_on) is (ZERO if holds else None)


def test_a_zero_tariff_that_ended_holds_for_who_began_before_its_end() -> None:
    ended = ZeroRule(date(2026, 1, 1), date(2027, 1, 1), 9)
    assert ended.holds(date(2026, 12, 31))
    assert not ended.holds(date(2027, 1, 1))


def test_under_the_zero_tariff_both_fees_are_nothing_and_rest_on_its_decision() -> None:
    connection = rules.connection_charge(VELSEN, ZERO)
    annual = rules.first_year_charge(VELSEN, ZERO, date(2026, 11, 3), FirstYear.STARTED_MONTHS)
    assert (connection.net, connection.decision_id, connection.year) == (NOTHING, 9, 0)
    assert (annual.net, annual.decision_id, annual.year) == (NOTHING, 9, 2026)
    assert annual.description == "Jaartarief 2026, categorie D"
    assert rules.why_nothing(VELSEN, ZERO, date(2026, 11, 3)) == (
        "Uw abonnement is ingegaan op 3 november 2026. Voor abonnementen die ingaan vanaf 1 januari 2026 is het"
        " jaartarief voorlopig € 0,00."
    )
    assert rules.annual_charge(VELSEN, ZERO, 2028).net == 0


def test_the_setting_may_leave_the_connection_fee_out_of_the_zero_tariff() -> None:
    charged = ZeroRule(date(2026, 1, 1), None, 9, connection_fee_is_free=False)
    fee = rules.connection_charge(VELSEN, charged)
    assert (fee.net, fee.decision_id) == (Decimal(300), 1)


@pytest.mark.parametrize(
    ("connected_on", "description"),
    [
        (date(2024, 1, 9), "Jaartarief 2024, categorie D"),
        (date(2024, 3, 15), "Jaartarief 2024, categorie D, 10 van 12 maanden (maart tot en met december)"),
        (date(2024, 12, 31), "Jaartarief 2024, categorie D, 1 van 12 maanden (december)"),
    ],
)
def test_the_line_says_which_months_are_paid(connected_on: date, description: str) -> None:
    fee = rules.first_year_charge(VELSEN, None, connected_on, FirstYear.STARTED_MONTHS)
    assert fee.description == description


def test_category_a_says_that_it_has_no_annual_fee() -> None:
    found = rules.classification(POLICY, A_TO_G, [Count("Lopik", 14_802, "ROO")], "Lopik")
    assert rules.why_nothing(found, None, date(2024, 1, 1)) == "In categorie A is er geen jaartarief."
    assert rules.why_nothing(VELSEN, None, date(2024, 1, 1)) is None


def test_a_role_without_tariff_has_a_dash_for_a_category() -> None:
    found = rules.no_fee(POLICY, "Waarborgfonds", "Waarborgfonds")
    assert (found.category, found.annual_fee, found.connection_fee) == ("–", NOTHING, NOTHING)
    assert rules.annual_charge(found, None, 2026).description == "Jaartarief 2026"
    assert rules.why_nothing(found, None, date(2024, 1, 1)) == "Voor deze rol geldt geen tarief."
