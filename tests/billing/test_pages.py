"""The pages about invoices and tariffs: who may see what, and what stands there."""

from __future__ import annotations

from datetime import date

import pytest

from billing import services
from billing.models import Invoice
from core import clock
from core.audit import SYSTEM
from identity.kinds import ParticipantRole, StaffRole
from participants.models import Participant
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People

PAGES = [
    "/beheer/facturen",
    "/beheer/facturen.csv",
    "/beheer/facturen/{number}",
    "/beheer/facturen/{number}.pdf",
    "/beheer/deelnemers/{id}/facturen",
    "/beheer/tarieven",
    "/beheer/deelnemers/{id}/tarief",
]


@pytest.fixture
def participant(world: World) -> Participant:
    return world.municipality(70_361, name="Gemeente Velsen", connected_on=date(2024, 3, 15))


@pytest.fixture
def invoice(world: World, participant: Participant) -> Invoice:
    with clock.at(date(2024, 3, 15)):
        made = services.issue_first_invoice(participant, date(2024, 3, 15), SYSTEM)
    world.session.commit()
    return made


def address(path: str, invoice: Invoice) -> str:
    return path.format(number=invoice.number, id=invoice.participant_id)


# ------------------------------------------------------------------------------------------------- who may


@pytest.mark.parametrize("role", [StaffRole.FINANCE, StaffRole.RELATIONS, StaffRole.BOARD, StaffRole.AUDITOR])
def test_who_may_see_invoices_and_tariffs(browser: Browser, people: People, invoice: Invoice, role: StaffRole) -> None:
    browser.sign_in(people.staff(role))
    for path in PAGES:
        browser.get(address(path, invoice))


def test_who_may_not_see_them(browser: Browser, people: People, invoice: Invoice) -> None:
    browser.sign_in(people.staff(StaffRole.PRIVACY))
    for path in PAGES:
        browser.get(address(path, invoice), expect=403)


def test_a_participant_does_not_see_the_pages_of_staff(browser: Browser, people: People, invoice: Invoice) -> None:
    browser.sign_in(people.of(invoice.participant, ParticipantRole.FINANCIAL))
    for path in PAGES:
        browser.get(address(path, invoice), expect=403)


@pytest.mark.parametrize("role", [StaffRole.RELATIONS, StaffRole.BOARD, StaffRole.AUDITOR, StaffRole.ADMINISTRATION])
def test_only_finance_credits(browser: Browser, people: People, invoice: Invoice, role: StaffRole) -> None:
    browser.sign_in(people.staff(role))
    browser.get(f"/beheer/facturen/{invoice.number}/crediteren", expect=403)
    if role is not StaffRole.ADMINISTRATION:
        page = browser.get(f"/beheer/facturen/{invoice.number}")
        assert "Crediteren" not in page.text


# ------------------------------------------------------------------------------------------------- staff


def test_the_list_searches_filters_sorts_and_adds_up(
    browser: Browser, people: People, world: World, invoice: Invoice
) -> None:
    with clock.at(date(2026, 3, 15)):
        other = services.issue_first_invoice(
            world.municipality(15_000, name="Gemeente Aalburg"), date(2026, 3, 15), SYSTEM
        )
    with clock.at(date(2026, 3, 16)):
        credit_note = services.credit_invoice(invoice, "Dubbel.", SYSTEM)
    world.session.commit()
    browser.sign_in(people.staff(StaffRole.FINANCE))

    def numbers(query: str) -> list[str]:
        page = browser.get(f"/beheer/facturen{query}")
        return [cell.get_text(strip=True) for cell in page.soup.select("tbody td:first-child")]

    everything = [credit_note.number, other.number, invoice.number]
    assert numbers("") == everything
    assert numbers("?volgorde=nummer") == everything[::-1]
    assert numbers("?volgorde=deelnemer")[0] == other.number
    assert numbers("?volgorde=-bedrag")[0] == invoice.number
    assert numbers("?q=velsen") == [credit_note.number, invoice.number]
    assert numbers("?q=2024-00001") == [invoice.number]
    assert numbers(f"?q={other.participant.organisation.kvk}") == [other.number]
    assert numbers(f"?q={other.participant.organisation.oin}") == [other.number]
    assert numbers("?jaar=2026") == [other.number]
    assert numbers("?soort=creditnota") == [credit_note.number]
    assert numbers(f"?deelnemer={invoice.participant_id}&soort=factuur") == [invoice.number]
    assert numbers("?jaar=1999") == []
    assert numbers("?jaar=abc&soort=x&deelnemer=--&pagina=-3&volgorde=%00") == everything
    page = browser.get("/beheer/facturen?q=velsen&soort=factuur")
    assert "Samen 1, van alle pagina's" in page.text
    assert "€ 3.388,00" in page.text.replace("\u00a0", " ")


