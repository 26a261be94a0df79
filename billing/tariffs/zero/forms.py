"""Forms about the zero tariff."""

from __future__ import annotations

from collections.abc import Sequence

from billing.kinds import CarryOver
from billing.tariffs.recording.forms import decision_choice, decision_field
from core import forms
from core.forms import DayField, Form
from core.validators import Optional, Required
from governance.models import Decision


class ReviewForm(Form):
    ends_on = DayField(
        "Laatste dag waarop een abonnement met € 0,00 kan ingaan",
        [Optional()],
        description="dag-maand-jaar, bijvoorbeeld 31-12-2026. Leeg: er is nog geen einde.",
    )
    review_on = DayField(
        "Dag waarop het bestuur er weer naar kijkt",
        [Optional()],
        description="Financiën krijgt drie maanden ervoor een melding.",
    )
    carry_over = forms.radio(
        "Wat betalen deze abonnementen na het einde?", CarryOver.choices(), "Kies wat zij na het einde betalen."
    )
    decision = decision_field()

    def offer(self, decisions: Sequence[Decision]) -> None:
        self.decision.choices = decision_choice(decisions)


class ZeroTariffForm(ReviewForm):
    starts_on = DayField(
        "Voor abonnementen die ingaan vanaf", [Required("Vul de eerste dag in.")], description="Een dag na vandaag."
    )
