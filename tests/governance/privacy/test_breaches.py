"""Data breaches: the clock of 72 hours, participants told by name, and a register that lies fixed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.audit import SYSTEM
from core.errors import Refused
from core.mail import OutboxMessage
from governance.privacy.breaches import queries, services
from governance.privacy.kinds import DataRole, Risk
from governance.privacy.models import Breach
from identity.kinds import StaffRole
from participants.kinds import ContactRole, Stage
from participants.models import Participant
from tests.browser import Browser
from tests.people import People

LIST = "/beheer/privacy/datalekken"
Make = Callable[..., Participant]


def breach(role: DataRole = DataRole.PROCESSOR, risk: Risk = Risk.UNKNOWN, *, hours: int = 41) -> Breach:
    return services.record_breach(
        SYSTEM,
        role=role,
        title="Voorbeeld",
        facts="Er ging iets mis.",
        effects="Onbekend.",
        measures="Hersteld.",
        people_affected="3 mensen",
        discovered_at=clock.now() - timedelta(hours=hours),
        risk=risk,
    )


def test_as_processor_every_affected_participant_is_told_once(
    session: Session, participant: Make, sentences: Callable[[], list[str]]
) -> None:
    row = breach()
    first, second = participant("p@een.invalid"), participant("t@twee.invalid", ContactRole.SIGNATORY)
    services.set_affected(row, [first.id, second.id], SYSTEM)
    with pytest.raises(Refused, match="zonder vertraging"):
        services.close_breach(row, SYSTEM)
    assert services.notify_controllers(row, [one.id for one in row.affected], SYSTEM) == 2
    mails = session.execute(select(OutboxMessage).order_by(OutboxMessage.recipient)).scalars().all()
    assert [mail.recipient for mail in mails] == ["p@een.invalid", "t@twee.invalid"]
    assert "Er ging iets mis." in mails[0].body
    assert first.name in mails[0].body
    with pytest.raises(Refused, match=r"intussen anders|weten het al"):
        services.notify_controllers(row, [one.id for one in row.affected], SYSTEM)
    services.close_breach(row, SYSTEM)
    assert f"meldde datalek {row.number} aan {second.name}" in " ".join(sentences())


def test_who_was_told_stays_on_the_list(participant: Make) -> None:
    row, told, other = breach(), participant("p@een.invalid"), participant("q@twee.invalid")
    services.set_affected(row, [told.id], SYSTEM)
    services.notify_controllers(row, [one.id for one in row.affected], SYSTEM)
    services.set_affected(row, [other.id], SYSTEM)
    assert {one.participant_id for one in row.affected} == {told.id, other.id}


def test_the_mail_goes_to_exactly_whom_the_page_named(participant: Make) -> None:
    row = breach()
    services.set_affected(row, [participant("p@een.invalid").id], SYSTEM)
    named = [one.id for one in row.affected]
    services.set_affected(row, [*(one.participant_id for one in row.affected), participant("q@x.invalid").id], SYSTEM)
    with pytest.raises(Refused, match="intussen anders"):
        services.notify_controllers(row, named, SYSTEM)


def test_without_any_contact_nobody_is_told_in_silence(participant: Make) -> None:
    row = breach()
    services.set_affected(row, [participant().id, participant("p@een.invalid").id], SYSTEM)
    with pytest.raises(Refused, match="geen contactpersoon"):
        services.notify_controllers(row, [one.id for one in row.affected], SYSTEM)


def test_a_participant_that_does_not_exist(session: Session) -> None:
    with pytest.raises(Refused, match="bestaat niet"):
        services.set_affected(breach(), [999_999_999], SYSTEM)


def test_as_controller_the_authority_is_told_and_late_needs_a_reason(session: Session) -> None:
    row = breach(DataRole.CONTROLLER, Risk.RISK, hours=100)
    with pytest.raises(Refused, match="Meld het bij"):
        services.close_breach(row, SYSTEM)
    services.tell_authority(row, clock.now(), "VB-1", SYSTEM)
    with pytest.raises(Refused, match="later was dan 72 uur"):
        services.close_breach(row, SYSTEM)
    values = {name: getattr(row, name) for name in services.LABELS}
    services.change_breach(row, values | {"not_told_reason": "Pas na onderzoek duidelijk."}, SYSTEM)
    services.close_breach(row, SYSTEM)
    with pytest.raises(Refused, match="afgesloten"):
        services.change_breach(row, values, SYSTEM)
    with pytest.raises(IntegrityError, match="ligt vast"):
        session.execute(text("UPDATE breaches SET facts = ''"))


def test_moments_that_cannot_be(session: Session) -> None:
    with pytest.raises(Refused, match="nog komen"):
        breach(hours=-1)
    row = breach(DataRole.CONTROLLER)
    with pytest.raises(Refused, match="na de ontdekking"):
        services.tell_authority(row, clock.now() - timedelta(days=9), "VB-1", SYSTEM)
    with pytest.raises(Refused, match="Als verwerker"):
        services.tell_authority(breach(), clock.now(), "VB-1", SYSTEM)
    with pytest.raises(Refused, match="eigen gegevens"):
        services.notify_controllers(row, [], SYSTEM)


def test_numbers_follow_each_other(session: Session) -> None:
    year = clock.today().year
    assert [breach().number, breach().number] == [f"DL-{year}-01", f"DL-{year}-02"]
    assert len(queries.open_breaches()) == 2


# ------------------------------------------------------------------------------------------- pages


def test_as_controller_over_the_pages(session: Session, privacy: Browser) -> None:
    page = privacy.get(privacy.get(LIST).link("Datalek vastleggen"))
    assert len(privacy.submit(page, "Vastleggen", expect=422).errors) == 8
    yesterday = clock.today() - timedelta(days=1)
    given = {
        "role": "controller",
        "discovered_on": f"{yesterday.day}-{yesterday.month}-{yesterday.year}",
        "title": "Mail naar een verkeerd adres",
        "facts": "<b>Mail</b>",
        "people_affected": "1 persoon",
        "effects": "Klein",
        "measures": "Gebeld",
        "risk": "high",
    }
    wrong = privacy.submit(page, "Vastleggen", 422, discovered_time="25:00", **given)
    assert wrong.errors == ["Schrijf de tijd als uren en minuten, bijvoorbeeld 14:05."]
    page = privacy.submit(page, "Vastleggen", 200, discovered_time="00:00", **given)
    assert "nog " in page.text
    assert "72 uur" in page.text
    number = page.response.request.path.rpartition("/")[2]
    assert f"{number}: Mail naar een verkeerd adres" in privacy.get("/beheer/").text
    page = privacy.submit(
        privacy.get(page.link("Melding bij de AP vastleggen")), "Vastleggen", told_time="0.00", reference="VB-1"
    )
    page = privacy.submit(
        privacy.get(page.link("Bijwerken")), "Bewaren", people_not_told_reason="Meteen ongedaan gemaakt."
    )
    page = privacy.submit(page, "Afsluiten")
    assert "Afgesloten" in page.text
    content = privacy.client.get(f"{LIST}.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";"))
    assert [(row["nummer"], row["feiten"], row["kenmerk_ap"]) for row in rows] == [(number, "<b>Mail</b>", "VB-1")]


def test_as_processor_over_the_pages(session: Session, privacy: Browser, participant: Make) -> None:
    told, row = participant("p@een.invalid"), breach()
    session.commit()
    address = f"{LIST}/{row.number}"
    assert "Niemand te mailen" in privacy.get(f"{address}/melden").text
    page = privacy.submit(privacy.get(f"{address}/deelnemers"), "Lijst bewaren", participants=[str(told.id)])
    page = privacy.get(page.link("Melden aan deelnemers"))
    assert told.name in page.text
    assert "p@een.invalid" in page.text
    page = privacy.submit(page, "Mail aan 1 deelnemer")
    assert page.notices == ["De melding is gemaild aan de deelnemers."]
    assert "Klaar om af te sluiten" in privacy.get(LIST).text
    page = privacy.submit(page, "Afsluiten")
    assert "Afgesloten" in page.text
    assert "Afgesloten op" in privacy.get(LIST).text


def test_everybody_who_is_connected_with_one_tick(session: Session, privacy: Browser, participant: Make) -> None:
    live, not_live, row = participant("p@een.invalid"), participant("q@twee.invalid"), breach()
    live.stage = Stage.LIVE
    session.commit()
    privacy.submit(privacy.get(f"{LIST}/{row.number}/deelnemers"), "Lijst bewaren", everybody="y")
    session.expire_all()
    assert [one.participant_id for one in row.affected] == [live.id]
    assert not_live.id != live.id


def test_a_participant_that_is_no_number(session: Session, privacy: Browser) -> None:
    row = breach()
    session.commit()
    page = privacy.get(f"{LIST}/{row.number}/deelnemers")
    assert privacy.submit(page, "Lijst bewaren", participants=["x"], expect=422).errors


def test_who_may_not(browser: Browser, people: People, session: Session) -> None:
    row = breach()
    session.commit()
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    browser.get(f"{LIST}/{row.number}")
    browser.get(f"{LIST}/{row.number}/melden", expect=403)
    browser.get(f"{LIST}/DL-1999-01", expect=404)
    browser.sign_in(people.staff(StaffRole.BOARD)).get(f"{LIST}/{row.number}", expect=403)
