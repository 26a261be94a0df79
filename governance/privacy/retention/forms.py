"""Another retention term."""

from __future__ import annotations

from core import clock
from core.forms import DayField, Form, WholeNumberField, long_text
from core.validators import Required


class TermForm(Form):
    months = WholeNumberField("Termijn in maanden", [Required("Vul een aantal maanden in.")], low=1, high=600)
    starts_on = DayField("Vanaf", [Required("Vul in vanaf welke dag.")], default=clock.today)
    reason = long_text("Waarom deze termijn?", "Schrijf op waarom.", length=1000, what="De reden")
