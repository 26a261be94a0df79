"""Forms about a version: planning it, its gates, its agreements, its release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectMultipleField

from catalogue.versions.kinds import AgreementAudience
from core import forms
from core.editing import EditForm
from core.forms import DayField, Form
from core.validators import Optional, Required
from participants.kinds import Channel

DAY_HINT = "dag-maand-jaar, bijvoorbeeld 1-12-2026"


class PlanForm(EditForm):
    """What is planned and said about a version."""

    quarter = forms.text("Kwartaal, zoals wij het noemen", length=60, what="Het kwartaal")
    planned_on = DayField("Eerste dag van dat kwartaal", [Optional()])
    purpose = forms.long_text("Doel", "Schrijf in één of twee zinnen waarvoor de module is.", length=1000)
    changes = forms.long_text("Wat er verandert", "Schrijf wat er verandert ten opzichte van de vorige versie.")
    source = forms.text("Bron", "Vul in waar dit staat.", length=300, what="De bron")
    source_date = forms.text("Datum van de bron", length=60, what="De datum")
    needs_addendum = BooleanField("Deelnemers moeten eerst een addendum bij de overeenkomst aanvaarden")


class AddForm(PlanForm):
    """A version that does not exist yet."""

    module = forms.choice("Module", (), "Kies een module.")
    version = forms.text("Versie", "Vul het nummer van de versie in, bijvoorbeeld 2.1.", length=20, what="Het nummer")
    channels = SelectMultipleField(
        "Kanalen", [Required("Kies ten minste één kanaal.")], choices=forms.options(Channel.choices())
    )

    def __init__(self, *args: Any, modules: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.module.choices = forms.options([("", "Maak een keuze"), *modules])


class HappenedForm(Form):
    """Something was agreed, built or tested."""

    happened_on = DayField("Op welke dag?", [Required("Vul in op welke dag.")])
    done_by = forms.text("Door wie?", "Vul in door wie: een organisatie of overleg.", length=200, what="Dit")
    reference = forms.text(
        "Waar staat het?", "Vul in waar dit staat, bijvoorbeeld een verslag.", length=300, what="Dit"
    )


class ChosenForm(Form):
    """An assessment, decision or advice that exists already."""

    chosen = forms.radio("Welke?", (), "Maak een keuze.")

    def __init__(self, *args: Any, options: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen.choices = forms.options(options)

    @property
    def key(self) -> int:
        """Id of what was chosen, once the form was found right."""
        return int(self.chosen.data)


class WithdrawForm(Form):
    reason = forms.long_text("Reden", "Schrijf in één of twee zinnen waarom.", length=2000, what="De reden")


class ReleaseForm(Form):
    day = DayField("Vrijgegeven vanaf", [Required("Vul in vanaf welke dag.")])


class AgreementForm(Form):
    """Agreements on process."""

    title = forms.text("Titel", "Vul de titel in.", what="De titel")
    version = forms.text("Versie", "Vul de versie in.", length=20, what="De versie")
    agreed_on = DayField("Vastgesteld op", [Optional()])
    audience = forms.radio("Voor wie?", AgreementAudience.choices(), "Kies voor wie de afspraken zijn.")
    source = forms.text("Waar staan ze?", "Vul in waar de afspraken staan.", length=300, what="De bron")


class AudienceForm(Form):
    """For which roles a module is."""

    roles = SelectMultipleField("Welke rollen mogen deze module gebruiken?", [Required("Kies ten minste één rol.")])
