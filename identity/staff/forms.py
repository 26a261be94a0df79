"""Forms about accounts of staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core import forms
from core.forms import DayField, Form, options
from core.validators import Optional


class NewAccountForm(Form):
    name = forms.text("Naam", "Vul de naam van uw collega in.", what="De naam")
    email = forms.email("E-mailadres van het werk", "Vul het e-mailadres van uw collega in.")


class GrantRoleForm(Form):
    role = forms.radio("Welke rol?", [], "Kies een rol.")
    last_day = DayField("Laatste dag", [Optional()])
    reason = forms.long_text(
        "Waarom?", "Schrijf in één of twee zinnen waarom. Uw collega beslist ermee.", length=500, what="De reden"
    )

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = options(roles)


class ReasonForm(Form):
    """A reason, for what takes something away."""

    reason = forms.long_text("Waarom?", "Schrijf in één of twee zinnen waarom.", length=500, what="De reden")
