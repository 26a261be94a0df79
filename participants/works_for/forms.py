"""Adding somebody for whom a participant works, and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core import forms
from core.forms import DayField, Form
from core.validators import Required


class MunicipalityForm(Form):
    municipality = forms.choice("Gemeente", (), "Kies een gemeente.")
    starts_on = DayField("Vanaf", [Required("Vul in vanaf welke dag.")])

    def __init__(self, *args: Any, municipalities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = forms.options([("", "Maak een keuze"), *municipalities])


class CreditorForm(Form):
    creditor_name = forms.text("Naam van de schuldeiser", "Vul de naam van de schuldeiser in.", what="De naam")
    starts_on = DayField("Vanaf", [Required("Vul in vanaf welke dag.")])


class EndForm(Form):
    ends_before = DayField("Niet meer vanaf", [Required("Vul in vanaf welke dag het niet meer zo is.")])
