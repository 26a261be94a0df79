"""A new bank account of the operator: asked by one, approved by another, from a day to come."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import approvals
from core.audit import SYSTEM, Actor
from core.errors import Refused
from governance.bank_accounts import services
from governance.bank_accounts.queries import account_in_force, accounts, standing
from governance.bank_accounts.rules import Standing
from governance.models import Operator
from governance.queries import iban_on, operator_on
from governance.services import import_operators
from identity.kinds import StaffRole
from tests.browser import Browser
from tests.governance.conftest import OPERATORS, TODAY
from tests.people import People

OLD, NEW, NEWER = "NL02ABNA0123456789", "NL91ABNA0417164300", "NL20INGB0001234567"
STARTS_ON = date(2027, 1, 15)


@pytest.fixture
def operator(session: Session, today: date) -> Operator:
    import_operators(OPERATORS, SYSTEM, example=True)
    session.commit()
    return operator_on(today)


@pytest.fixture
def colleagues(people: People) -> tuple[Actor, Actor]:
    return tuple(Actor("staff", people.staff(StaffRole.FINANCE).person_key) for _ in range(2))  # type: ignore[return-value]


def new_account(operator: Operator, colleagues: tuple[Actor, Actor], iban: str = NEW, on: date = STARTS_ON) -> None:
    asked = services.propose_account(operator, iban, "Voorbeeldbeheerder B", on, colleagues[0])
    approvals.approve(asked.id, colleagues[1])


def test_nothing_changes_before_a_colleague_agrees(operator: Operator, colleagues: tuple[Actor, Actor]) -> None:
    asked = services.propose_account(operator, NEW, "Voorbeeldbeheerder B", STARTS_ON, colleagues[0])
    assert iban_on(operator, STARTS_ON) == OLD
    with pytest.raises(Refused, match="Laat een collega het beoordelen"):
        approvals.approve(asked.id, colleagues[0])
    with pytest.raises(Refused, match="ligt al een nieuw IBAN"):
        services.propose_account(operator, NEWER, "Voorbeeldbeheerder B", STARTS_ON, colleagues[1])
    approvals.approve(asked.id, colleagues[1])
    assert iban_on(operator, date(2027, 1, 14)) == OLD
    assert iban_on(operator, STARTS_ON) == NEW


def test_an_account_of_before_stays_known(operator: Operator, colleagues: tuple[Actor, Actor]) -> None:
    new_account(operator, colleagues)
    new_account(operator, colleagues, NEWER, date(2027, 6, 1))
    expected = [
        (OLD, date(2020, 1, 1), date(2026, 1, 1)),
        (OLD, date(2026, 1, 1), STARTS_ON),
        (NEW, STARTS_ON, date(2027, 6, 1)),
        (NEWER, date(2027, 6, 1), None),
    ]
    assert [(one.iban, one.starts_on, one.ends_before) for one in accounts()] == expected
    found = account_in_force(date(2027, 2, 1))
    assert found is not None
    assert found.iban == NEW


@pytest.mark.parametrize(
    ("iban", "day", "expected"),
    [
        (OLD, TODAY, Standing.OURS),
        (OLD, date(2027, 1, 14), Standing.OURS),
        (OLD, STARTS_ON, Standing.PAST),
        (NEW, TODAY, Standing.COMING),
        (NEW, STARTS_ON, Standing.OURS),
        (NEWER, TODAY, Standing.UNKNOWN),
        (OLD, date(2019, 12, 31), Standing.COMING),
    ],
)
def test_whose_an_iban_is(
    operator: Operator, colleagues: tuple[Actor, Actor], iban: str, day: date, expected: Standing
) -> None:
    new_account(operator, colleagues)
    assert standing(iban, day)[0] is expected


@pytest.mark.parametrize(
    ("iban", "day", "message"),
    [
        (NEW, TODAY, "gaat pas later in"),
        (NEW, date(2020, 1, 1), "gaat pas later in"),
        (OLD, STARTS_ON, "al van ons"),
    ],
)
def test_what_cannot_be_an_account(
    operator: Operator, colleagues: tuple[Actor, Actor], iban: str, day: date, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        services.propose_account(operator, iban, "Voorbeeldbeheerder B", day, colleagues[0])


def test_an_operator_of_the_past_gets_no_account(
    session: Session, operator: Operator, colleagues: tuple[Actor, Actor]
) -> None:
    before = operator_on(date(2025, 1, 1))
    with pytest.raises(Refused, match="geen stelselbeheerder"):
        services.propose_account(before, NEW, "Voorbeeldbeheerder A", STARTS_ON, colleagues[0])


def test_an_account_never_changes(session: Session, operator: Operator, colleagues: tuple[Actor, Actor]) -> None:
    new_account(operator, colleagues)
    for statement in ("UPDATE operator_bank_accounts SET iban = 'NL1'", "DELETE FROM operator_bank_accounts"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement))


def test_staff_ask_it_on_a_page(browser: Browser, people: People, operator: Operator) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    page = browser.get(browser.get("/beheer/stelselbeheerder").link("Nieuw IBAN"))
    wrong = browser.submit(page, expect=422, iban="NL02ABNA0123456788", holder="X", starts_on="15-1-2027")
    assert wrong.errors == ["Dit IBAN klopt niet. Controleer de cijfers."]
    page = browser.submit(page, iban="NL91 ABNA 0417 1643 00", holder="Voorbeeldbeheerder B", starts_on="15-1-2027")
    assert "ligt klaar voor een collega" in page.notices[0]
    assert "Nieuw IBAN van stelselbeheerder Voorbeeldbeheerder B" in page.text
    request = browser.get(page.link("Nieuw IBAN van stelselbeheerder Voorbeeldbeheerder B"))
    assert "NL91 ABNA 0417 1643 00" in request.text


def test_who_may_not_ask_it(browser: Browser, people: People, operator: Operator) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    browser.get(f"/beheer/stelselbeheerder/{operator.id}/rekening", expect=403)
