"""The link on an invoice: who has it, sees that invoice and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from billing import services as invoices
from billing.e_invoice.checks import check
from billing.models import Invoice
from billing.payers import services
from billing.payers.models import InvoiceLink
from billing.payers.queries import latest_link
from billing.payers.rules import expires_on
from core import clock
from core.audit import SYSTEM
from core.errors import Refused
from identity.kinds import ParticipantRole, StaffRole
from tests.billing.conftest import World
from tests.billing.payers.conftest import ISSUED_ON, path_of
from tests.browser import Browser
from tests.people import People

TODAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("made_on", "months", "expected"),
    [
        (date(2026, 1, 10), 15, date(2027, 4, 10)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_a_link_expires_so_many_months_later(made_on: date, months: int, expected: date) -> None:
    assert expires_on(made_on, months) == expected


def test_the_same_link_is_printed_again(invoice: Invoice) -> None:
    first = services.link_of(invoice)
    assert services.link_of(invoice) == first
    assert first.startswith("http://localhost/factuur/")


def test_many_links_are_made_at_once(world: World, invoice: Invoice) -> None:
    with clock.at(ISSUED_ON):
        other = invoices.issue_annual_invoice(
            world.municipality(15_000, name="Gemeente Anderveld", connected_on=date(2024, 3, 15)), 2026, SYSTEM
        )
    known = services.link_of(invoice)
    made = services.links_of([invoice.id, other.id])
    assert made == {invoice.id: known, other.id: services.link_of(other)}
    assert services.links_of([]) == {}


def test_who_pays_reads_what_the_invoice_is_for_and_how_to_pay(browser: Browser, invoice: Invoice, link: str) -> None:
    with clock.at(TODAY):
        page = browser.get(link)
    assert page.heading == f"Factuur {invoice.number}"
    shown = page.text.replace("\u00a0", " ")
    for expected in (
        "Gemeente Voorbeeldveld doet mee",
        "€ 3.630,00",
        "NL02 ABNA 0123 4567 89",
        "RF",
        "9 februari 2026",
        "Jaartarief 2026",
        "PO-2026-0815",
        "Besluit:",
        "tot en met 9 april 2027",
    ):
        assert expected in shown
    headers = page.response.headers
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in headers["Cache-Control"]
    assert link not in browser.get(page.link("Hulp vragen"), referrer=link).text


def test_the_pdf_and_the_e_invoice_are_those_of_the_invoice(browser: Browser, invoice: Invoice, link: str) -> None:
    with clock.at(TODAY):
        page = browser.get(link)
        pdf = browser.get(page.link("Download de PDF")).response
        ubl = browser.get(page.link("Download de e-factuur (UBL)")).response
    assert pdf.get_data().startswith(b"%PDF")
    assert "no-store" in pdf.headers["Cache-Control"]
    assert invoice.number.encode() in ubl.get_data()
    assert not check(ubl.get_data())
    assert ubl.headers["Content-Disposition"].endswith('.xml"')


def test_each_opening_is_counted_and_nothing_of_the_visitor_is_kept(
    browser: Browser, invoice: Invoice, link: str
) -> None:
    with clock.at(TODAY):
        for address in (link, f"{link}/pdf", f"{link}/e-factuur"):
            browser.get(address)
    found = latest_link(invoice.id)
    assert found is not None
    assert found.times_opened == 3
    assert found.last_opened_at is not None
    assert not [column.name for column in InvoiceLink.__table__.columns if "ip" in column.name.split("_")]


@pytest.mark.parametrize("rest", ["", "/pdf", "/e-factuur", "/klopt-niet", "/klopt-niet/verstuurd"])
def test_wrong_expired_and_revoked_links_get_the_same_page(
    browser: Browser, world: World, invoice: Invoice, link: str, rest: str
) -> None:
    with clock.at(TODAY):
        wrong = browser.get(f"{link[:-1]}{'a' if link[-1] != 'a' else 'b'}{rest}", expect=404)
        assert wrong.heading == "Deze link werkt niet"
        assert "facturen@voorbeeldbeheerder-b.invalid" in wrong.text
        browser.get(f"/factuur/onzin{rest}", expect=404)
    with clock.at(date(2027, 4, 9)):
        browser.get(f"{link}{rest}")
    with clock.at(date(2027, 4, 10)):
        expired = browser.get(f"{link}{rest}", expect=410)
    services.revoke_link(invoice, SYSTEM)
    world.session.commit()
    with clock.at(TODAY):
        revoked = browser.get(f"{link}{rest}", expect=410)
    assert wrong.text == expired.text == revoked.text
    assert invoice.number not in revoked.text


def test_a_link_opens_no_other_invoice(browser: Browser, world: World, invoice: Invoice, link: str) -> None:
    """Also when another link gets its number, as after a backup was put back."""
    with clock.at(ISSUED_ON):
        other = invoices.issue_annual_invoice(
            world.municipality(15_000, name="Gemeente Anderveld", connected_on=date(2024, 3, 15)), 2026, SYSTEM
        )
        services.link_of(other)
    world.session.commit()
    mine, theirs = latest_link(invoice.id), latest_link(other.id)
    assert mine is not None
    assert theirs is not None
    code = link.rsplit("/", 1)[1]
    with clock.at(TODAY):
        browser.get(f"/factuur/{code.replace(f'{mine.id}-', f'{theirs.id}-', 1)}", expect=404)


def test_guessing_is_limited(browser: Browser, link: str) -> None:
    with clock.at(TODAY):
        for guess in range(30):
            browser.get(f"/factuur/{guess + 1}-{'a' * 26}", expect=404)
        browser.get(f"/factuur/1-{'b' * 26}", expect=429)
        browser.get(link)


def test_a_credited_invoice_says_so(browser: Browser, world: World, invoice: Invoice, link: str) -> None:
    with clock.at(TODAY):
        note = invoices.credit_invoice(invoice, "Dubbel.", SYSTEM)
        note_link = path_of(services.link_of(note))
        world.session.commit()
        page = browser.get(link)
        assert f"Met creditnota {note.number} van 1 februari 2026" in page.text
        assert "U hoeft niets te betalen" in page.text
        assert "Betalingskenmerk" not in page.text
        page = browser.get(note_link)
    assert page.heading == f"Creditnota {note.number}"
    assert f"Factuur {invoice.number}" in page.text


def test_an_invoice_that_is_credited_in_part_asks_for_the_rest(
    browser: Browser, world: World, invoice: Invoice, link: str
) -> None:
    with clock.at(TODAY):
        note = invoices.credit_invoice(invoice, "Te veel.", SYSTEM, {1: Decimal("1000.00")})
        world.session.commit()
        shown = browser.get(link).text.replace("\u00a0", " ")
    assert "Deze factuur is voor een deel gecrediteerd" in shown
    assert f"Met creditnota {note.number} van 1 februari 2026, € 1.210,00." in shown
    assert "Bedrag € 2.420,00" in shown


def test_an_invoice_of_nothing_asks_for_nothing(browser: Browser, world: World) -> None:
    participant = world.municipality(70_361, connected_on=date(2026, 1, 15))
    with clock.at(date(2026, 1, 15)):
        made = invoices.issue_first_invoice(participant, date(2026, 1, 15), SYSTEM)
        link = path_of(services.link_of(made))
        world.session.commit()
        page = browser.get(link)
    assert "U hoeft niets te betalen." in page.text
    assert "Betalen voor of op" not in page.text


def test_what_is_revoked_stays_revoked(world: World, invoice: Invoice, link: str) -> None:
    services.revoke_link(invoice, SYSTEM)
    with pytest.raises(Refused):
        services.revoke_link(invoice, SYSTEM)
    assert path_of(services.link_of(invoice)) == link, "the PDF can be made again"
    world.session.commit()
    for change in ("revoked_at = NULL", "times_opened = -1", "expires_on = '2099-01-01'"):
        with pytest.raises(DBAPIError), world.session.begin_nested():
            world.session.execute(text(f"UPDATE invoice_links SET {change}"))  # noqa: S608


# ------------------------------------------------------------------------------------------------- staff


def test_staff_see_revoke_and_renew_the_link(browser: Browser, people: People, invoice: Invoice, link: str) -> None:
    with clock.at(TODAY):
        browser.get(link)
        browser.sign_in(people.staff(StaffRole.FINANCE))
        page = browser.get(f"/beheer/facturen/{invoice.number}")
        assert link in page.text
        assert "1 keer, het laatst op" in page.text
        page = browser.submit(page, "Link intrekken")
        assert "is ingetrokken" in page.notices[0]
        browser.get(link, expect=410)
        page = browser.submit(page, "Nieuwe link maken")
        found = latest_link(invoice.id)
        assert found is not None
        browser.get(path_of(services.link_of(invoice)))
        browser.get(link, expect=410)
        page = browser.submit(browser.get(f"/beheer/facturen/{invoice.number}"), "Nieuwe link maken")
    assert "De vorige werkt niet meer" in page.notices[0]


def test_who_only_looks_sees_no_address_and_cannot_revoke(
    browser: Browser, people: People, invoice: Invoice, link: str
) -> None:
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    page = browser.get(f"/beheer/facturen/{invoice.number}")
    assert "Link voor wie betaalt" in page.text
    assert link not in page.text
    assert "intrekken" not in page.text


@pytest.mark.parametrize("action", ["intrekken", "nieuw"])
def test_a_participant_cannot_change_a_link(browser: Browser, people: People, invoice: Invoice, action: str) -> None:
    account = people.of(invoice.participant, ParticipantRole.REPRESENTATIVE)
    page = browser.sign_in(account).get("/account")
    token = page.soup.select_one("input[name=csrf_token]")
    assert token is not None
    browser.post(f"/beheer/facturen/{invoice.number}/link/{action}", {"csrf_token": token["value"]}, expect=403)
