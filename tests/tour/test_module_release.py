"""A module is released, from advice to activation, with each gate tried while it was shut. Everything in a browser."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import FilePayload

from catalogue.versions.kinds import Gate
from core import clock
from core.filters import short_day
from tests.tour.conftest import OpenWindow
from tests.tour.installation import Installation
from tests.tour.people import RELATIONS_A, RELATIONS_B
from tests.tour.window import Window

PRIVACY = "Privacy (voorbeeld)"
NAME, VERSION = "Vroegsignalering", "Vroegsignalering 1.0"
SUPPLIER, PRODUCT = "Softwarehuis Voorbeeld", "Schuldassistent"
"""What the participant that is live has."""
REPORT: FilePayload = {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 voorbeeld\n%%EOF"}
RECORDED = (Gate.MESSAGES, Gate.AGREEMENTS, Gate.BUILT, Gate.TESTED)
ASSESSED = {Gate.DPIA: "DPIA", Gate.SECURITY: "Beveiligingstoets"}


@pytest.fixture
def maker(open_window: OpenWindow) -> Window:
    window = open_window("relatie-a")
    window.sign_in_as(RELATIONS_A)
    return window


@pytest.fixture
def checker(open_window: OpenWindow) -> Window:
    window = open_window("relatie-b")
    window.sign_in_as(RELATIONS_B)
    return window


def days_ago(days: int) -> str:
    return short_day(clock.today() - timedelta(days=days))


def follow_in_row(window: Window, row: str, link: str | None = None) -> None:
    """Follow the first link (of this name) in the row of a table that says this."""
    links = window.page.get_by_role("row", name=row).get_by_role("link", name=link)
    with window.page.expect_navigation():
        links.first.click()
    window.look()


def agree(checker: Window, what: str) -> None:
    """A colleague opens the request in the queue and agrees."""
    checker.open("/beheer/akkoord")
    follow_in_row(checker, what)
    checker.press("Akkoord geven")


def record(maker: Window, checker: Window, body: str, title: str, on: date, advice: str | None = None) -> None:
    """Take down an advice or a decision, which a colleague confirms."""
    maker.open("/beheer/besluiten")
    maker.follow("Besluit of advies vastleggen")
    maker.select("Wie besloot of adviseerde?", body)
    maker.select("Waarover?", "Vrijgave van een module")
    maker.fill(decided_on=short_day(on), title=title, text="Voorbeeldtekst.", source="voorbeeld")
    if advice:
        field = maker.page.locator("[name=advice]")
        options = field.locator("option").all_inner_texts()
        field.select_option(label=next(option for option in options if advice in option))
    maker.press("Akkoord vragen")
    maker.shows("Dit staat nog niet in het register.")
    agree(checker, title)


def ask_release(maker: Window) -> None:
    open_version(maker)
    maker.follow("Vrijgave aanvragen")
    maker.fill(day=days_ago(0))


def open_version(maker: Window) -> None:
    maker.open("/beheer/modules")
    maker.follow(VERSION)


def refused_for(maker: Window, gate: Gate) -> None:
    """Asking for release is refused, and the refusal names the gate that is shut."""
    ask_release(maker)
    maker.press("Vraag een collega om akkoord", expect=422)
    maker.shows(gate.in_a_sentence)


def assess(privacy: Window, kind: str) -> None:
    """An assessment with a report and a verdict."""
    privacy.open("/beheer/toetsen")
    privacy.follow("Toets beginnen")
    privacy.choose(kind)
    privacy.fill(
        release=VERSION,
        report_version="1",
        scope="Alles (voorbeeld)",
        assessor="Voorbeeldbureau",
        started_on=days_ago(9),
    )
    privacy.press("Toets beginnen")
    privacy.follow("Rapport toevoegen")
    privacy.page.set_input_files("[name=report]", REPORT)
    privacy.press("Toevoegen")
    privacy.follow("Afsluiten")
    privacy.select("Oordeel", "Akkoord")
    privacy.fill(closed_on=days_ago(5), next_on=short_day(clock.today() + timedelta(days=365)))
    privacy.press("Afsluiten")
    privacy.shows("Akkoord")


def follow_for(maker: Window, link: str, gate: Gate) -> None:
    """The link in the row of a gate."""
    open_version(maker)
    follow_in_row(maker, gate.label, link)


def open_recorded_gates(maker: Window) -> None:
    """Messages, agreements, built and tested, in that order."""
    open_version(maker)
    maker.follow("Bericht toevoegen")
    maker.fill(code="vs.signaal", name="Signaal", source="voorbeeld")
    maker.page.locator("[name=kind]").select_option("notice")
    maker.page.locator("[name=senders][value=creditor]").check()
    maker.page.locator("[name=receivers][value=debt_counsellor]").check()
    maker.press("Toevoegen")
    maker.follow("Procesafspraken toevoegen")
    maker.fill(title="Afspraken", version="1", agreed_on=days_ago(20), source="voorbeeld")
    maker.choose("Alle deelnemers")
    maker.press("Toevoegen")
    for gate in RECORDED:
        refused_for(maker, gate)
        follow_for(maker, "Vastleggen", gate)
        maker.fill(happened_on=days_ago(10), done_by="Voorbeeldoverleg", reference="verslag 1")
        maker.press("Vastleggen")
        maker.shows(gate.label)


def choose_first(maker: Window) -> None:
    maker.page.locator("main [name=chosen]").first.check()
    maker.press("Koppelen")


def switch_on(maker: Window, file: str, expect: int = 200) -> None:
    maker.open(file)
    follow_in_row(maker, NAME)
    maker.fill(day=days_ago(0))
    maker.press("Aanzetten", expect=expect)


def test_a_module_goes_from_advice_to_activation(
    maker: Window, checker: Window, open_window: OpenWindow, installation: Installation
) -> None:
    today = clock.today()
    for gate in Gate:
        refused_for(maker, gate)
    open_recorded_gates(maker)

    privacy = open_window("privacy")
    privacy.sign_in_as(PRIVACY)
    for gate, kind in ASSESSED.items():
        refused_for(maker, gate)
        assess(privacy, kind)
        follow_for(maker, "Vastleggen", gate)
        choose_first(maker)

    advice, decision = "Voorbeeldadvies Vroegsignalering", "Voorbeeldbesluit Vroegsignalering"
    record(maker, checker, "Raad van advies", advice, today - timedelta(days=4))
    refused_for(maker, Gate.DECISION)
    record(maker, checker, "Bestuur", decision, today - timedelta(days=2), advice)
    open_version(maker)
    maker.follow("Advies koppelen")
    choose_first(maker)
    follow_for(maker, "Vastleggen", Gate.DECISION)
    choose_first(maker)
    maker.shows("Aan alle voorwaarden is voldaan.")

    maker.follow("Doelgroep vastleggen")
    maker.page.locator("[name=roles][value=creditor]").check()
    maker.press("Opslaan")
    ask_release(maker)
    maker.press("Vraag een collega om akkoord")
    maker.follow("Bekijk het verzoek")
    maker.shows("U hebt dit zelf gevraagd.")
    agree(checker, VERSION)
    open_version(maker)
    maker.shows("Vrijgegeven vanaf")

    file = f"/beheer/deelnemers/{installation.participants['live']}/modules"
    switch_on(maker, file, expect=422)
    maker.shows(f"Er is niet vastgelegd dat {PRODUCT} van {SUPPLIER} de berichten van {VERSION} ondersteunt.")
    open_version(maker)
    maker.follow("Software toevoegen")
    maker.select("Leverancier", SUPPLIER)
    maker.fill(product=PRODUCT, since=days_ago(1), source="opgave van de leverancier")
    maker.press("Vastleggen")
    switch_on(maker, file)
    maker.open(file)
    maker.shows(f"{NAME} – Aan vanaf")

    checker.open("/beheer/besluiten")
    follow_in_row(checker, decision)
    checker.shows("Wat hieruit volgde", VERSION)
    checker.forget_me()
    checker.open("/roadmap")
    checker.shows(NAME)
