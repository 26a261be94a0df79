"""Finance's examples: examples/finance.csv, from what is known of a participant to the sums on its invoice of a year.

A row can be added in a spreadsheet. The tables are those of data/tarieven.csv and examples/finance_tabel_2030.csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import rules as invoice_rules
from billing.cases.services import policy_of, table_on, tables_in
from billing.kinds import CarryOver, FeeKind, FirstYear, OpenTop
from billing.subscriptions import rules as subscriptions
from billing.subscriptions.rules import Counted, Subscription
from billing.tariffs import rules
from billing.tariffs.rules import Count, FixedCategory, ZeroRule
from core import csv_files
from core.money import ZERO, euros
from core.periods import started_months
from core.validators import parse_day
from participants.kinds import Basis

EXAMPLES = Path(__file__).parent / "examples"
ROWS = csv_files.read(EXAMPLES / "finance.csv")
TABLES = [
    *csv_files.read(Path(__file__).parents[2] / "data/tarieven.csv"),
    *csv_files.read(EXAMPLES / "finance_tabel_2030.csv"),
]
ADMINISTRATORS = FixedCategory("administrator", "A", date(2023, 1, 1), date(2025, 1, 1), 2)
VAT = Decimal(21)


@dataclass(frozen=True)
class Role:
    """A role of the hub, as it stands in the roles table."""

    code: str
    label: str
    audience: str
    basis: Basis


ROLES = {
    role.label: role
    for role in (
        Role("creditor", "Schuldeiser", "creditor", Basis.FILES),
        Role("shv_phase_1", "Schuldhulpverlener fase 1 (intake, stabilisatie)", "shv", Basis.INHABITANTS),
        Role("shv_phase_2", "Schuldhulpverlener fase 2 (met fase 1)", "shv", Basis.INHABITANTS),
        Role("shv_other", "Overige schuldhulpverlener (buiten de Wgs)", "creditor", Basis.FILES),
        Role("administrator", "Bewindvoerder", "creditor", Basis.FILES),
        Role("credit_bank", "Kredietbank", "shv", Basis.INHABITANTS),
        Role("guarantee_fund", "Waarborgfonds", "none", Basis.NONE),
        Role("court", "Rechtbank", "none", Basis.NONE),
        Role("matching", "Organisatie voor matching", "none", Basis.NONE),
    )
}


def amount(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def day(text: str) -> date | None:
    return parse_day(text) if text else None


def counts(text: str, on: date) -> list[Count]:
    """`9000 + 6000`: of each municipality; `30000` alone; `1-1-2025: 30000; 1-1-2026: 50000`: of one, counted twice."""
    if ":" in text:
        dated = [Counted(parse_day(when), int(number)) for when, number in re.findall(r"([\d-]+): (\d+)", text)]
        counted = subscriptions.count_on(dated, rules.reference_day(on))
        return [Count("Gemeente Voorbeeld", counted.number if counted else 0, "voorbeeld")]
    return [Count(f"Gemeente {n}", int(number), "voorbeeld") for n, number in enumerate(text.split("+"), start=1)]


def zero_rules(row: dict[str, str]) -> list[ZeroRule]:
    starts_on = day(row["Nultarief voor wie aansluit vanaf"])
    free = row["Nultarief ook voor aansluitkosten"] == "ja"
    pays = row["Na het nultarief"] == "betaalt vanaf het jaar erna"
    afterwards = CarryOver.PAY_FROM_NEXT_YEAR if pays else CarryOver.KEEP_ZERO
    return [ZeroRule(starts_on, day(row["Nultarief voor wie aansluit voor"]), 3, free, afterwards)] if starts_on else []


@pytest.mark.parametrize("row", ROWS, ids=[row["Voorbeeld"] for row in ROWS])
def test_example(row: dict[str, str]) -> None:
    connected_on = parse_day(row["Aangesloten op"])
    notice = day(row["Opgezegd op"])
    end = subscriptions.ends_before_by_notice(notice) if notice else day(row["Einde (eerste dag zonder)"])
    subscription, year = Subscription(connected_on, end), int(row["Jaar"])
    open_top = OpenTop.FULL_BLOCK if row["Toeslag hoogste categorie"] == "per vol blok" else OpenTop.STARTED_BLOCK
    first_year = FirstYear.WHOLE_YEAR if row["Eerste jaar"] == "het hele jaartarief" else FirstYear.STARTED_MONTHS

    fees = []
    if subscription.runs_in(year):
        on, role = subscriptions.classified_on(subscription, year), ROLES[row["Rol"]]
        policy = policy_of(TABLES, on, open_top)
        categories = policy.categories.get(role.audience, ())
        policy = replace(policy, exceptions=(ADMINISTRATORS,))
        found = rules.not_counted(policy, categories, role, "X", on)
        found = found or rules.classification(policy, categories, counts(row["Aantal"], on), "X")
        zero = next((rule for rule in zero_rules(row) if rule.holds(connected_on)), None)
        fees = subscriptions.fees_of_year(found, zero, subscription, year, first_year)
        assert policy.table.startswith(row["Tabel"])
        assert found.category == row["Categorie"]
        assert found.annual_fee == amount(row["Jaartarief"])
    else:
        assert row["Categorie"] == row["Tabel"] == ""

    net = sum((fee.net for fee in fees), ZERO)
    (vat,) = invoice_rules.vat_totals((fee.net, VAT) for fee in fees) or (invoice_rules.VatTotal(VAT, ZERO, ZERO),)
    assert subscriptions.months_paid(subscription, year, first_year) == int(row["Maanden"])
    assert sum((fee.net for fee in fees if fee.kind is FeeKind.CONNECTION), ZERO) == amount(row["Aansluitkosten"])
    assert sum((fee.net for fee in fees if fee.kind is FeeKind.ANNUAL), ZERO) == amount(row["Over dit jaar"])
    assert (net, vat.vat, net + vat.vat) == tuple(amount(row[name]) for name in ("Zonder btw", "Btw 21%", "Met btw"))


def test_there_are_enough_examples_and_each_has_a_name_of_its_own() -> None:
    names = [row["Voorbeeld"] for row in ROWS]
    assert len(names) == len(set(names)) >= 80


def test_the_examples_know_every_category_of_the_tables_in_force() -> None:
    for on, begins_with in ((date(2021, 1, 1), "2020-2022"), (date(2024, 1, 1), "A-G")):
        table = table_on(tables_in(TABLES), on)
        known = {row["categorie"] for row in table.rows if row["ondergrens_incl"]}
        assert known <= {row["Categorie"] for row in ROWS if row["Tabel"].startswith(begins_with)}


# ------------------------------------------------------------------------------------------------- what always holds

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
AMOUNTS = st.decimals(min_value=0, max_value=1_000_000, places=2)


@given(DAYS, st.lists(DAYS, max_size=8))
def test_months_add_up_over_any_split_of_a_year(starts_on: date, splits: list[date]) -> None:
    ends_before = date(starts_on.year + 1, 1, 1)
    parts = subscriptions.months_by_part(starts_on, splits, ends_before)
    assert len(parts) == len(splits) + 1
    assert min(parts) >= 0
    assert sum(parts) == started_months(starts_on, ends_before) == rules.months_left(starts_on)


@given(AMOUNTS, st.lists(st.integers(min_value=0, max_value=12), min_size=1, max_size=8))
def test_amounts_add_up_to_the_cent_over_any_split(fee: Decimal, months: list[int]) -> None:
    parts = subscriptions.amounts_by_part(fee, months)
    assert sum(parts) == (euros(fee) if sum(months) else 0)
    assert all(part >= 0 for part in parts)


def test_thirds_are_rounded_so_that_they_add_up() -> None:
    assert subscriptions.amounts_by_part(Decimal(1000), [4, 4, 4]) == [
        Decimal("333.33"),
        Decimal("333.34"),
        Decimal("333.33"),
    ]


@given(st.lists(st.tuples(AMOUNTS, st.sampled_from([Decimal(0), Decimal(9), VAT])), min_size=1, max_size=6))
def test_net_and_vat_make_gross_whatever_the_lines(lines: list[tuple[Decimal, Decimal]]) -> None:
    totals = invoice_rules.vat_totals(lines)
    net, vat = sum((net for net, _ in lines), ZERO), sum((total.vat for total in totals), ZERO)
    assert sum((total.net for total in totals), ZERO) == net
    assert net + vat == sum((total.net + total.vat for total in totals), ZERO)
    assert all(abs(total.vat - total.net * total.percentage / 100) <= Decimal("0.005") for total in totals)
    assert net + vat == (net + vat).quantize(Decimal("0.01"))


@given(
    st.sampled_from([(date(2024, 1, 1), "shv"), (date(2024, 1, 1), "creditor"), (date(2021, 1, 1), "shv")]),
    st.lists(st.integers(min_value=0, max_value=3_000_000), min_size=2, max_size=10),
    st.sampled_from(list(OpenTop)),
)
def test_a_higher_number_never_gives_a_lower_category_or_fee(
    table: tuple[date, str], numbers: list[int], open_top: OpenTop
) -> None:
    on, audience = table
    policy = policy_of(TABLES, on, open_top)
    found = [rules.classification(policy, policy.categories[audience], [Count("", n, "")], "") for n in sorted(numbers)]
    for lower, higher in pairwise(found):
        assert lower.category <= higher.category
        assert lower.annual_fee <= higher.annual_fee
        assert lower.connection_fee <= higher.connection_fee


@given(DAYS, st.integers(min_value=0, max_value=12))
def test_notice_ends_at_the_end_of_a_year_after_whole_months(given_on: date, months: int) -> None:
    ends_before = subscriptions.ends_before_by_notice(given_on, months)
    assert (ends_before.month, ends_before.day) == (1, 1)
    assert ends_before >= given_on
    assert started_months(given_on, ends_before) >= months
    assert (ends_before - given_on).days <= 366 + months * 31 + 1


@given(DAYS, st.none() | DAYS, st.integers(min_value=2019, max_value=2037), st.sampled_from(list(FirstYear)))
def test_a_year_has_at_most_twelve_paid_months_and_none_outside_the_subscription(
    connected_on: date, end: date | None, year: int, how: FirstYear
) -> None:
    months = subscriptions.months_paid(Subscription(connected_on, end), year, how)
    ran = connected_on.year <= year and (end is None or end > max(connected_on, date(year, 1, 1)))
    assert (1 <= months <= 12) if ran else months == 0
