"""The pages of who applies: whose they are, in which order they open, what happens when two people write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.mail import OutboxMessage
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from identity.services import actor_of
from onboarding.applications import services
from onboarding.kinds import ApplicationStage
from participants.kinds import Stage
from participants.models import Organisation, Participant
from tests.browser import Browser
from tests.onboarding.applications.conftest import (
    EMAIL,
    MakeApplication,
    applicant,
    company,
)
from tests.people import People

BrowserOf = Callable[[Account], Browser]
Mails = Callable[[str], list[OutboxMessage]]

PAGES = ["", "/organisatie", "/organisatie/nieuw", "/rol", "/factuur", "/controleren", "/intrekken"]


@pytest.mark.parametrize("page", PAGES)
def test_who_applies_opens_the_own_pages(
    page: str, session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in()

    browser_of(applicant(session, row)).get(f"/mijn/aanmeldingen/{row.number}{page}")


@pytest.mark.parametrize("page", PAGES)
def test_anothers_draft_does_not_exist(
    page: str, filled_in: MakeApplication, browser_of: BrowserOf, people: People
) -> None:
    row = filled_in()

    for account in (people.applicant(), people.staff(StaffRole.RELATIONS)):
        shown = browser_of(account).get(f"/mijn/aanmeldingen/{row.number}{page}", expect=404)
        assert shown.link("Naar de startpagina") == "/"


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_asked_to_sign_in(page: str, filled_in: MakeApplication, browser: Browser) -> None:
    row = filled_in()

    assert "nloggen" in browser.get(f"/mijn/aanmeldingen/{row.number}{page}").heading


@pytest.mark.parametrize("act", ["/rol", "/controleren", "/link", "/intrekken", "/schuldeiser"])
def test_another_can_do_nothing_with_a_draft(
    act: str, session: Session, filled_in: MakeApplication, browser_of: BrowserOf, people: People
) -> None:
    row = filled_in()

    stranger = browser_of(people.applicant())
    token = stranger.get("/aanmelden").soup.find("input", attrs={"name": "csrf_token"})
    assert token is not None

    stranger.post(f"/mijn/aanmeldingen/{row.number}{act}", {"csrf_token": str(token["value"])}, expect=404)

    session.expire_all()
    assert (row.stage, row.participant_id) == (ApplicationStage.DRAFT, None)


def test_a_page_that_does_not_exist_is_404(session: Session, filled_in: MakeApplication, browser_of: BrowserOf) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))

    browser.get(f"/mijn/aanmeldingen/{row.number}/onzin", expect=404)
    browser.get("/mijn/aanmeldingen/A-1900-00001", expect=404)
    browser.get(f"/mijn/aanmeldingen/{'9' * 3000}", expect=404)


@pytest.mark.parametrize("page", ["factuur", "modules", "juridische-beoordeling", "controleren"])
def test_skipping_a_page_leads_to_the_first_open_one(
    page: str, session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in(channel=None)

    shown = browser_of(applicant(session, row)).get(f"/mijn/aanmeldingen/{row.number}/{page}")

    assert shown.heading == "Manier van aansluiten"


@pytest.mark.parametrize("page", ["dossiers", "openbare-lijst", "software"])
def test_a_page_that_does_not_belong_leads_to_what_does(
    page: str, session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in()

    shown = browser_of(applicant(session, row)).get(f"/mijn/aanmeldingen/{row.number}/{page}")

    assert shown.heading == "Controleer uw antwoorden"


def test_changing_the_role_asks_again_what_no_longer_fits(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))

    page = browser.submit(browser.get(f"/mijn/aanmeldingen/{row.number}/rol"), "Opslaan en verder", code="creditor")
    assert page.heading == "Schulddossiers per jaar"
    page = browser.submit(page, "Opslaan en verder", number="12")

    assert page.heading == "Controleer uw antwoorden", "both modules fit a creditor as well"
    assert "Gemeenten" not in [term.get_text(strip=True) for term in page.soup.find_all("dt")]


def test_two_windows_do_not_overwrite_each_other(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))
    path = f"/mijn/aanmeldingen/{row.number}/tekeningsbevoegde"
    one, other = browser.get(path), browser.get(path)
    browser.submit(one, "Opslaan en verder", name="Ada Eerst")

    page = browser.submit(other, "Opslaan en verder", name="Bob Later", expect=422)

    assert page.errors == ["Een collega heeft dit intussen gewijzigd. Dit is het verschil; kies wat u wilt bewaren."]
    assert "Ada Eerst, Directeur" in page.text
    assert "Bob Later, Directeur" in page.text
    session.expire_all()
    assert row.answers["signatory"]["name"] == "Ada Eerst"
    browser.submit(page, "Opslaan en verder")
    session.expire_all()
    assert row.answers["signatory"]["name"] == "Bob Later"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"kvk": "1234567"}, "Een KvK-nummer heeft acht cijfers. U vulde er zeven in."),
        ({"kvk": "abc"}, "Een KvK-nummer bestaat alleen uit cijfers. Haal de andere tekens weg."),
        (
            {"oin": "0000000100187638700"},
            "Een OIN heeft twintig tekens. Kijk op uw PKIoverheid-certificaat of in het OIN-register.",
        ),
        ({"name": "x" * 5_000_000}, "De naam mag hoogstens 200 tekens hebben."),
        ({"name": "Voor\x00beeld"}, "Deze tekens kunnen wij niet verwerken: U+0000. Haal ze weg."),
        ({"kind": "municipality"}, "Kies het soort organisatie."),
        ({"sector": "x"}, "Maak een keuze uit de lijst."),
        ({"postal_code": ""}, "Vul de postcode in."),
    ],
)
def test_bad_input_about_an_organisation_says_what_to_do(
    values: dict[str, str], error: str, session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in(organisation=None)
    browser = browser_of(applicant(session, row))
    good = {name: value for name, value in company().items() if value}

    page = browser.submit(
        browser.get(f"/mijn/aanmeldingen/{row.number}/organisatie/nieuw"),
        "Opslaan en verder",
        expect=422,
        **{**good, **values},
    )

    assert page.errors == [error]
    session.expire_all()
    assert "organisation" not in row.answers


def test_a_kvk_number_of_a_public_register_is_taken_from_there(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf, neighbour: Organisation
) -> None:
    row = filled_in(organisation=None, role=None, municipalities=None, modules=None)
    browser = browser_of(applicant(session, row))

    page = browser.submit(
        browser.get(f"/mijn/aanmeldingen/{row.number}/organisatie/nieuw"),
        "Opslaan en verder",
        **{name: value for name, value in company(kvk=neighbour.kvk).items() if value},
    )

    assert page.notices == ["Wij kennen dit KvK-nummer: Gemeente Denkdorp. Wij hebben die gegevens overgenomen."]
    session.expire_all()
    assert row.answers["organisation"]["organisation_id"] == neighbour.id


def test_a_contact_that_is_somebody_else_needs_a_name_and_an_address(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))
    page = browser.get(f"/mijn/aanmeldingen/{row.number}/contactpersonen")

    page = browser.submit(page, "Opslaan en verder", expect=422, financial="other", financial_email="f@v.invalid")

    assert page.errors == ["Vul de naam van het financieel contact in."]


def test_a_duplicate_shows_the_way_to_the_first_application(
    session: Session, submitted: MakeApplication, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    first = submitted()
    second = filled_in(unit={"name": "Wijkteam Zuid"})
    browser = browser_of(applicant(session, first))
    page = browser.get(f"/mijn/aanmeldingen/{second.number}/onderdeel")

    page = browser.submit(page, "Opslaan en verder", expect=422, name="")

    assert page.errors[0].startswith("U bent al aangemeld als schuldhulpverlener (ingediend op ")
    assert page.link(f"Bekijk aanmelding {first.number}") == f"/mijn/aanmeldingen/{first.number}"


def test_sending_the_last_page_twice_says_that_nothing_was_stored_twice(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf, mails: Mails
) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))
    page = browser.get(f"/mijn/aanmeldingen/{row.number}/controleren")

    browser.submit(page, "Aanmelding indienen", truthful="y")
    again = browser.submit(page, "Aanmelding indienen", truthful="y")

    assert again.notices == [f"Uw aanmelding was al ontvangen (nummer {row.number}). Er is niets dubbel opgeslagen."]
    assert session.scalar(select(func.count()).select_from(Participant)) == 1
    assert sum("ontvangen" in mail.subject for mail in mails(EMAIL)) == 1


def test_the_applicant_goes_on_as_a_participant_without_signing_in_again(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf
) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))
    browser.submit(browser.get(f"/mijn/aanmeldingen/{row.number}/controleren"), truthful="y")
    session.expire_all()

    page = browser.get(f"/mijn/{row.participant_id}/aanmelding")

    assert page.heading == f"Aanmelding {row.number}"
    assert "Wij beoordelen uw aanmelding." in page.text


def test_a_submitted_application_can_no_longer_be_filled_in(
    session: Session, submitted: MakeApplication, browser_of: BrowserOf
) -> None:
    row = submitted()

    page = browser_of(applicant(session, row)).get(f"/mijn/aanmeldingen/{row.number}/rol")

    assert page.heading == f"Aanmelding {row.number}"


def test_a_colleague_of_the_participant_reads_along_but_an_employee_does_not_withdraw(
    submitted: MakeApplication, browser_of: BrowserOf, people: People
) -> None:
    row = submitted()
    assert row.participant is not None
    employee = people.of(row.participant, ParticipantRole.EMPLOYEE)
    manager = people.of(row.participant, ParticipantRole.ACCOUNT_ADMINISTRATOR)

    assert "Aanmelding intrekken" not in browser_of(employee).get(f"/mijn/aanmeldingen/{row.number}").text
    browser_of(employee).get(f"/mijn/aanmeldingen/{row.number}/intrekken", expect=404)
    browser_of(manager).get(f"/mijn/aanmeldingen/{row.number}/intrekken")


def test_withdrawing_a_submitted_application(
    session: Session, submitted: MakeApplication, browser_of: BrowserOf
) -> None:
    row = submitted()
    browser = browser_of(applicant(session, row))
    page = browser.get(browser.get(f"/mijn/aanmeldingen/{row.number}").link("Aanmelding intrekken"))

    page = browser.submit(page, "Intrekken", reason="Wij wachten nog.")

    assert page.notices == ["Uw aanmelding is ingetrokken."]
    assert "Ingetrokken" in page.text
    session.expire_all()
    assert row.participant is not None
    assert row.participant.stage is Stage.WITHDRAWN


def test_a_link_for_later_is_mailed_a_few_times_an_hour(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf, mails: Mails
) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))
    page = browser.get(f"/mijn/aanmeldingen/{row.number}")
    for _ in range(6):
        page = browser.submit(page, "Mail mij een link om later verder te gaan")

    assert "te vaak geprobeerd" in page.notices[0]
    assert sum(mail.subject.startswith("Verder met") for mail in mails(EMAIL)) == 5


def test_a_refused_applicant_reads_the_reason(
    session: Session, submitted: MakeApplication, browser_of: BrowserOf, people: People
) -> None:
    row = submitted()
    colleague = people.staff(StaffRole.RELATIONS)
    services.refuse(row.participant_id or 0, actor_of(colleague), "Verkeerde rol.")
    session.commit()

    page = browser_of(applicant(session, row)).get(f"/mijn/aanmeldingen/{row.number}")

    assert "Verkeerde rol." in page.text
    assert str(colleague.person.name) not in page.text


def test_the_list_of_somebody_without_applications_says_what_to_do(browser_of: BrowserOf, people: People) -> None:
    page = browser_of(people.applicant()).get("/mijn/aanmeldingen")

    assert "U hebt nog geen aanmelding" in page.text


def test_a_municipality_is_searched_for_without_losing_what_was_ticked(
    session: Session, filled_in: MakeApplication, browser_of: BrowserOf, neighbour: Organisation
) -> None:
    row = filled_in()
    browser = browser_of(applicant(session, row))
    page = browser.get(f"/mijn/aanmeldingen/{row.number}/gemeenten")

    page = browser.submit(page, "Zoeken", search="denkdorp")
    assert [box["value"] for box in page.soup.select("input[name=ids][checked]")] == [
        str(key) for key in row.answers["municipalities"]["ids"]
    ]
    page = browser.submit(page, "Opslaan en verder", expect=422, ids=["999999"])
    assert page.errors == ["Maak een keuze uit de lijst."]


def test_html_in_an_answer_stays_text(session: Session, filled_in: MakeApplication, browser_of: BrowserOf) -> None:
    row = filled_in(unit={"name": "<script>alert(1)</script>"})

    page = browser_of(applicant(session, row)).get(f"/mijn/aanmeldingen/{row.number}/controleren")

    assert "<script>alert(1)</script>" in page.text
