"""Somebody of a participant asks for help, the helpdesk answers, and the answer is seen; and a visitor signs up."""

from __future__ import annotations

import re

import pytest

from core import clock
from core.filters import day, short_day
from tests.tour.conftest import OpenWindow
from tests.tour.installation import Installation
from tests.tour.people import PATIENCE, RELATIONS_A, open_link_in_mail, read_mail
from tests.tour.window import Window

pytestmark = pytest.mark.browser

SUBJECT, ANSWER = "Waar wijzig ik ons adres?", "Dat kan bij Factuurgegevens op uw eigen pagina's."
GUEST = "gast@voorbeeld.invalid"


def test_a_help_request_is_made_delivered_answered_and_seen(
    open_window: OpenWindow, installation: Installation
) -> None:
    asks, helpdesk, manager = open_window("vraagt"), open_window("helpdesk"), open_window("relatie-a")
    asks.become(installation.people["employee"])
    key = ask(asks, installation.participants["live"])
    answer(helpdesk, key)
    see_the_answer(asks)
    see_as_staff(manager, key)
    note_a_telephone_call(manager, installation.participants["live"])


def ask(window: Window, participant_id: int) -> str:
    window.open(f"/mijn/{participant_id}")
    window.follow("Hulp vragen")
    window.shows("Dit sturen wij mee", f"/mijn/{participant_id}", "Laatste gebeurtenis")
    window.press("Versturen", expect=422)
    window.type("Onderwerp", SUBJECT)
    window.fill(question="Wij zijn verhuisd.")
    window.page.locator("[name=files]").set_input_files(
        {"name": "brief.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\0"}
    )
    window.press("Versturen", expect=422)
    window.shows("kan niet mee")
    window.page.locator("[name=files]").set_input_files(
        {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 brief"}
    )
    window.press("Versturen")
    key = re.search(r"HV[A-Z0-9]{8}", window.text)
    assert key, window.text
    window.follow("Naar mijn vragen")
    window.shows(SUBJECT, key[0])
    return key[0]


def answer(window: Window, key: str) -> None:
    """In the stand-in ticket system; the job brings the request there."""
    waited = 0
    window.open("/demo/ticketsysteem")
    while key not in window.text and waited < PATIENCE:
        window.page.wait_for_timeout(500)
        waited += 500
        window.open("/demo/ticketsysteem")
    window.follow(f"{SUBJECT} [{key}]")
    window.shows("Wij zijn verhuisd.", "brief.pdf", "Laatste gebeurtenis")
    window.fill(answer=ANSWER)
    window.choose("Afgesloten")
    window.press("Antwoorden")


def see_the_answer(window: Window) -> None:
    window.follow(SUBJECT)
    window.press("Kijk of er antwoord is")
    window.shows("De stand is bijgewerkt.", ANSWER, "Afgesloten", "brief.pdf")


def see_as_staff(window: Window, key: str) -> None:
    window.sign_in_as(RELATIONS_A)
    window.follow("Deelnemers", within=".main-navigation")
    window.follow("Hulpvragen", within=".section-navigation")
    window.shows(SUBJECT, key)
    window.follow(SUBJECT)
    window.shows(ANSWER, "De helpdesk antwoordde op", "De helpdesk sloot")
    window.follow("Openen in het hulpsysteem")
    window.shows(SUBJECT)


def note_a_telephone_call(window: Window, participant_id: int) -> None:
    window.open(f"/beheer/deelnemers/{participant_id}/hulp")
    window.follow("Telefonische vraag noteren")
    window.page.locator("main ul a.utrecht-link").first.click()
    window.page.wait_for_load_state()
    window.look()
    window.type("Onderwerp", "Gebeld over een factuur")
    window.fill(question="Kan de factuur naar een ander adres?")
    window.page.wait_for_timeout(2100)
    window.press("Versturen")
    window.follow("Naar de hulpvragen")
    window.shows("Gebeld over een factuur", "telefonisch")


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, False)])
def test_a_visitor_signs_up_for_a_meeting_and_off_again(open_window: OpenWindow, width: int, scripts: bool) -> None:
    manager, guest = open_window("relatie-a"), open_window("gast", width=width, scripts=scripts)
    title = f"Kennismaken op {width} pixels"
    plan(manager, title)
    guest.open("/bijeenkomsten")
    assert guest.cookies() == []
    guest.follow(title)
    guest.follow("Aanmelden voor deze bijeenkomst")
    guest.fill(name="Voorbeeldpersoon G", organisation="Voorbeeld", email=GUEST)
    guest.page.wait_for_timeout(2100)
    guest.press("Aanmelding versturen")
    read_mail(guest, GUEST, f"U bent aangemeld: {title}")
    guest.shows("https://voorbeeld.invalid/zaal")
    open_link_in_mail(guest)
    guest.press("Ik kom niet")
    guest.shows("Bedankt")
    manager.open(manager.path)
    manager.shows("Voorbeeldpersoon G", "Afgemeld")


def plan(window: Window, title: str) -> None:
    window.sign_in_as(RELATIONS_A)
    window.open("/beheer/bijeenkomsten")
    window.follow("Bijeenkomst plannen")
    on = clock.today().replace(year=clock.today().year + 1, day=1)
    window.fill(title=title, on=short_day(on), start="14:00", end="15:00", place="Online")
    window.fill(directions="https://voorbeeld.invalid/zaal", capacity="10")
    window.select("Soort", "Webinar")
    window.select("Voor wie", "Iedereen")
    window.press("Opslaan")
    window.shows(day(on), "https://voorbeeld.invalid/zaal")


@pytest.mark.parametrize("width", [1280, 390])
def test_an_organisation_invites_us(open_window: OpenWindow, width: int) -> None:
    window = open_window("gast", width=width, scripts=False)
    window.open("/bijeenkomsten")
    window.follow("Uitnodiging versturen")
    window.fill(organisation="Voorbeeldregio", name="Voorbeeldpersoon H", email=f"h{width}@voorbeeld.invalid")
    window.fill(when="een dinsdag in maart", audience="25 schuldhulpverleners", topic="Wat levert het op?")
    window.page.wait_for_timeout(2100)
    window.press("Uitnodiging versturen")
    window.shows("Het kenmerk is HV")
