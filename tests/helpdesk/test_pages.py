"""The pages for asking: for visitors, participants and staff."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.audit import SYSTEM
from core.mail import OutboxMessage
from helpdesk.kinds import RequestChannel, RequestKind, RequestStage
from helpdesk.models import HelpRequest
from helpdesk.requests.delivery import deliver_due
from identity.kinds import ParticipantRole, StaffRole
from participants.kinds import ContactRole
from participants.services import represent, set_contact
from tests.browser import Browser, Page
from tests.helpdesk.conftest import Ask, MakeParticipant
from tests.helpdesk.zammad import Zammad
from tests.people import People

pytestmark = pytest.mark.usefixtures("client")

FILLED: dict[str, Any] = {
    "subject": "Hoe werkt dit?",
    "question": "Ik kom er niet uit.",
    "name": "Voorbeeldpersoon A",
    "email": "a@deelnemer.invalid",
}


def send(browser: Browser, page: Page, expect: int = 200, button: str = "Versturen", **values: object) -> Page:
    """Fill in the form at the pace of a person."""
    with clock.at(clock.now() + timedelta(seconds=20)):
        return browser.submit(page, button, expect, **{**FILLED, **values})


def deliver() -> None:
    """What the job does a little later."""
    with clock.at(clock.now() + timedelta(seconds=30)):
        deliver_due()


def asked(session: Session) -> list[HelpRequest]:
    session.expire_all()
    return list(session.execute(select(HelpRequest).order_by(HelpRequest.id)).scalars())


# ------------------------------------------------------------------------------------------- visitors


def test_a_visitor_asks_from_any_page_and_gets_a_reference(browser: Browser, session: Session) -> None:
    page = browser.get(browser.get("/privacy").link("Hulp vragen"), referrer="/privacy")
    assert "Dit sturen wij mee" in page.text
    assert "/privacy" in page.text
    sent = send(browser, page, organisation="Voorbeeldorganisatie", files=(io.BytesIO(b"%PDF-1.7"), "../bon.exe"))
    (row,) = asked(session)
    assert row.key in sent.text
    assert (row.page, row.organisation, row.participant_id) == ("/privacy", "Voorbeeldorganisatie", None)
    assert [one.name for one in row.attachments] == ["bon_exe.pdf"]
    mail = session.execute(select(OutboxMessage)).scalar_one()
    assert row.key in mail.body


def test_a_form_that_is_sent_twice_asks_once(browser: Browser, session: Session) -> None:
    page = browser.get("/hulp")
    send(browser, page)
    send(browser, page)
    assert len(asked(session)) == 1


@pytest.mark.parametrize(
    "values",
    [{"reden_van_bezoek": "x"}, {"opened": "x"}, {"key": ""}],
    ids=["fills in every field", "makes up when it came", "has no key"],
)
def test_a_program_gets_the_same_answer_and_nothing_is_kept(
    browser: Browser, session: Session, values: dict[str, Any]
) -> None:
    sent = send(browser, browser.get("/hulp"), **values)
    assert sent.heading == "Verstuurd"
    assert asked(session) == []


def test_who_is_too_fast_is_a_program(browser: Browser, session: Session) -> None:
    browser.submit(browser.get("/hulp"), "Versturen", **FILLED)
    assert asked(session) == []


def test_the_question_of_who_is_signed_in_is_never_dropped(
    browser: Browser, session: Session, people: People, make_participant: MakeParticipant
) -> None:
    browser.sign_in(people.of(make_participant(), ParticipantRole.EMPLOYEE))
    browser.submit(browser.get("/hulp"), "Versturen", **FILLED)
    assert len(asked(session)) == 1


def test_wrong_input_is_explained_and_kept(browser: Browser, session: Session) -> None:
    page = send(browser, browser.get("/hulp"), 422, email="geen adres", question="", subject="Blijft staan")
    assert any("geen e-mailadres" in error for error in page.errors)
    assert page.soup.select_one("[name=subject]")["value"] == "Blijft staan"  # type: ignore[index]
    page = send(browser, page, 422, files=(io.BytesIO(b"MZ\x90\0"), "factuur.pdf"))
    assert any("kan niet mee" in error for error in page.errors)
    assert asked(session) == []


def test_more_than_five_megabytes_is_explained(browser: Browser) -> None:
    files = [(io.BytesIO(b"x" * (5 * 1024 * 1024 + n)), f"{n}.txt") for n in range(4)]
    page = send(browser, browser.get("/hulp"), 422, files=files)
    assert any("te groot" in error for error in page.errors)


def test_a_mail_address_can_be_used_a_few_times_an_hour(browser: Browser, session: Session) -> None:
    for _ in range(6):
        send(browser, browser.get("/hulp"))
    page = send(browser, browser.get("/hulp"), 429)
    assert any("te vaak" in error for error in page.errors)
    assert len(asked(session)) == 6


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("/link/heel-geheim", "/link/…"),
        ("/meelezen/heel-geheim/dpia", "/meelezen/…/dpia"),
        ("//elders.invalid", "Geen pagina"),
        ("https://elders.invalid/", "Geen pagina"),
        ("/bestaat-niet", "Geen pagina"),
        ("/bijeenkomsten/afmelden/heel-geheim", "/bijeenkomsten/afmelden/…"),
        ("javascript:alert(1)", "Geen pagina"),
    ],
)
def test_secrets_of_links_and_other_addresses_do_not_go_along(browser: Browser, page: str, shown: str) -> None:
    found = browser.get(f"/hulp?pagina={page}").soup.main
    assert found is not None
    text = found.get_text(" ", strip=True)
    assert shown in text
    assert "geheim" not in text


@pytest.mark.parametrize(
    ("referrer", "shown"),
    [
        ("http://localhost/deelnemers?q=iets", "/deelnemers"),
        ("http://elders.invalid/deelnemers", "Geen pagina"),
        ("http://localhost.elders.invalid/deelnemers", "Geen pagina"),
        ("", "Geen pagina"),
    ],
)
def test_the_page_with_the_link_goes_along(browser: Browser, referrer: str, shown: str) -> None:
    answer = browser.client.get("/hulp", headers={"Referer": referrer})

    assert f"{shown}" in Page(answer).text


def test_without_anywhere_to_deliver_the_page_names_the_operator(browser: Browser, app: Flask) -> None:
    kept = app.extensions.pop("ticket_system")
    try:
        page = browser.get("/hulp")
        assert not page.soup.select("main form")
        assert "hier nog niet ingevuld" in page.text
    finally:
        app.extensions["ticket_system"] = kept


def test_an_organisation_invites_us(browser: Browser, session: Session, zammad: Zammad) -> None:
    page = browser.get(browser.get("/bijeenkomsten").link("Uitnodiging versturen"))
    values: dict[str, Any] = {
        "organisation": "Voorbeeldgemeenten",
        "when": "een dinsdag",
        "audience": "25",
        "topic": "Kosten.",
    }
    send(browser, page, button="Uitnodiging versturen", **values)
    (row,) = asked(session)
    assert row.kind is RequestKind.INVITATION
    deliver()
    assert "een dinsdag" in zammad.bodies[0]["article"]["body"]
    assert zammad.bodies[0]["title"].startswith("Uitnodiging: Voorbeeldgemeenten")


# ------------------------------------------------------------------------------------------- participants


def test_a_participant_asks_and_sees_the_answer(
    browser: Browser, session: Session, people: People, make_participant: MakeParticipant, zammad: Zammad
) -> None:
    participant = make_participant()
    browser.sign_in(people.of(participant, ParticipantRole.EMPLOYEE, name="Collega A"))
    start = browser.get(f"/mijn/{participant.id}")
    page = browser.get(start.link("Hulp vragen"))
    assert "Voorbeeld Incasso" in page.text
    assert f"/mijn/{participant.id}" in page.text
    assert page.soup.select_one("[name=name]")["value"] == "Collega A"  # type: ignore[index]
    sent = send(browser, page)
    (row,) = asked(session)
    assert row.participant_id == participant.id
    listed = browser.get(sent.link("Naar mijn vragen"))
    assert "Wordt doorgestuurd" in listed.text
    deliver()
    zammad.answer(41, "Zo <b>doet</b> u dat.<img src=x onerror=alert(1)>", state="closed")
    one = browser.get(listed.link("Hoe werkt dit?"))
    answered = browser.submit(one, "Kijk of er antwoord is")
    assert "De stand is bijgewerkt." in answered.notices
    assert "Zo doet u dat." in answered.text
    assert "Afgesloten" in answered.text
    assert not answered.soup.select("main pre *")


def test_asking_for_the_state_by_hand_has_a_limit_and_may_fail(
    browser: Browser, people: People, make_participant: MakeParticipant, ask: Ask, zammad: Zammad
) -> None:
    participant = make_participant()
    row = ask(participant)
    deliver()
    browser.sign_in(people.of(participant, ParticipantRole.EMPLOYEE))
    page = browser.get(f"/mijn/{participant.id}/hulp/{row.key}")
    zammad.faults = ["500"]
    assert "antwoordt nu niet" in browser.submit(page, "Kijk of er antwoord is").text
    for _ in range(5):
        browser.submit(page, "Kijk of er antwoord is")
    seen = len(zammad.seen)
    assert "te vaak" in browser.submit(page, "Kijk of er antwoord is").text
    assert len(zammad.seen) == seen


def test_another_participants_requests_do_not_exist(
    browser: Browser, people: People, make_participant: MakeParticipant, ask: Ask
) -> None:
    own, other = make_participant(), make_participant("Ander Voorbeeld")
    row = ask(other)
    browser.sign_in(people.of(own, ParticipantRole.REPRESENTATIVE))
    browser.get(f"/mijn/{other.id}/hulp", 404)
    browser.get(f"/mijn/{own.id}/hulp/{row.key}", 404)
    assert "Ander Voorbeeld" not in browser.get(f"/hulp?deelnemer={other.id}").text
    assert row.key not in browser.get(f"/mijn/{own.id}/hulp").text


def test_who_works_for_two_chooses(
    browser: Browser, people: People, session: Session, make_participant: MakeParticipant
) -> None:
    first, second = make_participant(), make_participant("Ander Voorbeeld")
    account = people.of(first, ParticipantRole.EMPLOYEE)
    represent(SYSTEM, account.id, second.id, ParticipantRole.EMPLOYEE, clock.today())
    session.commit()
    browser.sign_in(account)
    page = browser.get("/hulp")
    assert "Niet namens een deelnemer" in page.text
    page = browser.get(page.link("Ander Voorbeeld, schuldeiser"))
    send(browser, page)
    assert asked(session)[0].participant_id == second.id


def test_a_request_that_failed_is_told_in_a_clear_sentence(
    browser: Browser, people: People, make_participant: MakeParticipant, ask: Ask, zammad: Zammad
) -> None:
    participant = make_participant()
    row = ask(participant)
    zammad.faults = ["422"]
    deliver()
    browser.sign_in(people.of(participant, ParticipantRole.EMPLOYEE))
    page = browser.get(f"/mijn/{participant.id}/hulp/{row.key}")
    assert "nog niet bij de helpdesk aangekomen. U hoeft niets te doen" in page.text
    assert "Zo kan het niet" not in page.text


# ------------------------------------------------------------------------------------------- staff


def test_staff_note_a_question_of_a_contact_on_the_telephone(
    browser: Browser, people: People, session: Session, make_participant: MakeParticipant, zammad: Zammad
) -> None:
    participant = make_participant()
    set_contact(
        SYSTEM, participant, ContactRole.TECHNICAL, name="Voorbeeldpersoon T", email="t@deelnemer.invalid", phone="06"
    )
    session.commit()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(f"/beheer/deelnemers/{participant.id}")
    page = browser.get(page.link("Hulp vragen"))
    assert "Voorbeeld Incasso" in page.text
    page = browser.get(page.link("Voorbeeldpersoon T, technisch contact"))
    sent = send(browser, page, name=None, email=None)
    (row,) = asked(session)
    assert (row.channel, row.participant_id) == (RequestChannel.PHONE, participant.id)
    assert (row.name, row.email, row.phone) == ("Voorbeeldpersoon T", "t@deelnemer.invalid", "06")
    deliver()
    assert zammad.bodies[0]["article"]["type"] == "phone"
    listed = browser.get(sent.link("Naar de hulpvragen"))
    assert "telefonisch" in listed.text
    assert listed.link("22041").endswith("/#ticket/zoom/41")
    of_participant = browser.get(f"/beheer/deelnemers/{participant.id}/hulp")
    assert row.key in of_participant.text


def test_staff_search_for_the_participant(browser: Browser, people: People, make_participant: MakeParticipant) -> None:
    make_participant()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get("/hulp?zoek=incaso")
    assert "Voorbeeld Incasso" in browser.get(page.link("Voorbeeld Incasso, schuldeiser")).text


def test_what_does_not_get_through_is_my_work(
    browser: Browser, people: People, session: Session, ask: Ask, zammad: Zammad
) -> None:
    row = ask()
    zammad.faults = ["422"]
    deliver()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    work = browser.get("/beheer")
    assert "Hulpvraag niet doorgestuurd" in work.text
    page = browser.get(f"/beheer/hulpvragen/{row.key}")
    assert "Zo kan het niet." in page.text
    page = browser.submit(page, "Opnieuw doorsturen")
    deliver()
    session.expire_all()
    assert row.stage is RequestStage.DELIVERED
    assert "Hulpvraag niet doorgestuurd" not in browser.get("/beheer").text


def test_who_may_read_does_not_deliver_again(browser: Browser, people: People, ask: Ask, zammad: Zammad) -> None:
    row = ask()
    zammad.faults = ["422"]
    deliver()
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    page = browser.get(f"/beheer/hulpvragen/{row.key}")
    assert not page.soup.find("button", string="Opnieuw doorsturen")
    token = page.soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    browser.post(f"/beheer/hulpvragen/{row.key}/opnieuw", {"csrf_token": token}, 403)


def test_the_board_does_not_see_requests(browser: Browser, people: People, ask: Ask) -> None:
    browser.sign_in(people.staff(StaffRole.BOARD))
    browser.get(f"/beheer/hulpvragen/{ask().key}", 403)
    browser.get("/beheer/hulpvragen", 403)


@pytest.mark.parametrize("query", ["stand=stuck", "stand=open", "stand=closed", "q=werkt", "q=%25_", "stand=x"])
def test_the_list_can_be_narrowed(browser: Browser, people: People, ask: Ask, query: str) -> None:
    row = ask()
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    listed = browser.get(f"/beheer/hulpvragen?{query}")
    assert (row.key in listed.text) is (query in {"stand=open", "q=werkt", "stand=x"})
