"""The sentences about rules are about rules that exist."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from billing.e_invoice.checks import EUROPEAN_RULES
from billing.e_invoice.texts import FAMILIES, european_text


def test_every_sentence_is_about_a_rule_that_is_checked() -> None:
    known = set(re.findall(r"\[([A-Z]+-[A-Z0-9-]+)\]", EUROPEAN_RULES.read_text(encoding="utf-8")))
    with Path("data/europese_regels.csv").open(encoding="utf-8", newline="") as file:
        told = [row["id"] for row in csv.DictReader(file)]

    assert [rule for rule in told if rule not in known] == []
    assert len(told) == len(set(told))
    assert all(any(rule.startswith(family) for rule in known) for family in FAMILIES)


def test_a_rule_without_a_sentence_says_what_its_kind_says() -> None:
    assert european_text("BR-16") == "De factuur heeft geen regels."
    assert european_text("UBL-CR-137").startswith("Er staat een onderdeel in")
    assert european_text("BR-99").startswith("Een regel van de Europese norm")
