"""Two people of finance send the annual invoices in a browser, from the first look to the invoice in the hands of who
pays it."""

from __future__ import annotations

import io
from datetime import date
from urllib.parse import urlsplit

import pikepdf
import pytest

from core import clock
from tests.tour.conftest import OpenWindow
from tests.tour.installation import Installation
from tests.tour.people import FINANCE, FINANCE_B, RELATIONS_A
from tests.tour.window import Window

pytestmark = pytest.mark.browser
TOWN = "Gemeente Urk"
PATIENCE = 60_000
"""Milliseconds in which the worker calculates a small run, or makes its invoices."""


def test_two_people_send_the_annual_invoices(installation: Installation, open_window: OpenWindow) -> None:
    year = clock.today().year + 1
    prepares, approves = open_window("financien"), open_window("financien-b")
    prepare(prepares, year)
    see_who_is_apart(prepares)
    fill_in_the_reference(open_window("relatie-a"), installation.municipality)
    look_again(prepares)
    request = put_forward(prepares)
    cannot_approve(prepares, request)
    approve(approves, year)
    follow_progress(approves, year)
    look_on_a_phone(open_window("financien-telefoon", width=390), urlsplit(approves.page.url).path)
    link = open_the_invoice(approves, year)
    pay(open_window("crediteuren", width=390), link, year)
    find_own_invoice(open_window("deelnemer"), installation.people["financial"], year)


def prepare(window: Window, year: int) -> None:
    """From the menu; the page shows the run by itself once it is calculated."""
    window.sign_in_as(FINANCE)
    window.follow("Financiën", within=".main-navigation")
    window.follow("Facturatierondes", within=".section-navigation")
    window.follow("Nieuwe ronde voorbereiden")
    window.type("Over welk jaar factureert u?", "1999")
    window.press("Voorbereiden", expect=422)
    window.shows(f"Kies een jaar van 2020 tot en met {clock.today().year + 1}.")
    window.type("Over welk jaar factureert u?", str(year))
    window.press("Voorbereiden")
    window.page.get_by_role("link", name="Voorleggen aan een collega").wait_for(timeout=PATIENCE)
    window.look()
    window.shows("klaar om te bekijken", "allemaal verantwoord")


def see_who_is_apart(window: Window) -> None:
    window.select("Uitkomst", "Apart gezet")
    window.press("Toon")
    window.shows("Uitkomst: Apart gezet", TOWN, "zonder kenmerk of inkoopordernummer")
    window.follow(TOWN)
    window.shows("Geen kenmerk of inkoopordernummer", "Aan zet: Relatiebeheer.")
    window.press("Bekijk opnieuw")
    window.shows(f"{TOWN} blijft apart gezet")


def fill_in_the_reference(window: Window, participant_id: int) -> None:
    """Who is to act according to the run."""
    window.sign_in_as(RELATIONS_A)
    window.open(f"/beheer/deelnemers/{participant_id}/factuurgegevens")
    window.fill(buyer_reference="FIN-2027 Urk")
    window.press("Bewaren")
    window.shows("Zij gelden voor nieuwe facturen")


def look_again(window: Window) -> None:
    window.press("Bekijk opnieuw")
    window.shows(f"{TOWN}: factuur.", "Wat er op de factuur komt", "Jaartarief", "FIN-2027 Urk")


def put_forward(window: Window) -> str:
    """Returns the address of the request."""
    window.page.go_back()
    window.page.locator(".breadcrumbs, nav").get_by_role("link", name="nummer").first.click()
    window.follow("Voorleggen aan een collega")
    window.shows("Een collega beoordeelt precies deze ronde")
    window.press("Voorleggen")
    window.shows("Wacht op akkoord", "De ronde is voorgelegd")
    window.follow("de pagina Akkoord van een collega")
    return window.path


def cannot_approve(window: Window, request: str) -> None:
    window.open(request)
    window.shows("U hebt dit zelf gevraagd. Een collega beoordeelt het.")
    assert window.page.get_by_role("button", name="Akkoord geven").count() == 0


def approve(window: Window, year: int) -> None:
    window.sign_in_as(FINANCE_B)
    window.follow("Akkoord van een collega", within=".section-navigation")
    window.follow(f"Facturatieronde {year}")
    window.follow("Bekijk de hele tekst en de stukken")
    window.shows("wacht op akkoord van een collega", "Per categorie")
    window.page.go_back()
    window.press("Akkoord geven")


def follow_progress(window: Window, year: int) -> None:
    """The page counts by itself until the last mail is ready."""
    window.follow("Financiën", within=".main-navigation")
    window.follow("Facturatierondes", within=".section-navigation")
    window.follow(f"{year}, nummer")
    total = window.page.locator("#voortgang progress").last.get_attribute("max")
    window.page.get_by_text(f"mail klaargezet: {total} van {total}").wait_for(timeout=PATIENCE)
    window.open(window.path)
    window.shows("facturen zijn gemaakt", "ontbreekt: niets", "Akkoord van Financiën B (voorbeeld)")
    assert window.download("Download alles voor de accountant (zip)").startswith(b"PK")


def look_on_a_phone(window: Window, path: str) -> None:
    window.sign_in_as(FINANCE)
    for address in ("/beheer/facturen/rondes", path):
        window.open(address)
        window.check_width(320)


def open_the_invoice(window: Window, year: int) -> str:
    """By its number in the run. The PDF is one page with the e-invoice inside. Returns the link that stands on it."""
    window.type("Naam", TOWN)
    window.press("Toon")
    number = window.page.get_by_role("row", name=TOWN).get_by_role("link").last.inner_text()
    window.follow(number)
    window.shows(TOWN, f"Jaartarief {year}", "FIN-2027 Urk", "Te betalen")
    with pikepdf.open(io.BytesIO(window.download("Download de PDF"))) as pdf:
        assert len(pdf.pages) == 1
        [attached] = pdf.attachments.values()
        assert number.encode() in attached.get_file().read_bytes()
        links = [str(note.A.URI) for note in pdf.pages[0].Annots if "/A" in note and "/URI" in note.A]
    [link] = [one for one in links if "/factuur/" in one]
    return link


def pay(window: Window, link: str, year: int) -> None:
    """Accounts payable has no account: the link is enough, on a phone too."""
    window.open(link)
    window.shows(f"Jaartarief {year}", "Betalingskenmerk", "is dit IBAN van ons?", f"{date(year, 12, 31).year}")
    assert window.cookies() == []
    assert window.download("Download de PDF").startswith(b"%PDF")
    window.check_width(320)


def find_own_invoice(window: Window, email: str, year: int) -> None:
    """Finance of a participant: nothing to pay, and the document."""
    window.become(email)
    window.follow("Facturen", within=".columns__aside")
    row = window.page.get_by_role("row", name=f"Jaartarief {year}")
    assert row.count() == 1, window.text
    assert row.get_by_role("link", name="PDF").count() == 1
