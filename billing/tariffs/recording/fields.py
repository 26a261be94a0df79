"""Fields for amounts and shares, typed as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from billing.tariffs.rules import thousands
from core.forms import WholeNumberField
from core.validators import SHOWN_BACK

_AMOUNT = re.compile(r"-?(?:[0-9]{1,10}|[0-9]{1,3}(?:\.[0-9]{3}){1,3})(?:,[0-9]{1,2})?|-?[0-9]{1,10}\.[0-9]{2}")
_SHARE = re.compile(r"(-?[0-9]{1,4}(?:[.,][0-9]{1,2})?) ?%(?: van (?:het )?jaartarief)?")


def parse_amount(typed: str) -> Decimal | None:
    """1500, 1.500, 1.500,00 and 1500.00 in euros; None when it cannot be read."""
    compact = typed.replace("\u00a0", " ").removeprefix("€").strip().removesuffix(",-").strip()
    if not _AMOUNT.fullmatch(compact):
        return None
    if re.fullmatch(r"-?[0-9]+\.[0-9]{2}", compact):
        return Decimal(compact)
    return Decimal(compact.replace(".", "").replace(",", "."))


def shown_amount(amount: Decimal) -> str:
    """1.500 or 1.500,50: as somebody would type it."""
    whole, _, cents = f"{amount:,.2f}".partition(".")
    return f"{whole.replace(',', '.')},{cents}".removesuffix(",00")


class BoundField(WholeNumberField):
    """A whole number that is shown with points between thousands."""

    def _value(self) -> str:
        return super()._value() if self.raw_data or self.data is None else thousands(self.data)


class AmountField(Field):
    """An amount in euros. Data is a Decimal, negative ones too: what may be typed is for the rules."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:SHOWN_BACK]
        return "" if self.data is None else shown_amount(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: Decimal | None = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if typed:
            self.data = parse_amount(typed)
            if self.data is None:
                raise ValueError("Vul een bedrag in, bijvoorbeeld 1.500 of 312,50.")


@dataclass(frozen=True)
class AmountOrShare:
    """An amount in euros, or a percentage of the annual fee."""

    amount: Decimal | None = None
    share: Decimal | None = None


class AmountOrShareField(Field):
    """`150`, or `10%`."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:SHOWN_BACK]
        data: AmountOrShare | None = self.data
        if data is None:
            return ""
        return f"{shown_amount(data.share)}%" if data.share is not None else shown_amount(data.amount or Decimal(0))

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if not typed:
            return
        share, amount = _SHARE.fullmatch(typed.lower()), parse_amount(typed)
        if share:
            self.data = AmountOrShare(share=Decimal(share[1].replace(",", ".")))
        elif amount is not None:
            self.data = AmountOrShare(amount=amount)
        else:
            raise ValueError("Vul een bedrag in of een percentage van het jaartarief, bijvoorbeeld 150 of 10%.")
