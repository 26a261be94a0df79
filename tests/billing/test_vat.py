"""How VAT is charged, by Finance's examples, and that the totals say so."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from billing import rules
from billing.documents import Buyer
from billing.issuing.queries import Circumstances, UnclearVat, vat_of
from billing.kinds import VatCategory
from core import clock
from core.money import ZERO
from governance.models import Setting
from tests.billing.conftest import World
from tests.billing.test_documents import INVOICE

with (Path(__file__).parent / "examples" / "vat.csv").open(encoding="utf-8", newline="") as _file:
    EXAMPLES = {row["name"]: row for row in csv.DictReader(_file)}
RATE = Decimal(21)


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_vat_of_a_customer(name: str) -> None:
    row = EXAMPLES[name]
    if row["category"] == "parked":
        with pytest.raises(rules.NoVatTreatment, match=row["text"]):
            rules.vat_treatment(row["seller"], RATE, row["country"], row["vat_id"] or None)
        return
    found = rules.vat_treatment(row["seller"], RATE, row["country"], row["vat_id"] or None)
    assert found == rules.VatTreatment(
        VatCategory(row["category"]),
        Decimal(row["percentage"]),
        row["text"] or None,
    )


def vat_treatment_on(day: date, buyer: Buyer) -> rules.VatTreatment:
    with clock.at(day):
        return vat_of(buyer, Circumstances.now())


amounts = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)
rates = st.sampled_from(
    [
        (RATE, VatCategory.STANDARD),
        (Decimal(9), VatCategory.STANDARD),
        (Decimal(0), VatCategory.EXEMPT),
        (Decimal(0), VatCategory.REVERSE_CHARGE),
    ]
)


@given(st.lists(st.tuples(amounts, rates), max_size=20))
def test_there_is_one_total_for_each_category_and_rate_and_they_add_up(
    lines: list[tuple[Decimal, tuple[Decimal, VatCategory]]],
) -> None:
    totals = rules.vat_totals((net, rate, category) for net, (rate, category) in lines)

    assert {(total.percentage, total.category) for total in totals} == {rate for _, rate in lines}
    assert len(totals) == len({rate for _, rate in lines})
    assert sum((total.net for total in totals), ZERO) == sum((net for net, _ in lines), ZERO)
    for total in totals:
        assert (total.exemption is None) is (total.category is VatCategory.STANDARD)
        assert total.category is VatCategory.STANDARD or total.vat == 0


def test_nothing_at_the_ordinary_rate_stays_ordinary() -> None:
    (total,) = rules.vat_totals([(ZERO, RATE, VatCategory.STANDARD)])

    assert (total.category, total.percentage, total.vat) == (VatCategory.STANDARD, RATE, ZERO)


@pytest.mark.parametrize(("prepaid", "to_pay"), [("0.00", "3388.00"), ("3387.99", "0.01"), ("3388.00", "0.00")])
def test_what_was_paid_before_is_not_asked_again(prepaid: str, to_pay: str) -> None:
    assert replace(INVOICE, prepaid=Decimal(prepaid)).to_pay == Decimal(to_pay)


def test_less_than_nothing_is_never_asked() -> None:
    assert replace(INVOICE, prepaid=Decimal("9999.00")).to_pay == ZERO
    assert replace(INVOICE, gross=Decimal("-5.00")).to_pay == ZERO


def _set(session: Session, name: str, value: str, starts_on: date) -> None:
    session.add(Setting(name=name, value=value, starts_on=starts_on, source="test", to_confirm=False))
    session.commit()


def vat_on(day: date, buyer: Buyer) -> rules.VatTreatment:
    with clock.at(day):
        return vat_of(buyer, Circumstances.now())


def test_the_treatment_follows_the_settings_of_the_day(world: World) -> None:
    _set(world.session, "vat_treatment", "exempt", date(2027, 1, 1))
    _set(world.session, "vat_exemption_text", "Vrijgesteld, zo is besloten", date(2027, 1, 1))

    assert vat_on(date(2026, 12, 31), INVOICE.buyer) == rules.VatTreatment(VatCategory.STANDARD, RATE)
    assert vat_on(date(2027, 1, 1), INVOICE.buyer) == rules.VatTreatment(
        VatCategory.EXEMPT, Decimal(0), "Vrijgesteld, zo is besloten"
    )


def test_what_is_not_known_is_said_as_a_sentence_for_the_list_of_what_waits(world: World) -> None:
    with pytest.raises(UnclearVat, match="btw-nummer"):
        vat_on(date(2026, 1, 1), replace(INVOICE.buyer, country="BE"))
