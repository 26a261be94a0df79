"""The purpose of a statistic."""

from __future__ import annotations

from wtforms import BooleanField

from core import clock
from core.forms import DayField, Form, long_text, text
from core.validators import Required


class PurposeForm(Form):
    purpose = long_text("Doel", length=2000)
    legal_basis = long_text("Grondslag", length=2000)
    allowed = BooleanField("Deze statistiek mag worden gemaakt en getoond")
    starts_on = DayField("Vanaf", [Required("Vul in vanaf welke dag.")], default=clock.today)
    source = text("Waar steunt dit op?", "Schrijf op waar dit op steunt, bijvoorbeeld een besluit.", length=500)
