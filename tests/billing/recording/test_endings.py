"""What a subscription pays that began under a zero tariff, before and after its end."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from billing.kinds import CarryOver
from billing.tariffs import rules
from billing.tariffs.rules import Count, Policy, ZeroRule
from tests.billing.simulator.tables import A_TO_G

EXAMPLES = list(csv.DictReader((Path(__file__).parent.parent / "examples/zero_tariff_endings.csv").open()))


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["name"] for row in EXAMPLES])
def test_the_annual_fee_follows_the_carry_over_rule(row: dict[str, str]) -> None:
    connected_on, year = date.fromisoformat(row["connected_on"]), int(row["year"])
    ends_before = date.fromisoformat(row["ends_before"]) if row["ends_before"] else None
    rule = ZeroRule(date(2026, 1, 1), ends_before, 9, carry_over=CarryOver(row["carry_over"]))
    policy = Policy("t", 1, {"shv": A_TO_G}, zero_rules=[rule])
    found = rules.classification(policy, A_TO_G, [Count("Velsen", int(row["number"]), "ROO")], "Velsen")
    zero = policy.zero_rule(connected_on)
    fee = rules.annual_charge(found, zero, year)
    why = rules.why_nothing(found, zero, connected_on, year)
    assert fee.net == Decimal(row["net"])
    if row["why"]:
        assert f"(het jaartarief € 0,00 is geëindigd op {row['why']})" in fee.description
    else:
        assert "geëindigd" not in fee.description
    assert (why is not None) == (fee.net == 0)
    is_free = zero is not None and zero.is_free_in(year)
    assert fee.decision_id == (9 if is_free else 1)


@pytest.mark.parametrize(
    ("ends_before", "carry_over", "sentence"),
    [
        (
            None,
            CarryOver.KEEP_ZERO,
            (
                "Uw abonnement is ingegaan op 3 november 2026. Voor abonnementen die ingaan vanaf 1 januari 2026 is het"
                " jaartarief voorlopig € 0,00."
            ),
        ),
        (
            date(2027, 1, 1),
            CarryOver.KEEP_ZERO,
            (
                "Uw abonnement is ingegaan op 3 november 2026. Voor abonnementen die ingaan van 1 januari 2026 tot en"
                " met 31 december 2026 is het jaartarief voorlopig € 0,00."
            ),
        ),
        (
            date(2027, 1, 1),
            CarryOver.PAY_FROM_NEXT_YEAR,
            (
                "Uw abonnement is ingegaan op 3 november 2026. Voor abonnementen die ingaan van 1 januari 2026 tot en"
                " met 31 december 2026 is het jaartarief tot en met 2026 € 0,00."
            ),
        ),
    ],
)
def test_the_invoice_says_how_long_it_is_nothing(
    ends_before: date | None, carry_over: CarryOver, sentence: str
) -> None:
    rule = ZeroRule(date(2026, 1, 1), ends_before, 9, carry_over=carry_over)
    found = rules.classification(Policy("t", 1, {}), A_TO_G, [Count("Velsen", 70_361, "ROO")], "Velsen")
    assert rules.why_nothing(found, rule, date(2026, 11, 3)) == sentence


def test_who_hears_later_that_they_pay_does_so_from_the_year_after_that_decision() -> None:
    rule = ZeroRule(date(2026, 1, 1), date(2027, 1, 1), 9, carry_over=CarryOver.PAY_FROM_NEXT_YEAR, decided_in=2028)
    assert [rule.is_free_in(year) for year in (2026, 2027, 2028, 2029)] == [True, True, True, False]
