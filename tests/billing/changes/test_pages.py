"""The pages on which finance puts changes of category forward and decides."""

from __future__ import annotations

from sqlalchemy.orm import Session

from billing.changes import queries, services
from core import clock
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from participants.models import Participant
from tests.billing.changes.conftest import AUTUMN, grow
from tests.billing.conftest import World
from tests.browser import Browser
from tests.people import People


def test_finance_puts_several_forward_on_the_page_and_a_colleague_decides(
    world: World, browser: Browser, grown: Participant, asker: Account, checker: Account
) -> None:
    shrunk = grow(world, "Gemeente Krimpstad", 75_000, 69_999)
    with clock.at(AUTUMN):
        page = browser.sign_in(asker).get("/beheer/tarieven/wijzigingen")
        assert "Niets" in page.text
        page = browser.submit(page, "Zoek nu")
        assert page.notices == ["2 nieuw, 0 vervallen, 0 ongewijzigd."]
        assert "€\u00a0-750,00" in page.text_of_body
        nothing = browser.submit(page, "Voorleggen aan een collega", expect=422)
        assert nothing.errors == ["Kies ten minste één voorstel."]
        ids = [row.id for row in queries.open_changes().values()]
        page = browser.submit(page, "Voorleggen aan een collega", changes=[str(key) for key in ids])
        assert page.heading == "Verzoek: wijziging van categorie"
        assert "Een collega van Financiën beoordeelt dit." in page.text
        other = Browser(browser.app).sign_in(checker)
        page = other.get(str(page.response.request.path))
        page = other.get(page.link("Beoordelen"))
        assert "2 wijzigingen van categorie vanaf 1 januari 2026" in page.text
        other.submit(page, "Akkoord geven")
        page = other.get("/beheer/tarieven/wijzigingen?stand=gewijzigd")
        assert "Gemeente Krimpstad" in page.text
        csv = other.get("/beheer/tarieven/wijzigingen?stand=gewijzigd&als=csv").text_of_body
        assert "Gemeente Groeidorp" in csv
        page = other.get(f"/beheer/deelnemers/{shrunk.id}/tarief")
        assert "Categorie gewijzigd" in page.text


def test_my_work_tells_that_there_are_proposals(browser: Browser, grown: Participant, asker: Account) -> None:
    services.find_changes(AUTUMN)
    page = browser.sign_in(asker).get("/beheer")
    assert "1 deelnemer valt in een andere categorie" in page.text


def test_who_may_only_read_cannot_put_forward(
    browser: Browser, people: People, grown: Participant, session: Session
) -> None:
    services.find_changes(AUTUMN)
    session.commit()
    auditor = people.staff(StaffRole.AUDITOR)
    page = browser.sign_in(auditor).get("/beheer/tarieven/wijzigingen")
    assert "Gemeente Groeidorp" in page.text
    assert "Voorleggen" not in page.text
    assert "Zoek nu" not in page.text
    participant = people.of(grown, ParticipantRole.REPRESENTATIVE)
    Browser(browser.app).sign_in(participant).get("/beheer/tarieven/wijzigingen", expect=403)


def test_a_request_that_does_not_exist_is_not_found(browser: Browser, asker: Account) -> None:
    browser.sign_in(asker).get("/beheer/tarieven/wijzigingen/verzoek/999999", expect=404)
