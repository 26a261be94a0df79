"""Two people record a table, a zero tariff with its end, and an exception, each on a decision of the board."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from billing import services as invoicing
from billing.kinds import CarryOver
from billing.models import CategoryException, TariffTable, ZeroTariff
from billing.queries import document_of
from billing.tariffs import queries
from billing.tariffs.zero import jobs
from billing.tariffs.zero.services import review_zero_tariff
from core import clock
from core.approvals import Approval
from core.audit import SYSTEM
from core.mail import OutboxMessage
from governance.kinds import DecisionKind
from identity.kinds import StaffRole
from tests.billing.conftest import World
from tests.billing.recording.conftest import TODAY, Approve, Decide
from tests.browser import Browser
from tests.people import People

Values = dict[str, Any]
RECORD = "/beheer/tarieven/vastleggen"
EXAMPLES = Path(__file__).parent.parent / "examples"
ERRORS = list(csv.DictReader((EXAMPLES / "tariff_table_errors.csv").open(encoding="utf-8")))
ASKED = ["Uw verzoek ligt klaar voor een collega. Er verandert pas iets na akkoord."]


# ------------------------------------------------------------------------------------------------- tables


def test_two_people_record_a_table_that_holds_from_its_day(
    browser: Browser, people: People, session: Session, decide: Decide, approve: Approve
) -> None:
    decision = decide(DecisionKind.TARIFF_TABLE, "Tarieven 2027")
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        values: Values = {"name": "Tarieven 2027", "decision": str(decision.id), "starts_on": "1-1-2027"}
        values |= {"source": "voorbeeld", "shv-1-annual_fee": "800"}
        page = browser.submit(browser.get(RECORD), "Akkoord vragen", **values)
        assert page.notices == ASKED
        request = session.scalars(select(Approval).order_by(Approval.id.desc())).first()
        assert request is not None
        shown = browser.get(f"/beheer/tarieven/verzoeken/{request.id}")
        assert "schuldhulpverleners, categorie B: jaartarief van € 750,00 naar € 800,00" in shown.text
        assert len(queries.tariff_tables()) == 2, "nothing changes before a colleague agrees"
        browser.sign_in(people.staff(StaffRole.FINANCE))
        approve(browser)
        public = browser.get("/tarieven").text
        assert "Tarieven die nog ingaan Tarieven 2027" in public

    session.expire_all()
    assert queries.tariff_table_on(date(2026, 12, 31)).name == "Tarieven A–G"
    made = queries.tariff_table_on(date(2027, 1, 1))
    assert (made.name, made.decision_id) == ("Tarieven 2027", decision.id)
    assert next(row.annual_fee for row in made.rows if (row.audience, row.category) == ("shv", "B")) == 800
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE tariff_rows SET annual_fee = 1 WHERE table_id = :id"), {"id": made.id})


def test_the_maker_does_not_agree_with_the_own_table(
    browser: Browser, people: People, session: Session, decide: Decide
) -> None:
    decision = decide(DecisionKind.TARIFF_TABLE)
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        values: Values = {
            "name": "T",
            "decision": str(decision.id),
            "starts_on": "1-1-2027",
            "source": "voorbeeld",
        }
        browser.submit(browser.get(RECORD), "Akkoord vragen", **values)
        again = browser.submit(browser.get(RECORD), "Akkoord vragen", expect=422, **values)
        assert "ligt al een verzoek bij een collega" in again.text
        key = session.scalar(select(Approval.id).order_by(Approval.id.desc()).limit(1))
        assert "U hebt dit zelf gevraagd" in browser.get(f"/beheer/akkoord/{key}").text


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"starts_on": "22-11-2026"}, "Dit geldt niet met terugwerkende kracht. Kies een dag na vandaag."),
        ({"starts_on": "1-12-2026"}, "Het besluit geldt vanaf 1 januari 2027. Kies die dag of een latere."),
        ({"starts_on": "32-1-2027"}, "Deze datum bestaat niet."),
        ({"decision": ""}, "Kies het besluit waarop dit rust."),
        ({"decision": "99999"}, "Maak een keuze uit de lijst."),
        ({"name": "Tarieven A–G"}, "Er is al een tarieftabel met deze naam."),
        ({"name": ""}, "Geef de tabel een naam"),
    ],
)
def test_a_table_on_a_wrong_day_or_decision_is_refused(
    browser: Browser, people: People, decide: Decide, values: Values, answer: str
) -> None:
    good: Values = {"name": "T", "decision": str(decide(DecisionKind.TARIFF_TABLE).id), "source": "voorbeeld"}
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = browser.get(RECORD)
        page = browser.submit(form, "Akkoord vragen", expect=422, **{**good, "starts_on": "1-1-2027", **values})
    assert any(answer in error for error in page.errors), page.errors


@pytest.mark.parametrize("row", ERRORS, ids=[row["name"] for row in ERRORS])
def test_a_table_that_is_not_right_says_how_to_mend_it(
    browser: Browser, people: People, world: World, row: dict[str, str]
) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    form = browser.get(RECORD)
    page = browser.submit(
        form, "Akkoord vragen", expect=422, **{f"{row['audience']}-{row['row']}-{row['change']}": row["value"]}
    )
    assert any(row["sentence"] in error for error in page.errors), page.errors


def test_rows_are_added_and_taken_away_without_script(browser: Browser, people: People, world: World) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    page = browser.get(RECORD)
    assert len(page.soup.select("input[name^='shv-'][name$='-category']")) == 7
    page = browser.submit(page, "Akkoord vragen", expect=200, regel="shv:erbij")
    assert len(page.soup.select("input[name^='shv-'][name$='-category']")) == 8
    page = browser.submit(page, "Akkoord vragen", expect=200, regel="shv:weg:2")
    names = [
        field["value"] for field in page.soup.select("input[name^='shv-'][name$='-category']") if field.get("value")
    ]
    assert names == ["A", "B", "D", "E", "F", "G"]
    page = browser.submit(page, "Akkoord vragen", expect=422)
    assert any("tussen categorie B en D zit een gat" in error for error in page.errors), "a blank row does not count"


def test_a_table_that_was_wrong_is_corrected_from_the_same_day(
    browser: Browser, people: People, session: Session, decide: Decide, approve: Approve
) -> None:
    decision = decide(DecisionKind.TARIFF_TABLE, "Correctie")
    wrong = queries.tariff_table_on(TODAY)
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        values: Values = {
            "name": "Tarieven A–G (correctie)",
            "decision": str(decision.id),
            "source": "voorbeeld",
        }
        values |= {"corrects": str(wrong.id), "shv-1-annual_fee": "700"}
        refused = browser.submit(browser.get(RECORD), "Akkoord vragen", expect=422, **values, starts_on="1-1-2027")
        assert "Een correctie geldt vanaf dezelfde dag als de foute tabel: 1 januari 2023." in refused.text
        browser.submit(browser.get(RECORD), "Akkoord vragen", **values, starts_on="1-1-2023")
        browser.sign_in(people.staff(StaffRole.FINANCE))
        approve(browser)
        page = browser.get("/beheer/tarieven")
        assert "gecorrigeerd door Tarieven A–G (correctie)" in page.text
        assert "gecorrigeerd" in browser.get("/tarieven").text

    session.expire_all()
    assert queries.tariff_table_on(date(2023, 1, 1)).name == "Tarieven A–G (correctie)"
    assert session.get_one(TariffTable, wrong.id).corrected_by is not None


def test_who_may_not_record_tariffs(browser: Browser, people: People, world: World) -> None:
    browser.sign_in(people.staff(StaffRole.BOARD))
    for path in (RECORD, "/beheer/tarieven/uitzondering", "/beheer/tarieven/jaartarief-nul"):
        browser.get(path, expect=403)
    assert "Tarieftabel vastleggen" not in browser.get("/beheer/tarieven").text


# ------------------------------------------------------------------------------------------------- zero tariff


def zero(session: Session) -> ZeroTariff:
    return session.scalars(select(ZeroTariff)).one()


def test_two_people_end_the_zero_tariff_and_the_invoice_says_why(
    browser: Browser, people: People, session: Session, world: World, decide: Decide, approve: Approve
) -> None:
    participant = world.municipality(70_361, name="Gemeente Velsen", connected_on=date(2026, 3, 15))
    decision = decide(DecisionKind.ZERO_TARIFF, "Einde")
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = browser.get(f"/beheer/tarieven/jaartarief-nul/{zero(session).id}")
        values: Values = {
            "ends_on": "31-12-2026",
            "carry_over": "pay_from_next_year",
            "decision": str(decision.id),
        }
        assert browser.submit(form, "Akkoord vragen", **values).notices == ASKED
        browser.sign_in(people.staff(StaffRole.FINANCE))
        approve(browser)
        told = "van 1 januari 2026 tot en met 31 december 2026 is het jaartarief € 0,00 tot en met 2026. Vanaf 2027"
        assert told in browser.get("/tarieven").text
        assert told in browser.get(f"/beheer/deelnemers/{participant.id}/tarief").text
        assert "Einde voor nieuwe abonnementen" in browser.get(f"/beheer/besluiten/{decision.number}").text

    session.expire_all()
    with clock.at(date(2027, 1, 5)):
        document = document_of(invoicing.issue_annual_invoice(participant, 2027, SYSTEM))
    assert document.net == Decimal(3000)
    assert document.why_nothing is None
    assert document.lines[0].description == (
        "Jaartarief 2027, categorie D (het jaartarief € 0,00 is geëindigd op 31 december 2026)"
    )
    assert queries.zero_tariff_for(date(2027, 1, 1)) is None


def test_without_that_rule_they_keep_it(session: Session, world: World, decide: Decide) -> None:
    participant = world.municipality(70_361, connected_on=date(2026, 3, 15))
    decision = decide(DecisionKind.ZERO_TARIFF)
    with clock.at(TODAY):
        row = zero(session)
        assert (row.carry_over, row.is_to_confirm) == (CarryOver.KEEP_ZERO, True)
        review_zero_tariff(row, date(2027, 1, 1), None, CarryOver.KEEP_ZERO, decision.id, SYSTEM)
    assert not row.is_to_confirm
    with clock.at(date(2027, 1, 5)):
        document = document_of(invoicing.issue_annual_invoice(participant, 2027, SYSTEM))
    assert document.net == 0
    assert "voorlopig € 0,00" in (document.why_nothing or "")


def test_what_was_decided_on_a_zero_tariff_lies_fixed(session: Session, world: World, decide: Decide) -> None:
    with clock.at(TODAY):
        made = review_zero_tariff(
            zero(session), None, date(2027, 6, 30), CarryOver.KEEP_ZERO, decide(DecisionKind.ZERO_TARIFF).id, SYSTEM
        )
    assert zero(session).review_on == date(2027, 6, 30)
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("DELETE FROM zero_tariff_reviews WHERE id = :id"), {"id": made.id})


def test_a_review_needs_a_decision_about_the_zero_tariff(session: Session, world: World, decide: Decide) -> None:
    other = decide(DecisionKind.TARIFF_TABLE)
    statement = text(
        "INSERT INTO zero_tariff_reviews (zero_tariff_id, decision_id, recorded_at, ends_before, carry_over)"
        " VALUES (:zero, :decision, now(), '2027-01-01', 'keep_zero')"
    )
    with pytest.raises(DBAPIError, match="rust op een besluit van het bestuur"):
        session.execute(statement, {"zero": zero(session).id, "decision": other.id})


def test_another_zero_tariff_begins_after_the_end_of_the_first(
    browser: Browser, people: People, session: Session, world: World, decide: Decide, approve: Approve
) -> None:
    decision = decide(DecisionKind.ZERO_TARIFF)
    values: Values = {"starts_on": "1-7-2027", "review_on": "1-7-2028", "decision": str(decision.id)}
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        refused = browser.submit(browser.get("/beheer/tarieven/jaartarief-nul"), "Akkoord vragen", expect=422, **values)
        assert "Er geldt dan al een jaartarief € 0,00." in refused.text
        review_zero_tariff(zero(session), date(2027, 1, 1), None, CarryOver.KEEP_ZERO, decision.id, SYSTEM)
        session.commit()
        browser.submit(browser.get("/beheer/tarieven/jaartarief-nul"), "Akkoord vragen", **values)
        browser.sign_in(people.staff(StaffRole.FINANCE))
        approve(browser)
    session.expire_all()
    assert queries.zero_tariff_for(date(2027, 3, 1)) is None
    made = queries.zero_tariff_for(date(2027, 7, 1))
    assert made is not None
    assert not made.is_to_confirm


def test_finance_is_mailed_once_and_sees_it_in_my_work(
    browser: Browser, people: People, session: Session, world: World
) -> None:
    account = people.staff(StaffRole.FINANCE)
    with clock.at(date(2026, 9, 29)):
        assert jobs.warn_zero_tariff() == 0
    with clock.at(date(2026, 9, 30)):
        assert jobs.warn_zero_tariff() == 1
        assert jobs.warn_zero_tariff() == 0
        browser.sign_in(account)
        assert "Het bestuur kijkt er uiterlijk op 31 december 2026 opnieuw naar." in browser.get("/beheer/").text
        people_of_relations = people.staff(StaffRole.RELATIONS)
        browser.sign_in(people_of_relations)
        assert "Jaartarief € 0,00 vanaf" not in browser.get("/beheer/").text
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == account.email)).one()
    assert mail.subject == "Jaartarief € 0,00: opnieuw bekijken op 31 december 2026"


# ------------------------------------------------------------------------------------------------- exceptions

EXCEPTION = "/beheer/tarieven/uitzondering"


def test_two_people_record_an_exception_with_an_end(
    browser: Browser, people: People, session: Session, world: World, decide: Decide, approve: Approve
) -> None:
    decision = decide(DecisionKind.TARIFF_EXCEPTION)
    values: Values = {
        "role": "administrator",
        "category": "A",
        "starts_on": "1-1-2027",
        "ends_on": "31-12-2027",
    }
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        browser.submit(browser.get(EXCEPTION), "Akkoord vragen", **values, decision=str(decision.id))
        browser.sign_in(people.staff(StaffRole.FINANCE))
        approve(browser)
    made = session.scalars(select(CategoryException).where(CategoryException.decision_id == decision.id)).one()
    assert (made.starts_on, made.ends_before) == (date(2027, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"category": "Z"}, "De tarieftabel kent deze categorie niet. Kies uit: A, B, C, D, E, F, G."),
        ({"starts_on": "1-1-2026"}, "Dit geldt niet met terugwerkende kracht."),
        ({"ends_on": "1-12-2026"}, "De laatste dag ligt voor de eerste dag."),
        ({"ends_on": ""}, "een uitzondering eindigt altijd"),
        ({"role": "court"}, "Maak een keuze uit de lijst."),
    ],
)
def test_an_exception_that_cannot_be_is_refused(
    browser: Browser, people: People, decide: Decide, values: Values, answer: str
) -> None:
    good: Values = {"role": "administrator", "category": "A", "starts_on": "1-1-2027", "ends_on": "31-12-2027"}
    decision = decide(DecisionKind.TARIFF_EXCEPTION)
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        form = browser.get(EXCEPTION)
        page = browser.submit(form, "Akkoord vragen", expect=422, **{**good, "decision": str(decision.id), **values})
    assert any(answer in error for error in page.errors), page.errors
