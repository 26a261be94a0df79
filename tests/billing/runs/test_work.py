"""What runs and held invoices leave to be done stands in My work of finance."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from billing.runs.holds.services import hold
from billing.runs.services import put_forward
from core import clock
from identity.kinds import StaffRole
from tests.billing.conftest import World
from tests.billing.runs.conftest import JANUARY, Finance
from tests.browser import Browser
from tests.people import People

BEFORE = date(2024, 6, 1)
WORK = "/beheer/"


@pytest.fixture
def finance_browser(app: Flask, people: People) -> Browser:
    return Browser(app).sign_in(people.staff(StaffRole.FINANCE))


def test_in_the_month_of_the_invoices_it_says_that_nobody_began(
    world: World, finance: Finance, finance_browser: Browser
) -> None:
    with clock.at(JANUARY):
        assert "Er is nog geen ronde voorbereid" in finance_browser.get(WORK).text
        finance.preview()
        assert "Er is nog geen ronde voorbereid" not in finance_browser.get(WORK).text
    with clock.at(date(2027, 6, 1)):
        assert "Er is nog geen ronde voorbereid" not in finance_browser.get(WORK).text


def test_a_calculated_run_waits_until_it_is_put_forward(
    world: World, finance: Finance, finance_browser: Browser, session: Session
) -> None:
    world.municipality(70_361, connected_on=BEFORE)
    run = finance.preview()
    with clock.at(JANUARY):
        assert "leg haar voor aan een collega" in finance_browser.get(WORK).text
        put_forward(run, finance.one)
        session.commit()
        text = finance_browser.get(WORK).text
        assert "leg haar voor aan een collega" not in text
        assert "Facturatieronde 2026" in text


def test_a_held_invoice_comes_back_on_its_day(
    world: World, finance: Finance, finance_browser: Browser, session: Session
) -> None:
    participant = world.municipality(70_361, connected_on=BEFORE)
    with clock.at(JANUARY):
        hold(participant, "Bezwaar tegen de categorie.", date(2026, 2, 1), finance.one)
        session.commit()
        assert "Bezwaar tegen de categorie." not in finance_browser.get(WORK).text
    with clock.at(date(2026, 2, 1)):
        assert "Bezwaar tegen de categorie." in finance_browser.get(WORK).text
