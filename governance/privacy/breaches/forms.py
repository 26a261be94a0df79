"""Forms about data breaches."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from core import clock
from core.clock import AMSTERDAM
from core.editing import EditForm
from core.forms import Checkboxes, DayField, Form, long_text, radio, text
from core.validators import MaxLength, Required
from governance.privacy.kinds import DataRole, Risk


class _Time:
    """A time of day such as 14:05."""

    def __call__(self, form: Any, field: Field) -> None:
        if not re.fullmatch(r"([01]?[0-9]|2[0-3])[:.][0-5][0-9]", field.data or ""):
            raise ValidationError("Schrijf de tijd als uren en minuten, bijvoorbeeld 14:05.")


def moment_of(day: date, typed: str) -> datetime:
    """The moment of a day and a checked time, in the Netherlands."""
    hours, minutes = re.split("[:.]", typed)
    return datetime.combine(day, time(int(hours), int(minutes)), AMSTERDAM)


def _timed(label: str, missing: str) -> StringField:
    return StringField(label, [Required(missing), MaxLength(5, "De tijd"), _Time()])


class _About:
    title = text("Korte omschrijving", "Vat in een paar woorden samen wat er is gebeurd.", what="De omschrijving")
    facts = long_text("Wat er is gebeurd", "Beschrijf wat er is gebeurd.")
    people_affected = long_text(
        "Om wie en hoeveel het gaat",
        "Schrijf op om welke groepen en ongeveer hoeveel mensen en gegevens het gaat.",
        description="Geen namen: groepen, soorten gegevens en aantallen.",
    )
    effects = long_text("Gevolgen", "Schrijf op wat de gevolgen kunnen zijn.")
    measures = long_text("Maatregelen", "Schrijf op wat u hebt gedaan of gaat doen.")
    risk = radio("Risico voor mensen", Risk.choices(), "Kies hoe groot het risico is.")


class BreachForm(_About, Form):
    role = radio("Onze rol", DataRole.choices(), "Kies onze rol.")
    discovered_on = DayField("Ontdekt op", [Required("Vul in op welke dag u het ontdekte.")], default=clock.today)
    discovered_time = _timed("Om hoe laat", "Vul in hoe laat u het ontdekte.")


class EditBreachForm(_About, EditForm):
    not_told_reason = long_text("Waarom niet, of later dan 72 uur, gemeld bij de Autoriteit Persoonsgegevens")
    people_not_told_reason = long_text("Waarom de mensen om wie het gaat niet zijn ingelicht")


class ToldForm(Form):
    told_on = DayField("Op", [Required("Vul de dag in.")], default=clock.today)
    told_time = _timed("Om hoe laat", "Vul in hoe laat dat was.")


class AuthorityForm(ToldForm):
    reference = text("Nummer van de melding", "Vul het nummer van de melding in.", length=100, what="Het nummer")


class AffectedForm(Form):
    everybody = BooleanField("Alle deelnemers die nu zijn aangesloten")
    participants = Checkboxes("Deelnemers die dit raakt", coerce=int)
