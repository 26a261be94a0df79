"""When an invoice by hand can be made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.money import ZERO

EARLIEST_YEAR = 2020
"""The hub asked no fees before."""


def why_not(amounts: Sequence[Decimal], starts_on: date, ends_on: date, today: date) -> tuple[str | None, str] | None:
    """Why an invoice with these amounts (euros without VAT) over a period cannot be: the form field, if one, and a
    sentence. None when it can. Nothing to pay is fine; less than nothing is a credit note."""
    if not amounts:
        return None, "Vul minstens één regel in, met een omschrijving en een bedrag."
    if sum(amounts, ZERO) < 0:
        return None, (
            "Samen is dit minder dan nul. Maak een creditnota bij de factuur die te hoog was; een factuur vraagt"
            " niets terug."
        )
    if ends_on < starts_on:
        return "ends_on", "De laatste dag ligt voor de eerste. Controleer de periode."
    if starts_on.year < EARLIEST_YEAR:
        return "starts_on", f"Voor {EARLIEST_YEAR} vroeg het knooppunt geen tarief. Controleer het jaar."
    if ends_on.year > today.year + 1:
        return "ends_on", "Deze dag ligt te ver vooruit. Controleer het jaar."
    return None
