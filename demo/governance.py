"""Bodies, meetings and the operator of the demonstration: all invented, and named so that nobody can be meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select

from core import clock, pdf
from core.audit import SYSTEM
from core.db import session, transaction
from demo.desk import staff_member
from governance import services
from governance.bodies.kinds import Represents, SeatSector
from governance.bodies.models import Seat
from governance.bodies.rules import months_after
from governance.bodies.services import add_seat, appoint, end_term
from governance.decisions.services import propose_decision
from governance.kinds import Body, DecisionKind
from governance.meetings.kinds import PaperKind
from governance.meetings.queries import waiting_for
from governance.meetings.services import add_item, attach, plan_meeting, take_waiting
from governance.models import Operator, OperatorSignatory
from governance.papers.services import Upload, store_paper
from governance.rules import Draft, Paper
from identity.services import actor_of

STARTED = date(2021, 1, 1)
PUBLIC, PRIVATE = SeatSector.PUBLIC, SeatSector.PRIVATE
SHV, SE = Represents.DEBT_COUNSELLORS, Represents.CREDITORS
SEATS: dict[Body, tuple[tuple[str, Represents, SeatSector | None], ...]] = {
    Body.BOARD: (
        ("Voorzitter", Represents.INDEPENDENT, None),
        ("Zetel 1", SHV, PUBLIC),
        ("Zetel 2", SHV, PRIVATE),
        ("Zetel 3", SE, PUBLIC),
        ("Zetel 4", SE, PRIVATE),
    ),
    Body.SUPERVISORY_BOARD: (
        ("Voorzitter", Represents.INDEPENDENT, None),
        ("Zetel 1", SHV, PUBLIC),
        ("Zetel 2", SE, PRIVATE),
    ),
    Body.ADVISORY_BOARD: (("Zetel 1", SHV, PUBLIC), ("Zetel 2", SHV, PRIVATE), ("Zetel 3", SE, PRIVATE)),
    Body.STAKEHOLDERS: (("Zetel 1", SHV, PUBLIC), ("Zetel 2", SE, PUBLIC)),
}


def load() -> None:
    """Everything that this demonstration knows of governance. Once; opens its own transactions."""
    with transaction():
        if session().scalar(select(Seat.id).limit(1)) is not None:
            return
    with clock.at(STARTED), transaction():
        _seats()
    with transaction():
        _terms()
        _signatories()
    _meetings()
    _proposal()


def _seats() -> None:
    for body, seats in SEATS.items():
        for name, represents, sector in seats:
            add_seat(body, name, represents, sector, STARTED, SYSTEM, is_chair=name == "Voorzitter")


def _terms() -> None:
    """Four years each, in turns. One seat falls vacant within six months, one is vacant."""
    today = clock.today()
    for number, row in enumerate(session().execute(select(Seat).order_by(Seat.id)).scalars().all(), start=1):
        soon = (row.body, row.name) == (Body.BOARD, "Zetel 3")
        left = (row.body, row.name) == (Body.ADVISORY_BOARD, "Zetel 2")
        turn = months_after(date(today.year, 1, 1), 24 + 6 * (number % 6))
        last_day = months_after(today, 3) if soon else turn - timedelta(days=1)
        starts_on = months_after(last_day + timedelta(days=1), -48)
        if number % 3 == 0 and starts_on > STARTED:
            appoint(row, f"Voorbeeldlid {number} (eerder)", STARTED, starts_on - timedelta(days=1), SYSTEM)
        term = appoint(row, f"Voorbeeldlid {number}", max(starts_on, STARTED), last_day, SYSTEM)
        if left:
            end_term(term, today - timedelta(days=40), "andere functie (voorbeeld)", SYSTEM)


def _signatories() -> None:
    for number, row in enumerate(session().execute(select(Operator).order_by(Operator.starts_on)).scalars(), start=1):
        session().add(
            OperatorSignatory(
                operator_id=row.id,
                name=f"Voorbeeldpersoon {'AB'[number - 1] if number < 3 else number}",
                function="directeur (voorbeeld)",
                starts_on=row.starts_on,
                ends_before=date(2026, 1, 1) if row.starts_on < date(2026, 1, 1) else None,
            )
        )


def _paper(title: str, text: str) -> Paper:
    """A small tagged PDF that says that it is an example."""
    content = pdf.render("pdf/example_paper.html", title=title, text=text)
    return store_paper(Upload(f"{title}.pdf", content))


def _meetings() -> None:
    """One that was, with minutes and a decision; one to come, with an agenda of what waits and a paper."""
    today = clock.today()
    past, coming = today - timedelta(days=33), today + timedelta(days=19)
    clerk = actor_of(staff_member("applicatie.a"))
    with clock.at(past - timedelta(days=14)), transaction():
        held = plan_meeting(Body.BOARD, past, "10.00 uur, Voorbeeldzaal 1", clerk)
        add_item(held, "Opening en verslag van de vorige vergadering", None, clerk)
        add_item(held, "Jaarplanning", "De voorzitter licht het voorstel toe (voorbeeld).", clerk)
        attach(held, PaperKind.PAPER, [_paper("Voorbeeldstuk jaarplanning", "Verzonnen voorstel.")], clerk)
    with clock.at(past + timedelta(days=7)), transaction():
        attach(held, PaperKind.MINUTES, [_paper("Voorbeeldnotulen", "Verzonnen verslag.")], clerk)
        draft = replace(_PLANNING, decided_on=past, meeting_id=held.id)
        services.enter_decision(draft, SYSTEM, [_paper("Voorbeeldbesluit jaarplanning", "Verzonnen besluit.")])
    with transaction(), current_app.test_request_context():
        meeting = plan_meeting(Body.BOARD, coming, "10.00 uur, Voorbeeldzaal 2", clerk)
        add_item(meeting, "Opening en verslag van de vorige vergadering", None, clerk)
        take_waiting(meeting, waiting_for(Body.BOARD).items, clerk)
        attach(meeting, PaperKind.PAPER, [_paper("Voorbeeldstuk bij de agenda", "Verzonnen toelichting.")], clerk)


_PLANNING = Draft(
    Body.BOARD,
    DecisionKind.POLICY,
    STARTED,
    "Voorbeeldbesluit: jaarplanning",
    "Verzonnen besluit, voor de voorbeeldomgeving. Het bestuur vergadert zes keer per jaar.",
    "voorbeeld",
    reasons="Verzonnen overweging: zo liggen stukken op tijd bij de raad van advies.",
)


def _proposal() -> None:
    """An advice that a clerk took down and that waits for a colleague."""
    today = clock.today()
    with clock.at(today - timedelta(days=1)), transaction():
        draft = Draft(
            Body.ADVISORY_BOARD,
            DecisionKind.ZERO_TARIFF,
            today - timedelta(days=6),
            "Voorbeeldadvies: jaartarief € 0,00 na dit jaar",
            "Verzonnen advies. De raad van advies wil eerst de kosten zien.",
            "voorbeeld",
        )
        papers = [_paper("Voorbeeldadvies", "Verzonnen advies.")]
        propose_decision(draft, papers, actor_of(staff_member("relatie.a")))
