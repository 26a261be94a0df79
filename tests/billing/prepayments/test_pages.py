"""The pages about prepayments: who may, what stands there, and what wrong input answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.services import issue_annual_invoice
from core import clock, filters
from core.amounts import parse_amount
from core.approvals import Approval
from core.audit import SYSTEM
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from participants.models import Participant
from tests.billing.conftest import World
from tests.billing.prepayments.conftest import Prepay
from tests.browser import Browser, Page
from tests.people import People

TODAY = date(2026, 3, 2)
VALUES: dict[str, Any] = {
    "kind": "prepayment",
    "received_on": "1-9-2020",
    "paid": "3.630,00",
    "benefit": "500",
    "in_start_period": "y",
    "source": "Voorbeeldbrief van 1 september 2020",
    "note": "Launching customer",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def finance(browser: Browser, two: tuple[Account, Account]) -> Browser:
    return browser.sign_in(two[0])


def address(participant: Participant, rest: str = "") -> str:
    return f"/beheer/deelnemers/{participant.id}/vooruitbetaald{rest}"


def plain(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


def minus(amount: str) -> str:
    return filters.euro(-parse_amount(amount)).replace("\u00a0", " ")


def requests(session: Session) -> list[Approval]:
    return list(session.execute(select(Approval)).scalars())


def test_from_entering_to_what_is_left(
    finance: Browser, participant: Participant, two: tuple[Account, Account], people: People, session: Session
) -> None:
    invoices = finance.get(f"/beheer/deelnemers/{participant.id}/facturen")
    form = finance.get(invoices.link("Vooruitbetaling vastleggen"))
    sent = finance.submit(form, "Voorleggen aan een collega", **VALUES)
    assert "telt pas mee na akkoord" in sent.notices[0]
    assert "Niets vooruitbetaald" in sent.text
    finance.submit(form, "Voorleggen aan een collega", **VALUES)
    [request] = requests(session)
    colleague = Browser(finance.app).sign_in(two[1])
    page = colleague.get(f"/beheer/akkoord/{request.id}")
    assert "Betaald, met btw – € 3.630,00" in plain(page)
    colleague.submit(page, "Akkoord geven")
    invoice = issue_annual_invoice(participant, 2026, SYSTEM)
    session.commit()
    shown = plain(finance.get(address(participant)))
    for words in (
        "Vooruitbetaling: Launching customer. Bron: Voorbeeldbrief van 1 september 2020",
        f"Verrekend op factuur {invoice.number} {minus('3.025,00')} {minus('500,00')} € 605,00 € 0,00",
        "Droeg bij in de startperiode ja",
    ):
        assert words in shown, words
    assert f"Vooruitbetaald {minus('3.025,00')}" in plain(finance.get(f"/beheer/facturen/{invoice.number}"))
    own = Browser(finance.app).sign_in(people.of(participant, ParticipantRole.FINANCIAL))
    page = own.get(own.get(f"/mijn/{participant.id}/facturen").link("Wat u vooruitbetaalde"))
    assert "Nog te verrekenen, met btw € 605,00" in plain(page)


def test_the_lists_add_up_and_are_the_same_as_csv(
    finance: Browser, participant: Participant, world: World, prepay: Prepay
) -> None:
    assert "Nog geen vooruitbetalingen" in finance.get("/beheer/vooruitbetalingen").text
    assert "Nog niemand gemerkt" in finance.get("/beheer/vooruitbetalingen/startperiode").text
    other = world.creditor(name="Voorbeeld Incasso B.V.")
    prepay(participant, "3000", "500")
    prepay(other, "1000")
    prepay(other, "100", in_start_period=False, source="Later")
    page = finance.get("/beheer/vooruitbetalingen")
    assert "Samen 2 € 4.100,00 € 4.100,00 € 500,00 € 500,00" in plain(page)
    rows = finance.get(page.link("Download deze lijst als CSV")).response.get_data(as_text=True).splitlines()
    assert len(rows) == 3
    assert ";1100,00;0,00;0,00;0,00;1100,00;0,00;" in rows[2] + rows[1]
    contributors = finance.get(page.link("Wie droeg bij in de startperiode"))
    assert "Samen 2 € 4.000,00" in plain(contributors)
    assert "75%" in plain(contributors)
    text = finance.get(contributors.link("Download deze lijst als CSV")).response.get_data(as_text=True)
    assert ";3000,00;500,00;75,0;" in text


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"kind": "gift"}, "Kies wat u vastlegt."),
        ({"received_on": ""}, "Vul de dag in."),
        ({"received_on": "3-3-2026"}, "Deze dag ligt in de toekomst."),
        ({"received_on": "30-2-2026"}, "Deze datum bestaat niet."),
        ({"paid": "", "benefit": ""}, "Vul in hoeveel er is betaald"),
        ({"paid": "-5"}, "Vul in hoeveel er is betaald"),
        ({"paid": "veel"}, "Vul een bedrag in euro's in"),
        ({"paid": "99999999999999"}, "Vul een bedrag in van hoogstens"),
        ({"kind": "contribution"}, "horen geen bedragen"),
        ({"kind": "correction", "paid": "-5"}, "Er is minder over dan u eraf haalt."),
        ({"source": " "}, "Vul in waar dat uit blijkt."),
        ({"decision": "B-1999-999"}, "Dit besluit staat niet in het register."),
        ({"key": "kort"}, "Het formulier kwam niet volledig aan."),
    ],
)
def test_wrong_input_is_explained(
    finance: Browser, participant: Participant, session: Session, values: dict[str, Any], error: str
) -> None:
    page = finance.get(address(participant, "/vastleggen"))
    answer = finance.submit(page, "Voorleggen aan een collega", 422, **{**VALUES, **values})
    assert any(error in found for found in answer.errors), answer.errors
    assert requests(session) == []


def test_a_contribution_without_prepayment_marks_by_itself(
    finance: Browser, participant: Participant, session: Session
) -> None:
    page = finance.get(address(participant, "/vastleggen"))
    values: dict[str, Any] = {"kind": "contribution", "received_on": "1-9-2020", "source": "Voorbeeldafspraak"}
    finance.submit(page, "Voorleggen aan een collega", **values)
    assert requests(session)[0].payload["in_start_period"] is True


def test_who_may(finance: Browser, participant: Participant, people: People, prepay: Prepay, world: World) -> None:
    prepay(participant, "100")
    for role in StaffRole:
        browser = Browser(finance.app).sign_in(people.staff(role))
        sees = role not in {StaffRole.PRIVACY, StaffRole.ADMINISTRATION}
        browser.get(address(participant), 200 if sees else 403)
        browser.get(address(participant, "/vastleggen"), 200 if role is StaffRole.FINANCE else 403)
        browser.get("/beheer/vooruitbetalingen/startperiode?als=csv", 200 if sees else 403)
    own = Browser(finance.app).sign_in(people.of(participant, ParticipantRole.FINANCIAL))
    assert "€ 100,00" in plain(own.get(f"/mijn/{participant.id}/vooruitbetaald"))
    other = world.creditor(name="Iemand Anders B.V.")
    prepay(other, "999")
    own.get(f"/mijn/{other.id}/vooruitbetaald", 404)
    own.get(address(participant), 403)
    employee = Browser(finance.app).sign_in(people.of(participant, ParticipantRole.EMPLOYEE))
    employee.get(f"/mijn/{participant.id}/vooruitbetaald", 403)


def test_a_participant_reads_only_its_own_rows(
    participant: Participant, prepay: Prepay, world: World, people: People, app: object
) -> None:
    other = world.creditor(name="Iemand Anders B.V.")
    prepay(participant, "100")
    prepay(other, "999")
    browser = Browser(app).sign_in(people.of(other, ParticipantRole.FINANCIAL))  # type: ignore[arg-type]
    page = browser.get(f"/mijn/{other.id}/vooruitbetaald")
    assert "€ 999,00" in plain(page)
    assert "€ 100,00" not in plain(page)
