"""Forms about modules."""

from __future__ import annotations

from wtforms import SelectMultipleField

from core.forms import DayField, Form
from core.validators import Required


class ModulesForm(Form):
    """Which modules a participant asks for. Whether each fits is judged by the service."""

    modules = SelectMultipleField(
        "Welke modules wilt u gebruiken?", [Required("Kies ten minste één module.")], validate_choice=False
    )


class SwitchOnForm(Form):
    """The first day on which a module is on."""

    day = DayField("Aan vanaf", [Required("Vul in vanaf welke dag de module aan is.")])


class SwitchOffForm(Form):
    """The first day on which a module is off."""

    day = DayField("Uit vanaf", [Required("Vul in vanaf welke dag de module uit is.")])
