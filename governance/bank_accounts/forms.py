"""The form for a new account of the operator."""

from __future__ import annotations

from core import forms, identifiers
from core.validators import Required


class AccountForm(forms.Form):
    iban = forms.identifier("Nieuw IBAN", identifiers.iban, "Vul het nieuwe IBAN in.")
    holder = forms.text(
        "Ten name van",
        "Vul de naam in die bij de bank bij deze rekening staat.",
        length=70,
        what="De naam",
        description="Banken vergelijken deze naam met wat de betaler invult.",
    )
    starts_on = forms.DayField(
        "Gaat in op",
        [Required("Vul de dag in waarop het nieuwe IBAN ingaat.")],
        description="Dag-maand-jaar, bijvoorbeeld 1-3-2027. Neem ten minste een maand: de brieven gaan vooraf uit.",
    )
