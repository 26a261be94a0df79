"""The form of an invoice by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import FieldList, Form, FormField, HiddenField

from billing.by_hand.documents import ByHand, HandLine
from core import clock, forms
from core.amounts import AmountField
from core.forms import DayField, day_of
from core.validators import Optional, Required

MOST_LINES = 12


class LineForm(Form):
    """One line; both fields empty means no line."""

    description = forms.text("Omschrijving", length=200, what="De omschrijving")
    net = AmountField("Bedrag zonder btw", [Optional()])

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        fits: bool = super().validate(extra_validators)
        if fits and self.description.data and self.net.data is None:
            self.net.errors = ["Vul bij deze omschrijving een bedrag in."]
            return False
        if fits and self.net.data is not None and not self.description.data:
            self.description.errors = ["Vul bij dit bedrag een omschrijving in."]
            return False
        return fits


class ByHandForm(forms.Form):
    reason = forms.long_text(
        "Waarom maakt u deze factuur met de hand?",
        "Schrijf in één of twee zinnen waarom u deze factuur maakt.",
        length=500,
        what="De reden",
        description="De reden staat op de factuur.",
    )
    lines = FieldList(FormField(LineForm), min_entries=3, max_entries=MOST_LINES)
    starts_on = DayField(
        "Eerste dag van de periode",
        [Required("Vul in over welke periode de factuur gaat.")],
        default=lambda: date(clock.today().year, 1, 1),
        description="dag-maand-jaar",
    )
    ends_on = DayField(
        "Laatste dag van de periode",
        [Required("Vul in over welke periode de factuur gaat.")],
        default=lambda: date(clock.today().year, 12, 31),
        description="dag-maand-jaar",
    )
    decision = forms.text(
        "Nummer van het besluit waarop de factuur rust",
        length=40,
        what="Het nummer",
        description="Alleen als er een besluit is, bijvoorbeeld B-2026-003.",
    )
    key = HiddenField()
    """Used up when the request is made, so that sending twice asks once."""

    def add_line(self) -> None:
        """One more empty line, as far as there is room."""
        if len(self.lines.entries) < MOST_LINES:
            self.lines.append_entry()

    def asked(self, decision_id: int | None) -> ByHand:
        """What was filled in; only asked for after validation."""
        lines = tuple(
            HandLine(entry.form.description.data, entry.form.net.data)
            for entry in self.lines
            if entry.form.description.data and entry.form.net.data is not None
        )
        return ByHand(self.reason.data or "", lines, day_of(self.starts_on), day_of(self.ends_on), decision_id)
