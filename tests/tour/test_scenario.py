"""Finance makes a scenario in a browser, sees its chart, and compares it; without script the figures are there too."""

from __future__ import annotations

import pytest

from tests.tour.conftest import OpenWindow
from tests.tour.people import FINANCE

pytestmark = pytest.mark.browser
BAR = "[data-chart] .point"


def test_a_scenario_is_made_drawn_and_compared(open_window: OpenWindow) -> None:
    window = open_window("financien")
    window.sign_in_as(FINANCE)
    for name, fee in (("B naar 800", "800"), ("B naar 700", "700")):
        window.open("/beheer/tarieven/scenarios/nieuw")
        window.type("Naam", name)
        window.choose("Alle gemeenten, elk als eigen schuldhulpverlener")
        window.fill(**{"shv-1-annual_fee": fee})
        window.press("Uitrekenen en bewaren")
        window.page.wait_for_selector(BAR, state="attached")
        window.look()
    window.shows("€ 8.500,00 minder")
    assert window.page.locator(BAR).count() == 14, "seven categories, now and then"
    assert window.download("Alles als XLSX").startswith(b"PK")
    window.open("/beheer/tarieven/scenarios")
    window.choose("B naar 800 vergelijken")
    window.choose("B naar 700 vergelijken")
    window.press("Vergelijk twee of drie scenario's")
    window.page.wait_for_selector(BAR, state="attached")
    window.look()
    window.shows("B naar 800 brengt het meeste op: € 532.000,00.")

    phone = open_window("financien-telefoon", width=320)
    phone.sign_in_as(FINANCE)
    phone.open("/beheer/tarieven/scenarios")
    phone.follow("B naar 800")
    phone.page.wait_for_selector(BAR, state="attached")
    phone.look()

    plain = open_window("zonder-script", scripts=False)
    plain.sign_in_as(FINANCE)
    plain.open("/beheer/tarieven/scenarios")
    plain.follow("B naar 800")
    plain.page.locator(".chart summary").click()
    plain.shows("€ 136.000,00")
