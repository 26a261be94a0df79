"""From a decision to everything that rests on it, and back from an invoice line."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from billing import queries, services
from billing.delivery.services import file_of
from billing.documents import InvoiceDocument
from billing.effects.queries import invoices_resting_on, tariffs_resting_on, zero_tariff_reviews
from billing.models import Invoice
from core import clock, documents
from core.audit import SYSTEM
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from governance.papers.services import Upload, store_logo
from governance.queries import decisions, operator_on
from identity.kinds import StaffRole
from tests.billing.conftest import World
from tests.browser import Browser
from tests.governance.test_papers import LOGO
from tests.people import People

LAST_DAY_OF_A, FIRST_DAY_OF_B = date(2025, 12, 31), date(2026, 1, 1)


def issue(world: World, on: date) -> Invoice:
    with clock.at(on):
        invoice = services.issue_first_invoice(world.municipality(70_361), on, SYSTEM)
    world.session.commit()
    return invoice


def of_kind(kind: DecisionKind) -> list[Decision]:
    """Decisions of the board, latest first."""
    return [row for row in decisions() if row.kind is kind and row.body is Body.BOARD]


def test_tables_zero_tariff_and_exception_stand_with_their_decision(app: Flask, world: World) -> None:
    with app.test_request_context():
        shown = {
            effect.title
            for kind in (DecisionKind.TARIFF_TABLE, DecisionKind.ZERO_TARIFF, DecisionKind.TARIFF_EXCEPTION)
            for decision in of_kind(kind)
            for effect in tariffs_resting_on(decision.id)
        }
    assert shown == {
        "Tarieven 2020–2022 (A–F)",
        "Tarieven A–G",
        "Nieuwe abonnementen vanaf 1 januari 2026",
        "Bewindvoerder in categorie A",
    }


def test_an_advice_has_no_effects_of_its_own(app: Flask, world: World) -> None:
    with app.test_request_context():
        for advice in (row for row in decisions() if row.body is Body.ADVISORY_BOARD):
            assert tariffs_resting_on(advice.id) + invoices_resting_on(advice.id) == []


def test_one_click_from_decision_to_invoices_and_back(browser: Browser, people: People, world: World) -> None:
    first, second = issue(world, date(2024, 3, 15)), issue(world, date(2024, 4, 1))
    zero = issue(world, date(2026, 3, 15))
    browser.sign_in(people.staff(StaffRole.FINANCE))
    number = of_kind(DecisionKind.TARIFF_TABLE)[0].number
    page = browser.get(f"/beheer/besluiten/{number}")
    assert "De eerste van 15 maart 2024, de laatste van 1 april 2024." in page.text
    page = browser.get(page.link("2 facturen en creditnota's"))
    assert first.number in page.text
    assert second.number in page.text
    assert zero.number not in page.text
    assert f"Rust op besluit: {number}" in page.text
    page = browser.get(browser.get(page.link(first.number)).link(number))
    assert page.heading == "Voorbeeldbesluit: Tarieven A–G"


def test_who_may_not_see_invoices_is_told_the_number_without_a_link(
    browser: Browser, people: People, world: World
) -> None:
    issue(world, date(2024, 3, 15))
    browser.sign_in(people.staff(StaffRole.ADMINISTRATION))
    page = browser.get(f"/beheer/besluiten/{of_kind(DecisionKind.TARIFF_TABLE)[0].number}")
    assert "1 factuur of creditnota" in page.text
    with pytest.raises(AssertionError):
        page.link("1 factuur of creditnota")


@pytest.mark.parametrize(("on", "waits"), [(date(2026, 6, 30), 0), (date(2026, 7, 1), 1), (date(2027, 2, 1), 1)])
def test_the_review_of_the_zero_tariff_waits_half_a_year_ahead(app: Flask, world: World, on: date, waits: int) -> None:
    with app.test_request_context(), clock.at(on):
        assert len(zero_tariff_reviews(Body.ADVISORY_BOARD)) == waits
        assert len(zero_tariff_reviews(Body.BOARD)) == waits
        assert zero_tariff_reviews(Body.SUPERVISORY_BOARD) == []


# ------------------------------------------------------------------------------------------- the change of operator


def printed(invoice: Invoice) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(documents.read(file_of(invoice).sha256)))


def logos(document: pikepdf.Pdf) -> list[str]:
    """The alternative texts of the pictures in a document, but for the code to pay with."""
    found = [str(item.Alt) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item]
    return [text for text in found if not text.startswith("QR-code")]


def test_an_invoice_names_the_operator_of_its_own_day(world: World, session: Session) -> None:
    before, after = issue(world, LAST_DAY_OF_A), issue(world, FIRST_DAY_OF_B)
    names = [queries.document_of(row).seller.name for row in (before, after)]
    assert names == ["Voorbeeldbeheerder A", "Voorbeeldbeheerder B"]
    for row, name in ((before, names[0]), (after, names[1])):
        document = printed(row)
        assert str(document.docinfo.Author) == name
        assert logos(document) == []


def test_an_invoice_bears_the_logo_of_its_operator_once_there_is_one(
    world: World, session: Session, people: People
) -> None:
    operator = operator_on(FIRST_DAY_OF_B)
    operator.logo_sha256 = store_logo(Upload("logo.svg", LOGO)).sha256
    session.commit()
    before, after = issue(world, LAST_DAY_OF_A), issue(world, FIRST_DAY_OF_B)
    assert logos(printed(before)) == []
    assert logos(printed(after)) == ["Logo van Voorbeeldbeheerder B"]


def test_an_invoice_of_before_there_were_logos_can_still_be_read(world: World) -> None:
    invoice = issue(world, FIRST_DAY_OF_B)
    stored = {**invoice.document, "seller": {**invoice.document["seller"]}}
    del stored["seller"]["logo_sha256"]
    assert InvoiceDocument.from_json(stored).seller.logo_sha256 is None
