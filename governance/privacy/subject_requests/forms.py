"""Forms about requests of people."""

from __future__ import annotations

from core import clock
from core.forms import DayField, Form, email, long_text, radio, text
from core.validators import Required
from governance.privacy.kinds import RequestKind, RequestStage


class ReceiveForm(Form):
    kind = radio("Wat vraagt deze persoon?", RequestKind.choices(), "Kies wat wordt gevraagd.")
    name = text("Naam", "Vul de naam in.", what="De naam")
    email = email("E-mailadres", "Vul een e-mailadres in.")
    received_on = DayField("Ontvangen op", [Required("Vul in wanneer het verzoek binnenkwam.")], default=clock.today)
    received_how = text("Hoe kwam het binnen?", "Schrijf op hoe het binnenkwam.", what="Dit veld")


class IdentifyForm(Form):
    identity_check = long_text(
        "Hoe hebt u gecontroleerd wie het vraagt?", "Schrijf op hoe u dat hebt gecontroleerd.", length=1000
    )


class ExtendForm(Form):
    reason = long_text("Waarom is er meer tijd nodig?", "Schrijf op waarom er meer tijd nodig is.", length=1000)


class AnswerForm(Form):
    stage = radio(
        "Uitkomst",
        [(str(stage.value), stage.label) for stage in RequestStage if stage is not RequestStage.OPEN],
        "Kies beantwoord of geweigerd.",
    )
    answer = long_text("Antwoord aan de aanvrager", "Schrijf het antwoord. Weigert u, schrijf dan de reden.")
