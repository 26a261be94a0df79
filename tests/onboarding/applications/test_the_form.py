"""The whole form through the browser: a municipality, a company, a bewindvoerder, a sole trader."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue import queries as catalogue
from core import clock
from core.mail import OutboxMessage
from identity.models import Account
from onboarding.applications.queries import application_of
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants import queries as participants
from participants.kinds import Channel, ContactRole, MeasurementKind, Stage
from participants.models import Organisation, Participant
from participants.works_for.queries import creditors_acted_for, served_municipalities
from tests.browser import Browser, Page
from tests.onboarding.applications.conftest import EMAIL, link_in, slowly

Mails = Callable[[str], list[OutboxMessage]]


def begin(browser: Browser, mails: Mails, email: str = EMAIL, name: str = "Anne Aanmelder") -> Page:
    """From the first page through the mailed link to the first question."""
    slowly(browser, "/aanmelden/begin", name=name, email=email)
    overview = browser.submit(browser.get(link_in(mails(email)[-1])))
    return browser.get(overview.link("Beginnen"))


def number_of(page: Page) -> str:
    return page.text.split("Aanmelding ")[1].split(",")[0].split(" ")[0]


def choose(browser: Browser, page: Page, text: str, organisation: Organisation) -> Page:
    """Search for an organisation and choose it."""
    found = browser.get(f"/mijn/aanmeldingen/{number_of(page)}/organisatie?zoek={text}")
    return browser.submit(found, "Opslaan en verder", organisation_id=str(organisation.id))


def only_participant(session: Session) -> Participant:
    session.expire_all()
    return session.execute(select(Participant)).scalar_one()


def fill_in_for_the_town(browser: Browser, page: Page, town: Organisation, neighbour: Organisation) -> Page:
    """All pages of a municipality that regulates debts with its own software, up to checking the answers."""
    assert page.heading == "Welke organisatie meldt u aan?"
    assert "stap 1 van" in page.text
    page = choose(browser, page, "voorbeldvelt", town)  # with typing errors
    assert page.heading == "Uw rol"
    page = browser.submit(page, "Opslaan en verder", code="shv_phase_2")
    assert page.heading == "Bedrijfsonderdeel"
    page = browser.submit(page, "Opslaan en verder")
    assert page.heading == "Manier van aansluiten"
    page = browser.submit(page, "Opslaan en verder", channel="system")
    assert page.heading == "Uw software"
    page = browser.submit(page, "Opslaan en verder", supplier="Voorbeeldsoft", product="Regelaar")
    assert page.heading == "Wie mag tekenen?"
    page = browser.submit(page, "Opslaan en verder", name="Tine Tekenaar", function="Burgemeester", email="t@v.invalid")
    assert page.heading == "Contactpersonen"
    page = browser.submit(
        page,
        "Opslaan en verder",
        technical="other",
        technical_name="Ties Techniek",
        technical_email="ties@v.invalid",
        technical_phone="0300 123456",
        privacy="signatory",
    )
    assert page.heading == "Factuurgegevens"
    page = browser.submit(
        page,
        "Opslaan en verder",
        street="Postbus 12",
        postal_code="9999xx",
        city="Voorbeeldveld",
        email="facturen@v.invalid",
        purchase_order_number="PO 2026/815",
        e_invoice_address="0190: 00000099000009901000",
    )
    assert page.heading == "Voor welke gemeenten werkt u?"
    assert "Voorbeeldveld" in page.text, "the municipality itself is ticked already"
    page = browser.submit(page, "Zoeken", search="denkdrop")
    assert "Denkdorp" in page.text
    page = browser.submit(page, "Opslaan en verder", ids=[str(town.id), str(neighbour.id)])
    assert page.heading == "Modules"
    assert "Meldingen bewindvoering" not in page.text
    page = browser.submit(page, "Opslaan en verder", codes=["debt_settlement", "debt_inventory"])
    assert page.heading == "Juridische beoordeling"
    return browser.submit(page, "Opslaan en verder", wanted="ja")


def test_a_municipality_applies_as_debt_counsellor(
    browser: Browser, session: Session, mails: Mails, modules: None, town: Organisation, neighbour: Organisation
) -> None:
    page = fill_in_for_the_town(browser, begin(browser, mails), town, neighbour)
    assert page.heading == "Controleer uw antwoorden"
    for answer in ("Gemeente Voorbeeldveld", "Voorbeeldsoft", "Ties Techniek", "Denkdorp, Voorbeeldveld", "9999 XX"):
        assert answer in page.text

    refused = browser.submit(page, "Aanmelding indienen", expect=422)
    assert refused.errors == ["Verklaar dat u alles naar waarheid hebt ingevuld."]
    page = browser.submit(refused, "Aanmelding indienen", truthful="y")

    assert "Wij hebben uw aanmelding ontvangen (nummer A-" in page.notices[0]
    made = only_participant(session)
    assert (made.organisation_id, made.role_code, made.stage) == (town.id, "shv_phase_2", Stage.SUBMITTED)
    assert (made.channel, made.product, made.list_publicly) == (Channel.SYSTEM, "Regelaar", True)
    assert made.supplier is not None
    assert made.supplier.name == "Voorbeeldsoft"
    contacts = {contact.role: contact for contact in made.contacts}
    assert contacts[ContactRole.SIGNATORY].function == "Burgemeester"
    assert contacts[ContactRole.TECHNICAL].phone == "0300 123456"
    assert contacts[ContactRole.FUNCTIONAL].email == EMAIL
    assert contacts[ContactRole.PRIVACY].name == "Tine Tekenaar"
    assert made.invoice_details is not None
    assert made.invoice_details.e_invoice_address == "0190:00000099000009901000"
    served = served_municipalities(made.id, clock.today())
    assert [row.organisation.short_name for row in served] == ["Denkdorp", "Voorbeeldveld"]
    assert {row.code for row in catalogue.chosen_modules(made.id)} == {"debt_settlement", "debt_inventory"}
    assert application_of(made.id).wants_legal_review is True
    assert mails(EMAIL)[-1].subject.startswith("Wij hebben uw aanmelding ontvangen")


def test_a_municipality_also_applies_as_creditor_in_a_few_questions(
    browser: Browser, session: Session, mails: Mails, modules: None, town: Organisation, neighbour: Organisation
) -> None:
    page = fill_in_for_the_town(browser, begin(browser, mails), town, neighbour)
    page = browser.submit(page, "Aanmelding indienen", truthful="y")

    page = browser.submit(page, "Ja, ook aanmelden als schuldeiser")
    assert page.heading == "Bedrijfsonderdeel"
    page = browser.submit(page, "Opslaan en verder", name="Gemeentebelastingen")
    assert page.heading == "Schulddossiers per jaar"
    page = browser.submit(page, "Opslaan en verder", number="1.250")
    assert page.heading == "Modules"
    page = browser.submit(page, "Opslaan en verder", codes=["debt_settlement"])
    assert page.heading == "Controleer uw antwoorden"
    page = browser.submit(page, "Aanmelding indienen", truthful="y")

    assert "Schuldeiser" in page.text
    unit = session.scalar(select(Participant.unit_name).where(Participant.role_code == "creditor"))
    assert unit == "Gemeentebelastingen"


def test_an_unknown_company_applies_as_creditor(
    browser: Browser, session: Session, mails: Mails, modules: None
) -> None:
    page = begin(browser, mails)
    number = number_of(page)
    nothing = browser.get(f"/mijn/aanmeldingen/{number}/organisatie?zoek=zzqqxx")
    assert "Wij vonden niets dat lijkt op" in nothing.text
    page = browser.get(nothing.link("Organisatie zelf invullen"))
    page = browser.submit(
        page,
        "Opslaan en verder",
        name="Voorbeeld Incasso B.V.",
        kvk="99 12 34 56",
        kind="company",
        sector="collection",
        oin="00000001003214345000",
        rsin="001876387",
        street="Stationsplein 1",
        postal_code="9999XX",
        city="Voorbeeldveld",
    )
    assert page.heading == "Uw rol"
    assert "Dit OIN wijkt af van het RSIN van uw organisatie. Dat kan kloppen; controleer het." in page.text
    page = browser.submit(page, "Opslaan en verder", code="creditor")
    page = browser.submit(page, "Opslaan en verder", name="Afdeling Noord", establishment_number="000012345678")
    page = browser.submit(page, "Opslaan en verder", channel="csv")
    page = browser.submit(page, "Opslaan en verder", name="Anne Aanmelder", function="Directeur", email=EMAIL)
    page = browser.submit(page, "Opslaan en verder")
    assert "9999 XX" in str(page.soup.find("input", attrs={"name": "postal_code"})), "the address is filled in already"
    page = browser.submit(page, "Opslaan en verder", email="facturen@incasso.invalid")
    assert "ongeacht of dit via het Schuldenknooppunt verloopt" in page.text
    page = browser.submit(page, "Opslaan en verder", number="800")
    assert page.heading == "Namens wie"
    page = browser.submit(page, "Opslaan en verder", expect=422, collects="ja")
    assert "Noem ten minste één schuldeiser namens wie u int." in page.text
    page = browser.submit(page, "Opslaan en verder", collects="ja", names="Webwinkel Ver\nEnergie Dichtbij\n\n")
    page = browser.submit(page, "Opslaan en verder", codes=["debt_settlement", "payment_arrangement"])
    page = browser.submit(page, "Opslaan en verder", wanted="nee")
    assert "Dit OIN wijkt af" in page.text
    page = browser.submit(page, "Aanmelding indienen", truthful="y")

    made = only_participant(session)
    assert made.name == "Voorbeeld Incasso B.V. – Afdeling Noord"
    assert made.organisation.kvk == "99123456"
    assert made.organisation.source == "eigen opgave"
    files = participants.latest_measurement(MeasurementKind.FILES, on=clock.today(), participant_id=made.id)
    assert files is not None
    assert (files.value, files.source) == (800, "eigen opgave")
    named = [row.creditor_name for row in creditors_acted_for(made.id, clock.today())]
    assert named == ["Energie Dichtbij", "Webwinkel Ver"]
    assert "Ook aanmelden als schuldeiser" not in page.text
    account = session.execute(select(Account).where(Account.email == EMAIL)).scalar_one()
    allowed = participants.permissions_of(account.id, clock.today())[made.id]
    assert {"own:sign", "own:users"} <= allowed, "the applicant is the signatory as well"


def test_a_bewindvoerder_gets_a_short_form_and_is_listed_only_with_consent(
    browser: Browser, session: Session, mails: Mails, modules: None
) -> None:
    page = begin(browser, mails)
    page = browser.get(f"/mijn/aanmeldingen/{number_of(page)}/organisatie/nieuw")
    page = browser.submit(
        page,
        "Opslaan en verder",
        name="Bewindvoering Voorbeeld",
        kvk="99765432",
        kind="sole_trader",
        sector="administration",
        street="Dorpsstraat 2",
        postal_code="9999 XX",
        city="Voorbeeldveld",
    )
    page = browser.submit(page, "Opslaan en verder", code="administrator")
    assert page.heading == "Manier van aansluiten"
    assert "stap 3 van 9" in page.text
    assert "CSV" not in page.text, "files exist in the module Schuldregeling only"
    page = browser.submit(page, "Opslaan en verder", channel="system")
    assert page.heading == "Wie mag tekenen?"
    page = browser.submit(page, "Opslaan en verder", name="Anne Aanmelder", function="Bewindvoerder", email=EMAIL)
    assert page.heading == "Factuurgegevens"
    page = browser.submit(page, "Opslaan en verder", email=EMAIL)
    page = browser.submit(page, "Opslaan en verder", number="60")
    page = browser.submit(page, "Opslaan en verder", codes=["administration_notices"])
    page = browser.submit(page, "Opslaan en verder", wanted="nee")
    assert page.heading == "Openbare lijst"
    page = browser.submit(page, "Opslaan en verder", expect=422)
    assert page.errors == ["Kies ja of nee."]
    page = browser.submit(page, "Opslaan en verder", consent="nee")
    browser.submit(page, "Aanmelding indienen", truthful="y")

    made = only_participant(session)
    assert (made.role_code, made.unit_name, made.supplier, made.list_publicly) == ("administrator", "", None, False)
    assert {contact.role for contact in made.contacts} == set(ContactRole)


def test_going_on_later_saves_the_page_and_mails_a_link(
    app: Flask, browser: Browser, session: Session, mails: Mails, town: Organisation
) -> None:
    page = begin(browser, mails)
    found = browser.get(f"/mijn/aanmeldingen/{number_of(page)}/organisatie?zoek=voorbeeldveld")
    page = browser.submit(found, "Opslaan en later verder", organisation_id=str(town.id))
    assert page.notices == [f"Wij hebben een link gemaild naar {EMAIL}. Daarmee gaat u later verder."]
    assert "1 van de" in page.text

    elsewhere = Browser(app)
    overview = elsewhere.submit(elsewhere.get(link_in(mails(EMAIL)[-1])))
    assert elsewhere.get(overview.link("Verder")).heading == "Uw rol"


def test_an_invalid_page_is_shown_again_and_nothing_of_it_is_kept(
    browser: Browser, session: Session, mails: Mails, town: Organisation
) -> None:
    page = choose(browser, begin(browser, mails), "voorbeeldveld", town)
    page = browser.submit(page, "Opslaan en verder", code="creditor")
    page = browser.submit(
        page, "Opslaan en verder", expect=422, name="Belastingen", establishment_number="12", own_oin="123"
    )

    assert page.errors == [
        "Een vestigingsnummer heeft twaalf cijfers. U vulde er twee in.",
        "Een OIN heeft twintig tekens. Kijk op uw PKIoverheid-certificaat of in het OIN-register.",
    ]
    assert "Belastingen" in str(page.soup.find("input", attrs={"name": "name"}))
    row = session.execute(select(Application)).scalar_one()
    assert "unit" not in row.answers


def test_somebody_who_is_signed_in_starts_another_application_without_a_link(
    browser: Browser, session: Session, mails: Mails
) -> None:
    begin(browser, mails)

    page = browser.submit(browser.get("/aanmelden"), "Nieuwe aanmelding starten")

    assert page.heading == "Welke organisatie meldt u aan?"
    stages = session.execute(select(Application.stage)).scalars().all()
    assert stages == [ApplicationStage.DRAFT, ApplicationStage.DRAFT]
    assert len(browser.get("/mijn/aanmeldingen").soup.select("tbody tr")) == 2
