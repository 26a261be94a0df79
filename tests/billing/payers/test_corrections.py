"""Who pays says that something is wrong; finance takes it over or declines it, and the answer is mailed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from billing.corrections import queries, services
from billing.corrections.kinds import CorrectionKind, CorrectionStage
from billing.corrections.models import InvoiceCorrection
from billing.corrections.rules import FIELDS, what_is_missing
from billing.corrections.services import Asked
from billing.models import Invoice
from core import audit, clock
from core.audit import Actor
from core.clock import AMSTERDAM
from core.errors import Refused, TooMany
from core.mail import OutboxMessage
from identity.kinds import StaffRole
from tests.billing.conftest import World
from tests.browser import Browser, Page
from tests.people import People

NOW = datetime(2026, 2, 1, 10, tzinfo=AMSTERDAM)
LATER = NOW + timedelta(minutes=2)
"""A person takes more than two seconds to fill in a form."""
FILLED_IN = {
    "kind": "order_number",
    "proposed": "PO-2026-9999",
    "explanation": "",
    "name": "Voorbeeldpersoon A",
    "email": "betalen@voorbeeldveld.invalid",
}


def send(browser: Browser, link: str, expect: int = 200, **values: str) -> Page:
    with clock.at(NOW):
        page = browser.get(f"{link}/klopt-niet")
    with clock.at(LATER):
        return browser.submit(page, None, expect, **FILLED_IN | values)


def asked(world: World) -> list[InvoiceCorrection]:
    return list(world.session.execute(select(InvoiceCorrection).order_by(InvoiceCorrection.id)).scalars())


def mails(world: World) -> list[OutboxMessage]:
    return list(world.session.execute(select(OutboxMessage).order_by(OutboxMessage.id)).scalars())


def ask(invoice: Invoice, **values: object) -> InvoiceCorrection:
    what = {"kind": CorrectionKind.ORDER_NUMBER, "proposed": "PO-2026-9999", "explanation": None}
    who = {"name": "Voorbeeldpersoon A", "email": "betalen@voorbeeldveld.invalid"}
    return services.ask_correction(
        invoice.id,
        invoice.participant_id,
        invoice.number,
        Asked(**{**what, **who, **values}),  # type: ignore[arg-type]
    )


@pytest.fixture
def finance(people: People) -> Actor:
    return Actor("staff", people.staff(StaffRole.FINANCE).person_key)


# ------------------------------------------------------------------------------------------------- asking


def test_who_pays_asks_and_gets_a_confirmation(browser: Browser, world: World, invoice: Invoice, link: str) -> None:
    page = send(browser, link)
    assert page.heading == "Uw verzoek is verstuurd"
    (row,) = asked(world)
    assert (row.kind, row.proposed, row.stage) == (CorrectionKind.ORDER_NUMBER, "PO-2026-9999", CorrectionStage.OPEN)
    mail = mails(world)[-1]
    assert mail.recipient == "betalen@voorbeeldveld.invalid"
    assert "PO-2026-9999" not in mail.body, "nobody has proven that the address is his"
    entry = audit.timeline(participant_id=invoice.participant_id, for_staff=False)[0]
    expected = f"Een bezoeker vroeg met de link op factuur {invoice.number} om een correctie: het inkoopordernummer."
    assert entry.sentence == expected


def test_a_form_that_is_sent_twice_asks_once(browser: Browser, world: World, link: str) -> None:
    with clock.at(NOW):
        page = browser.get(f"{link}/klopt-niet")
    with clock.at(LATER):
        for _ in range(2):
            browser.submit(page, None, 200, **FILLED_IN)
    assert len(asked(world)) == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": ""}, "Kies wat er niet klopt."),
        ({"kind": "onzin"}, "Kies wat er niet klopt."),
        ({"proposed": ""}, "Vul in wat het moet zijn"),
        ({"kind": "amount", "proposed": "", "explanation": ""}, "Schrijf in een paar zinnen"),
        ({"name": ""}, "Vul uw naam in."),
        ({"email": "geen adres"}, "Dit is geen e-mailadres"),
        ({"explanation": "x" * 4001}, "hoogstens 4000 tekens"),
        ({"proposed": "x" * 501}, "hoogstens 500 tekens"),
        ({"proposed": "a\x07b"}, "kunnen wij niet verwerken"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    browser: Browser, world: World, link: str, values: dict[str, str], message: str
) -> None:
    page = send(browser, link, expect=422, **values)
    assert any(message in error for error in page.errors), page.errors
    assert page.response.headers["Referrer-Policy"] == "strict-origin"
    assert not asked(world)


def test_a_very_long_form_is_refused(browser: Browser, world: World, link: str) -> None:
    send(browser, link, expect=413, explanation="é" * 40_000)
    assert not asked(world)


def test_a_program_gets_the_same_answer_and_nothing_is_kept(browser: Browser, world: World, link: str) -> None:
    page = send(browser, link, reden_van_bezoek="veel")
    assert page.heading == "Uw verzoek is verstuurd"
    assert not asked(world)


def test_one_invoice_gets_no_flood_of_requests(world: World, invoice: Invoice) -> None:
    for _ in range(services.MOST_A_DAY):
        ask(invoice)
    with pytest.raises(TooMany):
        ask(invoice)


@pytest.mark.parametrize("kind", list(CorrectionKind))
def test_each_request_can_be_dealt_with(kind: CorrectionKind) -> None:
    assert what_is_missing(kind, None, None) is not None
    assert what_is_missing(kind, "iets", "omdat") is None
    assert "email" not in FIELDS.get(kind, ()), "who has one invoice must not get all later ones"


# ------------------------------------------------------------------------------------------------- answering


def test_finance_finds_it_in_my_work_and_takes_it_over(
    browser: Browser, people: People, world: World, invoice: Invoice, link: str
) -> None:
    send(browser, link)
    browser.sign_in(people.staff(StaffRole.FINANCE))
    page = browser.get("/beheer")
    assert f"Factuur {invoice.number}: het inkoopordernummer klopt niet." in page.text
    page = browser.get("/beheer/facturen/correcties?stand=open")
    page = browser.get(page.link("Het inkoopordernummer"))
    assert "Nu bekend: PO-2026-0815 (eigen nummer)." in page.text
    page = browser.get(page.link("Overnemen"))
    page = browser.submit(page, "Overnemen en antwoorden", expect=422, answer="")
    assert page.errors == ["Schrijf in één of twee zinnen wat u hebt gedaan."]
    page = browser.submit(page, "Overnemen en antwoorden", answer="U krijgt een nieuwe factuur.")
    assert "Overgenomen" in page.notices[0]
    world.session.expire_all()
    details = invoice.participant.invoice_details
    assert details is not None
    assert details.purchase_order_number == "PO-2026-9999"
    assert details.city == "Voorbeeldveld", "the rest stays"
    mail = mails(world)[-1]
    assert mail.subject == f"Antwoord op uw verzoek over factuur {invoice.number}"
    assert "U krijgt een nieuwe factuur." in mail.body
    assert not queries.open_corrections()


def test_an_address_is_typed_over_by_finance(world: World, invoice: Invoice, finance: Actor) -> None:
    row = ask(invoice, kind=CorrectionKind.ADDRESS, proposed="Voorbeeldlaan 5\n9999 XX Voorbeeldveld")
    values = {"attention": None, "street": "Voorbeeldlaan 5", "postal_code": "9999 XX", "city": "Voorbeeldveld"}
    services.take_over(row, values, "Gedaan.", finance)
    world.session.flush()
    details = invoice.participant.invoice_details
    assert details is not None
    assert (details.street, details.attention) == ("Voorbeeldlaan 5", None)
    assert details.email == "facturen@voorbeeldveld.invalid"
    assert details.purchase_order_number == "PO-2026-0815"


def test_an_amount_changes_no_details(world: World, invoice: Invoice, finance: Actor) -> None:
    row = ask(invoice, kind=CorrectionKind.AMOUNT, proposed=None, explanation="Te hoog.")
    services.take_over(row, {}, "Wij crediteren de factuur.", finance)
    assert row.stage is CorrectionStage.TAKEN_OVER


def test_what_is_declined_needs_a_reason_and_changes_nothing(world: World, invoice: Invoice, finance: Actor) -> None:
    row = ask(invoice)
    with pytest.raises(Refused):
        services.decline(row, " ", finance)
    services.decline(row, "Uw organisatie gaf een ander nummer op.", finance)
    assert row.stage is CorrectionStage.DECLINED
    details = invoice.participant.invoice_details
    assert details is not None
    assert details.purchase_order_number == "PO-2026-0815"
    assert "Uw organisatie gaf een ander nummer op." in mails(world)[-1].body


def test_two_colleagues_answer_once(world: World, invoice: Invoice, finance: Actor) -> None:
    row = ask(invoice)
    services.decline(row, "Nee.", finance)
    with pytest.raises(Refused):
        services.take_over(row, {"purchase_order_number": "X"}, "Ja.", finance)


@pytest.mark.parametrize("role", [StaffRole.RELATIONS, StaffRole.BOARD, StaffRole.AUDITOR])
def test_only_finance_answers(
    browser: Browser, people: People, world: World, invoice: Invoice, role: StaffRole
) -> None:
    row = ask(invoice)
    world.session.commit()
    browser.sign_in(people.staff(role))
    page = browser.get(f"/beheer/facturen/correcties/{row.id}")
    assert "Overnemen" not in page.text
    for action in ("overnemen", "afwijzen"):
        browser.get(f"/beheer/facturen/correcties/{row.id}/{action}", expect=403)


def test_an_answer_on_what_does_not_exist(browser: Browser, people: People) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    browser.get("/beheer/facturen/correcties/12345", expect=404)
