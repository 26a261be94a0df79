"""A new IBAN is told to everybody who pays, once, and anybody can check whether an IBAN or a letter is ours."""

from __future__ import annotations

import io
import re
from datetime import date

import pikepdf
import pytest
from sqlalchemy import select

from billing import services as invoices
from billing.announcements.jobs import announce_iban
from billing.announcements.models import IbanLetter
from billing.announcements.views import MOST_CHECKS, QUARTER
from billing.documents import Seller
from billing.payers.services import link_of
from core import approvals, clock, documents, limits
from core.audit import SYSTEM, Actor
from core.mail import OutboxMessage
from governance.bank_accounts.services import propose_account
from governance.queries import operator_on
from identity.kinds import StaffRole
from participants.models import ConnectionPeriod, Participant
from tests.billing.conftest import World
from tests.billing.payers.conftest import path_of
from tests.browser import Browser, Page
from tests.people import People

TODAY, STARTS_ON = date(2026, 11, 20), date(2027, 1, 15)
OLD, NEW, STRANGE = "NL02ABNA0123456789", "NL91ABNA0417164300", "NL20INGB0001234567"


@pytest.fixture
def participant(world: World) -> Participant:
    return world.municipality(70_361, connected_on=date(2024, 3, 15))


@pytest.fixture
def announced(world: World, people: People, participant: Participant) -> None:
    """Two colleagues made a new account; no letter has gone yet."""
    with clock.at(TODAY):
        one, two = (Actor("staff", people.staff(StaffRole.FINANCE).person_key) for _ in range(2))
        asked = propose_account(operator_on(TODAY), NEW, "Voorbeeldbeheerder B", STARTS_ON, one)
        approvals.approve(asked.id, two)
        world.session.commit()


def letters(world: World) -> list[IbanLetter]:
    return list(world.session.execute(select(IbanLetter).order_by(IbanLetter.id)).scalars())


def check(browser: Browser, typed: str, day: date = TODAY, expect: int = 200) -> Page:
    with clock.at(day):
        return browser.submit(browser.get("/iban-controleren"), expect=expect, typed=typed)


# ------------------------------------------------------------------------------------------------- letters


def test_who_has_a_running_subscription_gets_one_letter(world: World, announced: None) -> None:
    ended = world.municipality(15_000, name="Gemeente Voorbij")
    world.session.add(
        ConnectionPeriod(participant_id=ended.id, starts_on=date(2020, 1, 1), ends_before=date(2025, 1, 1))
    )
    world.participant(world.organisation("Gemeente Zonder"), details=False, connected_on=date(2024, 1, 1))
    with clock.at(TODAY):
        assert announce_iban() == 1
        assert announce_iban() == 0
    (letter,) = letters(world)
    mail = world.session.get_one(OutboxMessage, letter.outbox_message_id)
    assert mail.recipient == "facturen@voorbeeldveld.invalid"
    assert NEW not in mail.body.replace(" ", ""), "the account itself stands in the letter"
    assert "http://localhost/iban-controleren" in mail.body
    assert documents.read(letter.sha256).startswith(b"%PDF")


def test_nobody_gets_a_letter_about_an_account_of_long_ago(world: World, announced: None) -> None:
    with clock.at(date(2027, 3, 1)):
        assert announce_iban() == 0


def test_the_letter_is_tagged_and_says_how_to_check_it(world: World, announced: None) -> None:
    with clock.at(TODAY):
        announce_iban()
    content = documents.read(letters(world)[0].sha256)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert "/StructTreeRoot" in document.Root
        assert "pdfuaid:part" in bytes(document.Root.Metadata.read_bytes()).decode()
        assert len(document.pages) == 1


def test_staff_see_how_far_the_letters_are(
    browser: Browser,
    people: People,
    world: World,
    announced: None,
) -> None:
    world.participant(world.organisation("Gemeente Zonder"), details=False, connected_on=date(2024, 1, 1))
    with clock.at(TODAY):
        browser.sign_in(people.staff(StaffRole.FINANCE))
        assert "Wacht nog 1" in browser.get("/beheer/facturen/iban-brieven").text
        announce_iban()
        page = browser.get("/beheer/facturen/iban-brieven")
    assert "Verstuurd 1" in page.text
    assert "Gemeente Zonder" in page.text


