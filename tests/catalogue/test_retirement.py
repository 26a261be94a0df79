"""The end of a version: announced, with mail to who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue import services
from catalogue.models import ModuleVersion
from catalogue.queries import active_modules
from catalogue.retirement import services as retirement
from catalogue.retirement.jobs import close_retired
from catalogue.versions.queries import versions
from core import clock
from core.audit import SYSTEM
from core.errors import Refused
from core.mail import OutboxMessage
from identity.kinds import ParticipantRole, StaffRole
from participants.kinds import ContactRole
from participants.models import Contact, Participant
from tests.browser import Browser
from tests.catalogue.conftest import MakeParticipant
from tests.people import People

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def old(session: Session, modules: None) -> ModuleVersion:
    """Schuldregeling 1.1."""
    return versions("debt_settlement")[1]


def user_of(session: Session, made: Participant, email: str | None) -> Participant:
    services.take_over_module(made.id, "debt_settlement:1.1", date(2022, 1, 1), SYSTEM)
    if email:
        for role in (ContactRole.TECHNICAL, ContactRole.FUNCTIONAL):
            session.add(Contact(participant_id=made.id, role=role, name="Voorbeeldpersoon A", email=email))
    session.commit()
    return made


def mails(session: Session) -> list[str]:
    return list(session.execute(select(OutboxMessage.recipient).order_by(OutboxMessage.id)).scalars())


def test_the_end_is_announced_users_are_mailed_and_reminded_and_move_on(
    browser: Browser, people: People, session: Session, old: ModuleVersion, participant: MakeParticipant
) -> None:
    first = user_of(session, participant(name="Voorbeeld Een"), "techniek@een.invalid")
    user_of(session, participant(name="Voorbeeld Twee"), "techniek@twee.invalid")
    user_of(session, participant(name="Voorbeeld Drie"), None)
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(f"/beheer/modules/versies/{old.id}")
    page = browser.get(page.link("Gebruik en einde"))
    form = browser.get(page.link("Einde aankondigen"))
    assert "in de toekomst" in browser.submit(form, expect=422, retires_on="20-11-2026", reason="x").errors[0]
    page = browser.submit(form, retires_on="1-7-2027", reason="Versie 2.0 is er.")
    assert "Eén deelnemer heeft geen technisch contact" in page.text
    check = browser.get(page.link("Deelnemers mailen (2)"))
    assert "Voorbeeld Een: techniek@een.invalid" in check.text
    assert mails(session) == []
    keys = [str(box["value"]) for box in check.soup.find_all("input", attrs={"name": "chosen"})]
    page = browser.submit(check, chosen=keys)
    assert page.notices == ["De mail gaat naar 2 deelnemers."]
    assert mails(session) == ["techniek@een.invalid", "techniek@twee.invalid"]  # once, though in two roles
    browser.submit(check, chosen=keys)  # sent twice by accident
    assert len(mails(session)) == 2
    services.switch_version(first.id, versions("debt_settlement")[-1], TODAY, SYSTEM)
    session.commit()
    page = browser.get(f"/beheer/modules/versies/{old.id}/einde")
    assert "Overgestapt of gestopt" in page.text
    check = browser.get(page.link("Herinneren (1)"))
    page = browser.submit(
        check, chosen=[str(box["value"]) for box in check.soup.find_all("input", attrs={"name": "chosen"})]
    )
    assert page.notices == ["De mail gaat naar 1 deelnemer."]
    subjects = list(session.execute(select(OutboxMessage.subject).order_by(OutboxMessage.id)).scalars())
    assert subjects[-1] == "Herinnering: Schuldregeling 1.1 loopt af op 1 juli 2027"


def test_on_the_day_it_is_off_for_who_did_not_move_on(
    session: Session, old: ModuleVersion, participant: MakeParticipant
) -> None:
    stays = user_of(session, participant(), None)
    moved = user_of(session, participant(), None)
    retirement.announce(SYSTEM, old, date(2027, 7, 1), "Versie 2.0 is er.")
    services.switch_version(moved.id, versions("debt_settlement")[-1], TODAY, SYSTEM)
    session.commit()
    assert close_retired() == 0
    with clock.at(date(2027, 7, 3)):
        assert close_retired() == 1
        assert close_retired() == 0
    assert active_modules(stays.id, date(2027, 6, 30))
    assert active_modules(stays.id, date(2027, 7, 1)) == []
    assert [module.version for module in active_modules(moved.id, date(2027, 7, 1))] == ["2.0"]


def test_what_ends_is_switched_on_for_nobody(
    session: Session, old: ModuleVersion, participant: MakeParticipant
) -> None:
    made = participant()
    retirement.announce(SYSTEM, old, date(2027, 7, 1), "Versie 2.0 is er.")
    with pytest.raises(Refused, match="loopt af: vanaf 1 juli 2027 kan niemand"):
        services.activate(made.id, "debt_settlement", TODAY, SYSTEM, version=old)
    with clock.at(date(2027, 7, 1)), pytest.raises(Refused, match="is afgelopen"):
        services.activate(made.id, "debt_settlement", date(2027, 7, 1), SYSTEM, version=old)
    services.activate(made.id, "debt_settlement", TODAY, SYSTEM)


def test_an_announcement_can_be_taken_back_until_the_day(
    browser: Browser, people: People, session: Session, old: ModuleVersion
) -> None:
    retirement.announce(SYSTEM, old, date(2027, 7, 1), "Versie 2.0 is er.")
    session.commit()
    with pytest.raises(Refused, match="loopt al af"):
        retirement.announce(SYSTEM, old, date(2027, 8, 1), "Nog eens.")
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    form = browser.get(f"/beheer/modules/versies/{old.id}/einde/intrekken")
    assert browser.submit(form, expect=422, reason="").errors == ["Schrijf in één of twee zinnen waarom."]
    browser.submit(form, reason="De leveranciers zijn nog niet klaar.")
    assert old.retires_on is None
    with pytest.raises(Refused, match="geen einde aangekondigd"):
        retirement.cancel(SYSTEM, old, "Nog eens.")


def test_what_was_never_released_does_not_end(session: Session, modules: None) -> None:
    with pytest.raises(Refused, match="nog niet vrijgegeven"):
        retirement.announce(SYSTEM, versions("early_signalling")[0], date(2027, 7, 1), "Komt niet.")


@pytest.mark.parametrize("rest", ["/aankondigen", "/intrekken", "/mailen/bericht"])
def test_who_may_only_look_ends_nothing(browser: Browser, people: People, old: ModuleVersion, rest: str) -> None:
    browser.sign_in(people.staff(StaffRole.BOARD))
    assert "Einde aankondigen" not in browser.get(f"/beheer/modules/versies/{old.id}/einde").text
    browser.get(f"/beheer/modules/versies/{old.id}/einde{rest}", expect=403)


def test_participants_do_not_see_who_uses_a_version(
    browser: Browser, people: People, old: ModuleVersion, participant: MakeParticipant
) -> None:
    browser.sign_in(people.of(participant(), ParticipantRole.REPRESENTATIVE))
    browser.get(f"/beheer/modules/versies/{old.id}/einde", expect=403)


def test_another_kind_of_mail_does_not_exist(browser: Browser, people: People, old: ModuleVersion) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    browser.get(f"/beheer/modules/versies/{old.id}/einde/mailen/anders", expect=404)
