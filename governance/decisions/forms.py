"""The form on which a decision or advice is taken down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_wtf.file import MultipleFileField

from core import forms
from core.filters import short_day
from core.validators import Optional, Required
from governance.kinds import Body, DecisionKind
from governance.meetings.models import Meeting
from governance.models import Decision
from governance.rules import Draft

LONG = 20_000
DAY = "dag-maand-jaar, bijvoorbeeld 3-11-2026"


class DecisionForm(forms.Form):
    body = forms.choice("Wie besloot of adviseerde?", Body.choices(), "Kies het orgaan.")
    kind = forms.choice("Waarover?", DecisionKind.choices(), "Kies waarover het besluit gaat.")
    decided_on = forms.DayField(
        "Op welke dag?", [Required("Vul de dag van het besluit of het advies in.")], description=DAY
    )
    title = forms.text("Titel", "Vul een titel in.", what="De titel", description="Waaraan herkent u het besluit?")
    text = forms.long_text("Tekst van het besluit of advies", "Vul de tekst in.", length=LONG, what="De tekst")
    reasons = forms.long_text(
        "Overwegingen", length=LONG, what="De overwegingen", description="Waarom is dit besloten?"
    )
    source = forms.text(
        "Waar staat het?",
        "Vul in waar het besluit te vinden is.",
        what="Dit veld",
        description="Bijvoorbeeld: notulen van 3 november 2026, punt 4.",
    )
    starts_on = forms.DayField("Geldt vanaf", [Optional()], description=f"{DAY}. Leeg: vanaf de dag van het besluit.")
    ends_on = forms.DayField(
        "Geldt tot en met", [Optional()], description=f"{DAY}. Leeg: tot een later besluit het vervangt."
    )
    advice = forms.choice(
        "Advies vooraf",
        [],
        empty="Geen",
        description="Over tarieven en over de vrijgave van een module adviseert de raad van advies eerst.",
    )
    supersedes = forms.choice("Komt in plaats van", [], empty="Geen eerder besluit")
    meeting = forms.choice("Genomen in de vergadering", [], empty="Niet bekend")
    papers = MultipleFileField("Stukken")

    def offer(self, advices: Sequence[Decision], decisions: Sequence[Decision], meetings: Sequence[Meeting]) -> None:
        """Fill the lists to choose from."""
        self.advice.choices = forms.options([("", "Geen"), *map(_choice, advices)])
        self.supersedes.choices = forms.options([("", "Geen eerder besluit"), *map(_choice, decisions)])
        self.meeting.choices = forms.options(
            [
                ("", "Niet bekend"),
                *((str(row.id), f"{row.body.label}, {short_day(row.held_on)}") for row in meetings),
            ]
        )

    def draft(self) -> Draft:
        """What was filled in; only asked for after validation."""
        decided_on: Any = self.decided_on.data
        last_day: date | None = self.ends_on.data
        return Draft(
            body=Body(self.body.data),
            kind=DecisionKind(self.kind.data),
            decided_on=decided_on,
            title=self.title.data or "",
            text=self.text.data or "",
            source=self.source.data or "",
            reasons=self.reasons.data,
            starts_on=self.starts_on.data,
            ends_before=last_day + timedelta(days=1) if last_day else None,
            advice_id=_key(self.advice.data),
            supersedes_id=_key(self.supersedes.data),
            meeting_id=_key(self.meeting.data),
        )


def _choice(row: Decision) -> tuple[str, str]:
    return str(row.id), f"{row.number}: {row.title}"


def _key(value: str | None) -> int | None:
    return int(value) if value else None
