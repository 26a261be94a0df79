"""Every page of every role once in a real browser: at 1280 px, and not wider than a telephone of 320 px."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.personas import STAFF
from onboarding.applications.kinds import SLUGS
from participants.kinds import ContactRole
from tests.tour.conftest import OpenWindow
from tests.tour.installation import Installation
from tests.tour.window import Window

pytestmark = pytest.mark.browser

ACCESS = Path(__file__).parent.parent / "architecture/access.csv"
EMAIL = {str(persona.roles[0].value): persona.email for persona in reversed(STAFF)}
NO_PAGES = {"alive", "ready"}
SMALLEST = 320
"""Pixels: what is left of 1280 at 400% (WCAG 1.4.10)."""


def roles() -> list[str]:
    with ACCESS.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    return [role for role in header if role not in {"endpoint", "all_staff_roles"}]


def pages_of(installation: Installation, role: str) -> list[str]:
    """The addresses without parameters that this role may open."""
    rules = {rule.endpoint: rule.rule for rule in installation.app.url_map.iter_rules() if not rule.arguments}
    with ACCESS.open(encoding="utf-8") as file:
        allowed = [row["endpoint"] for row in csv.DictReader(file) if row[role] == "200"]
    return [rules[name] for name in allowed if name not in NO_PAGES and "." not in rules[name]]


def enter(window: Window, installation: Installation, role: str) -> None:
    if role != "visitor":
        window.become(EMAIL[role] if role in EMAIL else installation.people[role])


def open_all(window: Window, addresses: list[str]) -> None:
    for address in addresses:
        window.open(address)
        window.check_width(SMALLEST)


@pytest.mark.parametrize("role", roles())
def test_every_page_of_a_role_is_in_order(role: str, installation: Installation, open_window: OpenWindow) -> None:
    window = open_window(role)
    enter(window, installation, role)
    open_all(window, pages_of(installation, role))


def test_every_page_about_a_participant_is_in_order(installation: Installation, open_window: OpenWindow) -> None:
    window = open_window("relatie-b")
    window.become("relatie.b@voorbeeld.invalid")
    live = installation.participants["live"]
    begin = "/beheer/deelnemers/<int:participant_id>"
    open_all(window, [address.format(live) for address in with_one_number(installation, begin)])
    open_all(window, [f"/beheer/deelnemers/{live}/contact/{role.slug}" for role in ContactRole])
    for link in ("Uitzetten", "Aanzetten"):
        window.open(f"/beheer/deelnemers/{live}/modules")
        found = window.page.locator("main").get_by_role("link", name=link)
        if found.count():
            open_all(window, [found.first.get_attribute("href") or ""])


IN_EACH_STATE = {
    "submitted": ("", "/taken", "/aanmelding", "/overeenkomst"),
    "refused": ("", "/taken", "/aanmelding"),
    "accepted": ("/taken", "/tekenbevoegdheid", "/vragen", "/vragen/1", "/overeenkomst"),
    "authority": ("/taken", "/overeenkomst", "/tekenbevoegdheid"),
    "signed": ("/taken", "/overeenkomst", "/overeenkomst/medeondertekenen", "/overeenkomst/terugsturen"),
    "countersigned": ("/taken", "/taken/certificaat", "/activeren", "/aansluiting-en-einde"),
    "ready": ("/taken", "/activeren", "/modules"),
    "suspended": ("", "/aansluiting-en-einde", "/hervatten"),
    "ended": ("", "/taken", "/aansluiting-en-einde", "/modules"),
    "administrator": ("", "/tarief"),
}


def test_pages_about_participants_on_their_way_are_in_order(
    installation: Installation, open_window: OpenWindow
) -> None:
    window = open_window("relatie-b")
    window.become("relatie.b@voorbeeld.invalid")
    for state, pages in IN_EACH_STATE.items():
        open_all(window, [f"/beheer/deelnemers/{installation.participants[state]}{page}" for page in pages])
    for state in ("draft", "submitted", "refused"):
        open_all(window, [f"/beheer/aanmeldingen/{installation.applications[state]}"])
    open_all(window, [f"/beheer/aanmeldingen/{installation.applications['submitted']}/weigeren"])
    for address in ("/beheer/zoeken?q=voorbeeld", "/beheer/zoeken?q=bestaat+niet", "/beheer/deelnemers?q=bestaat+niet"):
        open_all(window, [address])


def test_pages_about_money_organisations_and_decisions_are_in_order(
    installation: Installation, open_window: OpenWindow
) -> None:
    window = open_window("financien")
    window.become("financien@voorbeeld.invalid")
    urk = installation.participants["live"], installation.municipality
    open_all(window, [f"/beheer/deelnemers/{key}/{page}" for key in urk for page in ("facturen", "tarief")])
    for number in ("2025-00001", "2026-00001"):
        open_all(window, [f"/beheer/facturen/{number}", f"/beheer/facturen/{number}/crediteren"])
    open_all(window, ["/beheer/facturen?q=bestaat+niet", "/beheer/besluiten/VOORBEELD-tekst-2026-1"])
    window.become("relatie.a@voorbeeld.invalid")
    open_all(window, ["/beheer/organisaties/1", "/beheer/organisaties/1/wijzigen", "/beheer/organisaties?q=urk"])


def test_pages_about_staff_are_in_order(installation: Installation, open_window: OpenWindow) -> None:
    window = open_window("applicatiebeheer")
    window.become("applicatie.b@voorbeeld.invalid")
    member = "/beheer/medewerkers/4"
    pages = ("", "/rol-geven", "/rol-intrekken/board", "/nieuwe-toegang", "/uitschakelen")
    open_all(window, [f"{member}{page}" for page in pages])
    open_all(window, ["/beheer/akkoord/1", "/beheer/logboek?q=bestaat+niet"])
    window.open("/beheer/akkoord/1")
    window.press("Geen akkoord", expect=422)


def test_every_page_of_an_own_participant_is_in_order(installation: Installation, open_window: OpenWindow) -> None:
    window = open_window("vertegenwoordiger")
    window.become(installation.people["representative"])
    live = installation.participants["live"]
    open_all(window, [address.format(live) for address in with_one_number(installation, "/mijn/<int:participant_id>")])
    open_all(window, [f"/mijn/{live}/contact/{role.slug}" for role in ContactRole])


def test_every_page_of_an_application_is_in_order(installation: Installation, open_window: OpenWindow) -> None:
    window = open_window("aanmelder")
    window.become(installation.people["applicant"])
    number = installation.applications["draft"]
    slugs = [slug for slug in SLUGS.values() if slug not in {"gemeenten", "openbare-lijst"}]  # not asked of a creditor
    pages = ["", "/organisatie?zoek=urk", "/organisatie?zoek=xyzxyz", "/organisatie/nieuw", "/controleren", "/intrekken"]
    pages += [f"/{slug}" for slug in slugs]
    open_all(window, [f"/mijn/aanmeldingen/{number}{page}" for page in pages])


def test_pages_for_who_reads_along_and_the_badges_are_in_order(
    installation: Installation, open_window: OpenWindow
) -> None:
    window = open_window("bezoeker")
    token = installation.share_token
    open_all(window, [f"/meelezen/{token}", f"/meelezen/{token}/dpia", "/deelnemers?q=voorbel", "/deelnemers?rol=niets"])
    window.open("/keurmerk/00000000-0000-0000-0000-000000000000", expect=404)


ERRORS = {"visitor": ("/bestaat-niet", 404), "board": ("/beheer/aanmeldingen", 403), "employee": ("/mijn/999999", 404)}


@pytest.mark.parametrize("role", ERRORS)
def test_pages_that_say_no_are_in_order(role: str, installation: Installation, open_window: OpenWindow) -> None:
    window = open_window(role)
    enter(window, installation, role)
    address, status = ERRORS[role]
    window.open(address, expect=status)
    window.check_width(SMALLEST)


def with_one_number(installation: Installation, begin: str) -> Iterator[str]:
    """Addresses below `begin` that have no other parameter, files apart; with {} where the number comes."""
    for rule in installation.app.url_map.iter_rules():
        if rule.rule.startswith(begin) and "GET" in (rule.methods or ()) and rule.arguments == {"participant_id"}:
            if not rule.rule.endswith(".pdf"):
                yield rule.rule.replace("<int:participant_id>", "{}")
