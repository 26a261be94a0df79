"""A setting gets another value from a day on, after a colleague agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.approvals import Approval
from core.audit import SYSTEM
from governance.choices.rules import CHANGEABLE, why_not, why_not_from
from governance.kinds import Body, SettingName
from governance.models import Setting
from governance.queries import active_bodies_on, number_on, value_on
from governance.services import load_default_settings
from identity.kinds import StaffRole
from tests.browser import Browser, Page
from tests.people import People

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        (SettingName.PAYMENT_TERM_DAYS, "14", None),
        (SettingName.PAYMENT_TERM_DAYS, "0", "Vul een getal in van 1 tot en met 120."),
        (SettingName.PAYMENT_TERM_DAYS, "-1", "Vul een getal in van 1 tot en met 120."),
        (SettingName.PAYMENT_TERM_DAYS, "²", "Vul een getal in van 1 tot en met 120."),
        (SettingName.OPEN_TOP, "full_block", None),
        (SettingName.OPEN_TOP, "half_block", "Maak een keuze uit de lijst."),
        (SettingName.VAT_TREATMENT, "exempt", None),
        (SettingName.VAT_TREATMENT, "zero", "Maak een keuze uit de lijst."),
        (SettingName.VAT_EXEMPTION_TEXT, "Vrijgesteld van btw", None),
        (SettingName.VAT_EXEMPTION_TEXT, "  ", "Schrijf een tekst van hoogstens 200 tekens."),
        (SettingName.VAT_EXEMPTION_TEXT, "x" * 201, "Schrijf een tekst van hoogstens 200 tekens."),
        (SettingName.ACTIVE_BODIES, "board,advisory_board", None),
        (SettingName.ACTIVE_BODIES, "advisory_board", "Zonder bestuur kan niemand besluiten. Kies ook het bestuur."),
        (SettingName.ACTIVE_BODIES, "board,koning", "Maak een keuze uit de lijst."),
        (
            SettingName.TARIFF_TABLE_A_G_STARTS_ON,
            "2027-01-01",
            (
                "'Tariefmodel A–G geldt vanaf' kunt u hier niet wijzigen."
                " Het volgt uit een besluit, of er is maar één keuze."
            ),
        ),
    ],
)
def test_what_a_setting_can_be(name: SettingName, value: str, answer: str | None) -> None:
    assert why_not(name, value) == answer


@pytest.mark.parametrize(
    ("starts_on", "latest", "is_refused"),
    [
        (TODAY, date(2020, 1, 1), False),
        (TODAY - timedelta(days=1), date(2020, 1, 1), True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=10), True),
        (TODAY + timedelta(days=11), TODAY + timedelta(days=10), False),
    ],
)
def test_the_past_lies_fixed_and_no_later_value_is_lost(starts_on: date, latest: date, *, is_refused: bool) -> None:
    assert (why_not_from(starts_on, latest, TODAY) is not None) is is_refused


@pytest.fixture
def settings(session: Session) -> None:
    load_default_settings(SYSTEM)
    session.commit()


def form_of(browser: Browser, name: SettingName) -> Page:
    return browser.get(f"/beheer/instellingen/{name.value}/wijzigen")


def approve(browser: Browser, session: Session) -> Page:
    key = session.scalar(select(Approval.id).order_by(Approval.id.desc()))
    return browser.submit(browser.get(f"/beheer/akkoord/{key}"), "Akkoord geven")


def test_two_people_change_a_setting_from_a_day_on(
    browser: Browser, people: People, session: Session, settings: None
) -> None:
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        assert "Wijzigen" in browser.get("/beheer/instellingen").text
        form = form_of(browser, SettingName.PAYMENT_TERM_DAYS)
        assert "Nu: 30." in form.text
        page = browser.submit(form, "Akkoord vragen", value="14", starts_on="1-1-2027", source="bestuur, 3 november")
        assert page.notices == ["Uw verzoek ligt klaar voor een collega. Er verandert pas iets na akkoord."]
        assert value_on(SettingName.PAYMENT_TERM_DAYS, date(2027, 1, 1)) == "30", "nothing changes before"
        browser.sign_in(people.staff(StaffRole.ADMINISTRATION))
        approve(browser, session)

    session.expire_all()
    assert number_on(SettingName.PAYMENT_TERM_DAYS, date(2026, 12, 31)) == 30
    assert number_on(SettingName.PAYMENT_TERM_DAYS, date(2027, 1, 1)) == 14
    row = session.scalars(select(Setting).where(Setting.value == "14")).one()
    assert (row.to_confirm, row.source) == (False, "bestuur, 3 november")


def test_a_change_that_is_sent_twice_waits_once(
    browser: Browser, people: People, session: Session, settings: None
) -> None:
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = form_of(browser, SettingName.PAYMENT_TERM_DAYS)
        values = {"value": "14", "starts_on": "1-1-2027", "source": "bestuur"}
        browser.submit(form, "Akkoord vragen", expect=200, **values)
        again = browser.submit(form, "Akkoord vragen", expect=422, **values)

    assert "ligt al bij een collega" in again.text
    assert len(session.scalars(select(Approval)).all()) == 1


def test_a_body_that_ends_decides_no_more(browser: Browser, people: People, session: Session, settings: None) -> None:
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.ADMINISTRATION))
        form = form_of(browser, SettingName.ACTIVE_BODIES)
        browser.submit(
            form,
            "Akkoord vragen",
            supervisory_board="",
            stakeholders="",
            starts_on="1-12-2026",
            source="BIDN",
        )
        browser.sign_in(people.staff(StaffRole.FINANCE))
        approve(browser, session)

    session.expire_all()
    assert active_bodies_on(date(2026, 12, 1)) == [Body.BOARD, Body.ADVISORY_BOARD]
    assert active_bodies_on(date(2026, 11, 30)) == list(Body)


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"value": "honderd"}, "Vul een heel getal in"),
        ({"value": "121"}, "Vul een getal in van 1 tot en met 120."),
        ({"value": ""}, "Vul een getal in."),
        ({"starts_on": "19-11-2026"}, "Een instelling geldt niet met terugwerkende kracht."),
        ({"starts_on": "morgen"}, "Schrijf de datum als dag-maand-jaar"),
        ({"source": ""}, "Vul in waar dat uit blijkt."),
    ],
)
def test_bad_input_is_answered_beside_the_field(
    browser: Browser, people: People, settings: None, values: dict[str, str], answer: str
) -> None:
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        good = {"value": "14", "starts_on": "1-1-2027", "source": "bestuur"}
        form = form_of(browser, SettingName.PAYMENT_TERM_DAYS)
        page = browser.submit(form, "Akkoord vragen", expect=422, **{**good, **values})

    assert any(answer in error for error in page.errors), page.errors


def test_each_changeable_setting_has_its_page_and_others_have_none(
    browser: Browser, people: People, settings: None
) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    for name in CHANGEABLE:
        assert name.label in form_of(browser, name).text
    browser.get("/beheer/instellingen/ending/wijzigen", expect=404)
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    browser.get("/beheer/instellingen/open_top/wijzigen", expect=403)
