"""The form of an entry of the register."""

from __future__ import annotations

from wtforms import BooleanField

from core import clock
from core.forms import DayField, Form, long_text, radio, text
from core.validators import Required
from governance.privacy.kinds import DataRole


class ActivityForm(Form):
    role = radio("Onze rol", DataRole.choices(), "Kies onze rol.")
    name = text("Naam van de verwerking", "Geef de verwerking een naam.", what="De naam")
    controller = long_text(
        "Wie verantwoordelijk is, met contact",
        "Vul in wie verantwoordelijk is.",
        description="Zijn wij verwerker: voor wie wij het doen.",
    )
    representative = text("Vertegenwoordiger in de EU", description="Alleen als de verantwoordelijke buiten de EU zit.")
    officer = text("Functionaris gegevensbescherming", "Vul in hoe de functionaris te bereiken is.")
    purpose = long_text("Doel, of wat wij voor anderen doen", "Schrijf het doel op.")
    legal_basis = long_text("Grondslag", description="Art. 6 lid 1 AVG, met de wet of overeenkomst die het vraagt.")
    people = long_text("Over wie", "Schrijf op over welke groepen mensen het gaat.")
    data = long_text("Welke gegevens", "Schrijf op welke soorten gegevens het zijn.")
    recipients = long_text("Wie ze ontvangt", "Schrijf op wie ze ontvangt, of 'niemand'.")
    transfers = long_text("Doorgifte buiten de EER, met waarborgen", "Schrijf op waarheen, of 'geen'.")
    retention = long_text("Hoe lang wij ze bewaren", "Schrijf de bewaartermijn op.")
    security = long_text("Beveiliging", "Beschrijf de beveiliging in het kort.")
    starts_on = DayField("Geldt vanaf", [Required("Vul in vanaf welke dag.")], default=clock.today)
    source = text("Bron of reden van de wijziging", "Schrijf op waar dit op steunt.")
    to_confirm = BooleanField("Nog te bevestigen")


class VersionForm(ActivityForm):
    stopped = BooleanField("Vanaf deze dag doen wij dit niet meer")
