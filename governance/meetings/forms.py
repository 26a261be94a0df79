"""Forms about meetings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask_wtf.file import FileRequired, MultipleFileField

from core import forms
from core.editing import EditForm
from core.validators import Required
from governance.kinds import Body
from governance.meetings.kinds import PaperKind
from governance.rules import Waiting

DAY = "dag-maand-jaar, bijvoorbeeld 3-12-2026"


class MeetingForm(forms.Form):
    body = forms.choice("Welk orgaan vergadert?", Body.choices(), "Kies het orgaan.")
    held_on = forms.DayField("Op welke dag?", [Required("Vul de dag van de vergadering in.")], description=DAY)
    time_and_place = forms.text(
        "Tijd en plaats",
        "Vul de tijd en de plaats in.",
        what="Dit veld",
        description="Bijvoorbeeld: 10.00 uur, vergaderzaal 2.",
    )


class ChangeMeetingForm(EditForm):
    held_on = forms.DayField("Op welke dag?", [Required("Vul de dag van de vergadering in.")], description=DAY)
    time_and_place = forms.text("Tijd en plaats", "Vul de tijd en de plaats in.", what="Dit veld")


def key_of(waiting: Waiting) -> str:
    """Names something that waits, in the address of a form."""
    return hashlib.sha256(f"{waiting.url}\n{waiting.title}".encode()).hexdigest()[:16]


class AgendaForm(forms.Form):
    waiting = forms.Checkboxes("Wat wacht op dit orgaan", forgiving=True)
    title = forms.text("Eigen punt", what="Het punt", description="Leeg, als u alleen hierboven kiest.")
    explanation = forms.long_text("Toelichting bij het eigen punt", length=2000, what="De toelichting")

    def offer(self, waiting: Sequence[Waiting]) -> None:
        self.waiting.choices = forms.options([(key_of(row), row.title) for row in waiting])


class PapersForm(forms.Form):
    kind = forms.radio("Wat voegt u toe?", PaperKind.choices(), "Kies wat u toevoegt.", default="paper")
    papers = MultipleFileField("Bestanden", [FileRequired("Kies een bestand.")])
