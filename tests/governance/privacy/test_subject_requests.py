"""Requests of people: term, identity, what we hold, and erasing by two."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import approvals, clock
from core import db as database
from core.audit import SYSTEM, Person
from core.db import scoped
from core.errors import Refused
from core.mail import OutboxMessage, queue_mail
from governance.privacy.holdings.queries import collected
from governance.privacy.kinds import RequestKind, RequestStage
from governance.privacy.models import SubjectRequest
from governance.privacy.subject_requests import queries, services
from identity.kinds import AccountKind, StaffRole
from identity.models import Account, SignInSession
from identity.services import actor_of, create_account, start_session
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants.kinds import ContactRole
from participants.models import Contact, Participant
from tests.browser import Browser
from tests.people import People

ADDRESS = "voorbeeldpersoon@deelnemer.invalid"
LIST = "/beheer/privacy/verzoeken"


def received(
    kind: RequestKind = RequestKind.ERASURE, *, on: date | None = None, email: str = ADDRESS
) -> SubjectRequest:
    return services.receive(
        SYSTEM,
        kind=kind,
        name="Voorbeeldpersoon V",
        email=email,
        received_on=on or clock.today(),
        received_how="per mail",
    )


@pytest.fixture
def known(session: Session, participant: Callable[..., Participant]) -> Account:
    """Somebody of whom we hold something in every place that can be erased, and in some that cannot."""
    account = create_account(AccountKind.PARTICIPANT, ADDRESS, "Voorbeeldpersoon V")
    participant(ADDRESS, ContactRole.FINANCIAL)
    queue_mail(ADDRESS, "Inloggen", "privacy_answer", name="V", received_on=clock.today(), answer="…", refused=False)
    session.add(
        Application(
            number="A-2026-90009",
            stage=ApplicationStage.DRAFT,
            email=ADDRESS,
            answers={"applicant": {"name": "Voorbeeldpersoon V"}},
            organisation_name="Voorbeeld",
            created_at=clock.now(),
            changed_at=clock.now(),
            account_id=account.id,
        )
    )
    session.commit()
    with scoped(database.SIGN_IN):
        start_session(account, verified=False)
        session.commit()
    return account


def counts(email: str = ADDRESS) -> dict[str, int]:
    return {holding.label: len(rows) for holding, rows in collected(email) if rows}


def test_what_we_hold_is_found_in_every_place(known: Account) -> None:
    found = counts()
    for place in ("Accounts", "Inlogsessies", "Contactpersonen", "Mail", "Aanmeldingen"):
        assert any(label.startswith(place) for label in found), (place, found)
    assert counts("onbekend@deelnemer.invalid") == {}


def test_nothing_is_shown_or_erased_before_we_know_who_asks(known: Account, people: People) -> None:
    row, officer = received(), people.staff(StaffRole.PRIVACY)
    for act in (services.export, services.ask_erasure):
        with pytest.raises(Refused, match="wie het vraagt"):
            act(row, actor_of(officer))
    services.identify(row, "Teruggebeld", actor_of(officer))
    content = json.loads(services.export(row, actor_of(officer)))
    assert content["over"]["e-mailadres"] == ADDRESS
    assert any("Voorbeeldpersoon V" in str(place["gegevens"]) for place in content["gegevens"])
    assert any("52 AWR" in place["blijft"] for place in content["gegevens"])


def test_erasing_takes_two_and_leaves_what_the_law_asks(
    session: Session, known: Account, people: People, sentences: Callable[[], list[str]]
) -> None:
    row, officer, other = received(), people.staff(StaffRole.PRIVACY), people.staff(StaffRole.PRIVACY)
    services.identify(row, "Teruggebeld", actor_of(officer))
    approval = services.ask_erasure(row, actor_of(officer))
    with pytest.raises(Refused, match="al bij een collega"):
        services.ask_erasure(row, actor_of(officer))
    with pytest.raises(Refused, match="Wacht"):
        services.close(row, RequestStage.ANSWERED, "Gewist.", actor_of(officer))
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(approval.id, actor_of(officer))
    session.commit()
    with scoped(database.staff(other.id)):
        approvals.approve(approval.id, actor_of(other))
        session.commit()
    session.expire_all()
    assert session.get_one(Person, known.person_key).name is None
    assert known.disabled_at is not None
    assert "verwijderd" in known.email
    contact = session.execute(select(Contact)).scalars().one()
    assert (contact.name, contact.email.endswith("@verwijderd.invalid")) == ("verwijderd", True)
    assert [mail.body for mail in session.execute(select(OutboxMessage)).scalars()] == [""]
    application = session.execute(select(Application)).scalars().one()
    assert (application.answers, application.number) == ({}, "A-2026-90009")
    assert session.execute(select(SignInSession.id).where(SignInSession.account_id == known.id)).all() == []
    assert row.erased_at is not None
    assert "wiste gegevens volgens verzoek" in sentences()[-1]
    assert ADDRESS not in " ".join(sentences())
    services.close(row, RequestStage.ANSWERED, "Gewist, behalve facturen.", actor_of(officer))
    assert set(counts()) == {"Mail aan dit adres", "Verzoeken om inzage of wissen"}


def test_a_colleague_who_still_works_here_is_not_erased(people: People) -> None:
    working, officer = people.staff(StaffRole.FINANCE), people.staff(StaffRole.PRIVACY)
    row = received(email=working.email)
    services.identify(row, "Gezien", actor_of(officer))
    with pytest.raises(Refused, match="nog werkt"):
        services.ask_erasure(row, actor_of(officer))


def test_extending_tells_the_person_why(session: Session) -> None:
    row = received(RequestKind.ACCESS, on=clock.today() - timedelta(days=20))
    services.extend(row, "Het archief is groot.", SYSTEM)
    message = session.execute(select(OutboxMessage)).scalars().one()
    assert (message.recipient, "Het archief is groot." in message.body) == (ADDRESS, True)
    with pytest.raises(Refused, match="één keer"):
        services.extend(row, "Nog meer tijd.", SYSTEM)
    late = received(RequestKind.ACCESS, on=clock.today() - timedelta(days=40))
    with pytest.raises(Refused, match="eerste maand"):
        services.extend(late, "Te laat.", SYSTEM)


def test_an_answer_is_given_once(session: Session) -> None:
    row = received(RequestKind.ACCESS)
    with pytest.raises(Refused, match="Weigert u"):
        services.close(row, RequestStage.REFUSED, " ", SYSTEM)
    services.close(row, RequestStage.REFUSED, "Wij weten niet wie u bent.", SYSTEM)
    with pytest.raises(Refused, match="al geweigerd"):
        services.close(row, RequestStage.ANSWERED, "Toch wel.", SYSTEM)
    assert "Wij voeren dit verzoek niet uit" in session.execute(select(OutboxMessage.body)).scalar_one()


def test_a_request_of_the_future_is_a_mistake() -> None:
    with pytest.raises(Refused, match="nog komen"):
        received(on=clock.today() + timedelta(days=1))


# ------------------------------------------------------------------------------------------- pages


def test_from_request_to_answer_over_the_pages(
    app: Flask, session: Session, known: Account, privacy: Browser, colleague: Browser
) -> None:
    page = privacy.get(privacy.get(LIST).link("Verzoek vastleggen"))
    assert len(privacy.submit(page, "Vastleggen", expect=422).errors) == 4
    page = privacy.submit(
        page, "Vastleggen", kind="erasure", name="Voorbeeldpersoon V", email=ADDRESS.upper(), received_how="brief"
    )
    address = page.response.request.path
    assert "Wat wij over deze persoon hebben" not in page.text
    page = privacy.submit(
        privacy.get(page.link("Vastleggen wie het vraagt")), "Vastleggen", identity_check="Teruggebeld"
    )
    assert "Contactpersonen van deelnemers 1 Wordt gewist." in page.text
    form = page.form("Download alles (JSON)")
    token = form.find("input", attrs={"name": "csrf_token"})
    assert token is not None
    download = privacy.client.post(str(form["action"]), data={"csrf_token": token["value"]})
    assert download.mimetype == "application/json"
    assert json.loads(download.data)["over"]["naam"] == "Voorbeeldpersoon V"
    page = privacy.submit(page, "Vraag een collega om te wissen")
    approval = colleague.get(colleague.get(address).link("Bekijk het verzoek om akkoord"))
    colleague.submit(approval, "Akkoord geven", besluit="akkoord")
    page = privacy.get(address)
    assert "Gewist op" in page.text
    page = privacy.submit(
        privacy.get(page.link("Beantwoorden of weigeren")), "Versturen", stage="answered", answer="Gewist."
    )
    assert "Beantwoord" in page.text
    assert "Beantwoorden of weigeren" not in page.text
    export = privacy.client.get(f"{LIST}.csv").get_data(as_text=True)
    assert "Wissen" in export
    assert "Voorbeeldpersoon" not in export


def test_a_request_close_to_its_term_is_work(session: Session, privacy: Browser, people: People, app: Flask) -> None:
    received(RequestKind.ACCESS, on=clock.today() - timedelta(days=10))
    session.commit()
    assert "Verzoek over gegevens" not in privacy.get("/beheer/").text
    row = received(RequestKind.ACCESS, on=clock.today() - timedelta(days=60))
    session.commit()
    page = privacy.get("/beheer/")
    assert f"Verzoek {row.id}" in page.text
    assert "te laat" in page.text
    assert f"Verzoek {row.id}" not in Browser(app).sign_in(people.staff(StaffRole.FINANCE)).get("/beheer/").text


def test_an_auditor_reads_and_takes_nothing_along(browser: Browser, people: People, session: Session) -> None:
    row = received()
    services.identify(row, "Teruggebeld", SYSTEM)
    session.commit()
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    assert "Download alles" not in browser.get(f"{LIST}/{row.id}").text
    browser.get(f"{LIST}/{row.id}/antwoord", expect=403)
    browser.get(f"{LIST}/{row.id + 1000}", expect=404)


def test_the_overdue_queue_is_sorted_by_its_last_day(session: Session) -> None:
    today = clock.today()
    later, first = received(on=today - timedelta(days=29)), received(on=today - timedelta(days=60))
    assert queries.pressing(today) == [first, later]
