"""Background jobs and mail on screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.jobs import JOBS, JobHeartbeat
from core.mail import Delivery, OutboxMessage
from identity.kinds import StaffRole
from participants.models import Participant
from tests.admin.conftest import SignIn, rows_of
from tests.browser import Browser
from tests.onboarding.conftest import Journey
from tests.people import People

JOBS_PAGE, MAIL_PAGE = "/beheer/techniek", "/beheer/mail"


@pytest.fixture
def administration(today: date, sign_in: SignIn) -> Browser:
    return sign_in(StaffRole.ADMINISTRATION, name="Ada Applicatie")


def beat(session: Session, name: str, *, ago: timedelta, error: str | None = None) -> None:
    session.add(
        JobHeartbeat(
            name=name,
            started_at=clock.now() - ago,
            succeeded_at=clock.now() - ago,
            failed_at=clock.now() if error else None,
            duration_ms=42,
            last_error=error,
        )
    )
    session.commit()


def mail(session: Session, delivery: Delivery, participant: Participant | None = None, **facts: object) -> int:
    values = {
        "queued_at": clock.now(),
        "recipient": "wim@deelnemer.invalid",
        "subject": "Uw aanmelding",
        "body": "Geheime link: https://voorbeeld.invalid/link/abc",
        "attachments": [],
        "participant_id": participant.id if participant else None,
        **facts,
    }
    row = OutboxMessage(delivery=delivery, **values)
    session.add(row)
    session.commit()
    return row.id


# ------------------------------------------------------------------------------------------- jobs


def test_each_job_is_in_order_late_or_failed(administration: Browser, session: Session) -> None:
    in_order, on_the_edge, late, failed, *_ = sorted(JOBS)
    beat(session, in_order, ago=timedelta(0))
    beat(session, on_the_edge, ago=2 * JOBS[on_the_edge].every + timedelta(minutes=2))
    beat(session, late, ago=2 * JOBS[late].every + timedelta(minutes=2, seconds=1))
    beat(session, failed, ago=timedelta(0), error="OSError: schijf vol")
    page = administration.get(JOBS_PAGE)
    states = {cells[0]: cells[-1] for cells in rows_of(page)}
    assert len(states) == len(JOBS)
    assert states[JOBS[in_order].label] == "In orde"
    assert states[JOBS[on_the_edge].label] == "In orde"
    assert states[JOBS[late].label] == "Te laat"
    assert states[JOBS[failed].label].startswith("Mislukt")
    assert "OSError: schijf vol" in states[JOBS[failed].label]
    assert "Alle taken zijn te laat" not in page.text


def test_when_nothing_ever_ran_the_page_says_where_to_look(administration: Browser) -> None:
    page = administration.get(JOBS_PAGE)
    assert "Alle taken zijn te laat" in page.text
    assert {cells[1] for cells in rows_of(page)} == {"nog nooit"}


# ------------------------------------------------------------------------------------------- mail


def test_failed_mail_is_sent_again_once_and_that_is_on_the_trail(
    administration: Browser, session: Session, sentences: Callable[[], list[str]]
) -> None:
    number = mail(session, Delivery.FAILED, last_error="550 unknown", attempts=12)
    page = administration.get(f"{MAIL_PAGE}?stand=failed")
    assert "550 unknown" in page.text
    page = administration.submit(page, "Opnieuw verzenden aan wim@deelnemer.invalid")
    assert "De mail wordt opnieuw verzonden." in page.text
    session.expire_all()
    row = session.get_one(OutboxMessage, number)
    assert (row.delivery, row.attempts, row.next_attempt_at) == (Delivery.QUEUED, 0, clock.now())
    assert sentences()[-1] == f"Ada Applicatie liet mail {number} opnieuw verzenden."
    token = page.soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    administration.post(f"{MAIL_PAGE}/{number}/opnieuw", {"csrf_token": token}, expect=404)


def test_mail_that_was_sent_or_does_not_exist_is_not_sent_again(administration: Browser, session: Session) -> None:
    number = mail(session, Delivery.SENT, sent_at=clock.now())
    page = administration.get(MAIL_PAGE)
    assert "Opnieuw verzenden" not in page.text
    token = page.soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    for key in (str(number), "999999999", "9" * 30):
        administration.post(f"{MAIL_PAGE}/{key}/opnieuw", {"csrf_token": token}, expect=404)
    administration.post(f"{MAIL_PAGE}/{number}/opnieuw", expect=400)


def test_filters_and_the_way_to_the_file(journey: Journey, administration: Browser, session: Session) -> None:
    row = journey.submitted()
    mail(session, Delivery.SENT, row, recipient="a@deelnemer.invalid", subject="Welkom")
    mail(session, Delivery.FAILED, recipient="b@deelnemer.invalid", subject="Factuur", last_error="weg")
    page = administration.get(f"{MAIL_PAGE}?q=a%40deelnemer")
    assert [cells[0] for cells in rows_of(page)] == ["Welkom"]
    assert administration.get(page.link(row.name)).heading == row.name
    assert [cells[0] for cells in rows_of(administration.get(f"{MAIL_PAGE}?q=factuur"))] == ["Factuur"]
    assert [cells[0] for cells in rows_of(administration.get(f"{MAIL_PAGE}?stand=failed"))] == ["Factuur"]
    for strange in ("stand=onzin", "q=%25", "q=%00", "q=" + "x" * 3000, "pagina=-1"):
        assert administration.get(f"{MAIL_PAGE}?{strange}").heading == "Verzonden mail"


def test_the_text_of_a_mail_is_nowhere_to_be_read(administration: Browser, session: Session) -> None:
    mail(session, Delivery.FAILED, last_error="weg")
    assert "Geheime link" not in administration.get(MAIL_PAGE).text


def test_mail_that_is_tried_again_says_when(administration: Browser, session: Session) -> None:
    mail(session, Delivery.QUEUED, attempts=3, last_error="timeout", next_attempt_at=clock.now())
    assert "3 keren geprobeerd. Volgende poging: 2 maart 2026 om 10:00. timeout" in administration.get(MAIL_PAGE).text


def test_who_may(journey: Journey, sign_in: SignIn, people: People, session: Session) -> None:
    number = mail(session, Delivery.FAILED, last_error="weg")
    for role in StaffRole:
        sees = 200 if role in {StaffRole.RELATIONS, StaffRole.ADMINISTRATION, StaffRole.AUDITOR} else 403
        browser = sign_in(role)
        browser.get(JOBS_PAGE, sees)
        page = browser.get(MAIL_PAGE, sees)
        assert ("Opnieuw verzenden" in page.text) == (role is StaffRole.ADMINISTRATION)
        if role is not StaffRole.ADMINISTRATION:
            token = browser.get("/account").soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
            browser.post(f"{MAIL_PAGE}/{number}/opnieuw", {"csrf_token": token}, expect=403)
    for account in (people.of(journey.submitted()), people.applicant()):
        for address in (JOBS_PAGE, MAIL_PAGE):
            Browser(journey.app).sign_in(account).get(address, 403)
