"""Forms about seats and terms."""

from __future__ import annotations

from wtforms import BooleanField

from core import forms
from core.validators import Required
from governance.bodies.kinds import Represents, SeatSector

DAY = "dag-maand-jaar, bijvoorbeeld 1-1-2027"


def _day(label: str, message: str) -> forms.DayField:
    return forms.DayField(label, [Required(message)], description=DAY)


class SeatForm(forms.Form):
    name = forms.text(
        "Naam van de zetel",
        "Vul in hoe de zetel heet.",
        length=80,
        what="De naam",
        description="Bijvoorbeeld: Zetel 3.",
    )
    represents = forms.choice("Namens wie?", Represents.choices(), "Kies namens wie.")
    sector = forms.choice("Publiek of privaat?", SeatSector.choices(), empty="Niet van toepassing (onafhankelijk)")
    is_chair = BooleanField("Dit is de zetel van de onafhankelijke voorzitter")
    starts_on = _day("Vanaf welke dag bestaat de zetel?", "Vul de eerste dag in.")


class TermForm(forms.Form):
    member = forms.text("Naam van het lid", "Vul de naam in.", what="De naam")
    starts_on = _day("Eerste dag", "Vul de eerste dag in.")
    last_day = _day("Laatste dag", "Vul de laatste dag in.")


class EndForm(forms.Form):
    last_day = _day("Laatste dag", "Vul de laatste dag in.")


class EndTermForm(EndForm):
    reason = forms.text("Reden", "Schrijf kort waarom de termijn eerder eindigt.", what="De reden")
