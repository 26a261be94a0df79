"""Saying that everything is ready, activating, suspending and ending."""

from __future__ import annotations

from datetime import date
from typing import cast

from core.forms import DayField, Form, long_text
from core.validators import Required


class ConfirmForm(Form):
    """Nothing to fill in; the button is the act."""


class SuspendForm(Form):
    reason = long_text("Reden", "Schrijf in één of twee zinnen waarom.", length=2000, what="De reden")


class EndForm(Form):
    ends_before = DayField(
        "Vanaf welke dag is de aansluiting beëindigd?", [Required("Vul de eerste dag zonder aansluiting in.")]
    )
    reason = long_text("Reden", "Schrijf in één of twee zinnen waarom.", length=2000, what="De reden")

    @property
    def day(self) -> date:
        """The day that was filled in, once the form was found right."""
        return cast(date, self.ends_before.data)
