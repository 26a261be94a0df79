"""Requests reach the ticket system once, whatever goes wrong on the way."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.audit import SYSTEM
from core.db import transaction
from core.errors import Refused
from core.mail import OutboxMessage
from helpdesk.kinds import RequestStage, TicketState
from helpdesk.models import HelpDelivery, HelpRequest
from helpdesk.requests import services
from helpdesk.requests.delivery import deliver_due
from helpdesk.requests.files import CheckedFile
from helpdesk.requests.queries import stuck_requests
from helpdesk.requests.refreshing import refresh_due
from helpdesk.rules import MOST_ATTEMPTS
from helpdesk.ticket_systems.zammad import Zammad as Client
from tests.helpdesk.conftest import Ask, MakeParticipant
from tests.helpdesk.zammad import TOKEN, Zammad

pytestmark = pytest.mark.usefixtures("client")


def later(hours: float = 12) -> int:
    """Deliver after a pause."""
    with clock.at(clock.now() + timedelta(hours=hours)):
        return deliver_due()


def state(session: Session, row: HelpRequest) -> tuple[RequestStage, HelpDelivery]:
    session.expire_all()
    return row.stage, session.get_one(HelpDelivery, row.id)


def test_a_request_becomes_a_ticket_with_all_that_goes_along(
    session: Session, ask: Ask, make_participant: MakeParticipant, zammad: Zammad
) -> None:
    file = CheckedFile("Scherm é.png", "image/png", b"\x89PNG nep")
    row = ask(make_participant(), (file,), page="/mijn/1", last_event="Iets gebeurde.", phone="010 1234567")
    assert deliver_due() == 1
    (body,) = zammad.bodies
    assert body["title"] == f"Hoe werkt dit? [{row.key}]"
    assert body["customer_id"] == "guess:a@deelnemer.invalid"
    article = body["article"]
    assert (article["type"], article["internal"], article["content_type"]) == ("web", False, "text/plain")
    for part in ("Ik kom er niet uit.", "/mijn/1", "Iets gebeurde.", "010 1234567", "Voorbeeld Incasso", row.key):
        assert part in article["body"]
    (attachment,) = article["attachments"]
    assert (attachment["filename"], attachment["mime-type"]) == ("Scherm é.png", "image/png")
    assert base64.b64decode(attachment["data"]) == file.content
    stage, delivery = state(session, row)
    assert stage is RequestStage.DELIVERED
    assert (row.ticket_id, row.ticket_number, row.ticket_state) == ("41", "22041", TicketState.NEW)
    assert delivery.next_attempt_at is None
    assert later() == 0
    assert len(zammad.tickets) == 1


@pytest.mark.parametrize(
    "fault", ["time-out after accepting", "hangs up after accepting", "cut short", "500", "502", "garbage", "no id"]
)
def test_an_uncertain_outcome_never_makes_a_second_ticket(
    session: Session, ask: Ask, zammad: Zammad, fault: str
) -> None:
    row = ask()
    zammad.faults = [fault]
    assert deliver_due() == 0
    stage, delivery = state(session, row)
    assert stage is RequestStage.QUEUED
    assert delivery.last_error
    assert deliver_due() == 0, "not at once again"
    assert later() == 1
    assert len(zammad.tickets) == 1
    assert state(session, row)[0] is RequestStage.DELIVERED
    assert row.ticket_number == "22041"


def test_nothing_is_filed_as_long_as_the_search_does_not_work(session: Session, ask: Ask, zammad: Zammad) -> None:
    row = ask()
    zammad.faults = ["time-out after accepting", "garbage", "500"]
    assert [deliver_due(), later(1), later(2)] == [0, 0, 0]
    assert len(zammad.bodies) == 1
    assert later(30) == 1
    assert len(zammad.tickets) == 1
    assert state(session, row)[0] is RequestStage.DELIVERED


@pytest.mark.parametrize("fault", ["huge", "drips", "redirect"])
def test_an_answer_that_cannot_be_right_is_given_up(session: Session, ask: Ask, zammad: Zammad, fault: str) -> None:
    row = ask()
    zammad.faults = [fault]
    assert deliver_due() == 0
    stage, delivery = state(session, row)
    assert stage is RequestStage.QUEUED
    assert delivery.needs_attention is (fault == "redirect")


@pytest.mark.parametrize("fault", ["401", "403", "404"])
def test_a_wrong_setting_is_seen_by_staff_at_once_and_goes_on_by_itself(
    session: Session, ask: Ask, zammad: Zammad, fault: str
) -> None:
    first, second = ask(), ask(subject="De tweede")
    zammad.faults = [fault]
    assert deliver_due() == 0
    assert len(zammad.seen) == 1, "who is not let in does not go on knocking"
    assert [one.request.id for one in stuck_requests()] == [first.id]
    assert TOKEN not in (state(session, first)[1].last_error or "")
    assert later() == 2
    assert {state(session, first)[0], state(session, second)[0]} == {RequestStage.DELIVERED}
    assert stuck_requests() == []


def test_a_ticket_that_is_refused_waits_for_a_person(session: Session, ask: Ask, zammad: Zammad) -> None:
    row, other = ask(), ask(subject="De tweede")
    zammad.faults = ["422"]
    assert deliver_due() == 1, "the other one is not held up"
    stage, delivery = state(session, row)
    assert stage is RequestStage.FAILED
    assert "Zo kan het niet." in (delivery.last_error or "")
    assert state(session, other)[0] is RequestStage.DELIVERED
    assert later() == 0
    with transaction():
        services.retry(row, SYSTEM)
    assert deliver_due() == 1
    assert any("/search" in seen for seen in zammad.seen)
    assert state(session, row)[0] is RequestStage.DELIVERED
    with pytest.raises(Refused), transaction():
        services.retry(row, SYSTEM)


def test_it_stops_after_a_day_and_a_half(session: Session, ask: Ask, zammad: Zammad) -> None:
    row = ask()
    zammad.faults = ["500"] * 50
    for n in range(MOST_ATTEMPTS + 3):
        later(12 * (n + 1))
    stage, delivery = state(session, row)
    assert stage is RequestStage.FAILED
    assert delivery.attempts == MOST_ATTEMPTS
    assert len(zammad.seen) == MOST_ATTEMPTS


def test_nobody_listens(session: Session, ask: Ask, app: Flask) -> None:
    app.extensions["ticket_system"] = Client("http://127.0.0.1:1", TOKEN, "x", timeout=0.5)
    row = ask()
    assert deliver_due() == 0
    assert state(session, row)[1].last_error == "Geen antwoord (ConnectionRefusedError)."


def test_a_certificate_of_somebody_else_is_not_trusted(session: Session, ask: Ask, app: Flask, address: str) -> None:
    """The stand-in speaks no TLS at all; nothing is sent to it."""
    app.extensions["ticket_system"] = Client(address.replace("http:", "https:"), TOKEN, "x", timeout=0.5)
    row = ask()
    assert deliver_due() == 0
    assert "SSL" in (state(session, row)[1].last_error or "")


def test_a_request_is_confirmed_without_repeating_what_was_typed(session: Session, ask: Ask) -> None:
    row = ask(subject="Koop nu", question="http://reclame.invalid")
    mail = session.execute(select(OutboxMessage)).scalar_one()
    assert (mail.recipient, row.key in mail.subject) == ("a@deelnemer.invalid", True)
    assert row.key in mail.body
    assert "reclame" not in mail.body
    assert "Koop nu" not in mail.body + mail.subject


# ------------------------------------------------------------------------------------------- answers


def test_state_and_last_public_answer_come_back_as_plain_text(session: Session, ask: Ask, zammad: Zammad) -> None:
    row = ask()
    deliver_due()
    zammad.answer(41, "<p>Eerste</p>")
    zammad.answer(41, "Dag,<br>zo <b>moet</b> het: 1 &lt; 2.<script>alert(1)</script><ul><li>een</li></ul>")
    zammad.answer(41, "Onder ons", internal=True)
    zammad.answer(41, "Dank u", sender="Customer", state="pending reminder")
    assert refresh_due() == 1
    session.expire_all()
    assert row.ticket_state is TicketState.WAITING
    assert row.answer == "Dag,\nzo moet het: 1 < 2.\n\n- een"
    assert row.answered_at is not None
    assert refresh_due() == 0, "asked a moment ago"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("closed", TicketState.CLOSED), ("merged", TicketState.CLOSED), ("bij de leverancier", TicketState.UNKNOWN)],
)
def test_every_state_of_theirs_has_a_word_of_ours(
    session: Session, ask: Ask, zammad: Zammad, theirs: str, ours: TicketState
) -> None:
    row = ask()
    deliver_due()
    zammad.tickets[41]["state"] = theirs
    refresh_due()
    session.expire_all()
    assert row.ticket_state is ours
    with clock.at(clock.now() + timedelta(hours=1)):
        assert refresh_due() == (0 if ours is TicketState.CLOSED else 1)


def test_a_ticket_that_was_removed_does_not_stop_the_others(session: Session, ask: Ask, zammad: Zammad) -> None:
    ask(), ask(subject="De tweede")
    deliver_due()
    del zammad.tickets[41]
    assert refresh_due() == 1
