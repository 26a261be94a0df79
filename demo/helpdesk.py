"""A stand-in for the ticket system, so that asking for help can be tried from question to answer; and example requests
and meetings. Its tickets are files in the data folder, which web server and worker share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy import select
from werkzeug.wrappers import Response

from core import clock
from core.audit import VISITOR
from core.clock import AMSTERDAM
from core.db import session, transaction
from core.errors import NotFound
from core.forms import Form, long_text, radio
from core.permissions import anyone
from core.web import absolute_url, notice, settings
from demo.views import blueprint
from helpdesk.kinds import MeetingAudience, MeetingKind, RequestChannel, TicketState, WhenFull
from helpdesk.meetings import services as meetings
from helpdesk.models import InformationMeeting
from helpdesk.requests import delivery, refreshing, services
from helpdesk.ticket_systems import chosen
from helpdesk.ticket_systems.documents import Reference, SystemAway, Ticket, TicketView
from helpdesk.ticket_systems.plain_text import plain_text
from identity.queries import account_by_email
from identity.services import actor_of
from participants.kinds import Stage
from participants.models import Organisation, Participant

FIRST_NUMBER = 90001
CHOICES = [(str(state.value), state.label) for state in (TicketState.OPEN, TicketState.WAITING, TicketState.CLOSED)]


class StandIn:
    """The ticket system of the example: one JSON file for each ticket."""

    def create(self, ticket: Ticket) -> Reference:
        number = max((int(path.stem) for path in self._files()), default=FIRST_NUMBER - 1) + 1
        content = {
            "key": ticket.key,
            "title": ticket.title,
            "text": ticket.text,
            "name": ticket.name,
            "email": ticket.email,
            "files": [file.name for file in ticket.files],
            "made_at": clock.now().isoformat(),
            "state": str(TicketState.NEW.value),
            "answer": None,
            "answered_at": None,
        }
        try:
            with (self._folder() / f"{number}.json").open("x", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False)
        except FileExistsError as error:
            raise SystemAway("Er kwam op hetzelfde moment een ander ticket binnen.") from error
        return Reference(str(number), str(number))

    def find(self, key: str) -> Reference | None:
        for path in self._files():
            if self.read(path.stem)["key"] == key:
                return Reference(path.stem, path.stem)
        return None

    def look(self, ticket_id: str) -> TicketView:
        content = self.read(ticket_id)
        answered_at = content["answered_at"]
        return TicketView(
            TicketState(content["state"]),
            plain_text(content["answer"], "text/plain") if content["answer"] else None,
            datetime.fromisoformat(answered_at) if answered_at else None,
        )

    def page_of(self, ticket_id: str) -> str:
        return absolute_url("demo.show_ticket", number=int(ticket_id))

    def answer(self, ticket_id: str, text: str | None, state: TicketState) -> None:
        """What somebody of the helpdesk types."""
        content = self.read(ticket_id) | {"state": str(state.value)}
        if text:
            content |= {"answer": text, "answered_at": clock.now().isoformat()}
        path = self._folder() / f"{int(ticket_id)}.json"
        draft = path.with_suffix(".deel")
        draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)

    def read(self, ticket_id: str) -> dict[str, Any]:
        """Raises SystemAway for a ticket that does not exist."""
        try:
            content: dict[str, Any] = json.loads((self._folder() / f"{int(ticket_id)}.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SystemAway("Dit ticket bestaat niet.") from error
        return content

    def newest(self) -> list[tuple[str, dict[str, Any]]]:
        """All tickets with their numbers."""
        stems = sorted((path.stem for path in self._files()), key=int, reverse=True)
        return [(stem, self.read(stem)) for stem in stems]

    def _folder(self) -> Path:
        folder = settings().data_dir / "voorbeeld-ticketsysteem"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _files(self) -> Iterator[Path]:
        return (path for path in self._folder().glob("*.json") if path.stem.isdecimal())


STAND_IN = StandIn()


@blueprint.record
def use_stand_in(state: BlueprintSetupState) -> None:
    """Unless this demonstration was given a real one."""
    config = state.app.extensions["settings"]
    if not (config.helpdesk_url or config.helpdesk_mail):
        chosen.use(state.app, STAND_IN)  # type: ignore[arg-type]  # an App is a Flask here


# ------------------------------------------------------------------------------------------- its pages


class TicketForm(Form):
    answer = long_text("Antwoord", length=4000, what="Het antwoord")
    state = radio("Stand", CHOICES, "Kies een stand.", default=str(TicketState.OPEN.value))


@blueprint.get("/ticketsysteem")
@anyone
def list_tickets() -> str:
    return render_template("demo/tickets.html", tickets=STAND_IN.newest())


@blueprint.route("/ticketsysteem/<int:number>", methods=["GET", "POST"])
@anyone
def show_ticket(number: int) -> str | tuple[str, int] | Response:
    try:
        ticket = STAND_IN.read(str(number))
    except SystemAway as error:
        raise NotFound("Dit ticket bestaat niet in dit voorbeeld.") from error
    form = TicketForm()
    if form.validate_on_submit():
        STAND_IN.answer(str(number), form.answer.data, TicketState(form.state.data))
        notice("Opgeslagen. In Knooppuntbeheer staat het binnen vijf minuten, of meteen met de knop daar.")
        return redirect(url_for("demo.list_tickets"), 303)
    page = render_template(
        "demo/ticket.html", number=number, ticket=ticket, form=form, form_has_errors=bool(form.errors)
    )
    return page, 422 if request.method == "POST" else 200


# ------------------------------------------------------------------------------------------- example data


def leave() -> None:
    """Three requests of invented participants (open, answered, closed), two coming meetings and one that was."""
    _requests()
    _meetings()


_QUESTIONS = (
    ("Nieuwe contactpersoon doorgeven", "Onze financiële contactpersoon verandert. Waar geef ik dat door?", 1),
    ("Factuur nog niet ontvangen", "Wij hebben de factuur van dit jaar nog niet. Kunt u die opnieuw sturen?", 4),
    ("Welke module hoort bij betalingsregelingen?", "Wij willen een regeling van 100% voorstellen. Kan dat al?", 12),
)
_ANSWERS = (
    None,
    ("De factuur staat ook bij Facturen op uw eigen pagina's. Wij hebben haar opnieuw gemaild.", TicketState.WAITING),
    ("Ja, met de module Betalingsregeling. U vraagt die aan op uw eigen pagina bij Modules.", TicketState.CLOSED),
)


def _requests() -> None:
    query = (
        select(Participant)
        .join(Participant.organisation)
        .where(Organisation.fictional, Participant.stage == Stage.LIVE)
        .order_by(Participant.id.desc())
        .limit(len(_QUESTIONS))
    )
    with transaction():
        asking = [(one.id, one.organisation.name) for one in session().execute(query).scalars()]
    for n, (participant_id, name) in reversed(list(enumerate(asking))):
        subject, question, days = _QUESTIONS[n]
        moment = datetime.combine(clock.today() - timedelta(days=days), time(10, 15 + n), AMSTERDAM)
        domain = "".join(c if c.isalnum() else "-" for c in name.lower())
        asked = services.Asked(
            subject=subject,
            question=question,
            name=f"Voorbeeldpersoon {'ABC'[n]}",
            email=f"hulp@{domain}.invalid",
            channel=RequestChannel.PHONE if n == 1 else RequestChannel.WEB,
            page=f"/mijn/{participant_id}",
        )
        with clock.at(moment):
            with transaction():
                services.ask(asked, VISITOR, participant_id=participant_id)
            delivery.deliver_due()
        _answer(asked.subject, n, moment + timedelta(hours=3))


def _answer(subject: str, n: int, moment: datetime) -> None:
    answer = _ANSWERS[n]
    if answer is not None:
        with clock.at(moment):
            newest = next(number for number, ticket in STAND_IN.newest() if ticket["title"].startswith(subject))
            STAND_IN.answer(newest, *answer)
            refreshing.refresh_due()


def _meetings() -> None:
    account = account_by_email("relatie.a@voorbeeld.invalid")
    if account is None:
        raise LookupError("there is no persona relatie.a")
    actor, today = actor_of(account), clock.today()
    with clock.at(today - timedelta(days=60)), transaction():
        past = meetings.plan_meeting(
            _plan("Voorbeeldbijeenkomst: wat doet het Schuldenknooppunt?", today - timedelta(days=30), None), actor
        )
        _guests(past.id, 3)
    with clock.at(today - timedelta(days=8)), transaction():
        online = _plan("Voorbeeldwebinar: kennismaken in een uur", today + timedelta(days=16), None, is_online=True)
        _guests(meetings.plan_meeting(online, actor).id, 2)
        live = _plan("Voorbeeldbijeenkomst voor schuldeisers", today + timedelta(days=37), 3)
        _guests(meetings.plan_meeting(live, actor).id, 4)


def _plan(title: str, on: date, capacity: int | None, *, is_online: bool = False) -> meetings.Plan:
    return meetings.Plan(
        title=title,
        kind=MeetingKind.WEBINAR if is_online else MeetingKind.INFORMATION,
        audience=MeetingAudience.CREDITORS if capacity else MeetingAudience.EVERYBODY,
        description="Een verzonnen bijeenkomst, om te laten zien hoe de agenda werkt.",
        starts_at=meetings.moment_of(on, time(14, 0)),
        ends_at=meetings.moment_of(on, time(15, 0) if is_online else time(16, 30)),
        place="Online" if is_online else "Voorbeeldstad",
        directions="https://voorbeeld.invalid/webinar" if is_online else "Voorbeeldstraat 1, 9999 XX Voorbeeldstad",
        capacity=capacity,
        when_full=WhenFull.WAITING_LIST,
        open_until=on - timedelta(days=1),
    )


def _guests(meeting_id: int, count: int) -> None:
    row = session().get_one(InformationMeeting, meeting_id)
    for letter in "DEFG"[:count]:
        guest = meetings.Guest(
            f"Voorbeeldpersoon {letter}", f"Voorbeeldorganisatie {letter}", f"gast.{letter.lower()}@voorbeeld.invalid"
        )
        meetings.sign_up(row, guest, VISITOR)
