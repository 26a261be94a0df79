"""The menu shows what one may open, all of it, and every entry opens."""

from __future__ import annotations

import pytest
from flask import Flask

from admin.navigation import PARTICIPANT, PUBLIC, STAFF, Entry, Section
from core.permissions import access_of
from identity.kinds import STAFF_PERMISSIONS, ParticipantRole, StaffRole
from tests.admin.conftest import SignIn
from tests.browser import Browser, Page
from tests.onboarding.conftest import Journey
from tests.people import People

MENU, BELOW = ".main-navigation a", ".section-navigation a"


def labels(page: Page, where: str) -> list[str]:
    return [link.get_text(strip=True) for link in page.soup.select(where)]


def current(page: Page, where: str) -> list[tuple[str, str]]:
    """Label and value of aria-current."""
    links = [link for link in page.soup.select(where) if link.has_attr("aria-current")]
    return [(link.get_text(strip=True), str(link["aria-current"])) for link in links]


def entries(sections: tuple[Section, ...]) -> list[Entry]:
    return [entry for section in sections for entry in section.entries]


def test_every_entry_asks_the_permission_of_its_page(app: Flask) -> None:
    for entry in entries((*STAFF, *PARTICIPANT, *PUBLIC)):
        access = access_of(app, entry.endpoint)
        assert access is not None, entry
        if entry.permission is not None:
            assert access.permission == entry.permission, entry


@pytest.mark.parametrize("role", list(StaffRole))
def test_each_role_sees_exactly_what_it_may_open_and_everything_opens(sign_in: SignIn, role: StaffRole) -> None:
    browser = sign_in(role)
    start = browser.get("/beheer/")
    menu = start.soup.select(MENU)
    seen = set()
    for link in menu:
        page = browser.get(str(link["href"]))
        below = page.soup.select(BELOW)
        assert len(below) != 1, "a second line of one page says nothing"
        assert current(page, MENU) == [(link.get_text(strip=True), "true" if below else "page")]
        seen |= {str(one["href"]) for one in below} or {str(link["href"])}
        for one in below:
            opened = browser.get(str(one["href"]))
            assert current(opened, BELOW) == [(one.get_text(strip=True), "page")]
    with browser.app.test_request_context():
        allowed = {entry.endpoint for entry in entries(STAFF) if entry.permission in STAFF_PERMISSIONS[role]}
        adapter = browser.app.url_map.bind("localhost")
        assert seen == {adapter.build(endpoint) for endpoint in allowed}
    assert len(menu) <= 7


def test_the_section_stays_open_on_the_pages_below_it(journey: Journey, sign_in: SignIn) -> None:
    row = journey.submitted()
    page = sign_in(StaffRole.RELATIONS).get(f"/beheer/deelnemers/{row.id}/taken")
    assert current(page, MENU) == [("Deelnemers", "true")]
    assert current(page, BELOW) == [("Deelnemers", "page")]


def test_a_page_outside_the_menu_marks_nothing(sign_in: SignIn) -> None:
    page = sign_in(StaffRole.AUDITOR).get("/beheer/zoeken")
    assert current(page, MENU) == []
    assert labels(page, BELOW) == []


def test_participants_and_applicants_see_their_own_pages(journey: Journey, people: People) -> None:
    row = journey.submitted()
    browser = Browser(journey.app).sign_in(people.of(row, ParticipantRole.EMPLOYEE))
    page = browser.get(f"/mijn/{row.id}")
    assert labels(page, MENU) == ["Mijn organisatie", "Mijn aanmeldingen"]
    assert current(page, MENU) == [("Mijn organisatie", "page")]
    for link in page.soup.select(MENU):
        browser.get(str(link["href"]))
    applicant = Browser(journey.app).sign_in(people.applicant())
    page = applicant.get("/mijn/aanmeldingen")
    assert labels(page, MENU) == ["Mijn aanmeldingen"]
    assert current(page, MENU) == [("Mijn aanmeldingen", "page")]


def test_the_public_menu_knows_of_nobody(sign_in: SignIn) -> None:
    for browser in (sign_in(StaffRole.AUDITOR), Browser(sign_in().app)):
        page = browser.get("/")
        assert labels(page, MENU) == ["Start", "Deelnemers", "Modules", "Tarieven", "Bijeenkomsten", "Aanmelden"]
        for link in page.soup.select(MENU):
            browser.get(str(link["href"]))
        assert current(browser.get("/deelnemers"), MENU) == [("Deelnemers", "true")]


def test_somebody_without_a_role_sees_an_empty_menu(sign_in: SignIn) -> None:
    page = sign_in().get("/account")
    assert labels(page, MENU) == []


def test_search_is_offered_to_who_may_search(sign_in: SignIn) -> None:
    assert sign_in(StaffRole.BOARD).get("/beheer/").soup.select("#site-search")
    assert not sign_in().get("/account").soup.select("#site-search")
