"""The whole road once, clicked by five people: from "we want to connect" to the public list."""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pytest

from core import clock
from tests.tour.conftest import OpenWindow
from tests.tour.people import (
    AUDITOR,
    FINANCE,
    RELATIONS_A,
    RELATIONS_B,
    begin,
    find,
    open_link_in_mail,
    read_mail,
    save,
    set_second_factor,
)
from tests.tour.window import Window

pytestmark = pytest.mark.browser

NAME, OIN = "Gemeente Ooststellingwerf", "00000001002017891000"
APPLICANT, SIGNATORY = "aanmelder@ooststellingwerf.invalid", "tekenaar@ooststellingwerf.invalid"
APPLIES, SIGNS = "Aanmelder van de gemeente", "Tekenaar van de gemeente"


def test_a_municipality_goes_from_application_to_the_public_list(open_window: OpenWindow) -> None:
    applicant, manager, anybody = open_window("aanmelder"), open_window("relatie-a"), open_window("publiek")
    number = apply(applicant)
    accept(manager, number)
    sign(open_window("tekenaar"))
    refused_to_countersign(manager)
    countersign(open_window("relatie-b"))
    see_that_the_badge_is_not_active_yet(anybody)
    see_the_first_invoice(open_window("financien"))
    say_ready(applicant)
    activate(manager)
    see_in_public(anybody)
    see_what_happened(manager, number)
    see_what_was_refused(open_window("auditor"))


def apply(window: Window) -> str:
    """The applicant fills in every page. Returns the number of the application."""
    begin(window, APPLIES, APPLICANT)
    window.type(
        "Naam, plaats, KvK-nummer of OIN", NAME.replace("Gemeente ", "").replace("st", "s", 1)
    )  # a typing error
    window.press("Zoeken")
    window.choose(NAME)
    save(window, "Uw rol")
    window.press("Opslaan en verder", expect=422)  # nothing chosen
    assert window.page.title().startswith("Fout: ")
    assert window.page.evaluate("document.activeElement.className") == "error-summary"
    window.choose("Schuldhulpverlener fase 2")
    save(window, "Bedrijfsonderdeel")
    save(window, "Manier van aansluiten")
    window.choose("Webportaal")
    save(window, "Wie mag tekenen?")
    window.type("Naam", SIGNS)
    window.type("Functie", "Burgemeester")
    window.type("E-mailadres", SIGNATORY)
    save(window, "Contactpersonen")
    save(window, "Factuurgegevens")
    fill_in_invoice_details(window)
    save(window, "Voor welke gemeenten werkt u?")
    window.shows(NAME.replace("Gemeente ", ""))
    save(window, "Modules")
    window.page.locator("main [type=checkbox]").first.check()
    save(window, "Juridische beoordeling")
    window.choose("Nee")
    save(window, "Controleer uw antwoorden")
    window.shows(NAME, SIGNS, "IO-2026-114")
    window.choose("Ik heb alles naar waarheid ingevuld")
    window.press("Aanmelding indienen")
    window.shows("Ingediend", "Ook aanmelden als schuldeiser?")
    number = re.search(r"A-\d{4}-\d{5}", window.heading)
    assert number, window.heading
    return number[0]


def fill_in_invoice_details(window: Window) -> None:
    """A wrong postal code is explained beside the field; what was typed stays."""
    window.type("Straat en huisnummer, of postbus", "Postbus 38")
    window.type("Postcode", "84 AA")
    window.type("Plaats", "Oosterwolde")
    window.type("E-mailadres voor facturen", "facturen@ooststellingwerf.invalid")
    window.fill(purchase_order_number="IO-2026-114")
    window.press("Opslaan en verder", expect=422)
    field = window.page.get_by_label("Postcode", exact=True)
    assert field.get_attribute("aria-invalid") == "true"
    assert window.page.get_by_label("Plaats", exact=True).input_value() == "Oosterwolde"
    field.fill("8430 AA")


def accept(window: Window, number: str) -> None:
    """A colleague of relations sees it, accepts it and establishes that the signatory may sign."""
    window.sign_in_as(RELATIONS_A)
    window.follow("Aanmeldingen", within=".main-navigation")
    window.follow(number)
    window.press("Accepteren")
    window.shows("De aanmelding is geaccepteerd")
    find(window, OIN)
    window.follow("Taken", within=".columns__aside")
    assert "Aan zet: Schuldenknooppunt" in window.task("Tekenbevoegdheid vastgesteld")
    window.follow("Tekenbevoegdheid vastgesteld")
    window.select("Waaruit blijkt dat deze persoon mag tekenen?", "Burgemeester (art. 171 Gemeentewet)")
    window.fill(
        explanation="Burgemeester volgens de benoeming in de Staatscourant.", reference="Koninklijk besluit, nummer 12"
    )
    window.press("Bevoegdheid vastleggen")
    window.shows("De tekenbevoegdheid is vastgelegd.")
    assert "Gedaan op" in window.task("Tekenbevoegdheid vastgesteld")


def sign(window: Window) -> None:
    """The signatory comes by mail, sets the second factor that signing asks for, reads and signs."""
    read_mail(window, SIGNATORY, "U kunt straks tekenen")
    open_link_in_mail(window)
    window.press("Ga verder")
    read_mail(window, SIGNATORY, "ligt klaar")
    open_link_in_mail(window)
    window.shows("Tekst van de overeenkomst", NAME)
    assert NAME in text_of(window.download("Overeenkomst als PDF"))
    window.follow("Naar ondertekenen")
    set_second_factor(window)
    assert window.heading == "Overeenkomst ondertekenen"
    window.press("Ondertekenen", expect=422)
    window.page.locator("main [type=checkbox]").check()
    window.press("Ondertekenen")
    window.shows("U hebt de overeenkomst ondertekend", f"Ondertekend {SIGNS}, Burgemeester")


