"""Tariffs and agreements as everybody may read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from billing.tariffs.queries import policy_on, tariff_tables
from billing.tariffs.rules import annual_fee, classify
from core import clock
from core.audit import SYSTEM
from core.filters import euro
from governance.kinds import Body, DecisionKind
from governance.models import Setting
from governance.queries import operator_on
from governance.services import record_decision
from onboarding.agreements.rules import read_file
from onboarding.agreements.services import import_text
from tests.billing.conftest import load_tariffs
from tests.browser import Browser, Page

TODAY = date(2026, 11, 20)
DATA = Path(__file__).parent.parent.parent.parent / "data"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def decided(session: Session) -> None:
    """Tariffs, settings, operators, and two versions of the agreement."""
    load_tariffs()
    decision = record_decision(
        body=Body.BOARD,
        kind=DecisionKind.AGREEMENT_TEXT,
        decided_on=date(2022, 12, 1),
        title="Voorbeeldbesluit over de overeenkomst",
        text="x",
        source="voorbeeld",
        actor=SYSTEM,
        number="VOORBEELD-1",
    )
    for name in ("overeenkomst_2023-1.md", "overeenkomst_2026-1.md"):
        text = read_file((DATA / name).read_text(encoding="utf-8"))
        import_text(
            text.version, text.body, text.starts_on, operator_on(text.starts_on), decision, SYSTEM, title=text.title
        )
    session.commit()


def plain(page: Page) -> str:
    return page.text.replace("\xa0", " ")


# ------------------------------------------------------------------------------------------- tariffs


@pytest.mark.usefixtures("decided")
def test_every_table_stands_on_the_page_with_its_decision(browser: Browser) -> None:
    page = browser.get("/tarieven")
    for table in tariff_tables():
        assert table.name in page.text
        assert f"Besluit {table.decision.number} van " in plain(page)
        assert table.decision.title in page.text
        for row in table.rows:
            assert euro(row.annual_fee).replace("\xa0", " ") in plain(page)
    assert page.text.index("geldt nu") < page.text.index("Tarieven van eerder")


@pytest.mark.usefixtures("decided")
def test_the_zero_tariff_is_told_with_what_is_not_decided(browser: Browser) -> None:
    text = plain(browser.get("/tarieven"))
    assert "Voor abonnementen die ingaan vanaf 1 januari 2026 is het jaartarief voorlopig € 0,00." in text
    assert "Wij bekijken dit opnieuw op 31 december 2026." in text
    assert "te bevestigen" in text
    assert "Betaaltermijn in dagen" in text
    assert "Ruwe regels" not in text


@pytest.mark.usefixtures("decided")
def test_a_setting_that_was_confirmed_names_its_decision(browser: Browser, session: Session) -> None:
    decision = tariff_tables()[0].decision
    session.add(
        Setting(
            name="payment_term_days",
            value="14",
            starts_on=date(2026, 1, 1),
            source="besluit",
            to_confirm=False,
            decision_id=decision.id,
        )
    )
    session.commit()
    assert f"Betaaltermijn in dagen 14 Besluit {decision.number}" in plain(browser.get("/tarieven"))


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 7, 1), date(2021, 3, 1)])
@pytest.mark.usefixtures("decided")
def test_the_examples_are_what_an_invoice_would_say(browser: Browser, day: date) -> None:
    with clock.at(day):
        policy = policy_on(day)
        text = plain(browser.get("/tarieven"))
        categories = policy.categories["shv"]
        if categories[0].basis != "inhabitants":
            assert "inwoners € " not in text  # the old model counts arrangements, of which we give no example
            return
        for number in (10_000, 30_000, 100_000, 1_250_000):
            category = classify(categories, number)
            fee = euro(annual_fee(category, number, policy.open_top)).replace("\xa0", " ")
            paid = "€ 0,00" if policy.zero_rule(day) else None
            row = f"{number:,} inwoners {category.name} {fee}".replace(",", ".", number // 1_000_000 + 1)
            assert row in text, row
            if paid:
                assert f"{row} {paid} {paid}" in text


def test_without_any_tariff_the_page_says_so(browser: Browser) -> None:
    assert "Er zijn nog geen tarieven" in browser.get("/tarieven").text


@pytest.mark.usefixtures("decided")
def test_before_the_first_table_there_is_nothing_in_force(browser: Browser) -> None:
    with clock.at(date(2020, 1, 2)):
        text = browser.get("/tarieven").text
        assert "Er zijn nog geen tarieven" in text
        assert "Tarieven die nog ingaan" in text


# ------------------------------------------------------------------------------------------- agreement


@pytest.mark.usefixtures("decided")
def test_the_agreement_in_force_can_be_read_with_its_blanks(browser: Browser) -> None:
    page = browser.get("/overeenkomst")
    text = plain(page)
    assert "Versie 2026-1, vanaf 1 januari 2026." in text
    assert operator_on(TODAY).name in text
    assert "[naam van de deelnemer]" in text
    assert "{" not in page.soup.main.get_text()  # type: ignore[union-attr]  # every page has one
    assert "Besluit VOORBEELD-1" in text
    assert page.link("2023-1") == "/overeenkomst/2023-1"


@pytest.mark.usefixtures("decided")
def test_an_earlier_version_stays_readable_with_the_operator_of_then(browser: Browser) -> None:
    page = browser.get("/overeenkomst/2023-1")
    assert "eerdere versie" in page.text
    assert operator_on(date(2023, 1, 1)).name in page.text
    with clock.at(date(2024, 1, 1)):
        assert "gaat nog in" in browser.get("/overeenkomst/2026-1").text
        assert "Versie 2023-1" in browser.get("/overeenkomst").text


@pytest.mark.parametrize("version", ["2030-1", "%00", "x" * 500, "é"])
@pytest.mark.usefixtures("decided")
def test_a_version_that_never_was_does_not_exist(browser: Browser, version: str) -> None:
    browser.get(f"/overeenkomst/{version}", expect=404)


def test_without_a_text_the_page_says_so(browser: Browser) -> None:
    assert "Er is nog geen overeenkomst" in browser.get("/overeenkomst").text
