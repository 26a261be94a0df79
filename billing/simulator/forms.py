"""Forms for scenarios."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField

from billing.simulator.kinds import Population
from billing.simulator.services import ScenarioDraft
from billing.tariffs.recording.fields import AmountField
from billing.tariffs.recording.forms import RowsForm
from core import forms
from core.forms import Form, WholeNumberField
from core.validators import Optional, Required
from governance.models import Decision


class ScenarioForm(RowsForm):
    name = forms.text("Naam", "Geef het scenario een naam, bijvoorbeeld: B naar € 800.", length=80, what="Een naam")
    explanation = forms.long_text("Toelichting", length=2000, what="De toelichting")
    population = forms.radio("Voor wie rekent u?", Population.choices(), "Kies voor wie u rekent.")
    year = WholeNumberField("Jaar", [Required("Vul het jaar in.")])
    ends_zero_tariff = BooleanField("Reken alsof het jaartarief € 0,00 is geëindigd")
    budget = AmountField("Begroting: gewenste opbrengst over dit jaar", [Optional()])

    def draft(self) -> ScenarioDraft:
        """Only asked for after validation."""
        return ScenarioDraft(
            name=self.name.data or "",
            explanation=self.explanation.data,
            population=Population(self.population.data),
            year=self.year.data or 0,
            ends_zero_tariff=bool(self.ends_zero_tariff.data),
            budget=self.budget.data,
            tables=self.tables(),
        )


class AttachForm(Form):
    decision = forms.choice("Besluit of advies dat er is", [], empty="Nog niet")
    preparing = forms.text(
        "Of: stuk in voorbereiding",
        length=200,
        what="Dit",
        description="Bijvoorbeeld: adviesaanvraag tarieven 2027 voor de raad van advies.",
    )

    def offer(self, decisions: Sequence[Decision]) -> None:
        self.decision.choices = forms.options(
            [("", "Nog niet"), *((str(row.id), f"{row.number}: {row.title}") for row in decisions)]
        )
