"""What staff see and decide; who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from core.audit import VISITOR
from core.mail import OutboxMessage
from identity.kinds import StaffRole
from identity.models import Account
from onboarding.applications import queries, services
from onboarding.kinds import ApplicationStage
from participants.kinds import Stage
from tests.browser import Browser
from tests.onboarding.applications.conftest import CREDITOR, MakeApplication, applicant, company
from tests.people import People

BrowserOf = Callable[[Account], Browser]
Mails = Callable[[str], list[OutboxMessage]]
LIST = "/beheer/aanmeldingen"


@pytest.fixture
def relations(people: People, browser_of: BrowserOf) -> Browser:
    return browser_of(people.staff(StaffRole.RELATIONS, name="Ria Relatie"))


def test_the_list_shows_what_is_under_way_oldest_first(
    relations: Browser, session: Session, filled_in: MakeApplication, submitted: MakeApplication
) -> None:
    first = submitted()
    draft = filled_in(email="ander@voorbeeldveld.invalid", unit={"name": "Zuid"})
    interest = services.register_interest("Voorbeeld Incasso", "Bea", "bea@incasso.invalid", None, VISITOR)
    withdrawn = filled_in(email="weg@voorbeeldveld.invalid", unit={"name": "Noord"})
    services.withdraw(withdrawn, VISITOR)
    session.commit()

    page = relations.get(LIST)

    numbers = [link.get_text(strip=True) for link in page.soup.select("tbody td:first-child a")]
    assert sorted(numbers) == sorted([first.number, draft.number, interest.number])
    assert "Aanmelder" in page.text
    assert withdrawn.number in relations.get(f"{LIST}?stand=alle").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stand=draft", {"draft"}),
        ("stand=interest", {"interest"}),
        ("stand=submitted", {"submitted"}),
        ("rol=shv_phase_2", {"draft", "submitted"}),
        ("rol=creditor", set()),
        ("wacht-op=operator", {"interest", "submitted"}),
        ("wacht-op=applicant", {"draft"}),
        ("q=voorbeldvelt", {"submitted"}),
        ("q=ander@voorbeeldveld.invalid", {"draft"}),
        ("q=incasso", {"interest"}),
        ("q=99000001", {"submitted"}),
        ("q=%25", set()),
        ("stand=onzin&rol=x&wacht-op=y", set()),
        ("volgorde=-naam&pagina=99999999", {"draft", "interest", "submitted"}),
    ],
)
def test_the_list_is_narrowed_down_in_the_address(
    query: str,
    found: set[str],
    relations: Browser,
    session: Session,
    filled_in: MakeApplication,
    submitted: MakeApplication,
) -> None:
    numbers = {
        "submitted": submitted().number,
        "draft": filled_in(email="ander@voorbeeldveld.invalid", unit={"name": "Zuid"}).number,
        "interest": services.register_interest("Voorbeeld Incasso", "B", "b@i.invalid", None, VISITOR).number,
    }
    session.commit()

    page = relations.get(f"{LIST}?{query}")

    shown = {link.get_text(strip=True) for link in page.soup.select("tbody td:first-child a")}
    assert shown == {numbers[key] for key in found}


def test_the_list_is_downloaded_as_it_is_filtered(relations: Browser, submitted: MakeApplication) -> None:
    row = submitted()

    response = relations.client.get(f"{LIST}.csv?stand=submitted")

    lines = response.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert lines[0] == "nummer;organisatie;rol;stand;sinds;wacht op"
    assert lines[1].startswith(f"{row.number};Gemeente Voorbeeldveld;")


def test_the_detail_shows_everything_that_was_filled_in(relations: Browser, submitted: MakeApplication) -> None:
    row = submitted(unit={"name": "Wijkteam", "own_oin": "00000001003214345000"})

    page = relations.get(f"{LIST}/{row.number}")

    for text in ("Wijkteam", "Tine Tekenaar, Directeur", "Postbus 12, 9999 XX", "Schuldregeling", "Anne Aanmelder"):
        assert text in page.text
    assert "diende aanmelding" in page.text
    assert page.form("Accepteren")


def test_the_detail_hints_at_what_may_be_double(relations: Browser, submitted: MakeApplication) -> None:
    one = submitted()
    creditor = {"role": {"code": "creditor"}, "municipalities": None, "files": {"number": 5}}
    other = submitted(**creditor)

    page = relations.get(f"{LIST}/{other.number}")

    assert "Misschien dubbel" in page.text
    assert "schuldhulpverlener fase 2" in page.text
    assert page.link(one.number) == f"{LIST}/{one.number}"


def test_another_name_for_a_known_kvk_number_is_pointed_out(relations: Browser, submitted: MakeApplication) -> None:
    creditor = {"role": {"code": "creditor"}, "municipalities": None, **CREDITOR}
    submitted(organisation={"new": company()}, **creditor)
    other = submitted(organisation={"new": company(name="V.I. Incasso")}, unit={"name": "Noord"}, **creditor)

    assert "De aanmelder vulde als naam in: V.I. Incasso." in relations.get(f"{LIST}/{other.number}").text


def test_accepting_in_the_browser(
    relations: Browser, session: Session, submitted: MakeApplication, mails: Mails
) -> None:
    row = submitted()

    page = relations.submit(relations.get(f"{LIST}/{row.number}"), "Accepteren")

    assert page.notices == ["De aanmelding is geaccepteerd. De aanmelder en de tekeningsbevoegde krijgen een mail."]
    assert "Ria Relatie accepteerde aanmelding" in page.text
    session.expire_all()
    assert row.participant is not None
    assert row.participant.stage is Stage.ACCEPTED
    assert row.accepted_by is not None


def test_the_second_colleague_gets_a_clear_message(
    relations: Browser, session: Session, submitted: MakeApplication, browser_of: BrowserOf, people: People
) -> None:
    row = submitted()
    page = relations.get(f"{LIST}/{row.number}")
    other = browser_of(people.staff(StaffRole.RELATIONS))
    other.submit(other.get(f"{LIST}/{row.number}/weigeren"), "Weigeren", reason="Onbekende organisatie.")

    late = relations.submit(page, "Accepteren")

    assert "de stand is nu 'geweigerd'" in late.text
    session.expire_all()
    assert row.participant is not None
    assert row.participant.stage is Stage.REFUSED


def test_refusing_in_the_browser_needs_a_reason(
    relations: Browser, session: Session, submitted: MakeApplication
) -> None:
    row = submitted()
    page = relations.get(relations.get(f"{LIST}/{row.number}").link("Weigeren"))

    page = relations.submit(page, "Weigeren", expect=422, reason=" ")
    assert page.errors[0].startswith("Schrijf in één of twee zinnen waarom u de aanmelding weigert.")
    page = relations.submit(page, "Weigeren", reason="Het KvK-nummer klopt niet.")

    assert "De aanmelding is geweigerd." in page.notices[0]
    assert "Het KvK-nummer klopt niet." in page.text


def test_a_draft_cannot_be_decided_on(relations: Browser, filled_in: MakeApplication) -> None:
    row = filled_in()
    page = relations.get(f"{LIST}/{row.number}")
    assert "Accepteren" not in page.text

    page = relations.get(f"{LIST}/{row.number}/weigeren")
    page = relations.submit(page, "Weigeren", expect=409, reason="Onbekend.")

    assert page.errors == ["Deze aanmelding is nog niet ingediend. U kunt er nog niet over besluiten."]


def test_inviting_somebody_who_left_his_interest(relations: Browser, session: Session, mails: Mails) -> None:
    row = services.register_interest("Voorbeeld Incasso", "Bea", "bea@incasso.invalid", "Graag meer weten.", VISITOR)
    session.commit()
    page = relations.get(f"{LIST}/{row.number}")
    assert "Graag meer weten." in page.text

    page = relations.submit(page, "Nodig uit om aan te melden")

    assert page.notices == ["De uitnodiging is verstuurd."]
    session.expire_all()
    assert row.stage is ApplicationStage.DRAFT
    assert "/link/" in mails("bea@incasso.invalid")[-1].body


def test_finance_and_auditors_read_and_do_not_decide(
    session: Session, submitted: MakeApplication, browser_of: BrowserOf, people: People
) -> None:
    row = submitted()
    for role in (StaffRole.FINANCE, StaffRole.AUDITOR):
        browser = browser_of(people.staff(role))
        page = browser.get(f"{LIST}/{row.number}")
        assert "Accepteren" not in page.text
        browser.get(f"{LIST}/{row.number}/weigeren", expect=403)


@pytest.mark.parametrize("page", ["", "/{number}", "/{number}/weigeren"])
def test_an_applicant_sees_no_pages_of_staff(
    page: str, session: Session, submitted: MakeApplication, browser_of: BrowserOf
) -> None:
    row = submitted()

    browser_of(applicant(session, row)).get(f"{LIST}{page.format(number=row.number)}", expect=403)


def test_from_the_file_of_a_participant_one_comes_to_its_application(
    relations: Browser, submitted: MakeApplication
) -> None:
    row = submitted()

    assert row.number in relations.get(f"/beheer/deelnemers/{row.participant_id}/aanmelding").text


def test_what_waits_for_the_operator_is_known_to_my_work(session: Session, submitted: MakeApplication) -> None:
    row = submitted()
    services.register_interest("Voorbeeld Incasso", "Bea", "bea@incasso.invalid", None, VISITOR)

    numbers = [one.application.number for one in queries.waiting_for_operator()]
    assert numbers[0] == row.number
    assert len(numbers) == 2