def refused_to_countersign(window: Window) -> None:
    """Who accepted does not countersign: not by a button, and not by its address either."""
    find(window, OIN)
    window.follow("Overeenkomst", within=".columns__aside")
    window.shows("U kunt niet medeondertekenen")
    assert window.page.get_by_role("link", name="Naar medeondertekenen").count() == 0
    window.open(f"{window.path}/medeondertekenen")
    window.page.locator("main [type=checkbox]").check()
    window.press("Medeondertekenen", expect=422)
    window.shows("u hebt de aanmelding zelf geaccepteerd. Laat een collega medeondertekenen.")


def countersign(window: Window) -> None:
    window.sign_in_as(RELATIONS_B)
    find(window, OIN)
    window.follow("Overeenkomst", within=".columns__aside")
    window.follow("Naar medeondertekenen")
    window.page.locator("main [type=checkbox]").check()
    window.press("Medeondertekenen")
    assert "Gedaan op" in window.task("medeondertekend")


def see_that_the_badge_is_not_active_yet(window: Window) -> None:
    """The mail about the countersigned agreement has it, and the instructions of the channel."""
    read_mail(window, APPLICANT, "door beide partijen ondertekend")
    window.shows("eHerkenning aan, niveau EH3", "Bijlagen")
    open_link_in_mail(window)
    window.shows("overeenkomst getekend, nog niet actief")
    window.forget_me()


def see_the_first_invoice(window: Window) -> None:
    """Finance finds it in the list: nothing to pay, and a PDF that says so."""
    window.sign_in_as(FINANCE)
    window.follow("Financiën", within=".main-navigation")
    row = window.page.get_by_role("row", name=NAME)
    assert "€ 0,00" in row.inner_text().replace("\xa0", " ")
    number = row.get_by_role("link").inner_text()
    window.follow(number)
    window.shows(NAME, "niets te betalen")
    text = text_of(window.download("PDF"))
    for words in ("VOORBEELD", number, NAME, "IO-2026-114", "Jaartarief", "€ 0,00", "U hoeft niets te betalen"):
        assert words.lower() in text.lower(), f"the invoice does not say '{words}': {text}"


def say_ready(window: Window) -> None:
    """The applicant tests eHerkenning and says that they are ready; before, that is refused."""
    window.open("/mijn")
    window.follow("Taken", within=".columns__aside")
    assert window.page.get_by_role("link", name="“Wij zijn klaar”").count() == 0
    window.follow("eHerkenning getest")
    window.type("Op welke dag is dit gedaan?", f"{clock.today():%d-%m-%Y}")
    window.press("Vastleggen")
    window.follow("“Wij zijn klaar”")
    window.press("Wij zijn klaar")
    assert "Gedaan op" in window.task("Wij zijn klaar")


def activate(window: Window) -> None:
    find(window, OIN)
    window.follow("Taken", within=".columns__aside")
    window.follow("Geactiveerd")
    window.press("Activeren")
    window.shows("staat vanaf nu op de openbare lijst")


def see_in_public(window: Window) -> None:
    """Anybody, without a cookie."""
    window.open(f"/deelnemers?q={NAME.removeprefix('Gemeente ')}")
    window.shows("1 deelnemer", NAME)
    window.follow(NAME)
    window.shows("Aangesloten", "Modules die aan staan")
    window.follow("Bekijk de stand van nu")
    window.shows("Stand vandaag")
    assert window.cookies() == []


def see_what_happened(window: Window, number: str) -> None:
    """One timeline, newest first, with a sentence for each step."""
    find(window, OIN)
    told = window.page.locator(".timeline").inner_text()
    sentences = (
        f"{RELATIONS_A} activeerde {NAME} voor",
        f"meldde: {NAME} is klaar.",
        "legde vast: eHerkenning getest",
        f"{RELATIONS_B} maakte factuur",
        f"{RELATIONS_B} tekende de overeenkomst met {NAME} mede",
        f"{RELATIONS_A} wilde de overeenkomst met {NAME} medeondertekenen; dat kon niet",
        f"{SIGNS} ondertekende de overeenkomst namens {NAME}.",
        f"{RELATIONS_A} stelde vast dat de tekeningsbevoegde van {NAME} mag tekenen",
        f"{RELATIONS_A} accepteerde aanmelding {number} van {NAME}.",
        f"{APPLIES} diende aanmelding {number} in voor {NAME}, als schuldhulpverlener.",
    )
    places = [told.find(sentence) for sentence in sentences]
    assert -1 not in places, f"missing: {[one for one in sentences if one not in told]} in {told}"
    assert places == sorted(places), f"not in order of time: {told}"


def see_what_was_refused(window: Window) -> None:
    window.sign_in_as(AUDITOR)
    window.follow("Toezicht en techniek", within=".main-navigation")
    window.select("Toon", "Alleen geweigerd")
    window.press("Filteren")
    window.shows(f"{RELATIONS_A} wilde de overeenkomst met {NAME} medeondertekenen; dat kon niet")


def text_of(pdf: bytes) -> str:
    """The words of a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.pages
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