# ------------------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize(
    ("typed", "day", "heading"),
    [
        (OLD, TODAY, "Ja, dit IBAN is van ons"),
        ("nl02 abna 0123 4567 89", TODAY, "Ja, dit IBAN is van ons"),
        (OLD, STARTS_ON, "Dit IBAN is niet meer van ons"),
        (NEW, TODAY, "Dit IBAN wordt van ons"),
        (NEW, STARTS_ON, "Ja, dit IBAN is van ons"),
        (STRANGE, TODAY, "Nee, dit IBAN is niet van ons"),
        (f"7-{'A' * 16}", TODAY, "Deze code kennen wij niet"),
    ],
)
def test_anybody_reads_whose_an_iban_is(browser: Browser, announced: None, typed: str, day: date, heading: str) -> None:
    page = check(browser, typed, day)
    headings = [found.get_text(strip=True) for found in page.soup.select(".alert h2")]
    assert headings == [heading]
    others = {OLD, NEW} - {re.sub(r"\s", "", typed).upper()}
    shown = re.sub(r"\s", "", page.text)
    assert not [iban for iban in others if iban in shown], "it never lists accounts by itself"


def test_an_account_of_before_says_until_when_it_was_ours(browser: Browser, announced: None) -> None:
    page = check(browser, OLD, STARTS_ON)
    assert "Het was tot en met 14 januari 2027 van ons" in page.text


def test_the_code_of_a_letter_shows_of_which_iban_it_tells(
    browser: Browser,
    world: World,
    announced: None,
) -> None:
    with clock.at(TODAY):
        announce_iban()
    mail = world.session.get_one(OutboxMessage, letters(world)[0].outbox_message_id)
    code = re.search(r"\d+(-[A-Z2-7]{4}){4}", mail.body)
    assert code is not None
    page = check(browser, code[0])
    assert "Ja, deze brief is van ons" in page.text
    assert "Wij stuurden de brief met deze code op 20 november 2026" in page.text
    assert "NL91 ABNA 0417 1643 00" in page.text
    assert "in een brief aan alle deelnemers, vanaf 20 november 2026" in check(browser, NEW).text
    wrong = code[0][:-1] + ("A" if code[0][-1] != "A" else "B")
    assert "Deze code kennen wij niet" in check(browser, wrong).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Vul een IBAN in"),
        ("NL02ABNA0123456788", "kan niet bestaan"),
        ("hallo", "geen IBAN en geen code"),
        ("9" * 61, "hoogstens 60 tekens"),
        ("\x00", "kunnen wij niet verwerken"),
    ],
)
def test_what_is_neither_an_iban_nor_a_code(browser: Browser, announced: None, typed: str, message: str) -> None:
    page = check(browser, typed, expect=422)
    assert message in page.errors[0]


def test_checking_is_limited(browser: Browser, announced: None) -> None:
    for _ in range(MOST_CHECKS):
        with clock.at(TODAY):
            limits.count_attempt("billing:check-iban", "127.0.0.1", limit=MOST_CHECKS, window=QUARTER)
    page = check(browser, OLD, expect=429)
    assert "te vaak" in page.errors[0]


# ------------------------------------------------------------------------------------------------- invoices


def test_an_invoice_has_the_account_of_its_day(world: World, announced: None) -> None:
    operator = operator_on(TODAY)
    with clock.at(date(2027, 1, 14)):
        assert Seller.of(operator, something_to_pay=True).iban == OLD
    assert Seller.of(operator, something_to_pay=True, on=STARTS_ON).iban == NEW
    assert Seller.of(operator, something_to_pay=False, on=STARTS_ON).iban is None


def test_who_opens_an_older_invoice_reads_the_new_iban(
    browser: Browser,
    world: World,
    participant: Participant,
    announced: None,
) -> None:
    with clock.at(TODAY):
        invoice = invoices.issue_annual_invoice(participant, 2026, SYSTEM)
        link = path_of(link_of(invoice))
        world.session.commit()
        assert "Ons IBAN is veranderd" not in browser.get(link).text
    with clock.at(STARTS_ON):
        page = browser.get(link)
    assert "Ons IBAN is veranderd" in page.text
    assert "NL91 ABNA 0417 1643 00" in page.text
