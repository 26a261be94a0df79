"""Meetings: an agenda of what waits, papers, minutes."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.audit import SYSTEM
from core.errors import Refused
from governance.kinds import Body, DecisionKind
from governance.meetings import queries, services
from governance.meetings.kinds import PaperKind
from governance.meetings.models import Meeting
from governance.papers.services import Upload, store_paper
from governance.rules import WAITING, Waiting
from identity.kinds import StaffRole
from tests.browser import Browser
from tests.core.test_pdf import elements
from tests.governance.conftest import PDF, Decide
from tests.people import People


@pytest.fixture
def coming(session: Session, today: date) -> Meeting:
    made = services.plan_meeting(Body.BOARD, date(2026, 12, 3), "10.00 uur, Voorbeeldzaal", SYSTEM)
    session.commit()
    return made


@pytest.fixture
def past(session: Session, today: date) -> Meeting:
    made = services.plan_meeting(Body.BOARD, date(2026, 9, 3), "10.00 uur, Voorbeeldzaal", SYSTEM)
    session.commit()
    return made


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.items]


def test_the_agenda_takes_what_waits_once_and_can_be_put_in_order(app: Flask, coming: Meeting, decide: Decide) -> None:
    decide("Voorbeeldadvies", body=Body.ADVISORY_BOARD, kind=DecisionKind.MODULE_RELEASE)
    with app.test_request_context():
        waiting = queries.waiting_for(Body.BOARD).items
    assert [row.title for row in waiting] == ["Besluiten na advies 2026-01: Voorbeeldadvies"]
    services.take_waiting(coming, waiting, SYSTEM)
    services.take_waiting(coming, waiting, SYSTEM)
    services.add_item(coming, "Opening", None, SYSTEM)
    services.add_item(coming, "Sluiting", None, SYSTEM)
    assert titles(coming) == ["Besluiten na advies 2026-01: Voorbeeldadvies", "Opening", "Sluiting"]
    services.move_item(coming, coming.items[1].id, SYSTEM, up=True)
    services.move_item(coming, coming.items[0].id, SYSTEM, up=True)
    services.move_item(coming, coming.items[2].id, SYSTEM, up=False)
    assert titles(coming) == ["Opening", "Besluiten na advies 2026-01: Voorbeeldadvies", "Sluiting"]
    services.remove_item(coming, coming.items[2].id, SYSTEM)
    assert titles(coming) == ["Opening", "Besluiten na advies 2026-01: Voorbeeldadvies"]


def test_after_the_day_the_agenda_stays_and_minutes_can_come(past: Meeting, coming: Meeting) -> None:
    with pytest.raises(Refused, match="Deze vergadering is geweest"):
        services.add_item(past, "Te laat", None, SYSTEM)
    paper = store_paper(Upload("notulen.pdf", PDF))
    services.attach(past, PaperKind.MINUTES, [paper], SYSTEM)
    with pytest.raises(Refused, match="staat al bij deze vergadering"):
        services.attach(past, PaperKind.MINUTES, [paper], SYSTEM)
    with pytest.raises(Refused, match="pas na de vergadering"):
        services.attach(coming, PaperKind.MINUTES, [paper], SYSTEM)


def test_the_agenda_is_a_tagged_document(coming: Meeting) -> None:
    services.add_item(coming, "Tarieven 2027", "Na advies.", SYSTEM)
    document = pikepdf.open(io.BytesIO(services.agenda(coming)))
    assert document.Root.Lang == "nl"
    assert document.Root.MarkInfo.Marked
    assert document.docinfo["/Title"] == "Agenda van het bestuur, 3 december 2026"
    kinds = {str(node.S) for node in elements(document.Root.StructTreeRoot)}
    assert {"/H1", "/H2", "/L", "/LI", "/TH"} <= kinds
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


# ------------------------------------------------------------------------------------------- pages


def test_a_meeting_from_plan_to_minutes(
    browser: Browser, people: People, session: Session, today: date, decide: Decide
) -> None:
    decide("Voorbeeldadvies", body=Body.ADVISORY_BOARD, kind=DecisionKind.MODULE_RELEASE)
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(browser.get("/beheer/vergaderingen").link("Vergadering plannen"))
    page = browser.submit(page, "Opslaan", expect=422, held_on="20-11-2026")
    assert page.errors == ["Kies het orgaan.", "Vul de tijd en de plaats in."]
    page = browser.submit(page, "Opslaan", body="board", time_and_place="10.00 uur, zaal 2")
    extend = browser.get(page.link("Agenda aanvullen"))
    page = browser.submit(extend, "Op de agenda zetten", expect=422)
    assert page.errors == ["Kies iets dat wacht, of schrijf een eigen punt."]
    box = extend.soup.select_one("[name=waiting]")
    assert box is not None
    page = browser.submit(extend, "Op de agenda zetten", waiting=[str(box["value"])], title="Rondvraag")
    assert page.text.index("Besluiten na advies") < page.text.index("Rondvraag")
    page = browser.submit(page, "Omlaag : Besluiten na advies 2026-01: Voorbeeldadvies")
    assert page.text.index("Rondvraag") < page.text.index("Besluiten na advies")
    page = browser.submit(page, "Weghalen : Rondvraag")
    assert "Rondvraag" not in page.text.replace(page.notices[0], "")
    attach = browser.get(page.link("Stuk of notulen toevoegen"))
    bad = browser.submit(attach, "Toevoegen", expect=422, kind="minutes", papers=(io.BytesIO(b"x"), "x.pdf"))
    assert "geen PDF" in bad.errors[0]
    page = browser.submit(attach, "Toevoegen", kind="minutes", papers=(io.BytesIO(PDF), "notulen.pdf"))
    assert browser.client.get(page.link("notulen.pdf")).data == PDF
    answer = browser.client.get(page.link("Download de agenda (PDF)"))
    assert answer.data.startswith(b"%PDF-")
    change = browser.get(page.link("Dag of plaats wijzigen"))
    page = browser.submit(change, "Opslaan", time_and_place="11.00 uur, zaal 2")
    assert "11.00 uur, zaal 2" in page.text


def test_what_waits_and_could_not_be_read_is_named(browser: Browser, people: People, coming: Meeting) -> None:
    def broken(_body: Body) -> list[Waiting]:
        raise RuntimeError("out of order")

    broken.__module__ = "billing.effects.queries"
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    address = f"/beheer/vergaderingen/{coming.id}/agenda"
    assert "Er wacht nu niets op het bestuur" in browser.get(address).text
    WAITING.append(broken)
    try:
        page = browser.get(address)
    finally:
        WAITING.remove(broken)
    assert "Dit deel ontbreekt op deze pagina: tarieven en facturen." in page.text
    assert "Er wacht nu niets" not in page.text


def test_who_only_reads_changes_nothing(browser: Browser, people: People, coming: Meeting) -> None:
    services.add_item(coming, "Opening", None, SYSTEM)
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    page = browser.get(f"/beheer/vergaderingen/{coming.id}")
    assert "Agenda aanvullen" not in page.text
    for part in ("agenda", "stukken", "wijzigen"):
        browser.get(f"/beheer/vergaderingen/{coming.id}/{part}", expect=403)
    browser.get("/beheer/vergaderingen/nieuw", expect=403)
    browser.get("/beheer/vergaderingen/999999", expect=404)
