"""Forms over meetings: planning, calling off, signing up and off."""

from __future__ import annotations

import re
from datetime import time

from wtforms import Field, StringField
from wtforms.validators import ValidationError

from core.clock import AMSTERDAM
from core.forms import DayField, Form, WholeNumberField, choice, email, long_text, radio, text
from core.validators import Optional, Required
from core.visitors import GuardedForm
from helpdesk.kinds import MeetingAudience, MeetingKind, WhenFull
from helpdesk.meetings.services import Plan, moment_of
from helpdesk.models import InformationMeeting


def parse_time(typed: str) -> time:
    """A time of day: 14:00, 14.00 or 14. Raises ValueError with a Dutch sentence."""
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?: ?uur)?", typed.strip().lower())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise ValueError("Schrijf de tijd als uren:minuten, bijvoorbeeld 14:00.")
    return time(hour, minute)


class TimeOfDay:
    """Something that `parse_time` can read."""

    def __call__(self, form: Form, field: Field) -> None:
        try:
            parse_time(str(field.data or ""))
        except ValueError as error:
            raise ValidationError(str(error)) from error


def _time(label: str, required: str) -> StringField:
    return StringField(label, [Required(required), TimeOfDay()])


class MeetingForm(Form):
    title = text("Titel", "Vul een titel in.", length=120, what="De titel")
    kind = choice("Soort", MeetingKind.choices(), "Kies een soort.")
    audience = choice("Voor wie", MeetingAudience.choices(), "Kies voor wie de bijeenkomst is.")
    description = long_text("Omschrijving", length=3000, what="De omschrijving")
    on = DayField("Dag", [Required("Vul de dag in.")], description="Dag-maand-jaar, bijvoorbeeld 1-12-2026.")
    start = _time("Begintijd", "Vul de begintijd in.")
    end = _time("Eindtijd", "Vul de eindtijd in.")
    place = text(
        "Plaats",
        "Vul een plaats in, of online.",
        length=80,
        what="De plaats",
        description="Een plaatsnaam, of online. Dit ziet iedereen.",
    )
    directions = text(
        "Adres of link",
        length=300,
        what="Dit veld",
        description="Alleen wie zich heeft aangemeld, krijgt dit te zien, in de mail.",
    )
    capacity = WholeNumberField(
        "Aantal plaatsen", [Optional()], low=1, high=10_000, description="Laat leeg als er geen grens is."
    )
    when_full = radio("Als de bijeenkomst vol is", WhenFull.choices(), "Kies wat er gebeurt.", default="waiting_list")
    open_until = DayField(
        "Aanmelden kan tot en met",
        [Optional()],
        description="Laat leeg voor de dag van de bijeenkomst zelf.",
    )

    def fill_in(self, row: InformationMeeting) -> None:
        """Show what is stored."""
        starts, ends = row.starts_at.astimezone(AMSTERDAM), row.ends_at.astimezone(AMSTERDAM)
        for name in ("title", "description", "place", "directions", "capacity", "open_until"):
            self[name].data = getattr(row, name)
        for name in ("kind", "audience", "when_full"):
            self[name].data = str(getattr(row, name).value)
        self.on.data, self.start.data, self.end.data = starts.date(), f"{starts:%H:%M}", f"{ends:%H:%M}"

    def plan(self) -> Plan:
        """What was filled in, of a form that is valid."""
        on = self.on.data
        if on is None:
            raise ValueError("the form is not valid")
        return Plan(
            title=str(self.title.data),
            kind=MeetingKind(self.kind.data),
            audience=MeetingAudience(self.audience.data),
            description=self.description.data,
            starts_at=moment_of(on, parse_time(str(self.start.data))),
            ends_at=moment_of(on, parse_time(str(self.end.data))),
            place=str(self.place.data),
            directions=self.directions.data,
            capacity=self.capacity.data,
            when_full=WhenFull(self.when_full.data),
            open_until=self.open_until.data or on,
        )


class CancelForm(Form):
    reason = long_text(
        "Waarom gaat de bijeenkomst niet door?",
        "Schrijf in één of twee zinnen waarom.",
        length=500,
        what="De reden",
        description="Dit staat in de mail aan wie zich heeft aangemeld, en op de agenda.",
    )


class SignUpForm(GuardedForm):
    name = text("Uw naam", "Vul uw naam in.", what="De naam")
    organisation = text("Uw organisatie", "Vul uw organisatie in.", what="De naam")
    email = email("Uw e-mailadres", description="Hier krijgt u de bevestiging, met het adres of de link.")
    remark = long_text(
        "Opmerking", length=500, what="De opmerking", description="Bijvoorbeeld wat u nodig hebt om te kunnen komen."
    )


class SignOffForm(Form):
    """A button."""
