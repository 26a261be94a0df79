"""A form field for an amount in euros, written as people write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from core import filters
from core.validators import SHOWN_BACK

_AMOUNT = re.compile(r"([-−]?)([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)(?:,([0-9]{1,2}))?")
_WITH_POINT = re.compile(r"([-−]?)([0-9]+)\.([0-9]{1,2})")
HIGHEST = Decimal(10_000_000)
"""More is a typing error."""


def parse_amount(text: str) -> Decimal:
    """€ 1.500,00, 1500, 1.500, 1500,5 or 1500.00; a minus sign in front. Raises ValueError with a Dutch sentence."""
    compact = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    compact = re.sub(r"^([-−]?) ?€ ?", r"\1", compact).replace("- ", "-", 1)
    found = _AMOUNT.fullmatch(compact[:40]) or _WITH_POINT.fullmatch(compact[:40])
    if found is None:
        raise ValueError("Vul een bedrag in euro's in, bijvoorbeeld 1.500,00.")
    sign, whole, cents = found.groups()
    amount = Decimal(f"{re.sub('[. ]', '', whole)}.{(cents or '').ljust(2, '0')}")
    if amount > HIGHEST:
        raise ValueError(f"Vul een bedrag in van hoogstens {filters.euro(HIGHEST)}.")
    return -amount if sign else amount


def written(amount: Decimal) -> str:
    """As people write it in a form: 1500,00."""
    return f"{amount:.2f}".replace(".", ",")


class AmountField(Field):
    """An amount in euros. Data is a `Decimal` in whole cents."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:SHOWN_BACK]
        return "" if self.data is None else written(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: Decimal | None = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if typed:
            self.data = parse_amount(typed[:SHOWN_BACK])
