"""A run on the pages: two people walk it from preview to invoices."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.runs.jobs import advance_runs
from billing.runs.models import InvoiceRun
from core import clock
from core import db as database
from core.db import scoped
from identity.kinds import StaffRole
from tests.billing.conftest import World
from tests.billing.runs.conftest import JANUARY, Finance
from tests.browser import Browser
from tests.people import People

BEFORE = date(2024, 6, 1)
NewBrowser = Callable[[], Browser]


@pytest.fixture
def new_browser(app: Flask) -> NewBrowser:
    return lambda: Browser(app)


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    with clock.at(JANUARY):
        yield


def signed_in(new_browser: NewBrowser, people: People, *roles: StaffRole) -> Browser:
    browser = new_browser()
    browser.sign_in(people.staff(*roles))
    return browser


def run_jobs() -> None:
    with scoped(database.JOB):
        advance_runs()


def test_two_people_walk_a_run_from_preview_to_invoices(
    world: World, people: People, new_browser: NewBrowser, session: Session
) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    world.creditor(None, name="Doorstroom B.V.", connected_on=BEFORE)
    one, other = (signed_in(new_browser, people, StaffRole.FINANCE) for _ in range(2))
    start = one.get("/beheer/facturen/rondes/nieuw")
    run_page = one.submit(start, year="2026", scope="everybody")
    assert "Wordt voorbereid".lower() in run_page.text
    run_jobs()
    run = session.execute(select(InvoiceRun)).scalar_one()
    address = f"/beheer/facturen/rondes/{run.id}"
    run_page = one.get(address)
    assert "Gemeente Aadorp" in run_page.text
    assert "Vraag de deelnemer om een opgave" in run_page.text
    assert "allemaal verantwoord" in run_page.text
    forward = one.submit(one.get(f"{address}/voorleggen"), "Voorleggen")
    assert "De ronde is voorgelegd" in forward.text
    session.refresh(run)
    approval = f"/beheer/akkoord/{run.approval_id}"
    assert "Akkoord geven" not in one.get(approval).text
    other.submit(other.get(approval), "Akkoord geven")
    run_jobs()
    session.expire_all()
    done = other.get(address)
    assert "2026-00001" in done.text
    assert "facturen zijn gemaakt" in done.text


@pytest.mark.parametrize("year", ["", "tweeduizend", "1999", "2029", "-1", "2026.5", "9" * 40])
def test_a_year_that_cannot_be_is_answered_in_dutch(
    world: World, people: People, new_browser: NewBrowser, session: Session, year: str
) -> None:
    browser = signed_in(new_browser, people, StaffRole.FINANCE)
    answer = browser.submit(browser.get("/beheer/facturen/rondes/nieuw"), expect=422, year=year)
    assert answer.errors
    assert session.execute(select(InvoiceRun)).first() is None


def test_filters_lists_and_bundle_are_of_the_run(
    world: World, people: People, new_browser: NewBrowser, finance: Finance
) -> None:
    world.municipality(70_361, name="Gemeente Aadorp", connected_on=BEFORE)
    world.creditor(None, name="Doorstroom B.V.", connected_on=BEFORE)
    run = finance.preview()
    browser = signed_in(new_browser, people, StaffRole.BOARD)
    address = f"/beheer/facturen/rondes/{run.id}"
    parked = browser.get(f"{address}?uitkomst=apart").text
    assert "Doorstroom B.V." in parked
    assert "Gemeente Aadorp" not in parked
    csv = browser.client.get(f"{address}.csv?uitkomst=factuur").get_data(as_text=True)
    assert "Gemeente Aadorp;Factuur;;D;3000,00;630,00;3630,00" in csv
    assert "Doorstroom" not in csv
    first = browser.client.get(f"{address}/bundel.zip").get_data()
    assert first == browser.client.get(f"{address}/bundel.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert "gelijk" in archive.read("LEESMIJ.txt").decode()
        assert "Doorstroom B.V." in archive.read("deelnemers.csv").decode()
        assert "70361" in archive.read("invoer.json").decode()


def test_one_participant_of_a_run_is_shown_and_looked_at_again(
    world: World, people: People, new_browser: NewBrowser, finance: Finance, session: Session
) -> None:
    creditor = world.creditor(None, name="Doorstroom B.V.", connected_on=BEFORE)
    run = finance.preview()
    browser = signed_in(new_browser, people, StaffRole.FINANCE)
    address = f"/beheer/facturen/rondes/{run.id}/deelnemers/{creditor.id}"
    page = browser.get(address)
    assert "Aan zet: Relatiebeheer" in page.text
    world.files(creditor, 640)
    session.commit()
    again = browser.submit(browser.get(address), "Bekijk opnieuw")
    assert "Jaartarief 2026, categorie C" in again.text


def test_who_may_only_look_cannot_act(world: World, people: People, new_browser: NewBrowser, finance: Finance) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    browser = signed_in(new_browser, people, StaffRole.RELATIONS)
    assert "Voorleggen" not in browser.get(f"/beheer/facturen/rondes/{run.id}").text
    for path in ("voorleggen", "intrekken"):
        browser.get(f"/beheer/facturen/rondes/{run.id}/{path}", expect=403)


def test_a_run_is_withdrawn_with_a_reason(
    world: World, people: People, new_browser: NewBrowser, finance: Finance
) -> None:
    run = finance.preview()
    browser = signed_in(new_browser, people, StaffRole.FINANCE)
    form = browser.get(f"/beheer/facturen/rondes/{run.id}/intrekken")
    assert "waarom u deze ronde intrekt" in browser.submit(form, expect=422, reason="").text
    page = browser.submit(form, reason="Verkeerd jaar.").text
    assert "De ronde is ingetrokken" in page
    assert "Zij is ingetrokken: Verkeerd jaar." in page


def test_invoices_of_a_participant_are_held_and_released(
    world: World, people: People, new_browser: NewBrowser, finance: Finance
) -> None:
    participant = world.municipality(70_361, connected_on=BEFORE)
    browser = signed_in(new_browser, people, StaffRole.FINANCE)
    address = f"/beheer/deelnemers/{participant.id}/facturen/aanhouden"
    refused = browser.submit(browser.get(address), expect=422, reason="Bezwaar.", recheck_on="1-1-2020")
    assert "Kies een dag na vandaag" in refused.text
    held = browser.submit(browser.get(address), reason="Bezwaar tegen de categorie.", recheck_on="1-2-2026")
    assert "Bezwaar tegen de categorie." in held.text
    [item] = finance.preview().items
    assert item.problem == "Bezwaar tegen de categorie."
    released = browser.submit(browser.get(f"/beheer/deelnemers/{participant.id}/facturen"), "Niet meer aanhouden")
    assert "niet meer aangehouden" in released.text
