"""The form of a message type."""

from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField

from catalogue.messages.kinds import MessageKind, Party
from core import forms
from core.forms import Form, WholeNumberField
from core.validators import Optional, Required


class MessageForm(Form):
    code = forms.text("Code", "Vul een code in, bijvoorbeeld PZ.VERZOEK.", length=40, what="De code")
    name = forms.text("Naam", "Vul de naam van het bericht in.", length=120, what="De naam")
    kind = forms.choice("Soort bericht", MessageKind.choices(), "Kies waarvoor het bericht is.")
    senders = SelectMultipleField(
        "Wie stuurt het?", [Required("Kies wie het bericht stuurt.")], choices=forms.options(Party.choices())
    )
    receivers = SelectMultipleField(
        "Wie ontvangt het?", [Required("Kies wie het bericht ontvangt.")], choices=forms.options(Party.choices())
    )
    answers = SelectMultipleField("Op welke berichten is het een antwoord?", [Optional()], validate_choice=False)
    answer_working_days = WholeNumberField("Antwoord binnen hoeveel werkdagen?", [Optional()], low=1, high=250)
    is_optional = BooleanField("Het bericht is facultatief")
    former_name = forms.text("Eerdere naam", length=120, what="De naam")
    source = forms.text("Bron", "Vul in waar dit staat.", length=300, what="De bron")
