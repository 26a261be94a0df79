"""The pages of the register, as people use them."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import documents
from core.audit import SYSTEM
from governance import services
from governance.kinds import Body, DecisionKind
from governance.models import Decision, Setting
from governance.papers.services import Upload, store_paper
from governance.rules import EFFECTS, Draft, Effect
from identity.kinds import StaffRole
from tests.browser import Browser
from tests.governance.conftest import DOCX, PDF, Decide
from tests.people import People

POLICY = Draft(
    Body.BOARD,
    DecisionKind.POLICY,
    date(2026, 11, 3),
    "Voorbeeldbesluit over beleid",
    "Zo doen wij het voortaan.",
    "notulen van 3 november 2026",
)


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
    assert "Uit dit besluit volgde nog niets." in page.text
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


def test_the_number_of_a_decision_leads_to_it(browser: Browser, people: People, decide: Decide) -> None:
    made = decide()
    browser.sign_in(people.staff(StaffRole.BOARD))
    assert browser.get(f"/beheer/zoeken?q={made.number}").heading == made.title


def test_others_see_nothing_of_the_register(app: Flask, browser: Browser, people: People, decide: Decide) -> None:
    made = decide()
    for account in (people.applicant(), people.staff(StaffRole.PRIVACY)):
        visitor = Browser(app).sign_in(account)
        for address in ("besluiten", f"besluiten/{made.number}", "organen", "vergaderingen", "stelselbeheerder"):
            visitor.get(f"/beheer/{address}", expect=403)
