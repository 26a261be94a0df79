"""Pages about versions: the walk from advice to activation, and who may open what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalogue import queries as modules
from catalogue.models import ModuleVersion
from catalogue.versions import queries
from catalogue.versions.kinds import Gate
from core import clock
from governance.assessments.kinds import AssessmentKind
from identity.kinds import ParticipantRole, StaffRole
from tests.browser import Browser
from tests.catalogue.conftest import MakeParticipant
from tests.catalogue.test_versions import assessed, decided, fill
from tests.people import People

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def pause(session: Session, modules: None) -> ModuleVersion:
    return queries.versions("national_pause")[0]


def address(row: ModuleVersion, rest: str = "") -> str:
    return f"/beheer/modules/versies/{row.id}{rest}"


def test_a_release_from_advice_to_activation(
    browser: Browser, people: People, session: Session, pause: ModuleVersion, participant: MakeParticipant
) -> None:
    decision = decided()
    assert decision.advice is not None
    assessed(session, AssessmentKind.DPIA)
    assessed(session, AssessmentKind.SECURITY)
    made = participant()
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(browser.get("/beheer/modules").link("Landelijke pauzeknop 1.0"))
    assert "Nog te doen: 7 van de 7 voorwaarden" in page.text
    assert "Aan zet: het bestuur, na advies van de raad van advies." in page.text
    form = browser.get(page.link("Vrijgave aanvragen"))
    refused = browser.submit(form, expect=422, day="1-12-2026")
    assert "berichtenset vastgesteld (door relatiebeheer" in refused.errors[0]
    page = browser.submit(
        browser.get(page.link("Bericht toevoegen")),
        code="pz.verzoek",
        name="Verzoek om pauze",
        kind="notice",
        senders=["debt_counsellor"],
        receivers=["creditor"],
        source="voorbeeld",
    )
    assert "Verzoek om pauze" in page.text
    page = browser.submit(
        browser.get(page.link("Procesafspraken toevoegen")),
        title="Afspraken",
        version="1",
        agreed_on="1-10-2026",
        audience="everybody",
        source="voorbeeld",
    )
    for gate in (Gate.MESSAGES, Gate.AGREEMENTS, Gate.BUILT, Gate.TESTED):
        form = browser.get(page.link(f"Vastleggen : {gate.label}"))
        page = browser.submit(form, happened_on="1-10-2026", done_by="Voorbeeldoverleg", reference="verslag 1")
        assert page.notices == [f"Vastgelegd: {gate.label}."]
    for gate in (Gate.DPIA, Gate.SECURITY):
        form = browser.get(page.link(f"Vastleggen : {gate.label}"))
        choice = form.soup.find("input", attrs={"name": "chosen"})
        assert choice is not None
        page = browser.submit(form, chosen=choice["value"])
    page = browser.submit(browser.get(page.link("Advies koppelen")), chosen=str(decision.advice.id))
    form = browser.get(page.link(f"Vastleggen : {Gate.DECISION.label}"))
    page = browser.submit(form, chosen=str(decision.id))
    assert "Aan alle voorwaarden is voldaan." in page.text
    page = browser.submit(browser.get(page.link("Doelgroep vastleggen")), roles=["creditor", "shv_phase_2"])
    page = browser.submit(browser.get(page.link("Vrijgave aanvragen")), day="20-11-2026")
    assert "Een collega krijgt het verzoek" in page.notices[0]
    own = browser.get(page.link("Bekijk het verzoek"))
    assert "U hebt dit zelf gevraagd." in own.text
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    browser.submit(browser.get(page.link("Bekijk het verzoek")), "Akkoord geven")
    page = browser.get(address(pause))
    assert "Vrijgegeven vanaf 20 november 2026" in page.text
    assert "Intrekken" not in page.text
    form = browser.get(f"/beheer/deelnemers/{made.id}/modules/national_pause/aan")
    browser.submit(form, day="20-11-2026")
    assert [row.code for row in modules.active_modules(made.id, TODAY)] == ["national_pause"]


def test_before_its_release_a_module_has_no_switch(
    browser: Browser, people: People, pause: ModuleVersion, participant: MakeParticipant
) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    browser.get(f"/beheer/deelnemers/{participant().id}/modules/national_pause/aan", expect=404)


def test_a_gate_is_withdrawn_with_a_reason(
    browser: Browser, people: People, session: Session, pause: ModuleVersion
) -> None:
    fill(session, pause)
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    form = browser.get(browser.get(address(pause)).link("Intrekken : Getest"))
    assert browser.submit(form, expect=422, reason=" ").errors == ["Schrijf in één of twee zinnen waarom."]
    page = browser.submit(form, reason="De test was van een andere versie.")
    assert "De test was van een andere versie." in page.text
    assert "Nog te doen: 1 van de 7 voorwaarden" in page.text


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"happened_on": "21-11-2026"}, "Deze dag ligt in de toekomst."),
        ({"happened_on": "morgen"}, "Schrijf de datum als dag-maand-jaar"),
        ({"happened_on": ""}, "Vul in op welke dag."),
        ({"done_by": ""}, "Vul in door wie"),
        ({"reference": "x" * 9000}, "mag hoogstens 300 tekens hebben."),
        ({"done_by": "\0"}, "Deze tekens kunnen wij niet verwerken"),
    ],
)
def test_bad_input_is_answered_beside_the_field(
    browser: Browser, people: People, pause: ModuleVersion, values: dict[str, str], answer: str
) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    good = {"happened_on": "1-10-2026", "done_by": "Voorbeeldoverleg", "reference": "verslag"}
    page = browser.submit(browser.get(address(pause, "/voorwaarden/gebouwd")), expect=422, **{**good, **values})
    assert any(answer in error for error in page.errors), page.errors


def test_a_message_of_the_other_side_is_refused(browser: Browser, people: People, pause: ModuleVersion) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.submit(
        browser.get(address(pause, "/berichten/toevoegen")),
        expect=422,
        code="PZ.SALDO",
        name="Saldoverzoek",
        kind="balance_request",
        senders=["creditor"],
        receivers=["debt_counsellor"],
        source="voorbeeld",
    )
    assert page.errors[0].startswith("Schuldeiser mag dit soort bericht niet sturen")


def test_a_message_can_be_taken_out_of_a_set_that_is_not_agreed(
    browser: Browser, people: People, session: Session, pause: ModuleVersion
) -> None:
    fill(session, pause, without=Gate.MESSAGES)
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(browser.get(address(pause)).link("Weghalen : Verzoek om pauze"))
    assert browser.submit(page).notices == ["Verzoek om pauze is weggehaald."]


def test_a_version_is_planned_and_its_plan_changed(browser: Browser, people: People, modules: None) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    form = browser.get(browser.get("/beheer/modules").link("Versie toevoegen"))
    values: dict[str, Any] = {
        "module": "debt_settlement",
        "version": "3.0",
        "purpose": "Voorbeeld.",
        "source": "voorbeeld",
        "changes": "Alles.",
        "channels": ["portal"],
    }
    page = browser.submit(form, **values)
    assert page.heading == "Schuldregeling 3.0"
    assert "bestaat al" in browser.submit(form, expect=422, **values).errors[0]
    form = browser.get(page.link("Gegevens wijzigen"))
    page = browser.submit(form, quarter="kwartaal 2 van 2027", planned_on="1-4-2027")
    assert "kwartaal 2 van 2027" in page.text


@pytest.mark.parametrize(
    "rest", ["/voorwaarden/bestaat-niet", "/voorwaarden/bestaat-niet/intrekken", "/berichten/999999/weghalen"]
)
def test_what_does_not_exist_is_not_found(browser: Browser, people: People, pause: ModuleVersion, rest: str) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS)).get(address(pause, rest), expect=404)
    browser.get("/beheer/modules/versies/999999", expect=404)


CHANGING = (
    "/wijzigen",
    "/doelgroep",
    "/procesafspraken/toevoegen",
    "/voorwaarden/gebouwd",
    "/voorwaarden/gebouwd/intrekken",
    "/advies",
    "/vrijgeven",
    "/berichten/toevoegen",
    "/software",
)


@pytest.mark.parametrize("rest", CHANGING)
def test_who_may_only_look_changes_nothing(browser: Browser, people: People, pause: ModuleVersion, rest: str) -> None:
    browser.sign_in(people.staff(StaffRole.BOARD))
    page = browser.get(address(pause))
    assert "Vastleggen" not in page.text
    browser.get(address(pause, rest), expect=403)


def test_participants_do_not_see_the_road_of_a_version(
    browser: Browser, people: People, pause: ModuleVersion, participant: MakeParticipant
) -> None:
    browser.sign_in(people.of(participant(), ParticipantRole.REPRESENTATIVE)).get(address(pause), expect=403)


# ------------------------------------------------------------------------------------------- one participant


def test_an_addendum_a_version_and_a_covenant_of_a_participant(
    browser: Browser, people: People, session: Session, participant: MakeParticipant
) -> None:
    made, row = participant(), queries.versions("debt_settlement")[-1]
    row.needs_addendum = True
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    mine = f"/beheer/deelnemers/{made.id}/modules"
    form = browser.get(f"{mine}/debt_settlement/aan")
    assert "nog niet aanvaard. Relatiebeheer" in browser.submit(form, expect=422, day="20-11-2026").errors[0]
    form = browser.get(browser.get(mine).link("Aanvaarding vastleggen voor Schuldregeling 2.0"))
    page = browser.submit(form, accepted_on="1-11-2026", reference="dossier 12")
    assert "aanvaard op 1 november 2026 (dossier 12)" in page.text
    page = browser.submit(browser.get(f"{mine}/debt_settlement/aan"), day="20-11-2026")
    form = browser.get(page.link("Andere versie van Schuldregeling"))
    older = next(one for one in queries.versions("debt_settlement") if one.version == "1.1")
    page = browser.submit(form, version=str(older.id), day="1-12-2026")
    assert page.notices == ["De overstap is vastgelegd."]
    assert [one.version.version for one in modules.activations(made.id)] == ["1.1", "2.0"]
    form = browser.get(page.link("Convenant toevoegen"))
    page = browser.submit(form, reference="Voorbeeldconvenant", starts_on="1-11-2026")
    form = browser.get(page.link("Beëindigen : Voorbeeldconvenant"))
    page = browser.submit(form, ends_before="1-1-2027")
    assert "Voorbeeldconvenant, vanaf 1 november 2026 tot 1 januari 2027" in page.text


def test_software_is_recorded_on_the_page_of_a_version(
    browser: Browser, people: People, session: Session, pause: ModuleVersion
) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.submit(
        browser.get(address(pause, "/software")), expect=422, supplier="", product="", since="", source=""
    )
    assert page.errors[0] == "Kies een leverancier."


def test_decisions_are_recorded_elsewhere_and_only_linked_here(
    browser: Browser, people: People, pause: ModuleVersion
) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    assert "Leg het vast bij Besluiten" in browser.get(address(pause, "/voorwaarden/besluit")).text