def test_the_csv_is_exactly_the_filtered_list(browser: Browser, people: People, world: World, invoice: Invoice) -> None:
    with clock.at(date(2026, 3, 16)):
        services.credit_invoice(invoice, "Dubbel.", SYSTEM)
    world.session.commit()
    browser.sign_in(people.staff(StaffRole.FINANCE))
    link = browser.get("/beheer/facturen?soort=factuur&q=Velsen").link("Download deze lijst als CSV")
    response = browser.get(link).response
    body = response.get_data()
    assert body.startswith(b"\xef\xbb\xbf")
    lines = body.decode("utf-8-sig").splitlines()
    kvk, oin = invoice.participant.organisation.kvk, invoice.participant.organisation.oin
    assert lines[0].startswith("Nummer;Soort;Datum;Betalen voor of op;Jaar;Deelnemer")
    (line,) = lines[1:]
    assert line == (
        f"2024-00001;Factuur;15-3-2024;14-4-2024;2024;Gemeente Velsen;{kvk};{oin};D;2800,00;588,00;3388,00;C2026-00001"
        ";NL;"
    )
    assert response.headers["Content-Disposition"].startswith('attachment; filename="facturen-')


def test_an_invoice_shows_what_it_rests_on(browser: Browser, people: People, invoice: Invoice) -> None:
    page = browser.sign_in(people.staff(StaffRole.BOARD)).get(f"/beheer/facturen/{invoice.number}")
    text = page.text.replace("\u00a0", " ")
    for expected in (
        "Factuur 2024-00001",
        "VOORBEELD",
        "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D.",
        "Voorbeeldbeheerder A",
        "PO-2026-0815",
        "€ 2.500,00",
        "€ 3.388,00",
    ):
        assert expected in text
    decision = browser.get(page.link("2022-02"))
    assert decision.heading == "Voorbeeldbesluit: Tarieven A–G"


def test_the_pdf_can_be_downloaded(browser: Browser, people: People, invoice: Invoice) -> None:
    response = browser.sign_in(people.staff(StaffRole.AUDITOR)).get(f"/beheer/facturen/{invoice.number}.pdf").response
    assert response.mimetype == "application/pdf"
    assert response.get_data().startswith(b"%PDF-")
    assert "voorbeeld-factuur-2024-00001.pdf" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]


def test_finance_credits_with_a_reason(browser: Browser, people: People, invoice: Invoice) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE, name="Fien Financiën"))
    page = browser.get(browser.get(f"/beheer/facturen/{invoice.number}").link("Crediteren"))
    page = browser.submit(page, "Crediteren", reason="Het inkoopordernummer klopt niet.")
    assert page.heading.startswith("Creditnota C2")
    assert "is gecrediteerd met creditnota" in page.notices[0]
    assert "Het inkoopordernummer klopt niet." in page.text
    page = browser.get(f"/beheer/facturen/{invoice.number}")
    assert "Gecrediteerd met" in page.text
    assert "Crediteren" not in page.text


@pytest.mark.parametrize(
    ("reason", "answer"),
    [
        ("", "Schrijf in één of twee zinnen waarom u deze factuur crediteert."),
        ("   ", "Schrijf in één of twee zinnen waarom u deze factuur crediteert."),
        ("x" * 501, "De reden mag hoogstens 500 tekens hebben."),
        ("a\x00b", "Deze tekens kunnen wij niet verwerken: U+0000. Haal ze weg."),
    ],
)
def test_a_reason_that_is_not_right_is_answered(
    browser: Browser, people: People, invoice: Invoice, reason: str, answer: str
) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    page = browser.get(f"/beheer/facturen/{invoice.number}/crediteren")
    page = browser.submit(page, "Crediteren", expect=422, reason=reason)
    assert page.errors == [answer]


def test_crediting_twice_is_refused_on_the_page(browser: Browser, people: People, invoice: Invoice) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    page = browser.get(f"/beheer/facturen/{invoice.number}/crediteren")
    browser.submit(page, "Crediteren", reason="Dubbel.")
    page = browser.submit(page, "Crediteren", expect=409, reason="Dubbel.")
    assert page.errors[0].startswith("Deze factuur is al gecrediteerd met creditnota C2")


@pytest.mark.parametrize("path", ["", ".pdf", "/crediteren"])
def test_an_invoice_that_does_not_exist(browser: Browser, people: People, world: World, path: str) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE)).get(f"/beheer/facturen/2031-00001{path}", expect=404)


