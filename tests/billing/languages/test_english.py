"""Sentences of our own rules have an English counterpart; what people wrote stays as it is."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from billing.kinds import NO_CATEGORY, CarryOver, FirstYear, VatCategory
from billing.languages.rules import in_english, in_its_language
from billing.languages.texts import WORDS, Words
from billing.rules import EXEMPTION_TEXT, REVERSE_CHARGE_TEXT, VatTotal
from billing.tariffs import rules as tariffs
from billing.tariffs.rules import Category, Classification, Count, ZeroRule
from core.money import ZERO
from participants.kinds import Language
from tests.billing.test_documents import INVOICE

FOUND = Classification("D", "inhabitants", 70_361, Decimal(300), Decimal(3000), "", 1)
NOTHING = Classification(NO_CATEGORY, None, None, ZERO, ZERO, "", 1)
ZERO_RULE = ZeroRule(date(2026, 1, 1), None, 1)
ENDED = ZeroRule(date(2026, 1, 1), date(2027, 1, 1), 1, carry_over=CarryOver.PAY_FROM_NEXT_YEAR)
BIG = Category("G", "inhabitants", 1_000_000, None, Decimal(15000))
ONE = Count("Gemeente Velsen", 70_361, "organisaties.overheid.nl")
OTHER = Count("Gemeente Zuid", 1_000_000, "eigen opgave")

COUNTERPARTS = {
    tariffs.connection_charge(FOUND, None).description: "Connection fee, once only, category D",
    tariffs.connection_charge(NOTHING, None).description: "Connection fee, once only",
    tariffs.annual_charge(FOUND, None, 2026).description: "Annual fee 2026, category D",
    tariffs.annual_charge(NOTHING, None, 2026).description: "Annual fee 2026",
    tariffs.first_year_charge(FOUND, None, date(2026, 3, 3), FirstYear.STARTED_MONTHS).description: (
        "Annual fee 2026, category D, 10 of 12 months (March to December)"
    ),
    tariffs.first_year_charge(FOUND, None, date(2026, 12, 3), FirstYear.STARTED_MONTHS).description: (
        "Annual fee 2026, category D, 1 of 12 months (December)"
    ),
    tariffs.counted_sentence("Gemeente Velsen", [ONE], BIG): (
        "Gemeente Velsen: 70,361 inhabitants according to organisaties.overheid.nl, category G"
    ),
    tariffs.counted_sentence("GR Noord", [ONE], BIG): (
        "GR Noord works for Gemeente Velsen: 70,361 inhabitants according to organisaties.overheid.nl, category G"
    ),
    tariffs.counted_sentence("GR Noord", [ONE, OTHER], BIG): (
        "GR Noord works for 2 municipalities (Gemeente Velsen, Gemeente Zuid): together 1,070,361 inhabitants according"
        " to organisaties.overheid.nl and its own declaration, category G"
    ),
    tariffs.why_nothing(FOUND, ZERO_RULE, date(2026, 3, 15)) or "": (
        "Your subscription began on 15 March 2026. For subscriptions that begin on or after 1 January 2026 the annual"
        " fee is €0.00 for the time being."
    ),
    tariffs.annual_charge(FOUND, ENDED, 2027).description: (
        "Annual fee 2027, category D (the annual fee of €0.00 ended on 31 December 2026)"
    ),
    tariffs.why_nothing(FOUND, ENDED, date(2026, 3, 15)) or "": (
        "Your subscription began on 15 March 2026. For subscriptions that begin from 1 January 2026 to 31 December 2026"
        " the annual fee is €0.00 up to and including 2026."
    ),
    tariffs.why_nothing(NOTHING, None, date(2026, 3, 15)) or "": "There is no fee for this role.",
    tariffs.why_nothing(replace(FOUND, annual_fee=ZERO), None, date(2026, 3, 15)) or "": (
        "There is no annual fee in category D."
    ),
    EXEMPTION_TEXT: "Exempt from VAT under article 11 of the Dutch VAT Act 1968",
    REVERSE_CHARGE_TEXT: "VAT reverse charge (btw verlegd)",
}


@pytest.mark.parametrize("dutch", list(COUNTERPARTS))
def test_what_our_rules_write_has_a_counterpart(dutch: str) -> None:
    assert in_english(dutch) == COUNTERPARTS[dutch]


@pytest.mark.parametrize("text", ["", "Correctie na overleg", "Jaartarief", "Wij werken voor u: 3 dingen, categorie"])
def test_what_people_wrote_stays_as_it_is(text: str) -> None:
    assert in_english(text) == text


def test_a_document_in_dutch_is_as_it_was_frozen_and_one_in_english_differs_in_words_only() -> None:
    assert in_its_language(INVOICE) is INVOICE
    english = in_its_language(replace(INVOICE, language=Language.ENGLISH))

    assert english.explanation.startswith("Gemeente Velsen: 70,361 inhabitants")
    assert [line.net for line in english.lines] == [line.net for line in INVOICE.lines]
    assert in_its_language(english) == english, "twice is once"


def test_both_languages_have_the_same_blanks() -> None:
    dutch, english = WORDS[Language.DUTCH], WORDS[Language.ENGLISH]
    for field in fields(Words):
        one, other = getattr(dutch, field.name), getattr(english, field.name)
        if isinstance(one, str):
            assert set(re.findall(r"{(\w+)}", one)) >= set(re.findall(r"{(\w+)}", other)), field.name
            assert bool(one) == bool(other)


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [
        (Language.DUTCH, "1234.5", "€\u00a01.234,50"),
        (Language.ENGLISH, "1234.5", "€1,234.50"),
        (Language.ENGLISH, "-250", "-€250.00"),
        (Language.ENGLISH, "-0.001", "€0.00"),
    ],
)
def test_amounts_look_as_in_their_language(language: Language, amount: str, shown: str) -> None:
    assert WORDS[language].euro(Decimal(amount)) == shown


def test_what_has_no_vat_says_why_instead_of_a_rate() -> None:
    words = WORDS[Language.DUTCH]
    total = VatTotal(Decimal(0), Decimal(10), ZERO, VatCategory.EXEMPT, EXEMPTION_TEXT)

    assert words.vat_total(total) == f"{EXEMPTION_TEXT}, over €\u00a010,00"
    assert words.rate(VatCategory.EXEMPT, Decimal(0)) == "–"
    assert words.rate(VatCategory.STANDARD, Decimal("10.5")) == "10,5%"
    assert WORDS[Language.ENGLISH].rate(VatCategory.STANDARD, Decimal("10.5")) == "10.5%"
