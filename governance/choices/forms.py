"""The form for another value of a setting; what may be filled in depends on the setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField

from core import forms
from core.forms import DayField, Form, WholeNumberField
from core.validators import Required
from governance.choices.rules import Allowed, Number, OneOf, Sentence
from governance.kinds import VALUES, Body
from governance.models import Decision


class SettingForm(Form):
    starts_on = DayField("Geldt vanaf", [Required("Vul in vanaf welke dag.")])
    source = forms.text(
        "Waar blijkt dat uit?", "Vul in waar dat uit blijkt.", length=300, what="Dit", description="Of wie het besloot."
    )
    decision = forms.choice("Besluit", [], empty="Geen besluit in het register")

    def offer(self, decisions: Sequence[Decision]) -> None:
        self.decision.choices = forms.options(
            [("", "Geen besluit in het register"), *((str(row.id), f"{row.number}: {row.title}") for row in decisions)]
        )


class ValueForm(SettingForm):
    """With a field `value`, added for the setting at hand."""

    def chosen(self) -> str:
        """The value as it is stored."""
        return str(self["value"].data)


class BodiesForm(SettingForm):
    board = BooleanField(Body.BOARD.label)
    supervisory_board = BooleanField(Body.SUPERVISORY_BOARD.label)
    advisory_board = BooleanField(Body.ADVISORY_BOARD.label)
    stakeholders = BooleanField(Body.STAKEHOLDERS.label)

    def chosen(self) -> str:
        """The value as it is stored."""
        return ",".join(str(body.value) for body in Body if self[str(body.value)].data)


def form_for(allowed: Allowed) -> type[ValueForm] | type[BodiesForm]:
    """The form class with a field for the value."""
    label = "Nieuwe waarde"
    if isinstance(allowed, Number):
        number: Any = WholeNumberField(label, [Required("Vul een getal in.")], low=allowed.low, high=allowed.high)
        return type("NumberForm", (ValueForm,), {"value": number})
    if isinstance(allowed, OneOf):
        choices = [(code, VALUES.get(code, code)) for code in allowed.codes]
        return type("ChoiceForm", (ValueForm,), {"value": forms.radio(label, choices, "Maak een keuze.")})
    if isinstance(allowed, Sentence):
        sentence: Any = forms.text(label, "Schrijf een tekst.", length=allowed.longest, what="De tekst")
        return type("SentenceForm", (ValueForm,), {"value": sentence})
    return BodiesForm
