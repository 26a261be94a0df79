"""Every page of every role once in a real browser: at 1280 px, and not wider than a telephone of 320 px."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.permissions import access_of
from demo.personas import STAFF
from identity.kinds import STAFF_PERMISSIONS, StaffRole
from onboarding.applications.kinds import SLUGS
from participants.kinds import ContactRole
from tests.tour.installation import Installation
from tests.tour.window import Window

pytestmark = pytest.mark.browser

ACCESS = Path(__file__).parent.parent / "architecture/access.csv"
STAFF_MAIL = {str(persona.roles[0].value): persona.email for persona in reversed(STAFF)}
NO_PAGES = {"alive", "ready"}
Permissions = frozenset[str] | None
SMALLEST = 320
"""Pixels: what is left of 1280 at 400% (WCAG 1.4.10)."""


@pytest.fixture(scope="module")
def window(installation: Installation, chromium: Browser) -> Iterator[Window]:
    """One for all tests here, so that style sheets and letters are fetched once."""
    found = Window(chromium, installation.url, "paginas")
    yield found
    found.close()


def roles() -> list[str]:
    with ACCESS.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    return [role for role in header if role not in {"endpoint", "all_staff_roles"}]


def pages_of(installation: Installation, role: str) -> list[str]:
    """The addresses without parameters that this role may open."""
    rules = {rule.endpoint: rule.rule for rule in installation.app.url_map.iter_rules() if not rule.arguments}
    with ACCESS.open(encoding="utf-8") as file:
        allowed = [row["endpoint"] for row in csv.DictReader(file) if row[role] == "200"]
    return [
        rules[name]
        for name in allowed
        if name not in NO_PAGES and "." not in rules[name] and not rules[name].startswith("/api/")
    ]


def with_one_number(installation: Installation, begin: str, number: int, permissions: Permissions = None) -> list[str]:
    """The addresses below `begin` that have no other parameter, files apart; `permissions`: only what they open."""

    def opens(endpoint: str) -> bool:
        access = access_of(installation.app, endpoint)
        return permissions is None or (access is not None and access.permission in permissions)

    return [
        rule.rule.replace("<int:participant_id>", str(number))
        for rule in installation.app.url_map.iter_rules()
        if opens(rule.endpoint)
        and rule.rule.startswith(begin)
        and "GET" in (rule.methods or ())
        and rule.arguments == {"participant_id"}
        and not rule.rule.endswith((".csv", ".pdf"))
    ]


def become(window: Window, installation: Installation, role: str) -> None:
    window.become(None if role == "visitor" else STAFF_MAIL.get(role) or installation.people[role])


def open_all(window: Window, addresses: Iterable[str]) -> None:
    for address in addresses:
        window.open(address)
        window.check_width(SMALLEST)


@pytest.mark.parametrize("role", roles())
def test_every_page_of_a_role_is_in_order(role: str, installation: Installation, window: Window) -> None:
    become(window, installation, role)
    open_all(window, pages_of(installation, role))


# ------------------------------------------------------------------------------------------- pages about something


def test_every_page_about_a_participant_is_in_order(installation: Installation, window: Window) -> None:
    live, begin = installation.participants["live"], "/beheer/deelnemers/<int:participant_id>"
    relations, finance = STAFF_PERMISSIONS[StaffRole.RELATIONS], STAFF_PERMISSIONS[StaffRole.FINANCE]
    become(window, installation, "finance")
    for_finance = with_one_number(installation, begin, live, finance - relations)
    open_all(window, for_finance)
    become(window, installation, "relations")
    for_relations = with_one_number(installation, begin, live, relations)
    open_all(window, for_relations)
    assert {*for_finance, *for_relations} == set(with_one_number(installation, begin, live))
    open_all(window, [f"/beheer/deelnemers/{live}/contact/{role.slug}" for role in ContactRole])
    open_all(window, [f"/beheer/deelnemers/{live}/modules/debt_settlement/{way}" for way in ("aan", "uit")])


IN_EACH_STATE = {
    "submitted": ("", "/taken", "/aanmelding", "/overeenkomst"),
    "refused": ("", "/taken", "/aanmelding"),
    "accepted": ("/taken", "/tekenbevoegdheid", "/vragen", "/vragen/1", "/overeenkomst"),
    "authority": ("/taken", "/overeenkomst", "/tekenbevoegdheid"),
    "signed": ("/taken", "/overeenkomst", "/overeenkomst/medeondertekenen", "/overeenkomst/terugsturen", "/activeren"),
    "ready": ("/taken", "/taken/onboarding", "/activeren", "/modules"),
    "suspended": ("", "/aansluiting-en-einde", "/hervatten"),
    "ended": ("", "/taken", "/aansluiting-en-einde", "/modules"),
}


def test_pages_about_participants_on_their_way_are_in_order(installation: Installation, window: Window) -> None:
    window.become("relatie.b@voorbeeld.invalid")
    for state, pages in IN_EACH_STATE.items():
        open_all(window, [f"/beheer/deelnemers/{installation.participants[state]}{page}" for page in pages])
    numbers = [installation.applications[state] for state in ("draft", "submitted", "refused")]
    open_all(window, [f"/beheer/aanmeldingen/{number}" for number in numbers])
    open_all(window, [f"/beheer/aanmeldingen/{numbers[1]}/weigeren"])
    open_all(window, ["/beheer/zoeken?q=voorbeeld", "/beheer/zoeken?q=xyzxyz", "/beheer/deelnemers?q=xyzxyz"])


def test_pages_about_money_organisations_and_decisions_are_in_order(installation: Installation, window: Window) -> None:
    become(window, installation, "finance")
    municipality = f"/beheer/deelnemers/{installation.municipality}"
    number = installation.invoices[-1]
    open_all(window, [f"{municipality}/facturen", f"{municipality}/tarief"])
    open_all(window, [f"/beheer/facturen/{number}", f"/beheer/facturen/{number}/crediteren"])
    open_all(window, ["/beheer/facturen?q=xyzxyz", "/beheer/besluiten/VOORBEELD-tekst-2026-1"])
    become(window, installation, "relations")
    open_all(window, ["/beheer/organisaties/1", "/beheer/organisaties/1/wijzigen", "/beheer/organisaties?q=urk"])


def test_pages_about_staff_are_in_order(installation: Installation, window: Window) -> None:
    window.become("applicatie.b@voorbeeld.invalid")
    window.open("/beheer/medewerkers")
    window.follow("Bestuurslid (voorbeeld)")
    pages = ("", "/rol-geven", "/rol-intrekken/board", "/nieuwe-toegang", "/uitschakelen")
    open_all(window, [f"{window.path}{page}" for page in pages])
    open_all(window, ["/beheer/akkoord/1", "/beheer/logboek?q=xyzxyz"])


def test_every_page_of_an_own_participant_is_in_order(installation: Installation, window: Window) -> None:
    become(window, installation, "representative")
    live = installation.participants["live"]
    open_all(window, with_one_number(installation, "/mijn/<int:participant_id>", live))
    open_all(window, [f"/mijn/{live}/contact/{role.slug}" for role in ContactRole])


def test_every_page_of_an_application_is_in_order(installation: Installation, window: Window) -> None:
    become(window, installation, "applicant")
    slugs = [slug for slug in SLUGS.values() if slug not in {"gemeenten", "openbare-lijst"}]  # not asked of a creditor
    pages = [
        "",
        "/organisatie?zoek=urk",
        "/organisatie?zoek=xyzxyz",
        "/organisatie/nieuw",
        "/controleren",
        "/intrekken",
    ]
    begin = f"/mijn/aanmeldingen/{installation.applications['draft']}"
    open_all(window, [f"{begin}{page}" for page in pages] + [f"{begin}/{slug}" for slug in slugs])


def test_pages_for_who_reads_along_and_the_lists_without_hits_are_in_order(
    installation: Installation, window: Window
) -> None:
    window.become(None)
    read_along = f"/meelezen/{installation.share_token}"
    open_all(window, [read_along, f"{read_along}/dpia", "/deelnemers?q=belvorbeeld", "/deelnemers?rol=niets"])
    window.open("/deelnemers")
    window.follow("Gemeente Urk")
    window.check_width(SMALLEST)


ERRORS = (
    ("visitor", "/bestaat-niet", 404),
    ("visitor", "/keurmerk/00000000-0000-0000-0000-000000000000", 404),
    ("visitor", "/link/is-al-lang-weg", 410),
    ("board", "/beheer/aanmeldingen", 403),
    ("employee", "/mijn/999999", 404),
)


@pytest.mark.parametrize(("role", "address", "status"), ERRORS)
def test_pages_that_say_no_are_in_order(
    role: str, address: str, status: int, installation: Installation, window: Window
) -> None:
    become(window, installation, role)
    window.open(address, expect=status)
    window.check_width(SMALLEST)
