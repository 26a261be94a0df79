"""Staff say for whom a participant works; the past stays."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from core import audit, clock
from core.audit import SYSTEM
from identity.kinds import StaffRole
from participants.kinds import OrganisationKind, Sector
from participants.models import ActsForCreditor, Participant, ServedMunicipality
from participants.services import create_organisation, register_participant
from participants.works_for.queries import creditors_acted_for, served_municipalities
from tests.browser import Browser
from tests.people import People


@pytest.fixture
def relations(browser: Browser, people: People) -> Browser:
    return browser.sign_in(people.staff(StaffRole.RELATIONS))


def participant(session: Session, role: str, kvk: str) -> Participant:
    organisation = create_organisation(
        SYSTEM, name=f"Proef {kvk}", kind=OrganisationKind.COMPANY, sector=Sector.OTHER, kvk=kvk, fictional=True
    )
    row = register_participant(SYSTEM, organisation.id, role)
    session.commit()
    return row


def municipality(session: Session) -> int:
    row = create_organisation(
        SYSTEM,
        name="Gemeente Proefstad",
        short_name="Proefstad",
        kind=OrganisationKind.MUNICIPALITY,
        sector=Sector.MUNICIPALITY,
        municipality_code="GM9998",
        fictional=True,
    )
    session.commit()
    return row.id


def test_a_municipality_is_added_and_ended_with_a_sentence_each(session: Session, relations: Browser) -> None:
    key, city = participant(session, "shv_phase_2", "99000901").id, municipality(session)
    page = relations.get(f"/beheer/deelnemers/{key}/werkt-voor")
    page = relations.submit(page, "Toevoegen", municipality=str(city), starts_on="1-1-2026")
    assert "Proefstad 1 januari 2026" in page.text
    page = relations.get(f"/beheer/deelnemers/{key}/werkt-voor/{city}/beeindigen")
    relations.submit(page, "Beëindigen", ends_before="1-2-2026")
    assert served_municipalities(key, clock.today()) == []
    row = session.query(ServedMunicipality).filter_by(participant_id=key).one()
    assert row.ends_before is not None
    sentences = " ".join(entry.sentence for entry in audit.timeline(participant_id=key, for_staff=True))
    assert sentences.count("Proefstad") == 2


def test_a_creditor_is_added_by_name_and_ended(session: Session, relations: Browser) -> None:
    key = participant(session, "creditor", "99000902").id
    page = relations.get(f"/beheer/deelnemers/{key}/werkt-voor")
    relations.submit(page, "Toevoegen", creditor_name="Voorbeeldstroom", starts_on="1-1-2026")
    rows = creditors_acted_for(key, clock.today())
    assert [row.creditor_name for row in rows] == ["Voorbeeldstroom"]
    page = relations.get(f"/beheer/deelnemers/{key}/werkt-voor/{rows[0].id}/beeindigen")
    relations.submit(page, "Beëindigen")
    assert creditors_acted_for(key, clock.today()) == []
    assert session.query(ActsForCreditor).filter_by(participant_id=key).count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"creditor_name": "", "starts_on": "1-1-2026"}, "Vul de naam van de schuldeiser in."),
        ({"creditor_name": "X", "starts_on": "31-2-2026"}, "Deze datum bestaat niet"),
        ({"creditor_name": "X", "starts_on": ""}, "Vul in vanaf welke dag."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    session: Session, relations: Browser, values: dict[str, str], sentence: str
) -> None:
    key = participant(session, "creditor", "99000903").id
    page = relations.get(f"/beheer/deelnemers/{key}/werkt-voor")
    page = relations.submit(page, "Toevoegen", expect=422, **values)
    assert any(sentence in error for error in page.errors)
    assert session.query(ActsForCreditor).count() == 0


def test_who_only_reads_cannot_open_it_and_nobody_ends_what_is_not_there(
    session: Session, browser: Browser, people: People
) -> None:
    key = participant(session, "creditor", "99000904").id
    browser.sign_in(people.staff(StaffRole.BOARD))
    browser.get(f"/beheer/deelnemers/{key}/werkt-voor", expect=403)
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    browser.get(f"/beheer/deelnemers/{key}/werkt-voor/424242/beeindigen", expect=404)