def test_the_tariffs_stand_on_one_page_with_their_decisions(browser: Browser, people: People, world: World) -> None:
    page = browser.sign_in(people.staff(StaffRole.RELATIONS)).get("/beheer/tarieven")
    text = page.text.replace("\u00a0", " ")
    for expected in (
        "Tarieven A–G geldt nu",
        "Vanaf 1 januari 2023",
        "1.000.000 of meer",
        "10% van het jaartarief",
        "en € 1.500,00 per 100.000 extra",
        "15.000 tot 40.000",
        "vanaf 1 januari 2026 Zij houden voorlopig het jaartarief € 0,00 te bevestigen 31 december 2026",
        "Bewindvoerder voorbij A 1 januari 2023 1 januari 2025",
        "Tarieven 2020–2022 (A–F), gold vanaf 1 juli 2020",
    ):
        assert expected in text


def test_the_tariff_page_without_tariffs_says_what_to_do(browser: Browser, people: People) -> None:
    page = browser.sign_in(people.staff(StaffRole.FINANCE)).get("/beheer/tarieven")
    assert "flask billing import-tariffs" in page.text


def test_the_page_of_a_participant_explains_what_it_pays(
    browser: Browser, people: People, participant: Participant
) -> None:
    browser.sign_in(people.staff(StaffRole.FINANCE))
    with clock.at(date(2026, 11, 3)):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        text = browser.get(f"/beheer/deelnemers/{participant.id}/tarief").text.replace("\u00a0", " ")
    assert "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D." in text
    assert "Het abonnement is ingegaan op 15 maart 2024." in text
    assert "10 van 12 maanden (maart tot en met december) € 3.000,00 € 2.500,00" in text
    assert "Jaartarief 2026, categorie D € 3.000,00 € 3.000,00" in text


def test_before_connecting_the_page_says_what_it_would_be(browser: Browser, people: People, world: World) -> None:
    participant = world.municipality(70_361)
    with clock.at(date(2026, 11, 3)):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        text = browser.get(f"/beheer/deelnemers/{participant.id}/tarief").text.replace("\u00a0", " ")
    assert "zou betalen als het abonnement vandaag inging, 3 november 2026" in text
    assert "Jaartarief 2026, categorie D € 3.000,00 € 0,00" in text
    assert "voorlopig € 0,00" in text


def test_the_page_says_what_is_missing(browser: Browser, people: People, world: World) -> None:
    page = browser.sign_in(people.staff(StaffRole.FINANCE)).get(f"/beheer/deelnemers/{world.creditor(None).id}/tarief")
    assert "De categorie is nog niet te bepalen" in page.text
    assert "Vraag de deelnemer om een opgave" in page.text


# ------------------------------------------------------------------------------------------------- participants


def test_a_participant_sees_its_own_invoices(browser: Browser, people: People, invoice: Invoice) -> None:
    browser.sign_in(people.of(invoice.participant, ParticipantRole.FINANCIAL))
    page = browser.get(f"/mijn/{invoice.participant_id}/facturen")
    assert "2024-00001" in page.text
    assert "14-4-2024" in page.text
    pdf = browser.get(page.link("PDF van 2024-00001")).response
    assert pdf.get_data().startswith(b"%PDF-")


def test_an_employee_without_that_right_does_not(browser: Browser, people: People, invoice: Invoice) -> None:
    browser.sign_in(people.of(invoice.participant, ParticipantRole.EMPLOYEE))
    browser.get(f"/mijn/{invoice.participant_id}/facturen", expect=403)
    browser.get(f"/mijn/{invoice.participant_id}/facturen/{invoice.number}.pdf", expect=403)


def test_the_invoices_of_another_participant_do_not_exist(
    browser: Browser, people: People, world: World, invoice: Invoice
) -> None:
    other = world.municipality(name="Gemeente Ander")
    browser.sign_in(people.of(other, ParticipantRole.FINANCIAL))
    browser.get(f"/mijn/{invoice.participant_id}/facturen", expect=404)
    browser.get(f"/mijn/{invoice.participant_id}/facturen/{invoice.number}.pdf", expect=404)
    browser.get(f"/mijn/{other.id}/facturen/{invoice.number}.pdf", expect=404)
    assert "U hebt nog geen facturen" in browser.get(f"/mijn/{other.id}/facturen").text


def test_who_is_not_signed_in_goes_to_the_sign_in_page(browser: Browser, invoice: Invoice) -> None:
    response = browser.client.get(f"/mijn/{invoice.participant_id}/facturen")
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/inloggen")
