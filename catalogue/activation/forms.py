"""Forms about the conditions of switching on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core import forms
from core.forms import DayField, Form
from core.validators import Required


class AddendumForm(Form):
    accepted_on = DayField("Aanvaard op", [Required("Vul in op welke dag.")])
    reference = forms.text("Waar ligt het aanvaarde addendum?", "Vul in waar het ligt.", length=300, what="Dit")


class SwitchVersionForm(Form):
    version = forms.radio("Naar welke versie?", (), "Kies een versie.")
    day = DayField("Vanaf", [Required("Vul in vanaf welke dag.")])

    def __init__(self, *args: Any, versions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version.choices = forms.options(versions)


class SupportForm(Form):
    supplier = forms.choice("Leverancier", (), "Kies een leverancier.")
    product = forms.text("Pakket", "Vul de naam van het pakket in.", length=120, what="De naam")
    since = DayField("Sinds", [Required("Vul in sinds welke dag.")])
    source = forms.text("Hoe weten wij dat?", "Vul in hoe wij dat weten.", length=300, what="Dit")

    def __init__(self, *args: Any, suppliers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.supplier.choices = forms.options([("", "Maak een keuze"), *suppliers])


class CovenantForm(Form):
    reference = forms.text("Verwijzing", "Vul in om welk convenant het gaat.", length=200, what="De verwijzing")
    starts_on = DayField("Vanaf", [Required("Vul in vanaf welke dag.")])


class EndCovenantForm(Form):
    ends_before = DayField("Niet meer vanaf", [Required("Vul in vanaf welke dag het niet meer geldt.")])
