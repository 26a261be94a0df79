"""When two people change the same thing, the second is asked what to keep; what does not clash is not asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.audit import SYSTEM
from identity.kinds import ParticipantRole, StaffRole
from participants import services
from participants.kinds import Channel
from participants.models import Participant
from tests.browser import Browser
from tests.participants.conftest import MakeParticipant
from tests.people import People

CLASH = "Een collega heeft dit intussen gewijzigd"


@pytest.fixture
def participant(session: Session, make_participant: MakeParticipant) -> Participant:
    row = make_participant()
    _set(row)
    session.commit()
    return row


def _set(participant: Participant, **values: str) -> None:
    stored = {"street": "Plein 1", "postal_code": "1234 AB", "city": "Ergens", "email": "f@deelnemer.invalid"}
    services.set_invoice_details(SYSTEM, participant, **stored | values)


@pytest.fixture
def staff(browser: Browser, people: People) -> Browser:
    return browser.sign_in(people.staff(StaffRole.RELATIONS))


@pytest.fixture
def theirs(browser: Browser, people: People, participant: Participant) -> Browser:
    return Browser(browser.app).sign_in(people.of(participant, ParticipantRole.REPRESENTATIVE))


def details(participant: Participant) -> tuple[str, str, str]:
    found = participant.invoice_details
    assert found is not None
    return found.street, found.city, found.email


def test_both_changed_the_same_field_and_mine_is_kept(
    session: Session, staff: Browser, theirs: Browser, participant: Participant
) -> None:
    mine = staff.get(f"/beheer/deelnemers/{participant.id}/factuurgegevens")
    page = theirs.get(f"/mijn/{participant.id}/factuurgegevens")
    theirs.submit(page, "Bewaren", city="Hunstad", street="Hunplein 1")
    page = staff.submit(mine, "Bewaren", city="Mijnstad", expect=409)
    assert page.heading == CLASH
    assert "Dit is het verschil; kies wat u wilt bewaren." in page.text
    shown = [legend.get_text(strip=True) for legend in page.soup.select("fieldset legend")]
    assert shown == ["Straat en huisnummer, of postbus", "Plaats"]
    assert "Van uw collega: Hunstad" in page.text
    assert "Van u: Mijnstad" in page.text
    page = staff.submit(page, "Keuze bewaren")
    session.refresh(participant)
    assert details(participant) == ("Hunplein 1", "Mijnstad", "f@deelnemer.invalid")
    assert page.response.request.path == f"/beheer/deelnemers/{participant.id}"


def test_what_was_chosen_is_kept(session: Session, staff: Browser, theirs: Browser, participant: Participant) -> None:
    mine = staff.get(f"/beheer/deelnemers/{participant.id}/factuurgegevens")
    page = theirs.get(f"/mijn/{participant.id}/factuurgegevens")
    theirs.submit(page, "Bewaren", city="Hunstad", street="Hunplein 1")
    page = staff.submit(mine, "Bewaren", city="Mijnstad", expect=409)
    choice: dict[str, Any] = {"keep-city": "theirs", "keep-street": "yours"}
    staff.submit(page, "Keuze bewaren", **choice)
    session.refresh(participant)
    assert details(participant) == ("Plein 1", "Hunstad", "f@deelnemer.invalid")


def test_somebody_who_is_first_once_more_is_shown_again(
    session: Session, staff: Browser, theirs: Browser, participant: Participant
) -> None:
    mine = staff.get(f"/beheer/deelnemers/{participant.id}/factuurgegevens")
    theirs.submit(theirs.get(f"/mijn/{participant.id}/factuurgegevens"), "Bewaren", city="Hunstad")
    page = staff.submit(mine, "Bewaren", city="Mijnstad", expect=409)
    theirs.submit(theirs.get(f"/mijn/{participant.id}/factuurgegevens"), "Bewaren", city="Nog anders")
    page = staff.submit(page, "Keuze bewaren", expect=409)
    assert "Van uw collega: Nog anders" in page.text
    staff.submit(page, "Keuze bewaren")
    session.refresh(participant)
    assert details(participant)[1] == "Mijnstad"


def test_a_change_elsewhere_in_the_file_is_no_clash(
    session: Session, staff: Browser, theirs: Browser, participant: Participant
) -> None:
    mine = staff.get(f"/beheer/deelnemers/{participant.id}/factuurgegevens")
    contact = theirs.get(f"/mijn/{participant.id}/contact/privacy")
    theirs.submit(contact, "Bewaren", name="Petra Privacy", email="p@deelnemer.invalid")
    page = staff.submit(mine, "Bewaren", city="Mijnstad")
    assert page.heading == participant.name
    assert "Petra Privacy" in page.text


def test_both_made_the_same_change(session: Session, staff: Browser, participant: Participant) -> None:
    mine = staff.get(f"/beheer/deelnemers/{participant.id}/factuurgegevens")
    _set(participant, city="Samen")
    session.commit()
    assert staff.submit(mine, "Bewaren", city="Samen").heading == participant.name


def test_a_choice_and_a_tick_are_shown_in_words(session: Session, staff: Browser, participant: Participant) -> None:
    mine = staff.get(f"/beheer/deelnemers/{participant.id}/aansluiting")
    services.change_participant(SYSTEM, participant, channel=Channel.SYSTEM, list_publicly=False)
    session.commit()
    page = staff.submit(mine, "Bewaren", channel="csv", expect=409)
    assert "Van uw collega: Systeemkoppeling" in page.text
    assert "Van u: Webportaal met CSV-bestanden" in page.text
    assert "Van uw collega: nee" in page.text
    staff.submit(page, "Keuze bewaren")
    session.refresh(participant)
    assert (participant.channel, participant.list_publicly) == (Channel.CSV, False)


@pytest.mark.parametrize("seen", ["", "geen json", "[1]", json.dumps({"city": 5})])
def test_without_memory_of_the_page_every_difference_is_shown(
    staff: Browser, participant: Participant, seen: str
) -> None:
    mine = staff.get(f"/beheer/deelnemers/{participant.id}/factuurgegevens")
    page = staff.submit(mine, "Bewaren", city="Mijnstad", seen=seen, expect=409)
    assert "Van u: Mijnstad" in page.text
    assert page.link("Niets wijzigen") == f"/beheer/deelnemers/{participant.id}"
