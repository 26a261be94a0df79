"""The register: what may be recorded, by whom, and how long it holds."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import approvals
from core.audit import SYSTEM, Actor
from core.errors import Refused
from governance import queries, services
from governance.decisions import queries as register
from governance.decisions.services import draft_of, propose_decision
from governance.kinds import Body, DecisionKind, SettingName
from governance.meetings.services import plan_meeting
from governance.models import Setting
from governance.papers.services import Upload, store_paper
from governance.rules import Draft
from identity.kinds import StaffRole
from identity.models import Account
from tests.governance.conftest import OPERATORS, PDF, Decide
from tests.people import People

POLICY = Draft(
    Body.BOARD,
    DecisionKind.POLICY,
    date(2026, 11, 3),
    "Voorbeeldbesluit over beleid",
    "Zo doen wij het voortaan.",
    "notulen van 3 november 2026",
)


def actor(account: Account) -> Actor:
    return Actor("staff", account.person_key)


# ------------------------------------------------------------------------------------------- what may be recorded


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        (DecisionKind.TARIFF_TABLE, "over tarieven"),
        (DecisionKind.ZERO_TARIFF, "over tarieven"),
        (DecisionKind.TARIFF_EXCEPTION, "over tarieven"),
        (DecisionKind.MODULE_RELEASE, "over de vrijgave van een module"),
    ],
)
def test_without_advice_the_board_does_not_decide(decide: Decide, kind: DecisionKind, about: str) -> None:
    with pytest.raises(Refused, match=f"het bestuur besluit daarna {about}") as refused:
        decide(kind=kind)
    assert refused.value.field == "advice"


def test_an_advice_about_something_else_does_not_count(decide: Decide) -> None:
    advice = decide(body=Body.ADVISORY_BOARD, kind=DecisionKind.TARIFF_TABLE, decided_on=date(2026, 9, 1))
    with pytest.raises(Refused, match=r"Dit advies gaat over iets anders \(tarieftabel\)"):
        decide(kind=DecisionKind.MODULE_RELEASE, advice=advice)


def test_an_advice_does_not_rest_on_an_advice(decide: Decide) -> None:
    advice = decide(body=Body.ADVISORY_BOARD)
    with pytest.raises(Refused, match="Een advies rust niet op een ander advies"):
        decide(body=Body.ADVISORY_BOARD, advice=advice)


def test_a_body_that_does_not_exist_on_that_day_decides_nothing(decide: Decide, session: Session) -> None:
    services.load_default_settings(SYSTEM)
    session.add(
        Setting(
            name=SettingName.ACTIVE_BODIES.value,
            value="board,advisory_board",
            starts_on=date(2026, 7, 1),
            source="voorbeeld",
            to_confirm=False,
        )
    )
    session.flush()
    assert decide(body=Body.STAKEHOLDERS, decided_on=date(2026, 6, 30)).number == "2026-01"
    with pytest.raises(Refused, match="Het stakeholdersoverleg bestaat op deze dag niet volgens de instellingen"):
        decide(body=Body.STAKEHOLDERS, decided_on=date(2026, 7, 1))
    assert queries.active_bodies_on(date(2026, 7, 1)) == [Body.BOARD, Body.ADVISORY_BOARD]


# ------------------------------------------------------------------------------------------- how long it holds


def test_a_decision_holds_until_the_one_that_takes_its_place(decide: Decide, session: Session) -> None:
    first = decide("Eerste")
    second = decide(
        "Tweede", decided_on=date(2026, 11, 1), starts_on=date(2027, 1, 1), supersedes=first, reasons="Beter zo."
    )
    session.expire_all()
    assert (first.starts_on, first.in_force_before) == (date(2026, 10, 1), date(2027, 1, 1))
    assert first.holds_on(date(2026, 12, 31))
    assert not first.holds_on(date(2027, 1, 1))
    assert (second.in_force_before, second.reasons) == (None, "Beter zo.")
    assert second.holds_on(date(2027, 1, 1))


def test_a_decision_may_say_itself_when_it_ends(session: Session) -> None:
    draft = dataclasses.replace(POLICY, starts_on=date(2027, 1, 1), ends_before=date(2028, 1, 1))
    made = services.enter_decision(draft, SYSTEM)
    assert [made.holds_on(date(year, 6, 1)) for year in (2026, 2027, 2028)] == [False, True, False]
    with pytest.raises(Refused, match="De laatste dag ligt voor de eerste dag"):
        services.enter_decision(dataclasses.replace(draft, ends_before=date(2027, 1, 1)), SYSTEM)


def test_what_takes_the_place_is_of_the_same_kind_and_later_and_the_only_one(decide: Decide) -> None:
    first = decide("Eerste")
    with pytest.raises(Refused, match="van hetzelfde orgaan over hetzelfde onderwerp"):
        decide(kind=DecisionKind.TRUST_ANCHOR, decided_on=date(2026, 11, 1), supersedes=first)
    with pytest.raises(Refused, match="moet later ingaan"):
        decide("Zelfde dag", supersedes=first)
    second = decide("Tweede", decided_on=date(2026, 11, 1), supersedes=first)
    with pytest.raises(Refused, match=f"al vervangen, door {second.number}"):
        decide("Derde", decided_on=date(2026, 11, 2), supersedes=first)


def test_a_decision_names_a_meeting_of_its_body_on_its_day(session: Session) -> None:
    meeting = plan_meeting(Body.BOARD, date(2026, 11, 3), "10.00 uur", SYSTEM)
    made = services.enter_decision(dataclasses.replace(POLICY, meeting_id=meeting.id), SYSTEM)
    assert made.meeting_id == meeting.id
    for change, says in (
        ({"decided_on": date(2026, 11, 4)}, "Die vergadering was op 3 november 2026"),
        ({"body": Body.STAKEHOLDERS}, "geen vergadering van dit orgaan"),
    ):
        draft = dataclasses.replace(POLICY, meeting_id=meeting.id, **change)
        with pytest.raises(Refused, match=says):
            services.enter_decision(draft, SYSTEM)


# ------------------------------------------------------------------------------------------- only through a decision


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        ("tariff_tables", "name, starts_on, source", "'x', '2030-01-01', 'x'"),
        ("zero_tariffs", "starts_on, review_on", "'2030-01-01', '2031-01-01'"),
        (
            "category_exceptions",
            "role_code, category, starts_on, ends_before",
            "'administrator', 'A', '2030-01-01', '2031-01-01'",
        ),
        (
            "agreement_texts",
            "version, title, starts_on, operator_id, body, sha256",
            "'x', 'x', '2030-01-01', (SELECT min(id) FROM operators), 'x', 'x'",
        ),
    ],
)
def test_the_database_takes_no_row_without_a_decision_of_the_board_about_it(
    session: Session, decide: Decide, table: str, columns: str, values: str
) -> None:
    services.import_operators(OPERATORS, SYSTEM, example=True)
    add = f"INSERT INTO {table} ({columns}, decision_id) VALUES ({values}, :decision)"  # noqa: S608
    other = decide(kind=DecisionKind.POLICY)
    advice = decide(body=Body.ADVISORY_BOARD, kind=DecisionKind.TARIFF_TABLE)
    for decision in (None, other.id, advice.id):
        with pytest.raises(DBAPIError, match="rust op een besluit van het bestuur"), session.begin_nested():
            session.execute(text(add), {"decision": decision})
    without = session.scalar(
        text(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = :name AND column_name = 'decision_id'"
            " AND is_nullable = 'NO'"
        ),
        {"name": table},
    )
    assert without == 1, f"{table}.decision_id must not be empty"


@pytest.mark.parametrize("wanted", [kind for kind in DecisionKind if kind is not DecisionKind.POLICY])
def test_what_hangs_from_a_decision_refuses_another_one(decide: Decide, wanted: DecisionKind) -> None:
    with pytest.raises(Refused, match=r"Dit besluit gaat over iets anders \(beleid\)"):
        services.demand_decision(decide(), wanted)
    with pytest.raises(Refused, match="geen besluit van het bestuur, maar van: raad van advies"):
        services.demand_decision(decide(body=Body.ADVISORY_BOARD, kind=wanted), wanted)
    services.demand_decision(decide(kind=wanted, from_source=True), wanted)


# ------------------------------------------------------------------------------------------- four eyes


def test_nothing_is_recorded_before_a_colleague_agrees(session: Session, people: People, today: date) -> None:
    maker, checker = people.staff(StaffRole.RELATIONS), people.staff(StaffRole.RELATIONS)
    paper = store_paper(Upload("C:\\stukken\\besluit 3.pdf", PDF))
    request = propose_decision(POLICY, [paper], actor(maker))
    assert draft_of(request) == POLICY
    assert queries.decisions() == []
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(request.id, actor(maker))
    approvals.approve(request.id, actor(checker))
    made = queries.decisions()[0]
    assert (made.number, made.title, made.starts_on) == ("2026-01", POLICY.title, POLICY.decided_on)
    assert [(row.name, row.sha256) for row in made.papers] == [("besluit 3.pdf", paper.sha256)]
    assert register.outcome_of(request) == made
    assert register.proposals() == []


def test_what_is_declined_never_was_a_decision(session: Session, people: People, today: date) -> None:
    request = propose_decision(POLICY, [], actor(people.staff(StaffRole.RELATIONS)))
    approvals.decline(request.id, actor(people.staff(StaffRole.RELATIONS)), "De tekst klopt niet.")
    assert queries.decisions() == []
    assert register.outcome_of(request) is None


def test_the_same_is_not_asked_or_recorded_twice(session: Session, people: People, today: date) -> None:
    maker, checker = people.staff(StaffRole.RELATIONS), people.staff(StaffRole.RELATIONS)
    request = propose_decision(POLICY, [], actor(maker))
    with pytest.raises(Refused, match="ligt al bij een collega"):
        propose_decision(POLICY, [], actor(maker))
    approvals.approve(request.id, actor(checker))
    with pytest.raises(Refused, match="al vastgelegd, als 2026-01"):
        propose_decision(POLICY, [], actor(maker))


def test_a_decision_of_tomorrow_is_not_recorded(session: Session, people: People, today: date) -> None:
    draft = dataclasses.replace(POLICY, decided_on=date(2026, 11, 21))
    with pytest.raises(Refused, match="Deze dag ligt in de toekomst"):
        propose_decision(draft, [], actor(people.staff(StaffRole.RELATIONS)))


def test_rules_are_asked_again_at_approval(session: Session, people: People, today: date, decide: Decide) -> None:
    first = decide("Eerste")
    draft = dataclasses.replace(POLICY, supersedes_id=first.id)
    request = propose_decision(draft, [], actor(people.staff(StaffRole.RELATIONS)))
    decide("Intussen", decided_on=date(2026, 11, 2), supersedes=first)
    with pytest.raises(Refused, match="al vervangen"):
        approvals.approve(request.id, actor(people.staff(StaffRole.RELATIONS)))
