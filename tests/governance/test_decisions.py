"""The register: what may be recorded, by whom, and how long it holds."""

from __future__ import annotations

import dataclasses
import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import approvals, documents
from core.audit import SYSTEM, Actor
from core.errors import Refused
from governance import queries, services
from governance.decisions import queries as register
from governance.decisions.services import draft_of, propose_decision
from governance.kinds import Body, DecisionKind, SettingName
from governance.meetings.services import plan_meeting
from governance.models import Decision, Setting
from governance.papers.services import Upload, store_paper
from governance.rules import EFFECTS, Draft, Effect
from identity.kinds import StaffRole
from identity.models import Account
from tests.browser import Browser
from tests.governance.conftest import DOCX, OPERATORS, PDF, Decide
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


# ------------------------------------------------------------------------------------------- pages


def test_a_decision_goes_from_form_to_register_with_its_documents(
    app: Flask, people: People, session: Session, today: date, decide: Decide
) -> None:
    advice = decide("Voorbeeldadvies", body=Body.ADVISORY_BOARD, kind=DecisionKind.MODULE_RELEASE)
    clerk = Browser(app).sign_in(people.staff(StaffRole.RELATIONS, name="Klerk Voorbeeld"))
    page = clerk.get("/beheer/besluiten")
    page = clerk.get(page.link("Besluit of advies vastleggen"))
    page = clerk.submit(
        page,
        "Akkoord vragen",
        expect=422,
        body="board",
        kind="module_release",
        decided_on="3-11-2026",
        title="Voorbeeldbesluit vrijgave",
        text="De module gaat uit.\nVoor iedereen.",
        reasons="Getoetst.",
        source="notulen",
        starts_on="1-1-2027",
    )
    assert page.errors == [
        "Leg eerst het advies van de raad van advies vast; het bestuur besluit daarna over de vrijgave van een module."
    ]
    page = clerk.submit(page, "Akkoord vragen", advice=str(advice.id), papers=(io.BytesIO(DOCX), "besluit.docx"))
    assert page.notices == ["Uw verzoek ligt klaar voor een collega. Het besluit staat pas in het register na akkoord."]
    assert "Dit staat nog niet in het register" in page.text
    colleague = Browser(app).sign_in(people.staff(StaffRole.ADMINISTRATION))
    work = colleague.get("/beheer/")
    page = colleague.get(work.link("Beoordelen : Besluit van het bestuur vastleggen: Voorbeeldbesluit vrijgave"))
    assert "Voorbeeldadvies" in page.text
    proposal = colleague.get(page.link("Bekijk de hele tekst en de stukken"))
    got = colleague.client.get(proposal.link("besluit.docx"))
    assert (got.status_code, got.data) == (200, DOCX)
    colleague.submit(colleague.get(proposal.link("Naar akkoord geven")), "Akkoord geven")
    made = session.query(Decision).order_by(Decision.id.desc()).first()
    assert made is not None
    page = colleague.get(f"/beheer/besluiten/{made.number}")
    assert "van 1 januari 2027" in page.text
    assert "Op dit besluit rust nog niets." in page.text
    assert "Voorbeeldadvies" in page.text
    got = colleague.client.get(page.link("besluit.docx"))
    assert "attachment" in got.headers["Content-Disposition"]
    assert got.data == DOCX
    page = clerk.get("/beheer/besluiten")
    assert "gaat nog in" in page.text


@pytest.mark.parametrize("role", [StaffRole.FINANCE, StaffRole.BOARD, StaffRole.AUDITOR])
def test_who_only_reads_records_nothing(browser: Browser, people: People, role: StaffRole) -> None:
    signed_in = browser.sign_in(people.staff(role))
    assert "Besluit of advies vastleggen" not in signed_in.get("/beheer/besluiten").text
    signed_in.get("/beheer/besluiten/vastleggen", expect=403)


