"""Scenarios: reckoned from the administration, kept, copied, compared, attached and recorded."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing import services as invoicing
from billing.models import TariffTable
from billing.simulator import queries, services
from billing.simulator.effects import advice_in_preparation
from billing.simulator.kinds import Population
from billing.simulator.models import TariffScenario
from billing.tariffs import queries as tariffs
from core import clock
from core.approvals import Approval
from core.audit import SYSTEM
from core.errors import Refused
from governance.kinds import Body, DecisionKind
from identity.kinds import StaffRole
from participants.queries import participant as find_participant
from tests.billing.conftest import World
from tests.billing.recording.conftest import Approve, Decide, approve, decide
from tests.billing.simulator.conftest import TODAY, Make
from tests.browser import Browser
from tests.people import People

__all__ = ["approve", "decide"]
Values = dict[str, Any]
NEW = "/beheer/tarieven/scenarios/nieuw"


def page_of(row: TariffScenario) -> str:
    return f"/beheer/tarieven/scenarios/{row.id}"


# ------------------------------------------------------------------------------------------- what is reckoned with


def test_the_population_is_who_takes_part_on_the_first_day_of_the_year(populated: World) -> None:
    leaves = populated.municipality(20_000, name="Gemeente Weg", connected_on=date(2024, 1, 1))
    populated.session.execute(
        text("UPDATE connection_periods SET ends_before = '2027-01-01' WHERE participant_id = :id"), {"id": leaves.id}
    )
    this_year = queries.facts_of(Population.PARTICIPANTS, 2026, TODAY).population
    next_year = queries.facts_of(Population.PARTICIPANTS, 2027, TODAY).population
    assert {row.name for row in this_year} - {row.name for row in next_year} == {"Gemeente Weg"}
    assert [row.name for row in next_year if row.is_zero] == ["Gemeente Cee"]


def test_each_subscription_equals_its_own_classification(populated: World) -> None:
    facts = queries.facts_of(Population.PARTICIPANTS, 2027, TODAY)
    policy = tariffs.policy_on(date(2027, 1, 1))
    for row in facts.population:
        found = tariffs.classification_of(find_participant(int(row.key)), date(2027, 1, 1), policy)
        assert (row.number, row.fixed) == (found.number, None)


def test_last_years_invoices_stand_beside_it_without_what_was_credited(populated: World, session: Session) -> None:
    rows = {row.participant.name: row.participant for row in tariffs.outcomes(TODAY)}
    with clock.at(date(2026, 1, 5)):
        invoicing.issue_annual_invoice(rows["Gemeente Dee"], 2026, SYSTEM)
        credited = invoicing.issue_annual_invoice(rows["Gemeente Bee"], 2026, SYSTEM)
        invoicing.credit_invoice(credited, "Voorbeeld.", SYSTEM)
    found = {row.name: row.last_year for row in queries.facts_of(Population.PARTICIPANTS, 2027, TODAY).population}
    assert found["Gemeente Dee"] == Decimal(3000)
    assert found["Gemeente Bee"] is None


def test_an_exception_holds_its_category_and_a_missing_number_parks(populated: World) -> None:
    populated.creditor(9_000, role="administrator", name="Bewind Voorbeeld", connected_on=date(2024, 1, 1))
    populated.creditor(None, name="Onbekend B.V.", connected_on=date(2024, 1, 1))
    past = {row.name: row for row in queries.facts_of(Population.PARTICIPANTS, 2024, date(2024, 6, 1)).population}
    assert past["Bewind Voorbeeld"].fixed == "A"
    now = {row.name: row for row in queries.facts_of(Population.PARTICIPANTS, 2027, TODAY).population}
    assert now["Bewind Voorbeeld"].fixed is None
    assert "Vraag de deelnemer om een opgave" in (now["Onbekend B.V."].problem or "")


# ------------------------------------------------------------------------------------------- keeping


def test_a_scenario_keeps_its_outcome_to_the_cent_whatever_changes(make: Make, populated: World) -> None:
    row = make()
    assert (row.income_before, row.income) == (Decimal(5250), Decimal(5300))
    populated.municipality(20_000, name="Gemeente Extra", connected_on=date(2024, 6, 1))
    populated.session.expire_all()
    again = queries.scenario(row.id)
    kept = queries.facts_kept(again)
    assert queries.outcome(again, kept).income == Decimal(5300)
    assert queries.Freshness(TODAY).changes(again, kept) == ["1 is er bij gekomen"]


def test_it_is_stale_when_a_number_or_the_table_changed(make: Make, populated: World, session: Session) -> None:
    row = make()
    assert queries.Freshness(TODAY).changes(row) == []
    creditor = next(
        found for found in tariffs.outcomes(TODAY) if found.participant.name.startswith("Voorbeeld Incasso")
    )
    populated.files(creditor.participant, 20, measured_on=date(2026, 11, 1))
    assert queries.Freshness(TODAY).changes(row) == ["1 heeft andere gegevens"]
    with clock.at(TODAY):
        services.refresh_scenario(row, SYSTEM)
    assert queries.Freshness(TODAY).changes(row) == []


def test_names_of_participants_are_not_kept_in_it(make: Make) -> None:
    assert "Gemeente Bee" not in str(make().facts)
    everybody = make(name="Alle gemeenten", population=Population.MUNICIPALITIES)
    assert "Gemeente Bee" in str(everybody.facts), "a municipality that does not take part has no other key"


def test_an_attached_scenario_lies_fixed(make: Make, decide: Decide, session: Session) -> None:
    row = make()
    services.attach_scenario(row, SYSTEM, preparing="Adviesaanvraag")
    session.commit()
    assert row.is_fixed
    with clock.at(TODAY), pytest.raises(Refused, match="ligt vast"):
        services.refresh_scenario(row, SYSTEM)
    with pytest.raises(DBAPIError, match="ligt vast"), session.begin_nested():
        session.execute(text("UPDATE tariff_scenarios SET income = 1 WHERE id = :id"), {"id": row.id})
    services.attach_scenario(row, SYSTEM, decision=decide(DecisionKind.TARIFF_TABLE))
    assert len(row.attachments) == 2


# ------------------------------------------------------------------------------------------- pages


def test_finance_makes_a_scenario_from_the_table_of_now(
    browser: Browser, people: People, session: Session, populated: World
) -> None:
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE, name="Fenna Financiën"))
        values: Values = {"name": "B naar € 800", "budget": "5.500", "shv-1-annual_fee": "800"}
        page = browser.submit(browser.get(NEW), "Uitrekenen en bewaren", **values)
        assert page.notices == ["Het scenario is bewaard."]
        for sentence in (
            "In dit scenario is de opbrengst over 2027 € 5.300,00: € 50,00 meer dan met de tabel van nu.",
            "Schuldhulpverleners, categorie B: jaartarief van € 750,00 naar € 800,00",
            "zit het grootste verschil in categorie B: € 50,00 meer dan nu.",
            "Dit scenario tegenover de begroting € 200,00 minder",
            "Opbrengst als het eindigt € 6.100,00",
            "Gemaakt door Fenna Financiën",
        ):
            assert sentence in page.text
        values = {"name": "B naar € 700", "shv-1-annual_fee": "700"}
        copied = browser.submit(browser.get(page.link("Kopie maken")), "Uitrekenen en bewaren", **values)
        assert "Kopie van B naar € 800" in copied.text
        rows = session.scalars(select(TariffScenario).order_by(TariffScenario.id)).all()
        query = "&".join(f"scenario={row.id}" for row in rows)
        compared = browser.get(f"/beheer/tarieven/scenarios/vergelijken?{query}")
        assert "B naar € 800 brengt het meeste op: € 5.300,00." in compared.text
        assert "Opbrengst € 5.300,00 € 5.200,00" in compared.text
        assert [row.income for row in rows] == [Decimal(5300), Decimal(5200)]


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"name": ""}, "Geef het scenario een naam"),
        ({"name": "B naar € 800"}, "Er is al een scenario met deze naam."),
        ({"year": "2025"}, "Kies een jaar van 2026 tot en met 2031."),
        ({"year": "ooit"}, "Vul een heel getal in"),
        ({"budget": "-1"}, "Een begroting kan niet negatief zijn."),
        ({"population": "niemand"}, "Kies voor wie u rekent."),
        ({"shv-2-lower": "45000"}, "zit een gat"),
    ],
)
def test_a_scenario_that_cannot_be_says_how_to_mend_it(
    browser: Browser, people: People, make: Make, values: Values, answer: str
) -> None:
    make()
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = browser.get(NEW)
        page = browser.submit(form, "Uitrekenen en bewaren", expect=422, **{"name": "Nieuw", **values})
    assert any(answer in error for error in page.errors), page.errors


def test_exports_hold_everything(browser: Browser, people: People, make: Make) -> None:
    row = make(name="=1+1")
    browser.sign_in(people.staff(StaffRole.BOARD))
    csv = browser.get(f"{page_of(row)}/scenario.csv").text_of_body
    assert "Gemeente Bee;schuldhulpverleners;20000;B;B;750,00;800,00;50,00;;;nee" in csv
    workbook = zipfile.ZipFile(io.BytesIO(browser.get(f"{page_of(row)}/scenario.xlsx").response.get_data()))
    sheets = workbook.read("xl/workbook.xml").decode()
    for name in ("Samenvatting", "Per categorie", "Per deelnemer", "Uitgangspunten"):
        assert f'name="{name}"' in sheets
    assert not any("<f>" in workbook.read(name).decode() for name in workbook.namelist() if "sheet" in name)


def test_the_chart_is_fetched_and_only_where_there_is_one(browser: Browser, people: People, make: Make) -> None:
    row = make()
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    page = browser.get(page_of(row))
    place = page.soup.select_one("[data-chart]")
    assert place is not None
    figure = browser.get(str(place["data-chart"])).response.get_json()
    assert [series["name"] for series in figure["data"]] == ["Nu", "B naar € 800"]
    assert figure["data"][1]["y"][:3] == [0.0, 800.0, 0.0]
    assert figure["layout"]["separators"] == ",."
    assert "plotly" in page.text_of_body
    assert "plotly" not in browser.get("/beheer/tarieven/scenarios").text_of_body
    browser.get(f"{page_of(row)}/niemand.json", expect=404)


def test_two_or_three_are_compared(browser: Browser, people: People, make: Make) -> None:
    row = make()
    browser.sign_in(people.staff(StaffRole.BOARD))
    for query in ("", f"?scenario={row.id}", "?scenario=x&scenario=y"):
        page = browser.get(f"/beheer/tarieven/scenarios/vergelijken{query}")
        assert "Kies twee of drie scenario's om te vergelijken." in page.text
    browser.get("/beheer/tarieven/scenarios/vergelijken?scenario=1234567&scenario=7654321", expect=404)


def test_who_may_look_may_not_change(browser: Browser, people: People, make: Make) -> None:
    row = make()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    assert "Wijzigen" not in [link.get_text(strip=True) for link in browser.get(page_of(row)).soup.find_all("a")]
    for path in (NEW, f"{page_of(row)}/wijzigen", f"{page_of(row)}/koppelen", f"{page_of(row)}/vastleggen"):
        browser.get(path, expect=403)
    browser.sign_in(people.staff(StaffRole.PRIVACY))
    browser.get(page_of(row), expect=403)


def test_a_scenario_is_attached_and_stands_on_the_page_of_the_decision(
    browser: Browser, people: People, make: Make, decide: Decide
) -> None:
    row, decision = make(), decide(DecisionKind.TARIFF_TABLE)
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = browser.get(f"{page_of(row)}/koppelen")
        assert "een van de twee" in browser.submit(form, "Koppelen en vastleggen", expect=422).text
        page = browser.submit(form, "Koppelen en vastleggen", decision=str(decision.id))
        assert "ligt vast" in page.text
        assert "Scenario B naar € 800" in browser.get(f"/beheer/besluiten/{decision.number}").text
        browser.get(f"{page_of(row)}/wijzigen", expect=422)


def test_advice_in_preparation_waits_for_the_advisory_board(
    app: Flask, browser: Browser, people: People, make: Make, decide: Decide
) -> None:
    row = make()
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = browser.get(f"{page_of(row)}/koppelen")
        browser.submit(form, "Koppelen en vastleggen", preparing="Adviesaanvraag tarieven 2027")
    with app.test_request_context():
        (found,) = advice_in_preparation(Body.ADVISORY_BOARD)
        assert (found.title, found.explanation) == ("Scenario: B naar € 800", "Adviesaanvraag tarieven 2027")
        assert advice_in_preparation(Body.BOARD) == []
        services.attach_scenario(row, SYSTEM, decision=decide(DecisionKind.TARIFF_TABLE))
        assert advice_in_preparation(Body.ADVISORY_BOARD) == []


def test_the_table_of_a_scenario_is_recorded_by_two_people(
    browser: Browser, people: People, session: Session, make: Make, decide: Decide, approve: Approve
) -> None:
    row, decision = make(), decide(DecisionKind.TARIFF_TABLE)
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = browser.get(f"{page_of(row)}/vastleggen")
        values: Values = {"decision": str(decision.id), "starts_on": "1-1-2027", "source": "voorbeeld"}
        browser.submit(form, "Akkoord vragen", **values)
        assert session.scalars(select(TariffTable).where(TariffTable.name == "Tarieven 2027")).first() is None
        assert session.scalars(select(Approval)).one().payload["decision"] == decision.id
        browser.sign_in(people.staff(StaffRole.FINANCE))
        approve(browser)
    session.expire_all()
    made = tariffs.tariff_table_on(date(2027, 1, 1))
    assert (made.name, made.decision_id) == ("Tarieven 2027", decision.id)
    assert [found.decision_id for found in row.attachments] == [decision.id]
