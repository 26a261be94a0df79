"""Finance makes an invoice by hand with a reason; a colleague agrees before it is issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing import queries, services
from billing.by_hand.documents import ByHand, HandLine
from billing.by_hand.queries import draft_by_hand
from billing.by_hand.rules import why_not
from billing.by_hand.services import checked, propose
from billing.documents import InvoiceDocument
from billing.issuing.queries import Circumstances
from billing.kinds import FeeKind
from billing.models import Charge, Invoice
from core import approvals, clock
from core.approvals import Approval
from core.audit import SYSTEM, Actor
from core.errors import Refused, UserError
from governance.models import Decision
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from participants.models import Participant
from tests.billing.conftest import World
from tests.browser import Browser, Page
from tests.people import People

TODAY = date(2026, 3, 2)
D = Decimal
THIRD = HandLine("Een derde van de meerkosten", D("33.33"))


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def participant(world: World) -> Participant:
    return world.creditor(640, connected_on=date(2024, 4, 15))


@pytest.fixture
def asker(people: People, world: World) -> Account:
    return people.staff(StaffRole.FINANCE)


@pytest.fixture
def finance(browser: Browser, asker: Account) -> Browser:
    return browser.sign_in(asker)


def asked(*lines: HandLine, **changes: object) -> ByHand:
    values = {"reason": "Correctie.", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), **changes}
    return ByHand(lines=lines or (THIRD, THIRD, HandLine("Rest", D("33.34"))), **values)  # type: ignore[arg-type]


def actor(account: Account) -> Actor:
    return Actor("staff", account.person_key)


def address(participant: Participant) -> str:
    return f"/beheer/deelnemers/{participant.id}/facturen/met-de-hand"


def invoices(session: Session) -> list[Invoice]:
    return list(session.execute(select(Invoice).order_by(Invoice.id)).scalars())


def fill_in(finance: Browser, participant: Participant, expect: int = 200, **values: str) -> Page:
    sent = {
        "reason": "De meerkosten van de koppeling, zoals afgesproken op 3 februari 2026.",
        "lines-0-description": "Meerkosten koppeling",
        "lines-0-net": "1.250,50",
        "lines-1-description": "Korting op de meerkosten",
        "lines-1-net": "-250,50",
        **values,
    }
    return finance.submit(finance.get(address(participant)), "Bekijk de factuur", expect, **sent)


# ------------------------------------------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("amounts", "starts_on", "ends_on", "why"),
    [
        (["100"], "2026-01-01", "2026-12-31", None),
        (["100", "-100"], "2026-01-01", "2026-12-31", None),
        (["0"], "2026-01-01", "2026-01-01", None),
        (["100", "-100.01"], "2026-01-01", "2026-12-31", "Maak een creditnota"),
        (["-0.01"], "2026-01-01", "2026-12-31", "Maak een creditnota"),
        ([], "2026-01-01", "2026-12-31", "minstens één regel"),
        (["100"], "2026-02-01", "2026-01-31", "De laatste dag ligt voor de eerste"),
        (["100"], "2019-12-31", "2026-01-31", "Voor 2020"),
        (["100"], "2026-01-01", "2028-01-01", "te ver vooruit"),
    ],
)
def test_when_an_invoice_by_hand_can_be_made(amounts: list[str], starts_on: str, ends_on: str, why: str | None) -> None:
    found = why_not([D(a) for a in amounts], date.fromisoformat(starts_on), date.fromisoformat(ends_on), TODAY)
    assert (found is None) == (why is None)
    assert found is None or (why or "") in found[1]


def test_what_is_asked_survives_being_stored() -> None:
    what = asked(HandLine("Één regel", D("-0.10")), HandLine("Nog een", D("0.10")), decision_id=4)
    assert ByHand.from_json(what.to_json()) == what


# ------------------------------------------------------------------------------------------------- the draft


def test_thirds_are_taxed_once_over_their_sum(participant: Participant) -> None:
    document = checked(participant, asked())
    assert (document.net, document.vat, document.gross) == (D("100.00"), D("21.00"), D("121.00"))
    assert (document.reason, document.due_on) == ("Correctie.", date(2026, 4, 1))
    assert InvoiceDocument.from_json(document.to_json()) == document


def test_a_buyer_abroad_gets_the_vat_reverse_charged(participant: Participant, session: Session) -> None:
    details = participant.invoice_details
    assert details is not None
    details.country, details.vat_id = "BE", None
    with pytest.raises(UserError, match="btw-nummer"):
        checked(participant, asked())
    details.vat_id = "BE0203201340"
    document = checked(participant, asked())
    assert (document.vat, document.gross) == (D("0.00"), D("100.00"))


def test_it_stands_beside_the_annual_fee_and_takes_its_place_nowhere(
    participant: Participant, session: Session
) -> None:
    draft = draft_by_hand(participant, asked(), Circumstances.now())
    invoice = services.issue_one(draft, SYSTEM)
    assert session.execute(select(Charge)).first() is None
    assert {line.fee_kind for line in invoice.lines} == {FeeKind.CORRECTION}
    annual = services.issue_annual_invoice(participant, 2026, SYSTEM)
    assert (annual.series_number, invoice.series_number) == (2, 1)
    assert services.credit_invoice(invoice, "Toch niet.", SYSTEM).gross == -invoice.gross


# ------------------------------------------------------------------------------------------------- four eyes


def test_it_is_issued_when_a_colleague_agrees_and_never_by_the_maker(
    participant: Participant, asker: Account, people: People, session: Session
) -> None:
    request = propose(participant, asked(), actor(asker))
    session.commit()
    assert invoices(session) == []
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(request.id, actor(asker))
    approvals.approve(request.id, actor(people.staff(StaffRole.FINANCE)))
    [invoice] = invoices(session)
    assert (invoice.gross, invoice.year, queries.document_of(invoice).reason) == (D("121.00"), 2026, "Correctie.")
    assert request.payload["invoice"] == invoice.number
    with pytest.raises(Refused, match="al over besloten"):
        approvals.approve(request.id, actor(people.staff(StaffRole.FINANCE)))


def test_it_is_made_with_the_details_of_the_day_of_agreement(
    participant: Participant, asker: Account, people: People, session: Session
) -> None:
    request = propose(participant, asked(), actor(asker))
    assert participant.invoice_details is not None
    participant.invoice_details.city = "Nieuwstad"
    session.commit()
    with clock.at(date(2026, 5, 20)):
        approvals.approve(request.id, actor(people.staff(StaffRole.FINANCE)))
    [invoice] = invoices(session)
    assert (queries.document_of(invoice).buyer.city, invoice.due_on) == ("Nieuwstad", date(2026, 6, 19))


def test_what_a_colleague_declines_is_not_issued(
    participant: Participant, asker: Account, people: People, session: Session
) -> None:
    request = propose(participant, asked(), actor(asker))
    approvals.decline(request.id, actor(people.staff(StaffRole.FINANCE)), "Dit hoort bij vorig jaar.")
    assert invoices(session) == []


# ------------------------------------------------------------------------------------------------- pages


def test_from_filling_in_to_the_invoice(
    finance: Browser, participant: Participant, people: People, session: Session
) -> None:
    page = finance.get(f"/beheer/deelnemers/{participant.id}/facturen")
    form = finance.get(page.link("Factuur met de hand"))
    more = finance.submit(form, "Nog een regel", reason="Meer regels.")
    assert "Regel 4" in more.text
    assert more.soup.find("textarea").get_text(strip=True) == "Meer regels."  # type: ignore[union-attr]
    check = fill_in(finance, participant)
    text = check.text.replace("\u00a0", " ")
    assert check.heading == "Controleer de factuur"
    for words in ("Meerkosten koppeling € 1.250,50", "21% btw over € 1.000,00 € 210,00", "Te betalen € 1.210,00"):
        assert words in text
    changed = finance.submit(check, "Wijzigen")
    assert changed.heading == "Factuur met de hand"
    assert changed.soup.find("input", {"name": "lines-0-net"})["value"] == "1.250,50"  # type: ignore[index]
    sent = finance.submit(check, "Voorleggen aan een collega")
    assert "ligt klaar voor een collega" in sent.notices[0]
    finance.submit(check, "Voorleggen aan een collega")
    [request] = session.execute(select(Approval)).scalars()
    assert invoices(session) == []
    colleague = Browser(finance.app).sign_in(people.staff(StaffRole.FINANCE))
    shown = colleague.get(f"/beheer/facturen/met-de-hand/{request.id}")
    assert "Te betalen € 1.210,00" in shown.text.replace("\u00a0", " ")
    colleague.submit(colleague.get(f"/beheer/akkoord/{request.id}"), "Akkoord geven")
    [invoice] = invoices(session)
    shown = colleague.get(f"/beheer/facturen/met-de-hand/{request.id}")
    assert colleague.get(shown.link(f"factuur {invoice.number}")).heading == f"Factuur {invoice.number}"
    assert "De meerkosten van de koppeling" in colleague.get(f"/beheer/facturen/{invoice.number}").text


def test_an_invoice_by_hand_may_rest_on_a_decision(
    finance: Browser, participant: Participant, session: Session
) -> None:
    board = session.execute(select(Decision).where(Decision.advice_id.is_not(None)).limit(1)).scalar_one()
    check = fill_in(finance, participant, decision=board.number.lower())
    assert board.title in check.text
    advice = session.get_one(Decision, board.advice_id)
    assert "Dit is een advies" in fill_in(finance, participant, 422, decision=advice.number).errors[0]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": " "}, "Schrijf in één of twee zinnen waarom u deze factuur maakt."),
        ({"lines-0-net": "-1.250,50"}, "Samen is dit minder dan nul. Maak een creditnota"),
        ({"lines-0-net": ""}, "Vul bij deze omschrijving een bedrag in."),
        ({"lines-0-description": ""}, "Vul bij dit bedrag een omschrijving in."),
        ({"lines-0-net": "duizend"}, "Vul een bedrag in euro's in, bijvoorbeeld 1.500,00."),
        ({"lines-0-net": "0,001"}, "Vul een bedrag in euro's in"),
        ({"lines-0-description": "x" * 201}, "De omschrijving mag hoogstens 200 tekens hebben."),
        ({"starts_on": "31-2-2026"}, "Deze datum bestaat niet."),
        ({"starts_on": ""}, "Vul in over welke periode de factuur gaat."),
        ({"ends_on": "1-1-2025"}, "De laatste dag ligt voor de eerste."),
        ({"decision": "B-1999-999"}, "Dit besluit staat niet in het register."),
        (
            {f"lines-{n}-{part}": "" for n in (0, 1) for part in ("description", "net")},
            "Vul minstens één regel in",
        ),
    ],
)
def test_bad_input_is_explained(
    finance: Browser, participant: Participant, session: Session, values: dict[str, str], error: str
) -> None:
    page = fill_in(finance, participant, 422, **values)
    assert any(error in found for found in page.errors), page.errors
    assert session.execute(select(Approval)).first() is None


@pytest.mark.parametrize("key", ["", "kort", "\0" * 30])
def test_a_key_that_was_tampered_with_asks_nothing(
    finance: Browser, participant: Participant, session: Session, key: str
) -> None:
    finance.submit(fill_in(finance, participant), "Voorleggen aan een collega", 422, key=key)
    assert session.execute(select(Approval)).first() is None


def test_the_check_page_cannot_smuggle_in_what_cannot_be(
    finance: Browser, participant: Participant, session: Session
) -> None:
    check = fill_in(finance, participant)
    finance.submit(check, "Voorleggen aan een collega", 422, **{"lines-0-net": "-99999"})
    finance.submit(check, "Voorleggen aan een collega", 422, **{"lines-40-net": "5", "lines-0-description": ""})
    assert session.execute(select(Approval)).first() is None


def test_without_invoice_details_it_says_what_to_do(finance: Browser, world: World) -> None:
    organisation = world.organisation("Gemeente Zonder Adres")
    bare = world.participant(organisation, details=False)
    assert "nog geen factuurgegevens bekend" in fill_in(finance, bare, 422).errors[0]


def test_who_may(finance: Browser, participant: Participant, asker: Account, people: People, session: Session) -> None:
    request = propose(participant, asked(), actor(asker))
    session.commit()
    for role in StaffRole:
        browser = Browser(finance.app).sign_in(people.staff(role))
        browser.get(address(participant), 200 if role is StaffRole.FINANCE else 403)
        sees = role not in {StaffRole.PRIVACY, StaffRole.ADMINISTRATION}
        browser.get(f"/beheer/facturen/met-de-hand/{request.id}", 200 if sees else 403)
    relations = Browser(finance.app).sign_in(people.staff(StaffRole.RELATIONS))
    assert "Factuur met de hand" not in relations.get(f"/beheer/deelnemers/{participant.id}/facturen").text
    finance.get("/beheer/facturen/met-de-hand/999999", 404)
    own = Browser(finance.app).sign_in(people.of(participant, ParticipantRole.FINANCIAL))
    own.get(address(participant), 403)
