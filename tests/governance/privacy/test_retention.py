"""The retention schedule: nothing goes without approval, and then exactly what was approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import approvals, clock
from core import db as database
from core.approvals import Approval, Outcome
from core.audit import SYSTEM, Person
from core.db import scoped
from core.errors import Refused
from core.mail import Delivery, OutboxMessage
from governance.privacy.retention import queries, services
from governance.privacy.retention.rules import RULES, months_before
from identity.kinds import AccountKind, LinkPurpose, StaffRole
from identity.models import Account, OneTimeLink, SignInSession
from identity.services import actor_of, create_account, create_link, start_session
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants.kinds import Stage
from participants.models import Note, Participant
from tests.browser import Browser
from tests.people import People

LONG_AGO = datetime(2019, 5, 1, 12, tzinfo=UTC)
LIST = "/beheer/privacy/bewaartermijnen"


@pytest.fixture
def officer(people: People) -> Account:
    return people.staff(StaffRole.PRIVACY)


def mail(session: Session, *, queued_at: datetime = LONG_AGO, body: str = "Uw link: …") -> OutboxMessage:
    row = OutboxMessage(
        queued_at=queued_at,
        recipient="iemand@voorbeeld.invalid",
        subject="Over de aanmelding",
        body=body,
        attachments=[],
        delivery=Delivery.SENT,
    )
    session.add(row)
    session.commit()
    return row


def proposal(name: str) -> Approval:
    made = services.propose(RULES[name])
    assert made is not None
    return made


def carried_out(session: Session, name: str, officer: Account) -> None:
    """Propose and approve, as a person of staff whose scope shows less than that of a job."""
    made = proposal(name)
    session.commit()
    with scoped(database.staff(officer.id)):
        approvals.approve(made.id, actor_of(officer))
        session.commit()
    session.expire_all()


def test_text_of_old_mail_goes_and_the_rest_stays(
    session: Session, officer: Account, sentences: Callable[[], list[str]]
) -> None:
    old, new = mail(session), mail(session, queued_at=clock.now())
    assert services.propose_monthly() == 1
    assert old.body
    made = queries.waiting()[0]
    assert (made.before["Aantal"], made.after["Aantal"]) == (1, 0)
    approvals.approve(made.id, actor_of(officer))
    session.commit()
    session.expire_all()
    assert (old.body, old.recipient, old.subject) == ("", "iemand@voorbeeld.invalid", "Over de aanmelding")
    assert new.body
    assert "ruimde na akkoord 1 keer op: tekst van verzonden mail" in sentences()[-1]
    assert services.propose(RULES["core:mail_text"]) is None


def test_the_system_asks_at_most_once_in_four_weeks(session: Session) -> None:
    mail(session)
    assert services.propose_monthly() == 1
    mail(session)
    assert services.propose_monthly() == 0
    with clock.at(clock.now() + timedelta(days=29)):
        assert services.propose_monthly() == 1
    assert [row.before["Aantal"] for row in queries.waiting()] == [2]
    assert [row.outcome for row in queries.decided()] == [Outcome.DECLINED]


def test_what_came_to_it_meanwhile_is_not_cleared_away(
    session: Session, officer: Account, sentences: Callable[[], list[str]]
) -> None:
    row = mail(session)
    made = proposal("core:mail_text")
    later = mail(session)
    with pytest.raises(Refused, match="intussen") as refused:
        approvals.approve(made.id, actor_of(officer))
    database.record_refusal(refused.value)
    assert row.body
    assert later.body
    assert "de verzameling intussen anders" in sentences()[-1]


def test_who_asks_does_not_approve(session: Session, officer: Account, people: People) -> None:
    mail(session)
    made = services.propose(RULES["core:mail_text"], actor_of(officer))
    assert made is not None
    with pytest.raises(Refused, match="zelf gevraagd"):
        approvals.approve(made.id, actor_of(officer))
    approvals.approve(made.id, actor_of(people.staff(StaffRole.PRIVACY)))


def test_names_behind_closed_accounts(session: Session, officer: Account) -> None:
    account = create_account(AccountKind.PARTICIPANT, "weg@deelnemer.invalid", "Voorbeeldpersoon W")
    open_one = create_account(AccountKind.PARTICIPANT, "hier@deelnemer.invalid", "Voorbeeldpersoon H")
    account.disabled_at = LONG_AGO
    session.commit()
    carried_out(session, "identity:names", officer)
    assert account.email == f"verwijderd-{account.id}@verwijderd.invalid"
    assert session.get_one(Person, account.person_key).name is None
    assert session.get_one(Person, open_one.person_key).name == "Voorbeeldpersoon H"
    assert services.propose(RULES["identity:names"]) is None


def test_sign_ins_and_links_that_were_left(session: Session, officer: Account) -> None:
    with clock.at(LONG_AGO), scoped(database.SIGN_IN):
        start_session(officer, verified=True)
        create_link(LinkPurpose.SIGN_IN, target="/", valid_for=timedelta(minutes=15))
        session.commit()
    carried_out(session, "identity:sign_ins", officer)
    with scoped(database.SIGN_IN):
        assert session.execute(select(SignInSession.id)).all() == []
        assert session.execute(select(OneTimeLink.id)).all() == []


def application(session: Session, number: str, stage: ApplicationStage, changed_at: datetime) -> Application:
    row = Application(
        number=number,
        stage=stage,
        email=f"{number.lower()}@deelnemer.invalid",
        answers={"applicant": {"name": "Voorbeeldpersoon D"}},
        organisation_name="Voorbeeld",
        created_at=changed_at,
        changed_at=changed_at,
    )
    session.add(row)
    session.commit()
    return row


def test_drafts_that_were_never_submitted(session: Session, officer: Account) -> None:
    old = application(session, "A-2019-90001", ApplicationStage.WITHDRAWN, LONG_AGO)
    interest = application(session, "A-2019-90002", ApplicationStage.INTEREST, LONG_AGO)
    submitted = application(session, "A-2019-90003", ApplicationStage.SUBMITTED, LONG_AGO)
    recent = application(session, "A-2019-90004", ApplicationStage.DRAFT, clock.now())
    carried_out(session, "onboarding:drafts", officer)
    assert (old.answers, old.organisation_name, old.number) == ({}, "(verwijderd)", "A-2019-90001")
    assert "deelnemer" not in old.email
    assert (interest.answers, interest.stage) == ({}, ApplicationStage.WITHDRAWN)
    assert submitted.answers
    assert recent.answers


def test_notes_of_applications_that_led_to_nothing(
    session: Session, officer: Account, participant: Callable[..., Participant]
) -> None:
    refused, other = participant(), participant()
    refused.stage = Stage.REFUSED
    refused.stage_since = LONG_AGO
    for row in (refused, other):
        session.add(Note(participant_id=row.id, author=officer.person_key, written_at=LONG_AGO, text="Belde op."))
    session.commit()
    carried_out(session, "onboarding:notes", officer)
    texts = dict(session.execute(select(Note.participant_id, Note.text)).all())
    assert texts == {refused.id: "Gewist volgens het bewaarschema.", other.id: "Belde op."}


@pytest.mark.parametrize("change", ["text = 'iets anders'", "written_at = now()"])
def test_a_note_changes_in_no_other_way(
    session: Session, officer: Account, participant: Callable[..., Participant], change: str
) -> None:
    session.add(Note(participant_id=participant().id, author=officer.person_key, written_at=LONG_AGO, text="Belde."))
    session.flush()
    with pytest.raises(Exception, match=r"verandert niet|permission denied") as error:
        session.execute(text(f"UPDATE notes SET {change}"))  # noqa: S608
    assert error.type is IntegrityError or "permission denied" in str(error.value)


def test_a_term_is_dated_and_never_in_the_past(session: Session, officer: Account) -> None:
    assert services.load_default_terms(SYSTEM) == len(RULES)
    assert services.load_default_terms(SYSTEM) == 0
    rule, today = RULES["core:mail_text"], clock.today()
    with pytest.raises(Refused, match="verleden"):
        services.set_term(rule, 3, actor_of(officer), starts_on=today - timedelta(days=1), reason="Korter")
    services.set_term(rule, 3, actor_of(officer), starts_on=today + timedelta(days=5), reason="Korter")
    assert queries.months_on(rule, today) == 6
    assert queries.months_on(rule, today + timedelta(days=5)) == 3
    with pytest.raises(Refused, match="al een termijn"):
        services.set_term(rule, 4, actor_of(officer), starts_on=today, reason="Anders")


# ------------------------------------------------------------------------------------------- pages


def test_a_proposal_goes_to_a_colleague_over_the_pages(session: Session, privacy: Browser, colleague: Browser) -> None:
    row = mail(session)
    page = privacy.get(LIST)
    assert "Tekst van verzonden mail 6 maanden te bevestigen" in page.text
    page = privacy.submit(page, "Voorstellen om op te ruimen: Tekst van verzonden mail")
    assert page.notices == ["Het voorstel ligt bij een collega."]
    assert "Opruimen volgens het bewaarschema" in colleague.get("/beheer/").text
    seen = colleague.get(colleague.get(LIST).link("Wacht op akkoord : Tekst van verzonden mail"))
    assert "Controlegetal" in seen.text
    colleague.submit(seen, "Akkoord geven", besluit="akkoord")
    session.expire_all()
    assert row.body == ""
    assert "Tekst van verzonden mail (1 keer)" in privacy.get(LIST).text


def test_an_outdated_proposal_can_be_made_anew(session: Session, privacy: Browser) -> None:
    mail(session)
    services.propose_monthly()
    mail(session)
    session.commit()
    page = privacy.submit(privacy.get(LIST), "Voorstellen om op te ruimen: Tekst van verzonden mail")
    assert page.notices == ["Het voorstel ligt bij een collega."]
    assert "Vervangen door een nieuwer voorstel." in page.text
    assert [row.before["Aantal"] for row in queries.waiting()] == [2]


def test_another_term_over_the_page(privacy: Browser) -> None:
    address = f"{LIST}/core:mail_text"
    page = privacy.submit(privacy.get(address), "Vastleggen", months="0", reason="", expect=422)
    assert len(page.errors) == 2
    privacy.submit(page, "Vastleggen", months="12", reason="Besluit van vandaag")
    assert "Tekst van verzonden mail 12 maanden" in privacy.get(LIST).text
    privacy.get(f"{LIST}/bestaat:niet", expect=404)


def test_who_may_not(browser: Browser, people: People) -> None:
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    browser.get(LIST)
    browser.get(f"{LIST}/core:mail_text", expect=403)


def test_a_month_earlier_than_the_last_of_march() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
