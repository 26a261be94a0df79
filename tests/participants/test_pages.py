"""The pages of staff about participants and organisations."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.audit import SYSTEM
from identity.kinds import ParticipantRole, StaffRole
from participants import queries, rules, services
from participants.kinds import Channel, ContactRole, MeasurementKind, OrganisationKind, Sector, Stage
from participants.rules import DETAIL_PANELS, register_detail_panel
from tests.browser import Browser
from tests.participants.conftest import MakeOrganisation, MakeParticipant
from tests.people import People


@pytest.fixture
def relations(browser: Browser, people: People) -> Browser:
    """Somebody of relatiebeheer, signed in."""
    return browser.sign_in(people.staff(StaffRole.RELATIONS, name="Rita Relatie"))


@pytest.fixture
def three(make_organisation: MakeOrganisation, make_participant: MakeParticipant) -> None:
    city = make_organisation(
        "Gemeente Voorbeeldstad",
        OrganisationKind.MUNICIPALITY,
        Sector.MUNICIPALITY,
        short_name="Voorbeeldstad",
        municipality_code="GM9901",
        province="Utrecht",
        kvk="99000001",
        oin="00000099000000000001",
    )
    make_participant(city, "shv_phase_2")
    make_participant(city, "creditor", "Belastingen", channel=Channel.SYSTEM)
    make_participant(make_organisation("Incasso Noord", sector=Sector.COLLECTION), "creditor", channel=Channel.CSV)


def names(page: object) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in page.soup.select("tbody th")]  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------------------- the list


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Gemeente Voorbeeldstad", "Gemeente Voorbeeldstad – Belastingen", "Incasso Noord"]),
        ("?q=vorbeeldstad", ["Gemeente Voorbeeldstad", "Gemeente Voorbeeldstad – Belastingen"]),
        ("?q=belastingen", ["Gemeente Voorbeeldstad – Belastingen"]),
        ("?q=00000099000000000001", ["Gemeente Voorbeeldstad", "Gemeente Voorbeeldstad – Belastingen"]),
        ("?rol=shv_phase_2", ["Gemeente Voorbeeldstad"]),
        ("?sector=collection", ["Incasso Noord"]),
        ("?provincie=Utrecht&kanaal=system", ["Gemeente Voorbeeldstad – Belastingen"]),
        ("?kanaal=csv", ["Incasso Noord"]),
        ("?stand=live", []),
        ("?bij=niemand&rol=shv_phase_2", ["Gemeente Voorbeeldstad"]),
        ("?volgorde=-naam", ["Incasso Noord", "Gemeente Voorbeeldstad", "Gemeente Voorbeeldstad – Belastingen"]),
        ("?stand=bestaat-niet&volgorde=%00&pagina=-3&bij=zzz", None),
        ("?q=%25%27%00&sector=%00", []),
    ],
)
def test_the_list_is_narrowed_by_its_address(relations: Browser, query: str, expected: list[str] | None) -> None:
    page = relations.get(f"/beheer/deelnemers{query}")
    assert names(page) == (
        ["Gemeente Voorbeeldstad", "Gemeente Voorbeeldstad – Belastingen", "Incasso Noord"]
        if expected is None
        else expected
    )


@pytest.mark.usefixtures("three")
def test_the_download_has_exactly_the_filtered_list(relations: Browser) -> None:
    page = relations.get("/beheer/deelnemers?rol=creditor&volgorde=-naam")
    answer = relations.client.get(page.link("Deze lijst als CSV"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [(row["organisatie"], row["bedrijfsonderdeel"]) for row in rows] == [
        ("Incasso Noord", ""),
        ("Gemeente Voorbeeldstad", "Belastingen"),
    ]
    assert rows[1]["KvK-nummer"] == "99000001"


@pytest.mark.usefixtures("three")
def test_a_filter_that_is_on_can_be_taken_away(relations: Browser) -> None:
    page = relations.get("/beheer/deelnemers?rol=shv_phase_2&q=stad")
    assert page.link("Alle filters weghalen") == "/beheer/deelnemers"
    assert "Zoekt: stad" in page.text


def test_an_empty_list_says_what_to_expect(relations: Browser) -> None:
    assert "Er zijn nog geen deelnemers" in relations.get("/beheer/deelnemers").text


# ------------------------------------------------------------------------------------------------- one participant


def test_the_file_shows_what_is_known(
    relations: Browser, session: Session, make_organisation: MakeOrganisation, make_participant: MakeParticipant
) -> None:
    city = make_organisation(
        "Gemeente Voorbeeldstad", OrganisationKind.MUNICIPALITY, municipality_code="GM9901", rsin=None, kvk="99000001"
    )
    participant = make_participant(make_organisation("Hulp bij Schulden"), "shv_phase_2")
    services.serve_municipality(SYSTEM, participant.id, city.id, clock.today())
    services.act_for_creditor(SYSTEM, participant.id, "Webwinkel Ver", clock.today())
    services.set_contact(SYSTEM, participant, ContactRole.TECHNICAL, name="Tessa Techniek", email="t@hulp.invalid")
    services.set_invoice_details(
        SYSTEM, participant, street="Postbus 1", postal_code="1234ab", city="Ergens", email="f@hulp.invalid"
    )
    services.record_measurement(
        SYSTEM,
        MeasurementKind.FILES,
        1250,
        measured_on=clock.today(),
        source="eigen opgave",
        participant_id=participant.id,
    )
    session.commit()
    page = relations.get(f"/beheer/deelnemers/{participant.id}")
    for text in (
        "Voorbeeldstad, sinds",
        "Webwinkel Ver, sinds",
        "Tessa Techniek",
        "Postbus 1, 1234 AB Ergens",
        "1.250",
        "Het systeem meldde Hulp bij Schulden aan als schuldhulpverlener fase 2 (met fase 1).",
        "Niemand heeft dit dossier in behandeling.",
    ):
        assert text in page.text


def test_a_colleague_takes_a_file_and_lets_it_go(relations: Browser, make_participant: MakeParticipant) -> None:
    participant = make_participant()
    page = relations.get(f"/beheer/deelnemers/{participant.id}")
    page = relations.submit(page, "In behandeling bij mij")
    assert "In behandeling bij Rita Relatie." in page.text
    assert "Rita Relatie nam dit dossier in behandeling." in page.text
    page = relations.submit(page, "Niet meer in behandeling")
    assert "Niemand heeft dit dossier in behandeling." in page.text


def test_a_note_is_for_colleagues_only(
    relations: Browser, app: object, people: People, make_participant: MakeParticipant
) -> None:
    participant = make_participant()
    page = relations.get(f"/beheer/deelnemers/{participant.id}")
    page = relations.submit(page, "Notitie bewaren", expect=422)
    assert page.errors == ["Schrijf eerst een notitie."]
    page = relations.submit(page, "Notitie bewaren", text="Belde: <b>wil</b> wachten.\nTot mei.")
    assert "Belde: <b>wil</b> wachten." in page.text
    assert "Rita Relatie schreef een notitie." in page.text
    theirs = Browser(relations.app).sign_in(people.of(participant, ParticipantRole.REPRESENTATIVE))
    own = theirs.get(f"/mijn/{participant.id}")
    assert "wachten" not in own.text
    assert "notitie" not in own.text


def test_packages_above_add_pages_to_the_side_navigation(
    relations: Browser, make_participant: MakeParticipant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "DETAIL_PANELS", DETAIL_PANELS)
    before = list(DETAIL_PANELS)
    try:
        register_detail_panel(
            "Verdieping", "participants.edit_connection", "participant:edit", summary=lambda _key: "Nog 3 stappen."
        )
        register_detail_panel("Verborgen", "participants.edit_invoice_details", "invoice:nothing")
        participant = make_participant()
        page = relations.get(f"/beheer/deelnemers/{participant.id}")
    finally:
        DETAIL_PANELS[:] = before
    assert page.link("Verdieping") == f"/beheer/deelnemers/{participant.id}/aansluiting"
    assert "Verdieping : Nog 3 stappen." in page.text or "Verdieping: Nog 3 stappen." in page.text
    assert "Verborgen" not in page.text


# ------------------------------------------------------------------------------------------------- changing


def test_the_connection_is_changed_with_a_sentence(
    relations: Browser, session: Session, make_participant: MakeParticipant
) -> None:
    participant = make_participant()
    page = relations.get(f"/beheer/deelnemers/{participant.id}/aansluiting")
    page = relations.submit(
        page, "Bewaren", channel="system", supplier="Softwarehuis", product="Pakket 5", unit_name="Incasso"
    )
    assert "Voorbeeld Incasso – Incasso" in page.heading
    assert "Softwarehuis, Pakket 5" in page.text
    assert "Rita Relatie wijzigde bedrijfsonderdeel, manier van aansluiten, softwarepakket, leverancier." in page.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("own_oin", "1234567890123456789", "Een OIN heeft twintig tekens."),
        ("establishment_number", "123", "Een vestigingsnummer heeft twaalf cijfers. U vulde er drie in."),
        ("channel", "telepathie", "Maak een keuze uit de lijst."),
        ("unit_name", "x" * 300, "De naam mag hoogstens 200 tekens hebben."),
        ("unit_name", "a\x07b", "Deze tekens kunnen wij niet verwerken: U+0007."),
    ],
)
def test_a_wrong_connection_is_explained(
    relations: Browser, make_participant: MakeParticipant, field: str, value: str, message: str
) -> None:
    participant = make_participant()
    page = relations.get(f"/beheer/deelnemers/{participant.id}/aansluiting")
    page = relations.submit(page, "Bewaren", expect=422, **{field: value})
    assert page.errors[0].startswith(message)


def test_a_unit_cannot_get_the_name_of_another(relations: Browser, make_participant: MakeParticipant) -> None:
    first = make_participant(unit_name="Noord")
    second = make_participant(first.organisation, unit_name="Zuid")
    page = relations.get(f"/beheer/deelnemers/{second.id}/aansluiting")
    page = relations.submit(page, "Bewaren", expect=409, unit_name="NOORD")
    assert page.errors == ["Er is al een deelnemer voor dit bedrijfsonderdeel in deze rol."]


def test_an_organisation_is_changed_and_a_differing_oin_is_only_a_warning(
    relations: Browser, make_organisation: MakeOrganisation
) -> None:
    organisation = make_organisation(kvk="99000001")
    page = relations.get(f"/beheer/organisaties/{organisation.id}/wijzigen")
    page = relations.submit(page, "Bewaren", kvk="9900001", expect=422)
    assert page.errors == ["Een KvK-nummer heeft acht cijfers. U vulde er zeven in."]
    page = relations.submit(
        page, "Bewaren", kvk="99000001", rsin="002564440", oin="00000001001876387000", short_name="Vb"
    )
    assert "De gegevens van de organisatie zijn bewaard." in page.notices
    assert "Dit OIN wijkt af van het RSIN van uw organisatie. Dat kan kloppen; controleer het." in page.notices
    assert "Rita Relatie wijzigde korte naam, RSIN, OIN van Voorbeeld Incasso (eigen opgave)." in page.text


def test_a_taken_kvk_number_is_refused(relations: Browser, make_organisation: MakeOrganisation) -> None:
    make_organisation("De eerste", kvk="99000001")
    second = make_organisation("De tweede")
    page = relations.get(f"/beheer/organisaties/{second.id}/wijzigen")
    page = relations.submit(page, "Bewaren", kvk="99000001", expect=409)
    assert page.errors[0].startswith("Er is al een organisatie met dit KvK-nummer")


def test_organisations_are_listed_with_how_many_take_part(
    relations: Browser, session: Session, make_organisation: MakeOrganisation, make_participant: MakeParticipant
) -> None:
    make_participant(make_organisation("Incasso Noord"))
    gone = make_organisation("Gemeente Weg", OrganisationKind.MUNICIPALITY, municipality_code="GM9909")
    services.end_organisation(SYSTEM, gone, clock.today(), source="test")
    session.commit()
    assert names(relations.get("/beheer/organisaties")) == ["Incasso Noord"]
    page = relations.get("/beheer/organisaties?opgeheven=ja&q=gemente+weg")
    assert names(page)[0].startswith("Gemeente Weg opgeheven per")
    page = relations.get(page.link("Gemeente Weg"))
    assert "bestaat deze organisatie niet meer" in page.text
    assert "Deze organisatie doet nog niet mee." in page.text
    assert page.soup.select(".badge")[0].get_text(strip=True) == "Opgeheven"


# ------------------------------------------------------------------------------------------------- who may


PAGES = ("/beheer/deelnemers", "/beheer/deelnemers/{}", "/beheer/organisaties", "/beheer/organisaties/{organisation}")
EDITS = (
    "/beheer/deelnemers/{}/aansluiting",
    "/beheer/deelnemers/{}/factuurgegevens",
    "/beheer/deelnemers/{}/contact/technisch",
    "/beheer/organisaties/{organisation}/wijzigen",
)


@pytest.mark.parametrize("role", list(StaffRole), ids=lambda role: role.value)
def test_who_may_look_and_who_may_change(
    browser: Browser, people: People, make_participant: MakeParticipant, role: StaffRole
) -> None:
    participant = make_participant()
    browser.sign_in(people.staff(role))
    for path in PAGES:
        browser.get(path.format(participant.id, organisation=participant.organisation_id))
    for path in EDITS:
        expected = 200 if role is StaffRole.RELATIONS else 403
        browser.get(path.format(participant.id, organisation=participant.organisation_id), expect=expected)


@pytest.mark.parametrize("path", [*PAGES, *EDITS])
def test_people_of_a_participant_do_not_get_in(
    browser: Browser, people: People, make_participant: MakeParticipant, path: str
) -> None:
    participant = make_participant()
    browser.sign_in(people.of(participant, ParticipantRole.REPRESENTATIVE))
    browser.get(path.format(participant.id, organisation=participant.organisation_id), expect=403)


@pytest.mark.parametrize("path", ["/beheer/deelnemers/999999", "/beheer/organisaties/999999", "/beheer/deelnemers/0"])
def test_what_does_not_exist_is_not_found(relations: Browser, path: str) -> None:
    relations.get(path, expect=404)


def test_a_contact_of_an_unknown_sort_is_not_found(relations: Browser, make_participant: MakeParticipant) -> None:
    relations.get(f"/beheer/deelnemers/{make_participant().id}/contact/opperhoofd", expect=404)


def test_the_stage_of_a_participant_dates_itself(session: Session, make_participant: MakeParticipant) -> None:
    participant = make_participant()
    before = participant.stage_since
    participant.stage = Stage.ACCEPTED
    assert participant.stage_since > before
    assert queries.participant(participant.id).registered_on == clock.today()
