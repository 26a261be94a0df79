"""Forms about the end of a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectMultipleField

from core import forms
from core.forms import DayField, Form
from core.validators import Required


class AnnounceForm(Form):
    retires_on = DayField("Niet meer te gebruiken vanaf", [Required("Vul in vanaf welke dag.")])
    reason = forms.long_text("Reden", "Schrijf in één of twee zinnen waarom.", length=1000, what="De reden")
    decision = forms.choice("Besluit waarop dit rust", (), empty="Geen besluit: dit volgt uit het beleid")

    def __init__(self, *args: Any, decisions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = forms.options([("", "Geen besluit: dit volgt uit het beleid"), *decisions])


class CancelForm(Form):
    reason = forms.long_text("Reden", "Schrijf in één of twee zinnen waarom.", length=1000, what="De reden")


class TellForm(Form):
    """Who is mailed, as the page named them."""

    chosen = SelectMultipleField("Deelnemers", [Required("Er is niemand om te mailen.")], validate_choice=False)
