"""The first pages: interest and starting, spam, limits, nobody learns who is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.mail import OutboxMessage
from identity.kinds import StaffRole
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from tests.browser import Browser
from tests.onboarding.applications.conftest import EMAIL, SLOWLY, link_in, slowly
from tests.people import People

Mails = Callable[[str], list[OutboxMessage]]


def applications(session: Session) -> list[Application]:
    return list(session.execute(select(Application).order_by(Application.id)).scalars())


def test_the_first_page_says_what_one_needs_and_works_for_everybody(browser: Browser) -> None:
    page = browser.get("/aanmelden")

    assert page.heading == "Aansluiten op het Schuldenknooppunt"
    assert "KvK-nummer" in page.text
    assert "tien minuten" in page.text
    assert page.link("Aanmelding starten") == "/aanmelden/begin"
    assert page.link("Belangstelling doorgeven") == "/aanmelden/belangstelling"


def test_interest_is_kept_for_staff_and_confirmed_by_mail(browser: Browser, session: Session, mails: Mails) -> None:
    page = slowly(
        browser,
        "/aanmelden/belangstelling",
        organisation="Voorbeeld Incasso B.V.",
        name="Bea Belang",
        email="Bea@Incasso.invalid",
        message="Wat kost het?",
    )

    assert page.heading == "Dank u wel"
    (row,) = applications(session)
    assert row.stage is ApplicationStage.INTEREST
    assert row.number == f"A-{clock.today().year}-00001"
    assert row.answers["interest"]["message"] == "Wat kost het?"
    (mail,) = mails("bea@incasso.invalid")
    assert row.number in mail.body
    assert "Wat kost het?" not in mail.body, "we do not mail a stranger's text to anybody"


def test_starting_mails_a_link_that_leads_to_the_application(browser: Browser, session: Session, mails: Mails) -> None:
    page = slowly(browser, "/aanmelden/begin", name="Anne Aanmelder", email=EMAIL)

    assert page.heading == "Kijk in uw mail"
    (row,) = applications(session)
    assert row.stage is ApplicationStage.DRAFT
    (mail,) = mails(EMAIL)
    opened = browser.get(link_in(mail))
    inside = browser.submit(opened)
    assert inside.heading == f"Aanmelding {row.number}"
    assert "Beginnen" in inside.text


def test_a_link_older_than_its_term_says_that_the_answers_are_kept(
    browser: Browser, session: Session, mails: Mails
) -> None:
    with clock.at(clock.now() - timedelta(days=8)):
        slowly(browser, "/aanmelden/begin", name="Anne Aanmelder", email=EMAIL)

    page = browser.get(link_in(mails(EMAIL)[0]), expect=410)

    assert "Deze link is verlopen. Vraag een nieuwe aan; uw gegevens zijn bewaard." in page.text


@pytest.mark.parametrize("known", ["nobody", "applicant", "staff"])
def test_the_answer_is_the_same_whether_or_not_an_address_is_known(
    known: str, browser: Browser, people: People, mails: Mails
) -> None:
    email = {
        "nobody": "niemand@deelnemer.invalid",
        "applicant": people.applicant().email,
        "staff": people.staff(StaffRole.RELATIONS).email,
    }[known]

    page = slowly(browser, "/aanmelden/begin", name="Anne Aanmelder", email=email)

    assert page.heading == "Kijk in uw mail"
    assert email not in page.text
    assert len(mails(email)) == 1


def test_nobody_applies_with_the_address_of_a_colleague_of_ours(
    browser: Browser, people: People, session: Session, mails: Mails
) -> None:
    account = people.staff(StaffRole.RELATIONS)

    slowly(browser, "/aanmelden/begin", name="Anne Aanmelder", email=account.email)

    assert applications(session) == []
    assert "/link/" not in mails(account.email)[0].body


def test_starting_again_mails_a_new_link_to_the_same_draft(browser: Browser, session: Session, mails: Mails) -> None:
    slowly(browser, "/aanmelden/begin", name="Anne Aanmelder", email=EMAIL)
    slowly(browser, "/aanmelden/begin", name="Anne Aanmelder", email=EMAIL)

    (row,) = applications(session)
    assert [mail.subject for mail in mails(EMAIL)] == [
        "Begin uw aanmelding bij het Schuldenknooppunt",
        f"Verder met uw aanmelding ({row.number})",
    ]


def test_a_form_that_is_sent_twice_starts_one_application(browser: Browser, session: Session, mails: Mails) -> None:
    with clock.at(clock.now() - SLOWLY):
        page = browser.get("/aanmelden/belangstelling")
    values: dict[str, Any] = {"organisation": "Voorbeeld", "name": "Bea", "email": "bea@incasso.invalid"}

    first, second = browser.submit(page, **values), browser.submit(page, **values)

    assert first.heading == second.heading
    assert len(applications(session)) == 1
    assert len(mails("bea@incasso.invalid")) == 1


def test_a_program_that_fills_in_every_field_is_thanked_and_forgotten(
    browser: Browser, session: Session, mails: Mails
) -> None:
    page = slowly(browser, "/aanmelden/begin", name="Bot", email=EMAIL, reden_van_bezoek="winst")

    assert page.heading == "Kijk in uw mail"
    assert applications(session) == []
    assert mails(EMAIL) == []


def test_a_program_that_sends_at_once_is_thanked_and_forgotten(browser: Browser, session: Session) -> None:
    page = browser.submit(browser.get("/aanmelden/begin"), name="Bot", email=EMAIL)

    assert page.heading == "Kijk in uw mail"
    assert applications(session) == []


@pytest.mark.parametrize("opened", ["", "geen zegel", "1.abc"])
def test_a_program_that_makes_up_when_it_opened_the_page_is_forgotten(
    opened: str, browser: Browser, session: Session
) -> None:
    slowly(browser, "/aanmelden/begin", name="Bot", email=EMAIL, opened=opened)

    assert applications(session) == []


def test_one_mail_address_gets_at_most_a_few_links_an_hour(browser: Browser, mails: Mails) -> None:
    with clock.at(clock.now()):
        for _ in range(4):
            slowly(browser, "/aanmelden/begin", name="Anne", email=EMAIL)
        with clock.at(clock.now() - SLOWLY):
            page = browser.get("/aanmelden/begin")
        refused = browser.submit(page, expect=429, name="Anne", email=EMAIL)

    assert "te vaak geprobeerd" in refused.errors[0]
    assert len(mails(EMAIL)) == 4


def test_one_network_address_is_limited_whatever_mail_address_it_uses(browser: Browser, session: Session) -> None:
    with clock.at(clock.now()):
        for number in range(20):
            slowly(browser, "/aanmelden/begin", name="Anne", email=f"a{number}@deelnemer.invalid")
        with clock.at(clock.now() - SLOWLY):
            page = browser.get("/aanmelden/begin")
        browser.submit(page, expect=429, name="Anne", email="nog-een@deelnemer.invalid")

    assert session.scalar(select(func.count()).select_from(Application)) == 20


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("name", "", "Vul uw naam in."),
        ("name", "x" * 5_000_000, "De naam mag hoogstens 200 tekens hebben."),
        ("name", "Anne\x00Aanmelder", "Deze tekens kunnen wij niet verwerken: U+0000. Haal ze weg."),
        ("name", "Anne\u202eAanmelder", "Deze tekens kunnen wij niet verwerken: U+202E. Haal ze weg."),
        ("email", "", "Vul een e-mailadres in."),
        ("email", "geen adres", "Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl."),
        ("email", "a@b.invalid\r\nBcc: iedereen@voorbeeld.invalid", "Dit is geen e-mailadres."),
    ],
    ids=["no name", "5 MB", "control character", "direction", "no address", "not an address", "header injection"],
)
def test_bad_input_is_shown_again_with_what_to_do(
    field: str, value: str, answer: str, browser: Browser, session: Session
) -> None:
    values: dict[str, Any] = {"name": "Anne", "email": EMAIL, field: value}

    with clock.at(clock.now() - SLOWLY):
        page = browser.get("/aanmelden/begin")
    again = browser.submit(page, expect=422, **values)

    assert again.errors[0].startswith(answer)
    assert again.soup.title is not None
    assert again.soup.title.get_text(strip=True).startswith("Fout: ")
    assert applications(session) == []


def test_numbers_count_on_within_a_year(browser: Browser, session: Session) -> None:
    for number in range(3):
        slowly(browser, "/aanmelden/begin", name="Anne", email=f"a{number}@deelnemer.invalid")

    year = clock.today().year
    assert [row.number for row in applications(session)] == [f"A-{year}-0000{n}" for n in (1, 2, 3)]
