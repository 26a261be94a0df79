"""What people do in the tour that takes more than one click."""

from __future__ import annotations

import pyotp

from tests.tour.window import Window

RELATIONS_A = "Relatiebeheer A (voorbeeld)"
RELATIONS_B = "Relatiebeheer B (voorbeeld)"
FINANCE = "Financiën (voorbeeld)"
FINANCE_B = "Financiën B (voorbeeld)"
AUDITOR = "Auditor (voorbeeld)"
PATIENCE = 20_000
"""Milliseconds until a mail is there that a background job makes."""


def read_mail(window: Window, to: str, subject: str) -> None:
    """Open the newest mail with this subject to this address, in the mailbox of the demonstration."""
    address = f"/demo/postvak?aan={to}"
    window.open(address)
    letters = window.page.get_by_role("link", name=subject)
    waited = 0
    while letters.count() == 0 and waited < PATIENCE:
        window.page.wait_for_timeout(500)
        waited += 500
        window.open(address)
    assert letters.count(), f"no mail '{subject}' to {to}: {window.text}"
    with window.page.expect_navigation():
        letters.first.click()
    window.look()


def open_link_in_mail(window: Window, nth: int = 0) -> None:
    """Click a link of ours in the mail that is open."""
    with window.page.expect_navigation():
        window.page.locator(".mail-body a").nth(nth).click()
    window.look()


def begin(window: Window, name: str, email: str) -> None:
    """From the first public page to the first page of the form, by the mailed link."""
    window.open("/aanmelden")
    window.follow("Aanmelding starten")
    window.type("Uw naam", name)
    window.type("Uw e-mailadres", email)
    window.page.wait_for_timeout(2100)  # who is faster is taken for a program
    window.press("Stuur mij de link")
    assert window.heading == "Kijk in uw mail"
    read_mail(window, email, "Begin uw aanmelding")
    open_link_in_mail(window)
    assert window.heading == "Verder met uw aanmelding"
    window.press("Ga verder")
    window.shows("Nog invullen")
    window.follow("Beginnen")


def save(window: Window, heading: str) -> None:
    """Save a page of the form; the next one has this heading."""
    window.press("Opslaan en verder")
    assert window.heading == heading, f"after saving: '{window.heading}' instead of '{heading}': {window.text}"


def set_second_factor(window: Window) -> None:
    """Put the key that is shown into an app, and give the code that the app shows."""
    assert window.heading == "Stel een tweede stap in"
    key = window.page.locator("code.reference").inner_text().replace(" ", "")
    window.fill(code=pyotp.TOTP(key).now())
    window.press("Instellen")


def find(window: Window, number: str) -> None:
    """The search field on top of every page of staff; with a number it opens the file at once."""
    window.page.get_by_role("search").get_by_role("searchbox").fill(number)
    with window.page.expect_navigation():
        window.page.get_by_role("search").get_by_role("button").click()
    window.look()
