"""Forms about invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from core import filters
from core.amounts import AmountField
from core.forms import Form, long_text, radio
from core.validators import Optional

WHOLE, PART = "alles", "deel"


class CreditForm(Form):
    """Why an invoice is taken back, and how much of it. `credit_form` adds a field per line."""

    extent = radio(
        "Wat crediteert u?",
        ((WHOLE, "Alles wat er nog staat"), (PART, "Een deel")),
        "Kies of u alles crediteert of een deel.",
        default=WHOLE,
    )
    reason = long_text(
        "Waarom crediteert u deze factuur?",
        "Schrijf in één of twee zinnen waarom u deze factuur crediteert.",
        length=500,
        what="De reden",
    )

    @property
    def amounts(self) -> list[AmountField]:
        """The fields of the lines, in their order."""
        return [field for field in self if isinstance(field, AmountField)]

    @property
    def parts(self) -> dict[int, Decimal] | None:
        """Position and amount of what is credited; None for everything that is left."""
        if self.extent.data == WHOLE:
            return None
        return {position_of(field): field.data for field in self.amounts if field.data is not None}

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        fits: bool = super().validate(extra_validators)
        typed = [field for field in self.amounts if field.data]
        if self.extent.data == WHOLE and typed:
            self.extent.errors = ["U vulde bedragen in. Kies 'Een deel', of maak de bedragen leeg."]
            return False
        return fits


def position_of(field: AmountField) -> int:
    """Which line of the invoice a field is about."""
    return int(field.short_name.removeprefix("line_"))


def credit_form(lines: Sequence[tuple[int, str, Decimal]]) -> CreditForm:
    """The form with an amount for each line of which something is left: (position, description, what is left)."""
    fields = {
        f"line_{position}": AmountField(
            description,
            [Optional()],
            description=f"Er staat nog {filters.euro(left)} zonder btw."
            + (" Vul een negatief bedrag in." if left < 0 else ""),
        )
        for position, description, left in lines
        if left
    }
    form: CreditForm = type("CreditFormOfInvoice", (CreditForm,), fields)()
    return form
