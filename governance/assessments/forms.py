"""Forms about assessments and their findings."""

from __future__ import annotations

from flask_wtf.file import FileField

from core import clock
from core.editing import EditForm
from core.forms import DayField, Form, choice, long_text, radio
from core.forms import text as short_text
from core.validators import Optional, Required
from governance.assessments.kinds import AssessmentKind, FindingState, Severity, Verdict


class _About:
    release = short_text(
        "Release", "Vul in wat wordt getoetst.", what="De release", description="Bijvoorbeeld: Schuldregeling 2.0."
    )
    report_version = short_text(
        "Versie van het rapport", "Vul de versie van het rapport in.", length=50, what="De versie"
    )
    scope = long_text(
        "Wat wordt getoetst",
        "Schrijf op wat wordt getoetst.",
        what="De omschrijving",
        description="Bijvoorbeeld: het portaal, de systeemkoppeling en de beheerfuncties.",
    )
    assessor = short_text(
        "Uitgevoerd door",
        "Vul in wie de toets uitvoert.",
        what="De uitvoerder",
        description="De naam van het bureau of het team, niet van een persoon.",
    )
    started_on = DayField("Begonnen op", [Required("Vul in op welke dag de toets begon.")], default=clock.today)


class StartForm(_About, Form):
    kind = radio("Soort toets", AssessmentKind.choices(), "Kies een soort toets.")


class EditAssessmentForm(_About, EditForm):
    pass


class ReportForm(Form):
    report = FileField("Rapport (PDF)", [Required("Kies een bestand.")])


class FindingForm(EditForm):
    severity = radio("Ernst", Severity.choices(), "Kies hoe ernstig het is.")
    text = long_text("Bevinding", "Schrijf op wat is gevonden.", what="De bevinding")
    owner = short_text(
        "Eigenaar", what="De eigenaar", description="De rol of het team dat het oplost, niet de naam van een persoon."
    )
    due_on = DayField("Klaar vóór of op", [Optional()])


class SettleForm(Form):
    state = radio(
        "Afgehandeld als",
        [(str(state.value), state.label) for state in FindingState if state is not FindingState.OPEN],
        "Kies hoe de bevinding is afgehandeld.",
    )
    settled_on = DayField("Op", [Required("Vul de dag in.")], default=clock.today)
    reason = long_text(
        "Hoe is het opgelost, of waarom aanvaardt u het risico?",
        "Schrijf in één of twee zinnen hoe of waarom.",
        length=2000,
        what="De toelichting",
    )


class CloseForm(Form):
    verdict = choice("Oordeel", Verdict.choices(), "Kies een oordeel.")
    closed_on = DayField("Afgesloten op", [Required("Vul de dag in.")], default=clock.today)
    next_on = DayField("Opnieuw toetsen op", [Optional()])
