"""All units of one organisation together, and purchase order numbers with inheritance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import text

from billing import services
from billing.documents import Buyer
from billing.queries import document_of, invoices_of
from core import audit, clock
from core import db as database
from core.audit import SYSTEM
from core.db import scoped
from core.errors import Refused
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from participants.kinds import OrganisationKind
from participants.models import Participant, Representation
from participants.order_numbers.queries import order_number, organisation_number
from participants.order_numbers.services import set_organisation_number, set_unit_number
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People


@dataclass(frozen=True)
class Units:
    """Three units of one organisation; the person acts for the first two."""

    taxes: Participant
    work: Participant
    hidden: Participant
    person: Account

    @property
    def path(self) -> str:
        return f"/mijn/organisatie/{self.taxes.organisation_id}"


@pytest.fixture
def units(world: World, people: People) -> Units:
    organisation = world.organisation("Voorbeeld Holding B.V.", OrganisationKind.COMPANY)
    made = []
    for unit in ("Belastingen", "Werk en inkomen", "Verborgen onderdeel"):
        one = world.participant(organisation, "creditor", unit=unit, connected_on=date(2024, 3, 15))
        world.files(one, 640)
        made.append(one)
    world.session.commit()
    with clock.at(date(2026, 1, 10)):
        for one in made:
            services.issue_annual_invoice(one, 2026, SYSTEM)
    person = people.of(made[0], ParticipantRole.FINANCIAL)
    world.session.add(
        Representation(
            account_id=person.id,
            participant_id=made[1].id,
            role=ParticipantRole.FINANCIAL,
            starts_on=date(2020, 1, 1),
        )
    )
    world.session.commit()
    return Units(made[0], made[1], made[2], person)


def without_own_number(world: World, *participants: Participant) -> None:
    for one in participants:
        set_unit_number(SYSTEM, one, None)
    world.session.commit()


# ------------------------------------------------------------------------------------------------- one view


def test_somebody_who_acts_for_two_units_sees_both_with_a_total(browser: Browser, units: Units) -> None:
    browser.sign_in(units.person)
    page = browser.get(browser.get(f"/mijn/{units.taxes.id}/facturen").link("Facturen van al uw onderdelen samen"))
    shown = page.text.replace("\u00a0", " ")
    assert "Belastingen, schuldeiser" in shown
    assert "Werk en inkomen, schuldeiser" in shown
    assert "Verborgen" not in shown
    assert "2026-00003" not in shown
    assert "gefactureerd min gecrediteerd € 3.630,00" in shown, "twice € 1.815,00"
    assert "Geen facturen over 2025." in browser.get(f"{units.path}/facturen?jaar=2025").text
    lines = browser.get(page.link("Download als CSV")).response.get_data().decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["Belastingen", "Werk en inkomen"]


def test_a_unit_of_somebody_else_does_not_exist(browser: Browser, people: People, world: World, units: Units) -> None:
    other = world.municipality(name="Gemeente Anderveld")
    browser.sign_in(people.of(other, ParticipantRole.REPRESENTATIVE))
    browser.get(f"{units.path}/facturen", expect=404)
    browser.get(f"{units.path}/inkoopordernummer", expect=404)
    browser.sign_in(units.person)
    browser.get(f"/mijn/{units.hidden.id}/inkoopordernummer", expect=404)
    browser.get("/mijn/organisatie/999999/facturen", expect=404)


def test_the_database_shows_no_invoice_of_a_unit_of_somebody_else(world: World, units: Units) -> None:
    mine = database.participant(units.person.id, (units.taxes.id, units.work.id))
    with scoped(mine):
        found = world.session.execute(text("SELECT DISTINCT participant_id FROM invoices")).scalars()
        assert set(found) == {units.taxes.id, units.work.id}


def test_who_may_not_see_invoices_of_one_unit_sees_only_the_other(
    browser: Browser, people: People, world: World, units: Units
) -> None:
    person = people.of(units.taxes, ParticipantRole.FINANCIAL)
    world.session.add(
        Representation(
            account_id=person.id,
            participant_id=units.work.id,
            role=ParticipantRole.EMPLOYEE,
            starts_on=date(2020, 1, 1),
        )
    )
    world.session.commit()
    page = browser.sign_in(person).get(f"{units.path}/facturen")
    assert "Werk en inkomen" not in page.text


# ------------------------------------------------------------------------------------------------- order numbers


def test_a_unit_inherits_the_number_of_its_organisation_unless_it_has_one(world: World, units: Units) -> None:
    set_organisation_number(SYSTEM, units.taxes.organisation, "INK-HEEL-1")
    assert order_number(units.taxes).origin == "eigen nummer"
    assert Buyer.of(units.taxes).purchase_order_number == "PO-2026-0815"
    without_own_number(world, units.taxes)
    assert order_number(units.taxes).origin == "van de organisatie"
    assert Buyer.of(units.taxes).purchase_order_number == "INK-HEEL-1"
    assert Buyer.of(units.work).purchase_order_number == "PO-2026-0815"
    set_organisation_number(SYSTEM, units.taxes.organisation, None)
    assert order_number(units.taxes).origin == "niet ingevuld"
    assert Buyer.of(units.taxes).purchase_order_number is None


def test_a_new_invoice_has_the_inherited_number_and_an_old_one_does_not_change(world: World, units: Units) -> None:
    without_own_number(world, units.taxes)
    set_organisation_number(SYSTEM, units.taxes.organisation, "INK-HEEL-1")
    before = invoices_of(units.taxes.id)[0]
    with clock.at(date(2027, 1, 10)):
        made = services.issue_annual_invoice(units.taxes, 2027, SYSTEM)
    assert document_of(made).buyer.purchase_order_number == "INK-HEEL-1"
    assert document_of(before).buyer.purchase_order_number == "PO-2026-0815"


def test_a_number_is_set_per_unit_and_for_all_of_them(browser: Browser, world: World, units: Units) -> None:
    without_own_number(world, units.taxes, units.work)
    browser.sign_in(units.person)
    page = browser.get(browser.get(f"{units.path}/facturen").link("wijzigen"))
    page = browser.submit(page, "Bewaren", number="INK-HEEL-1")
    assert page.text.count("INK-HEEL-1 (van de organisatie)") == 2
    page = browser.get(f"/mijn/{units.taxes.id}/inkoopordernummer")
    assert "Laat u het leeg, dan geldt dat van de organisatie: INK-HEEL-1." in page.text
    wrong = browser.submit(page, "Bewaren", expect=422, number="x" * 51)
    assert wrong.errors == ["Een inkoopordernummer mag hoogstens 50 tekens hebben."]
    page = browser.submit(page, "Bewaren", number="EIGEN-7")
    assert "EIGEN-7 (eigen nummer)" in page.text
    assert page.text.count("(van de organisatie)") == 1
    page = browser.submit(browser.get(f"/mijn/{units.taxes.id}/inkoopordernummer"), "Bewaren", number="")
    assert page.text.count("INK-HEEL-1 (van de organisatie)") == 2
    sentence = audit.timeline(participant_id=units.work.id, for_staff=True)[0].sentence
    assert "vulde het inkoopordernummer van Voorbeeld Holding B.V. in: INK-HEEL-1." in sentence


def test_nobody_sets_a_number_for_a_unit_of_somebody_else(browser: Browser, world: World, units: Units) -> None:
    without_own_number(world, units.taxes, units.hidden)
    browser.sign_in(units.person)
    page = browser.submit(browser.get(f"{units.path}/inkoopordernummer"), "Bewaren", expect=422, number="INK-HEEL-1")
    assert "waarvoor u niet werkt" in page.errors[0]
    assert "Verborgen" not in page.text
    assert organisation_number(units.taxes.organisation_id) is None


def test_staff_set_the_number_of_an_organisation(browser: Browser, people: People, world: World, units: Units) -> None:
    without_own_number(world, units.hidden)
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(f"/beheer/organisaties/{units.taxes.organisation_id}")
    page = browser.submit(
        browser.get(page.link("Inkoopordernummer van de hele organisatie")), "Bewaren", number="INK-HEEL-1"
    )
    assert order_number(units.hidden).number == "INK-HEEL-1"
    shown = browser.get(f"/beheer/deelnemers/{units.hidden.id}")
    assert "INK-HEEL-1 (van de organisatie)" in shown.text
    browser.sign_in(people.staff(StaffRole.FINANCE))
    browser.get(f"/beheer/organisaties/{units.taxes.organisation_id}/inkoopordernummer", expect=403)


def test_an_employee_sets_no_number(browser: Browser, people: People, units: Units) -> None:
    browser.sign_in(people.of(units.taxes, ParticipantRole.EMPLOYEE))
    browser.get(f"/mijn/{units.taxes.id}/inkoopordernummer", expect=403)
    browser.get(f"{units.path}/inkoopordernummer", expect=403)


def test_a_unit_without_invoice_details_gets_them_first(world: World, units: Units) -> None:
    bare = world.participant(units.taxes.organisation, "creditor", unit="Kaal", details=False)
    with pytest.raises(Refused, match="Vul eerst de factuurgegevens"):
        set_unit_number(SYSTEM, bare, "X")
