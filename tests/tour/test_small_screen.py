"""The same road on a telephone, with JavaScript off: a bewindvoerder on her own, whose lawyer reads along."""

from __future__ import annotations

import pytest

from core import clock
from tests.tour.conftest import OpenWindow
from tests.tour.people import (
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

NAME, KVK = "Bewindskantoor De Kleine Proef", "99310001"
EMAIL, LAWYER = "info@kleineproef.invalid", "jurist@kleineproef.invalid"
TELEPHONE = 390
PROOF = b"%PDF-1.7\n% an extract, as far as anybody looks\n"


def test_a_bewindvoerder_goes_the_same_road_on_a_telephone_without_scripts(open_window: OpenWindow) -> None:
    applicant = open_window("bewindvoerder", width=TELEPHONE, scripts=False)
    manager = open_window("relatie-a", width=TELEPHONE, scripts=False)
    apply(applicant)
    accept(manager)
    let_a_lawyer_read_along(applicant, open_window("jurist", width=TELEPHONE, scripts=False))
    answer(manager)
    establish_authority(manager)
    sign(applicant)
    countersign(open_window("relatie-b", width=TELEPHONE, scripts=False))
    say_ready(applicant)
    activate(manager)
    see_in_public(open_window("publiek", width=TELEPHONE, scripts=False))


def apply(window: Window) -> None:
    begin(window, "Bewindvoerder van de proef", EMAIL)
    window.type("Naam, plaats, KvK-nummer of OIN", KVK)
    window.press("Zoeken")
    window.follow("Organisatie zelf invullen")
    window.type("Naam", NAME)
    window.type("KvK-nummer", KVK[:-1])
    window.choose("Eenmanszaak")
    window.select("Sector", "Bewindvoering")
    window.fill(street="Voorbeeldstraat 1", postal_code="9999 XX", city="Voorbeeldstad")
    window.press("Opslaan en verder", expect=422)
    window.shows("Een KvK-nummer heeft acht cijfers. U vulde er zeven in.")
    window.type("KvK-nummer", KVK)
    save(window, "Uw rol")
    window.choose("Bewindvoerder")
    save(window, "Manier van aansluiten")
    window.choose("Webportaal")
    save(window, "Wie mag tekenen?")
    window.fill(name="Bewindvoerder van de proef", function="Eigenaar", email=EMAIL)
    save(window, "Factuurgegevens")
    window.fill(email=EMAIL)
    save(window, "Schulddossiers per jaar")
    window.fill(number="45")
    window.press("Opslaan en later verder")
    window.shows("Wij hebben een link gemaild", "Nog invullen")
    window.follow("Verder")
    assert window.heading == "Modules"
    window.page.locator("main [type=checkbox]").first.check()
    save(window, "Juridische beoordeling")
    window.choose("Ja")
    save(window, "Openbare lijst")
    window.choose("Ja")
    save(window, "Controleer uw antwoorden")
    window.choose("Ik heb alles naar waarheid ingevuld")
    window.press("Aanmelding indienen")
    window.shows("Ingediend")


def accept(window: Window) -> None:
    window.sign_in_as(RELATIONS_A)
    find(window, KVK)
    window.follow("Aanmelding", within=".columns__aside")
    window.press("Accepteren")


def let_a_lawyer_read_along(window: Window, lawyer: Window) -> None:
    window.open("/mijn")
    window.follow("Taken", within=".columns__aside")
    window.follow("Juridische beoordeling")
    window.fill(email=LAWYER)
    window.press("Link maken")
    window.shows("/meelezen/")
    read_mail(lawyer, LAWYER, "Lees mee met de overeenkomst")
    open_link_in_mail(lawyer)
    assert lawyer.download("Aansluit- en verwerkersovereenkomst (PDF)").startswith(b"%PDF")
    lawyer.follow("Samenvatting van de DPIA")
    lawyer.page.go_back()
    lawyer.fill(asked_by="Jurist van de proef", email=LAWYER, question="Wie bewaart de berichten?")
    lawyer.press("Vraag versturen")
    lawyer.shows("Wie bewaart de berichten?", "Nog geen antwoord.")


def answer(window: Window) -> None:
    find(window, KVK)
    window.follow("Vragen van juristen", within=".columns__aside")
    window.follow("Beantwoorden")
    window.type("Antwoord", "Niemand: het knooppunt geeft berichten alleen door.")
    window.press("Antwoord versturen")
    window.shows("Het antwoord is verstuurd.")
    read_mail(window, LAWYER, "Antwoord op een vraag")
    window.shows("Niemand: het knooppunt geeft berichten alleen door.")
    window.open("/beheer/")


def establish_authority(window: Window) -> None:
    """With a file as proof; a file that is none is refused first."""
    find(window, KVK)
    window.follow("Taken", within=".columns__aside")
    window.follow("Tekenbevoegdheid vastgesteld")
    window.select("Waaruit blijkt dat deze persoon mag tekenen?", "Uittreksel KvK")
    window.fill(explanation="Eigenaar volgens het (verzonnen) uittreksel.")
    proof = window.page.locator("[type=file]")
    proof.set_input_files({"name": "virus.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    window.press("Bevoegdheid vastleggen", expect=422)
    window.shows("geen PDF, PNG of JPG")
    assert "Eigenaar" in window.page.locator("[name=explanation]").input_value()
    proof.set_input_files({"name": "uittreksel.pdf", "mimeType": "application/pdf", "buffer": PROOF})
    window.press("Bevoegdheid vastleggen")
    window.shows("De tekenbevoegdheid is vastgelegd.")


def sign(window: Window) -> None:
    """Reports the lawyer ready, then signs: who applied is the signatory."""
    window.open("/mijn")
    window.follow("Taken", within=".columns__aside")
    window.follow("Juridische beoordeling")
    window.follow("Juridische beoordeling is klaar")
    record_today(window)
    window.follow("Overeenkomst ondertekend")
    window.follow("Naar ondertekenen")
    set_second_factor(window)
    window.page.locator("main [type=checkbox]").check()
    window.press("Ondertekenen")
    window.shows("U hebt de overeenkomst ondertekend")


def record_today(window: Window) -> None:
    window.type("Op welke dag is dit gedaan?", f"{clock.today():%d-%m-%Y}")
    window.press("Vastleggen")


def countersign(window: Window) -> None:
    window.sign_in_as(RELATIONS_B)
    find(window, KVK)
    window.follow("Overeenkomst", within=".columns__aside")
    window.follow("Naar medeondertekenen")
    window.page.locator("main [type=checkbox]").check()
    window.press("Medeondertekenen")


def say_ready(window: Window) -> None:
    window.open("/mijn")
    window.follow("Facturen", within=".columns__aside")
    window.shows("€ 0,00")
    window.follow("Taken", within=".columns__aside")
    window.follow("eHerkenning getest")
    record_today(window)
    window.follow("“Wij zijn klaar”")
    window.press("Wij zijn klaar")


def activate(window: Window) -> None:
    find(window, KVK)
    window.follow("Aansluiting en einde", within=".columns__aside")
    window.follow("Activeren")
    window.press("Activeren")
    window.shows("staat vanaf nu op de openbare lijst")


def see_in_public(window: Window) -> None:
    """By name, because she agreed; never with a place."""
    window.open("/deelnemers")
    window.type("Naam of plaats", "kleine proef")
    window.press("Zoeken")
    window.shows("1 deelnemer", NAME)
    assert "Voorbeeldstad" not in window.text
    window.follow(NAME)
    window.shows("Aangesloten", "Modules die aan staan")
    window.follow("Bekijk de stand van nu")
    window.shows("Stand vandaag")
    assert window.cookies() == []
