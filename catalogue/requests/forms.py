"""Choosing which requests to grant, and from which day."""

from __future__ import annotations

from wtforms import SelectMultipleField

from core.forms import DayField, Form
from core.validators import Required


class GrantForm(Form):
    chosen = SelectMultipleField("Aanvragen", [Required("Kies ten minste één aanvraag.")], validate_choice=False)
    day = DayField("Aan vanaf", [Required("Vul in vanaf welke dag de modules aan gaan.")])
