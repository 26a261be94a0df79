"""The public list: who is on it, what can be asked of it, and its files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core import db as database
from core.db import scoped
from participants.kinds import OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant
from participants.queries import stage_label
from tests.browser import Browser, Page
from tests.register.conftest import MakeOrganisation, MakeParticipant


def listed(page: Page) -> list[str]:
    """Names in the list of participants (the table of provinces is another one)."""
    for table in page.soup.find_all("table"):
        if table.caption and "deelnemers" in table.caption.get_text():
            return [cell.get_text(" ", strip=True) for cell in table.select("tbody th")]
    return []


def csv_rows(browser: Browser, query: str = "") -> list[dict[str, str]]:
    body = browser.client.get(f"/deelnemers.csv{query}").get_data()
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def json_rows(browser: Browser, query: str = "") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(browser.client.get(f"/deelnemers.json{query}").get_data())["deelnemers"]
    return rows


# ------------------------------------------------------------------------------------------- who is on it


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.LIVE])
def test_only_who_is_live_is_listed(browser: Browser, participant: MakeParticipant, stage: Stage) -> None:
    participant("Nog niet BV", stage=stage, since=None)
    assert "Nog niet BV" not in browser.get("/deelnemers").text
    assert csv_rows(browser) == []
    assert json_rows(browser) == []


def test_somebody_appears_when_live_and_disappears_when_suspended(
    browser: Browser, session: Session, participant: MakeParticipant
) -> None:
    made = participant("Heen en Weer BV", stage=Stage.COUNTERSIGNED)
    assert listed(browser.get("/deelnemers")) == []
    made.stage = Stage.LIVE
    session.commit()
    assert listed(browser.get("/deelnemers")) == ["Heen en Weer BV"]
    made.stage = Stage.SUSPENDED
    session.commit()
    assert listed(browser.get("/deelnemers")) == []


def test_a_sole_trader_without_consent_is_nowhere(
    browser: Browser, session: Session, participant: MakeParticipant
) -> None:
    trader = Organisation(
        name="Bewindvoering Vos",
        short_name="Bewindvoering Vos",
        kind=OrganisationKind.SOLE_TRADER,
        sector=Sector.ADMINISTRATION,
        source="test",
        search_text="bewindvoering vos",
        place="Zeist",
    )
    made = participant(trader, "administrator", modules=("debt_inventory",), list_publicly=False)
    assert "Vos" not in browser.get("/deelnemers").text
    assert "Niemand gevonden" in browser.get("/deelnemers?q=vos").text
    assert csv_rows(browser) == []
    assert json_rows(browser) == []
    made.list_publicly = True
    session.commit()
    assert listed(browser.get("/deelnemers?q=vos")) == ["Bewindvoering Vos"]
    for text in (browser.get("/deelnemers").text, str(csv_rows(browser)), str(json_rows(browser))):
        assert "Zeist" not in text


def test_an_address_is_never_shown(browser: Browser, participant: MakeParticipant) -> None:
    participant("Zonder Adres BV")
    for path in ("/deelnemers", "/deelnemers.csv", "/deelnemers.json"):
        body = browser.client.get(path).get_data(as_text=True)
        assert "Zonder Adres BV" in body
        assert "Geheimstraat" not in body
        assert "Postbus" not in body


def test_an_empty_list_says_how_to_be_the_first(browser: Browser) -> None:
    page = browser.get("/deelnemers")
    assert "Nog niemand is aangesloten" in page.text
    assert page.link("Uw organisatie aanmelden") == "/aanmelden"


# ------------------------------------------------------------------------------------------- filters


@pytest.fixture
def three(participant: MakeParticipant, municipality: MakeOrganisation, organisation: MakeOrganisation) -> None:
    """A municipality as debt counsellor, the same as creditor, and a company."""
    zeist = municipality("GM0355", "Zeist")
    participant(zeist, "shv_phase_2", modules=("debt_settlement", "debt_inventory"), since=date(2024, 5, 1))
    participant(zeist, "creditor", unit_name="Belastingen", modules=("payment_arrangement",), since=date(2025, 1, 1))
    participant(organisation("Ångström Incasso BV", place="Breda", province="Noord-Brabant"), since=date(2023, 1, 1))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ångström Incasso BV", "Gemeente Zeist", "Gemeente Zeist – Belastingen"]),
        ("?q=zeist", ["Gemeente Zeist", "Gemeente Zeist – Belastingen"]),
        ("?q=BELASTING+zei", ["Gemeente Zeist – Belastingen"]),
        ("?q=angstrom", ["Ångström Incasso BV"]),
        ("?q=breda", ["Ångström Incasso BV"]),
        ("?q=bestaat+niet", []),
        ("?rol=creditor", ["Ångström Incasso BV", "Gemeente Zeist – Belastingen"]),
        ("?rol=shv_phase_2", ["Gemeente Zeist"]),
        ("?module=debt_settlement", ["Ångström Incasso BV", "Gemeente Zeist"]),
        ("?sector=municipality", ["Gemeente Zeist", "Gemeente Zeist – Belastingen"]),
        ("?provincie=Utrecht&rol=creditor", ["Gemeente Zeist – Belastingen"]),
        ("?volgorde=-naam", ["Gemeente Zeist – Belastingen", "Gemeente Zeist", "Ångström Incasso BV"]),
        ("?volgorde=sinds", ["Ångström Incasso BV", "Gemeente Zeist", "Gemeente Zeist – Belastingen"]),
        ("?volgorde=-sinds", ["Gemeente Zeist – Belastingen", "Gemeente Zeist", "Ångström Incasso BV"]),
        ("?volgorde=-provincie&pagina=999", ["Gemeente Zeist", "Gemeente Zeist – Belastingen", "Ångström Incasso BV"]),
    ],
)
@pytest.mark.usefixtures("three")
def test_page_and_files_show_what_was_asked_for(browser: Browser, query: str, expected: list[str]) -> None:
    shown = listed(browser.get(f"/deelnemers{query}"))
    assert shown == expected
    in_csv = [f"{r['naam']} – {r['bedrijfsonderdeel']}".removesuffix(" – ") for r in csv_rows(browser, query)]
    in_json = [
        f"{r['naam']} – {r['bedrijfsonderdeel']}" if r["bedrijfsonderdeel"] else r["naam"]
        for r in json_rows(browser, query)
    ]
    assert in_csv == shown
    assert in_json == shown


@pytest.mark.usefixtures("three")
def test_the_links_to_the_files_carry_the_filter(browser: Browser) -> None:
    page = browser.get("/deelnemers?rol=creditor&q=zeist&onzin=1&volgorde=-naam")
    assert page.link("Deze lijst als CSV") == "/deelnemers.csv?q=zeist&rol=creditor&volgorde=-naam"
    assert page.link("Deze lijst als JSON") == "/deelnemers.json?q=zeist&rol=creditor&volgorde=-naam"
    assert "onzin" not in page.text_of_body


@pytest.mark.usefixtures("three")
def test_a_typing_error_gets_a_suggestion(browser: Browser) -> None:
    page = browser.get("/deelnemers?q=ziest")
    assert "Niemand gevonden" in page.text
    assert page.link("Zeist") == "/deelnemers?q=Zeist"


@pytest.mark.usefixtures("three")
def test_a_filter_can_be_taken_away(browser: Browser) -> None:
    page = browser.get("/deelnemers?rol=creditor&q=zeist")
    assert page.link("Zoekopdracht: zeist × (filter weghalen)") == "/deelnemers?rol=creditor"
    assert page.link("Rol: Schuldeiser × (filter weghalen)") == "/deelnemers?q=zeist"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?rol=baas", "De rol ‘baas’ kennen wij niet."),
        ("?module=x%00y", "De module ‘x y’ kennen wij niet."),
        ("?provincie=" + "z" * 900, "kennen wij niet."),
        ("?sector=%27%3B+DROP+TABLE", "De sector ‘'; DROP TABLE’ kennen wij niet."),
        ("?volgorde=prijs", "Deze volgorde kennen wij niet"),
        ("?q=" + "a" * 5000, "mag hoogstens 100 tekens hebben"),
        ("?q=%00%01", None),
        ("?q=%3F%3F", "geen letters of cijfers"),
        ("?q=%FF%FE", None),
        ("?pagina=-1", None),
        ("?pagina=99999999999999999999", None),
        ("?rol=creditor&rol=court", None),
    ],
)
@pytest.mark.usefixtures("three")
def test_absurd_input_is_answered_with_a_sentence(browser: Browser, query: str, sentence: str | None) -> None:
    page = browser.get(f"/deelnemers{query}")
    if sentence:
        assert sentence in page.text
        refused = browser.client.get(f"/deelnemers.csv{query}")
        assert refused.status_code == 400
        assert sentence in refused.get_json()["detail"]


# ------------------------------------------------------------------------------------------- files


def test_a_cell_cannot_start_a_formula(browser: Browser, participant: MakeParticipant) -> None:
    participant("=HYPERLINK(1)", unit_name="@SUM(A1)")
    row = csv_rows(browser)[0]
    assert row["naam"] == "'=HYPERLINK(1)"
    assert row["bedrijfsonderdeel"] == "'@SUM(A1)"


def test_files_hold_all_pages(browser: Browser, participant: MakeParticipant) -> None:
    for number in range(52):
        participant(f"Deelnemer {number:02}")
    page = browser.get("/deelnemers")
    assert len(listed(page)) == 50
    assert "52 deelnemers" in page.text
    assert listed(browser.get("/deelnemers?pagina=2")) == ["Deelnemer 50", "Deelnemer 51"]
    assert len(csv_rows(browser)) == len(json_rows(browser)) == 52


def test_of_an_organisation_that_exists_the_demonstration_invents_no_day(demo_browser: Browser) -> None:
    page = demo_browser.get("/deelnemers")
    assert [cell.get_text() for cell in page.soup.select("[data-label=Sinds]")] == ["voorbeeld"]
    assert csv_rows(demo_browser)[0]["aangesloten sinds"] == "voorbeeld"
    row = demo_browser.client.get("/deelnemers.json").get_json()["deelnemers"][0]
    assert row["aangesloten_sinds"] is None
    badge = demo_browser.get(f"/keurmerk/{row['id']}")
    assert "Aangesloten (voorbeeld) met modules Schuldregeling" in badge.text
    assert "2026" not in badge.text
    with demo_browser.app.app_context(), scoped(database.JOB):
        participant = database.session().execute(select(Participant)).scalar_one()
        assert stage_label(participant) == "Aangesloten (voorbeeld)"
        participant.organisation.fictional = True
        assert stage_label(participant) == "Aangesloten"
        database.session().rollback()


def test_every_page_of_the_demonstration_leads_to_the_personas(demo_browser: Browser) -> None:
    for path in ("/", "/deelnemers", "/aanmelden", "/inloggen"):
        assert demo_browser.get(path).link("Kies wie u bent") == "/demo/"


def test_example_data_say_so_in_every_file(demo_browser: Browser) -> None:
    assert "VOORBEELD" in csv_rows(demo_browser)[0]["VOORBEELD"]
    answer = demo_browser.client.get("/deelnemers.json")
    assert answer.get_json()["let_op"].startswith("VOORBEELD")
    assert "VOORBEELD" in answer.headers["Content-Disposition"]
    empty = demo_browser.client.get("/deelnemers.csv?q=bestaatniet").get_data(as_text=True)
    assert "VOORBEELD" in empty


# ------------------------------------------------------------------------------------------- municipalities


def test_a_municipality_is_connected_by_itself_or_by_who_works_for_it(
    browser: Browser,
    municipality: MakeOrganisation,
    participant: MakeParticipant,
    serve: Callable[[Participant, Organisation], None],
) -> None:
    participant(municipality("GM0355", "Zeist"), "shv_phase_1", modules=())
    served = municipality("GM0312", "Bunnik")
    participant(municipality("GM0310", "De Bilt"), "creditor", unit_name="Belastingen")
    not_live = municipality("GM0342", "Soest")
    participant(not_live, "shv_phase_2", stage=Stage.SUSPENDED)
    municipality("GM0999", "Opgeheven", ends_before=date(2020, 1, 1))
    counsellor = participant("Voorbeeldhulp", "shv_phase_2")
    serve(counsellor, served)
    page = browser.get("/deelnemers")
    assert "2 van de 4 gemeenten zijn aangesloten" in page.text
    fills = {
        path.title.get_text(strip=True): path["fill"]
        for path in page.soup.select(".map__areas path")
        if path.title is not None
    }
    assert fills["Zeist"] == fills["Bunnik"] == "#12506b"
    assert fills["De Bilt"] == fills["Soest"] != "#12506b"
    assert page.link("Utrecht") == "/deelnemers?provincie=Utrecht"
    assert "2 van 4" in page.text
    assert "Bezig met aansluiten" not in page.text


def test_the_home_page_counts_and_leads_on(
    browser: Browser, municipality: MakeOrganisation, participant: MakeParticipant
) -> None:
    participant(municipality("GM0355", "Zeist"), "shv_phase_1", modules=())
    municipality("GM0312", "Bunnik")
    page = browser.get("/")
    assert "van de 2 gemeenten" in page.text
    assert page.link("Aanmelden") == "/aanmelden"
    assert page.link("Deelnemers") == "/deelnemers"
    assert page.link("Inloggen") == "/inloggen"


def test_the_day_of_the_last_change_is_told(browser: Browser, session: Session, participant: MakeParticipant) -> None:
    with clock.at(date(2026, 11, 3)):
        made = participant("Gaat Weg BV")
        participant("Blijft BV")
    with clock.at(date(2026, 11, 9)):
        assert "Laatst bijgewerkt op 3 november 2026." in browser.get("/deelnemers").text
        made.stage = Stage.SUSPENDED
        session.commit()
        assert "Laatst bijgewerkt op 9 november 2026." in browser.get("/deelnemers").text
