"""What of a prepayment goes on an invoice, and what comes back."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import rules as vat
from billing.by_hand.queries import EXPLANATION
from billing.documents import Buyer, InvoiceDocument, Line, Seller
from billing.issuing.documents import Draft, DraftLine
from billing.kinds import FeeKind, InvoiceKind
from billing.languages.rules import in_english
from billing.prepayments import rules
from billing.prepayments.kinds import DISCOUNT, Available, Use
from core.money import ZERO

D = Decimal
RATE = D(21)
SELLER = Seller("V", "S", "1000 AA", "P", "1", None, "NL1", "NL02ABNA0123456789", None)
BUYER = Buyer("D", "", None, "S", "1000 AA", "P", None, None, None, None)
ROWS = list(csv.DictReader((Path(__file__).parent.parent / "examples" / "prepayments.csv").open(encoding="utf-8")))


def draft(annual: Decimal | None, connection: Decimal | None = None) -> Draft:
    fees = [(FeeKind.CONNECTION, connection), (FeeKind.ANNUAL, annual)]
    chosen = [(kind, net) for kind, net in fees if net is not None]
    lines = tuple(Line(kind.label, net, RATE) for kind, net in chosen)
    totals = vat.vat_totals((line.net, line.vat_percentage, line.vat_category) for line in lines)
    net, tax = sum((one.net for one in totals), ZERO), sum((one.vat for one in totals), ZERO)
    day = date(2026, 1, 1)
    document = InvoiceDocument(
        "", InvoiceKind.INVOICE, day, None, day, day, SELLER, BUYER, "D", "x", "y", None, lines, totals, net, tax,
        net + tax, None, False,
    )  # fmt: skip
    return Draft(
        1, "D", 2026, 1, document,
        tuple(DraftLine(kind, kind.label, net, RATE, "D", 2026, decision_id=7) for kind, net in chosen), None,
    )  # fmt: skip


def amount(text: str) -> Decimal | None:
    return D(text) if text else None


@pytest.mark.parametrize("row", ROWS, ids=[row["naam"] for row in ROWS])
def test_examples_of_finance(row: dict[str, str]) -> None:
    before = draft(amount(row["jaartarief"]), amount(row["aansluitkosten"]))
    after, use = rules.apply(before, Available(D(row["betaald"]), D(row["voordeel"])))
    assert (after.document.net, after.document.gross) == (D(row["zonder btw"]), D(row["met btw"]))
    assert (after.document.prepaid, after.document.to_pay) == (D(row["verrekend"]), D(row["te betalen"]))
    used = use or Use(ZERO, ZERO)
    assert (used.paid, used.benefit) == (D(row["verrekend"]), D(row["korting"]))
    assert after.use == use


def test_the_discount_is_a_line_that_rests_on_its_decision() -> None:
    after, _ = rules.apply(draft(D("3000.00")), Available(ZERO, D("500.00"), decision_id=9))
    assert [(line.fee_kind, line.net, line.decision_id, line.charge_year) for line in after.lines] == [
        (FeeKind.ANNUAL, D("3000.00"), 7, 2026),
        (FeeKind.DISCOUNT, D("-500.00"), 9, None),
    ]
    assert [line.description for line in after.document.lines][-1] == "Korting launching customer"


def test_nothing_left_leaves_the_draft_as_it_was() -> None:
    before = draft(D("3000.00"))
    assert rules.apply(before, Available()) == (before, None)


def test_a_credit_note_and_a_draft_that_used_it_use_nothing() -> None:
    before = draft(D("3000.00"))
    note = replace(before, document=replace(before.document, kind=InvoiceKind.CREDIT_NOTE))
    assert rules.apply(note, Available(D(10), D(10))) == (note, None)
    once, _ = rules.apply(before, Available(D(10), D(10)))
    assert rules.apply(once, Available(D(10), D(10))) == (once, None)


cents = st.integers(0, 5_000_000).map(lambda number: D(number) / 100)


@given(annual=cents, connection=cents, paid=cents, benefit=cents)
def test_never_below_zero_and_never_more_than_is_left(
    annual: Decimal, connection: Decimal, paid: Decimal, benefit: Decimal
) -> None:
    before = draft(annual, connection)
    after, use = rules.apply(before, Available(paid, benefit))
    document, used = after.document, use or Use(ZERO, ZERO)
    assert ZERO <= used.benefit <= min(benefit, annual)
    assert ZERO <= used.paid <= min(paid, document.gross)
    assert document.net == annual + connection - used.benefit == sum((line.net for line in after.lines), ZERO)
    assert document.gross == document.net + document.vat
    assert document.to_pay == document.gross - used.paid >= 0


@pytest.mark.parametrize(
    ("used", "left_gross", "credited", "back"),
    [
        (Use(D(605), D(500)), "0", [("annual", "-3000"), ("discount", "500")], Use(D(605), D(500))),
        (Use(D(605), ZERO), "1000", [("annual", "-2000")], None),
        (Use(D(605), ZERO), "600", [("annual", "-2400")], Use(D(5), ZERO)),
        (Use(D(605), D(500)), "2000", [("annual", "-500"), ("discount", "200")], Use(ZERO, D(200))),
        (Use(ZERO, ZERO), "0", [("annual", "-3000")], None),
        (Use(ZERO, D(100)), "0", [("discount", "500")], Use(ZERO, D(100))),
    ],
)
def test_what_a_credit_note_gives_back(
    used: Use, left_gross: str, credited: list[tuple[str, str]], back: Use | None
) -> None:
    lines = [(FeeKind(kind), D(net)) for kind, net in credited]
    assert rules.given_back(used, D(left_gross), lines) == back


@pytest.mark.parametrize("sentence", [DISCOUNT, EXPLANATION])
def test_what_our_rules_write_has_an_english_counterpart(sentence: str) -> None:
    assert in_english(sentence) != sentence
