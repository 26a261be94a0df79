"""Accounts of staff and their roles: a role changes only when a colleague agrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import approvals, clock
from core.approvals import Approval, Outcome
from core.db import transaction
from core.errors import Refused
from identity.kinds import StaffRole
from identity.models import Account
from identity.queries import roles_of
from identity.services import actor_of
from identity.staff import services
from identity.staff.services import LAST_ADMINISTRATOR
from tests.browser import Browser, Page
from tests.identity.conftest import MORNING, Insider, Mailbox, Trail
from tests.people import People

LIST = "/beheer/medewerkers"


@pytest.fixture
def ada(people: People) -> Account:
    return people.staff(StaffRole.ADMINISTRATION, name="Ada Applicatie")


@pytest.fixture
def bob(people: People) -> Account:
    return people.staff(StaffRole.ADMINISTRATION, name="Bob Beheert")


@pytest.fixture
def carl(people: People) -> Account:
    return people.staff(StaffRole.RELATIONS, name="Carl Collega")


def roles(account: Account) -> list[StaffRole]:
    return roles_of(account.id, clock.today())


def ask(browser: Browser, account: Account, role: StaffRole, expect: int = 200, **answers: str) -> Page:
    page = browser.get(f"{LIST}/{account.id}/rol-geven")
    return browser.submit(page, "Akkoord vragen", expect, role=role.value, reason="Nieuwe taak.", **answers)


def open_request(session: Session) -> Approval:
    query = select(Approval).where(Approval.kind == "role_change", Approval.outcome == Outcome.WAITING)
    return session.execute(query).scalar_one()


def agree(session: Session, by: Account) -> None:
    with transaction():
        approvals.approve(open_request(session).id, actor_of(by))


# ------------------------------------------------------------------------------------------- who may see


@pytest.mark.parametrize("role", list(StaffRole))
def test_who_may_see_and_who_may_change(browser: Browser, people: People, carl: Account, role: StaffRole) -> None:
    browser.sign_in(people.staff(role))
    sees = 200 if role in {StaffRole.ADMINISTRATION, StaffRole.AUDITOR} else 403
    changes = 200 if role is StaffRole.ADMINISTRATION else 403
    for path in ("", f"/{carl.id}"):
        browser.get(LIST + path, sees)
    pages = ("nieuw", "{}/rol-geven", "{}/rol-intrekken/relations", "{}/uitschakelen", "{}/nieuwe-toegang")
    for path in pages:
        browser.get(f"{LIST}/{path.format(carl.id)}", changes)


def test_a_participant_has_no_business_here(browser: Browser, people: People) -> None:
    browser.sign_in(people.applicant()).get(LIST, 403)


def test_an_account_of_a_participant_is_not_among_them(browser: Browser, people: People, ada: Account) -> None:
    other = people.applicant("Anna Aanmelder")
    browser.sign_in(ada)
    assert "Anna Aanmelder" not in browser.get(LIST).text
    for path in ("", "/rol-geven", "/uitschakelen", "/nieuwe-toegang"):
        browser.get(f"{LIST}/{other.id}{path}", 404)
    browser.get(f"{LIST}/999999999", 404)
    browser.get(f"{LIST}/{ada.id}/rol-intrekken/keizer", 404)


def test_the_list_tells_who_holds_what_since_when_and_by_whom(
    browser: Browser, session: Session, ada: Account, bob: Account, carl: Account
) -> None:
    with clock.at(MORNING):
        browser.sign_in(ada)
        ask(browser, carl, StaffRole.AUDITOR, last_day="31-12-2026")
        agree(session, bob)
        text = browser.get(LIST).text
    assert "Auditor (inzage) sinds 3-11-2026, door Bob Beheert, tot en met 31-12-2026" in text
    assert "Applicatiebeheer sinds 1-1-2020, bij het inrichten" in text


# ------------------------------------------------------------------------------------------- accounts


def test_a_new_colleague_gets_a_mail_and_no_role(
    browser: Browser, ada: Account, mailbox: Mailbox, trail: Trail
) -> None:
    browser.sign_in(ada)
    page = browser.get(f"{LIST}/nieuw")
    page = browser.submit(page, "Toevoegen en link mailen", name="Nel Nieuw", email="Nel@Voorbeeld.invalid")
    assert page.heading == "Nel Nieuw"
    assert "Toegang nog niet ingesteld" in page.text
    assert "Nog geen rol" in page.text
    assert Browser(browser.app).get(mailbox.link("nel@voorbeeld.invalid")).heading == "Stel uw toegang in"
    assert "identity:account:created" in trail.names()


def test_an_address_is_used_once(browser: Browser, people: People, ada: Account) -> None:
    taken = people.applicant().email
    browser.sign_in(ada)
    page = browser.get(f"{LIST}/nieuw")
    page = browser.submit(page, "Toevoegen en link mailen", 422, name="Nel", email=taken.upper())
    assert page.errors == ["Er is al een account met dit e-mailadres."]
    page = browser.submit(page, "Toevoegen en link mailen", 422, name="", email="x")
    assert len(page.errors) == 2


def test_renewing_access_ends_everything_old(
    browser: Browser, app: Flask, ada: Account, insider: Insider, mailbox: Mailbox, trail: Trail
) -> None:
    elsewhere = Browser(app).sign_in(insider.account)
    browser.sign_in(ada)
    first = browser.get(f"{LIST}/{insider.account.id}/nieuwe-toegang")
    browser.submit(first, "Link mailen")
    old = mailbox.link(insider.account.email)
    browser.submit(first, "Link mailen")
    new = mailbox.link(insider.account.email)
    assert elsewhere.get("/account").heading == "Inloggen"
    assert "al gebruikt" in Browser(app).get(old, 410).text
    assert Browser(app).get(new).heading == "Stel uw toegang in"
    assert insider.account.password_hash is None
    assert insider.account.totp_secret is None
    assert trail.names().count("identity:account:renewed") == 2


def test_nobody_renews_the_own_access_here(browser: Browser, ada: Account) -> None:
    browser.sign_in(ada)
    page = browser.submit(browser.get(f"{LIST}/{ada.id}/nieuwe-toegang"), "Link mailen", 422)
    assert "Uw eigen toegang wijzigt u bij 'Mijn account'" in page.errors[0]


def test_a_disabled_colleague_is_out_at_once_and_comes_back_without_roles(
    browser: Browser, app: Flask, ada: Account, insider: Insider, mailbox: Mailbox, trail: Trail
) -> None:
    elsewhere = Browser(app).sign_in(insider.account)
    browser.sign_in(ada)
    page = browser.get(f"{LIST}/{insider.account.id}/uitschakelen")
    assert browser.submit(page, "Uitschakelen", 422, reason=" ").errors == ["Schrijf in één of twee zinnen waarom."]
    page = browser.submit(page, "Uitschakelen", reason="Uit dienst.")
    assert "Uitgeschakeld" in page.text
    assert elsewhere.get("/account").heading == "Inloggen"
    assert roles(insider.account) == []
    other = Browser(app)
    other.submit(other.get("/inloggen/medewerker"), "Inloggen", 422, **insider.answers)
    page = browser.submit(page, "Weer inschakelen")
    assert "Nog geen rol" not in page.text  # the ended one stays in sight
    assert "geëindigd" in page.text
    assert Browser(app).get(mailbox.link(insider.account.email)).heading == "Stel uw toegang in"
    assert {"identity:account:disabled", "identity:account:enabled"} <= set(trail.names())


def test_nobody_disables_the_own_account(browser: Browser, ada: Account, bob: Account) -> None:
    browser.sign_in(ada)
    page = browser.submit(browser.get(f"{LIST}/{ada.id}/uitschakelen"), "Uitschakelen", 422, reason="Weg.")
    assert page.errors == ["U kunt uw eigen account niet uitschakelen. Vraag het een collega."]


# ------------------------------------------------------------------------------------------- roles


def test_a_role_is_given_by_two_people(
    app: Flask, session: Session, ada: Account, bob: Account, carl: Account, trail: Trail
) -> None:
    maker, checker, subject = (Browser(app).sign_in(one) for one in (ada, bob, carl))
    subject.get(LIST, 403)
    page = ask(maker, carl, StaffRole.ADMINISTRATION)
    assert page.notices == ["Uw verzoek ligt klaar voor een collega. De rol verandert pas als die akkoord geeft."]
    assert "Wacht op akkoord van een collega" in page.text
    assert roles(carl) == [StaffRole.RELATIONS]
    request = open_request(session)
    page = checker.get(f"/beheer/akkoord/{request.id}")
    for fact in ("Carl Collega", "Relatiebeheer, Applicatiebeheer", "Nieuwe taak."):
        assert fact in page.text
    checker.submit(page, "Akkoord geven")
    assert roles(carl) == [StaffRole.RELATIONS, StaffRole.ADMINISTRATION]
    assert subject.get("/account").heading == "Inloggen"
    subject.sign_in(carl).get(LIST)
    assert trail.facts("identity:role:granted") == [{"account": carl.id, "role": "Applicatiebeheer", "until": ""}]


def test_the_maker_is_never_the_checker(
    browser: Browser, session: Session, ada: Account, carl: Account, trail: Trail
) -> None:
    browser.sign_in(ada)
    ask(browser, carl, StaffRole.FINANCE)
    request = open_request(session)
    with pytest.raises(Refused, match="U hebt dit zelf gevraagd"), transaction():
        approvals.approve(request.id, actor_of(ada))
    assert roles(carl) == [StaffRole.RELATIONS]
    assert trail.names()[-1] == "core:approval:refused"


def test_nobody_decides_about_the_own_roles(
    browser: Browser, session: Session, ada: Account, bob: Account, trail: Trail
) -> None:
    browser.sign_in(ada)
    ask(browser, bob, StaffRole.FINANCE)
    with pytest.raises(Refused, match="Niemand beslist over de eigen rollen"):
        agree(session, bob)
    assert roles(bob) == [StaffRole.ADMINISTRATION]
    assert trail.names()[-1] == "identity:role:refused"


def test_a_role_is_taken_by_two_people(
    browser: Browser, app: Flask, session: Session, ada: Account, bob: Account, carl: Account, trail: Trail
) -> None:
    elsewhere = Browser(app).sign_in(carl)
    browser.sign_in(ada)
    page = browser.get(browser.get(f"{LIST}/{carl.id}").link("Intrekken van Relatiebeheer"))
    browser.submit(page, "Akkoord vragen", reason="Andere functie.")
    agree(session, bob)
    assert roles(carl) == []
    assert elsewhere.get("/account").heading == "Inloggen"
    assert trail.facts("identity:role:withdrawn") == [{"account": carl.id, "role": "Relatiebeheer"}]


def test_a_declined_request_changes_nothing_and_may_be_asked_again(
    browser: Browser, session: Session, ada: Account, bob: Account, carl: Account
) -> None:
    browser.sign_in(ada)
    ask(browser, carl, StaffRole.FINANCE)
    page = ask(browser, carl, StaffRole.FINANCE, 422)
    assert page.errors == ["Over deze rol ligt al een verzoek bij een collega."]
    with transaction():
        approvals.decline(open_request(session).id, actor_of(bob), "Eerst opleiden.")
    assert roles(carl) == [StaffRole.RELATIONS]
    ask(browser, carl, StaffRole.FINANCE)


def test_an_auditor_sees_until_the_last_day(
    browser: Browser, app: Flask, session: Session, people: People, ada: Account, bob: Account
) -> None:
    auditor = people.staff(name="Otto Auditor")
    with clock.at(MORNING):
        browser.sign_in(ada)
        ask(browser, auditor, StaffRole.AUDITOR, last_day="30-11-2026")
        agree(session, bob)
    for day, status in ((date(2026, 11, 30), 200), (date(2026, 12, 1), 403)):
        with clock.at(day):
            Browser(app).sign_in(auditor).get(LIST, status)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"last_day": "2-11-2026"}, "De laatste dag is al voorbij. Kies vandaag of een latere dag."),
        ({"last_day": "31-11-2026"}, "Deze datum bestaat niet. Controleer de dag en de maand."),
        ({"last_day": "morgen"}, "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 1-12-2026."),
        ({"role": "keizer"}, "Kies een rol."),
        ({"role": "relations"}, "Kies een rol."),  # holds it already
        ({"reason": ""}, "Schrijf in één of twee zinnen waarom. Uw collega beslist ermee."),
        ({"reason": "x" * 501}, "De reden mag hoogstens 500 tekens hebben."),
    ],
)
def test_a_request_that_cannot_be_carried_out_is_not_made(
    browser: Browser, session: Session, ada: Account, carl: Account, answers: dict[str, str], error: str
) -> None:
    with clock.at(MORNING):
        page = browser.sign_in(ada).get(f"{LIST}/{carl.id}/rol-geven")
        given = {"role": "auditor", "reason": "Jaarcontrole.", **answers}
        assert browser.submit(page, "Akkoord vragen", 422, **given).errors == [error]
    assert session.execute(select(Approval)).first() is None


def test_what_changed_since_the_request_is_looked_at_again(
    browser: Browser, session: Session, ada: Account, bob: Account, carl: Account, trail: Trail
) -> None:
    browser.sign_in(ada)
    ask(browser, carl, StaffRole.FINANCE)
    with transaction():
        services.disable_account(carl, actor_of(bob), "Uit dienst.")
    with pytest.raises(Refused, match="uitgeschakeld"):
        agree(session, bob)
    assert open_request(session).outcome is Outcome.WAITING
    assert trail.names()[-1] == "identity:role:refused"


def test_a_temporary_role_can_be_made_lasting(
    browser: Browser, session: Session, ada: Account, bob: Account, carl: Account
) -> None:
    with clock.at(MORNING):
        browser.sign_in(ada)
        ask(browser, carl, StaffRole.FINANCE, last_day="30-11-2026")
        agree(session, bob)
        ask(browser, carl, StaffRole.FINANCE)
        agree(session, bob)
    with clock.at(MORNING + timedelta(days=60)):
        assert StaffRole.FINANCE in roles(carl)


# ------------------------------------------------------------------------------------------- the last administrator


def test_the_last_administrator_stays(browser: Browser, ada: Account, trail: Trail) -> None:
    browser.sign_in(ada)
    page = browser.get(f"{LIST}/{ada.id}/rol-intrekken/administration")
    assert browser.submit(page, "Akkoord vragen", 422, reason="Weg.").errors == [LAST_ADMINISTRATOR]
    assert trail.names()[-1] == "identity:role:refused"


def test_the_last_administrator_is_not_disabled(session: Session, ada: Account, bob: Account, carl: Account) -> None:
    with transaction():
        services.disable_account(bob, actor_of(ada), "Uit dienst.")
    with pytest.raises(Refused, match="laatste medewerker"), transaction():
        services.disable_account(ada, actor_of(carl), "Uit dienst.")


def test_of_two_who_take_each_others_role_one_keeps_it(
    session: Session, people: People, ada: Account, bob: Account
) -> None:
    third = people.staff(StaffRole.ADMINISTRATION)
    for account in (ada, bob):
        with transaction():
            services.request_role_change(
                account, StaffRole.ADMINISTRATION, actor_of(third), grant=False, reason="Rollen opschonen."
            )
    third.disabled_at = clock.now()
    session.commit()
    requests = session.execute(select(Approval).order_by(Approval.id)).scalars().all()
    with transaction():
        approvals.approve(requests[0].id, actor_of(bob))
    with pytest.raises(Refused, match="laatste medewerker"), transaction():
        approvals.approve(requests[1].id, actor_of(ada))
    assert (roles(ada), roles(bob)) == ([], [StaffRole.ADMINISTRATION])
