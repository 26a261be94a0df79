"""The form of a declaration."""

from __future__ import annotations

from datetime import date

from core import clock, forms
from core.validators import Required


class DeclarationForm(forms.Form):
    value = forms.WholeNumberField(
        "Schulddossiers per jaar", [Required("Vul het aantal schulddossiers per jaar in.")], high=10_000_000
    )
    measured_on = forms.DayField(
        "Op welke dag deed de deelnemer deze opgave?",
        [Required("Vul de dag van de opgave in.")],
        default=clock.today,
        description="dag-maand-jaar, bijvoorbeeld 3-11-2026",
    )
    reason = forms.long_text(
        "Waaruit blijkt dat?",
        "Schrijf waar de opgave te vinden is.",
        length=1000,
        what="De toelichting",
        description="Bijvoorbeeld: mail van de financieel contactpersoon van 3 november 2026.",
    )

    @property
    def day(self) -> date:
        """Only asked for after validation."""
        assert self.measured_on.data is not None  # noqa: S101  the field is required
        return self.measured_on.data