def test_bad_input_is_answered_in_dutch(browser: Browser, people: People) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get("/beheer/besluiten/vastleggen")
    page = browser.submit(page, "Akkoord vragen", expect=422, decided_on="31-2-2026", body="niemand", advice="999")
    assert "Deze datum bestaat niet. Controleer de dag en de maand." in page.errors
    assert page.errors.count("Maak een keuze uit de lijst.") == 2
    assert "Vul een titel in." in page.errors
    page = browser.submit(
        page,
        "Akkoord vragen",
        expect=422,
        body="board",
        kind="policy",
        decided_on="3-11-2025",
        title="x",
        text="x",
        source="x",
        advice="",
        papers=(io.BytesIO(b"MZ"), "virus.pdf"),
    )
    assert page.errors == [
        "virus.pdf: Dit bestand is geen PDF, Word-document (docx) of ODT. Sla het stuk zo op en probeer het opnieuw."
    ]


def test_the_list_is_filtered_sorted_and_exported(browser: Browser, people: People, decide: Decide) -> None:
    decide("Over kleuren", decided_on=date(2025, 3, 1))
    decide("Over geuren", kind=DecisionKind.TRUST_ANCHOR, text="Lavendel =1+1")
    decide("Raad over geuren", body=Body.ADVISORY_BOARD)
    browser.sign_in(people.staff(StaffRole.BOARD))
    for address, expected in (
        ("?orgaan=raad-van-advies", {"Raad over geuren"}),
        ("?soort=trust_anchor", {"Over geuren"}),
        ("?jaar=2025", {"Over kleuren"}),
        ("?q=lavendel", {"Over geuren"}),
        ("?q=geuren&jaar=2026", {"Over geuren", "Raad over geuren"}),
        ("?jaar=elf&orgaan=x&soort=y", {"Over kleuren", "Over geuren", "Raad over geuren"}),
    ):
        page = browser.get(f"/beheer/besluiten{address}")
        assert {cell.get_text(strip=True) for cell in page.soup.select("[data-label=Onderwerp]")} == expected, address
    assert "Niets gevonden" in browser.get("/beheer/besluiten?q=niets-van-dit").text
    answer = browser.client.get("/beheer/besluiten?q=lavendel&als=csv")
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert "Lavendel" in lines[1]


def test_a_damaged_document_is_not_shown(app: Flask, browser: Browser, people: People, session: Session) -> None:
    paper = store_paper(Upload("stuk.pdf", PDF + b"beschadigd"))
    made = services.enter_decision(POLICY, SYSTEM, [paper])
    session.commit()
    _, path = documents._place(paper.sha256)
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"iets anders")
    browser.sign_in(people.staff(StaffRole.BOARD))
    page = browser.get(f"/beheer/besluiten/{made.number}/stukken/{made.papers[0].id}", expect=409)
    assert "ontbreekt of is beschadigd" in page.text


def test_what_followed_stands_with_a_decision_and_what_could_not_be_read_is_named(
    browser: Browser, people: People, session: Session, decide: Decide
) -> None:
    made = decide()
    session.add(
        Setting(
            name="payment_term_days",
            value="14",
            starts_on=date(2027, 1, 1),
            source="besluit",
            to_confirm=False,
            decision_id=made.id,
        )
    )
    session.commit()

    def broken(_decision_id: int) -> list[Effect]:
        session.execute(text("SELECT 1 / 0"))
        return []

    broken.__module__ = "catalogue.queries"
    browser.sign_in(people.staff(StaffRole.BOARD))
    address = f"/beheer/besluiten/{made.number}"
    assert "Betaaltermijn in dagen 14, vanaf 1 januari 2027." in browser.get(address).text
    EFFECTS.insert(0, broken)
    try:
        page = browser.get(address)
    finally:
        EFFECTS.remove(broken)
    assert "Niet alles kon worden geladen Dit deel ontbreekt op deze pagina: modules." in page.text
    assert "Betaaltermijn in dagen" in page.text
    assert page.soup.select("[role=alert]")
