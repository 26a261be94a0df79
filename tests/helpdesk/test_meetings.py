"""Information meetings: the agenda, signing up and off, the waiting list, calendars, forgetting."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, documents
from core.audit import SYSTEM, VISITOR
from core.db import transaction
from core.errors import NotFound, Refused, UserError
from core.mail import OutboxMessage
from helpdesk.kinds import MeetingAudience, MeetingKind, MeetingStage, SignUpStage, WhenFull
from helpdesk.meetings import queries, services
from helpdesk.meetings.calendar import CalendarEntry, calendar, escaped, folded
from helpdesk.meetings.forms import parse_time
from helpdesk.meetings.rules import erased_before
from helpdesk.meetings.services import Guest, Plan
from helpdesk.models import InformationMeeting, SignUp
from identity.kinds import StaffRole
from tests.browser import Browser, Page
from tests.people import People

LINK = "https://voorbeeld.invalid/geheime-zaal"
MakeMeeting = Callable[..., InformationMeeting]


@pytest.fixture
def make_meeting(session: Session) -> MakeMeeting:
    def make(days: int = 10, **changes: Any) -> InformationMeeting:
        on = clock.today() + timedelta(days=days)
        values: dict[str, Any] = {
            "title": "Kennismaken",
            "kind": MeetingKind.INFORMATION,
            "audience": MeetingAudience.EVERYBODY,
            "description": "Eerste deel.\n\nTweede deel.",
            "starts_at": services.moment_of(on, time(14)),
            "ends_at": services.moment_of(on, time(15, 30)),
            "place": "Voorbeeldstad",
            "directions": LINK,
            "capacity": None,
            "when_full": WhenFull.WAITING_LIST,
            "open_until": on,
            **changes,
        }
        row = services.plan_meeting(Plan(**values), SYSTEM)
        session.commit()
        return row

    return make


def come(row: InformationMeeting, letter: str = "a") -> None:
    with transaction():
        services.sign_up(row, Guest(f"Voorbeeldpersoon {letter}", "Voorbeeld", f"{letter}@gast.invalid"), VISITOR)


def stages(session: Session) -> dict[str | None, SignUpStage]:
    session.expire_all()
    return {row.email: row.stage for row in session.execute(select(SignUp).order_by(SignUp.id)).scalars()}


def mails(session: Session, to: str) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.recipient == to).order_by(OutboxMessage.id)
    return list(session.execute(query).scalars())


def link_in(mail: OutboxMessage) -> str:
    found = re.search(r"http://localhost(/bijeenkomsten/afmelden/\S+)", mail.body)
    assert found, mail.body
    return found[1]


# ------------------------------------------------------------------------------------------- signing up


def visit(browser: Browser, row: InformationMeeting, letter: str, expect: int = 200, **values: str) -> Page:
    page = browser.get(browser.get(f"/bijeenkomsten/{row.id}").link("Aanmelden voor deze bijeenkomst"))
    filled = {"name": f"Persoon {letter}", "organisation": "Voorbeeld", "email": f"{letter}@gast.invalid", **values}
    with clock.at(clock.now() + timedelta(seconds=20)):
        return browser.submit(page, "Aanmelding versturen", expect, **filled)


def test_a_visitor_signs_up_from_the_agenda_and_signs_off_by_mail(
    browser: Browser, session: Session, make_meeting: MakeMeeting
) -> None:
    row = make_meeting()
    agenda = browser.get("/bijeenkomsten")
    page = browser.get(agenda.link("Kennismaken"))
    assert "Tweede deel." in page.text
    assert LINK not in page.text_of_body + agenda.text_of_body
    assert visit(browser, row, "a").heading == "Kijk in uw mail"
    (mail,) = mails(session, "a@gast.invalid")
    assert LINK in mail.body
    assert "Persoon" not in mail.body, "nobody has proven that the address is his"
    attached = documents.read(mail.attachments[0]["sha256"]).decode()
    assert "geheime-zaal" in attached.replace("\r\n ", "")
    page = browser.get(link_in(mail))
    assert stages(session) == {"a@gast.invalid": SignUpStage.COMING}, "opening the link changes nothing"
    assert browser.submit(page, "Ik kom niet").heading == "U bent afgemeld"
    assert stages(session) == {"a@gast.invalid": SignUpStage.SIGNED_OFF}
    browser.get(link_in(mail), 404)


def test_signing_up_twice_answers_the_same_and_counts_once(
    browser: Browser, session: Session, make_meeting: MakeMeeting
) -> None:
    row = make_meeting()
    first, second = visit(browser, row, "a"), visit(browser, row, "a")
    assert first.text == second.text
    assert len(stages(session)) == 1
    before, after = mails(session, "a@gast.invalid")
    assert "al aangemeld" in after.subject
    browser.get(link_in(before), 404)
    browser.get(link_in(after))


def test_who_comes_too_late_waits_and_moves_up(session: Session, make_meeting: MakeMeeting) -> None:
    row = make_meeting(capacity=1)
    for letter in "abc":
        come(row, letter)
    assert list(stages(session).values()) == [SignUpStage.COMING, SignUpStage.WAITING, SignUpStage.WAITING]
    (waits,) = mails(session, "b@gast.invalid")
    assert LINK not in waits.body
    assert waits.attachments == []
    with transaction():
        services.sign_off(link_in(mails(session, "a@gast.invalid")[0]).rpartition("/")[2], VISITOR)
    assert list(stages(session).values()) == [SignUpStage.SIGNED_OFF, SignUpStage.COMING, SignUpStage.WAITING]
    assert LINK in mails(session, "b@gast.invalid")[1].body


def test_a_free_place_is_for_who_waits_already(session: Session, make_meeting: MakeMeeting) -> None:
    row = make_meeting(capacity=2, when_full=WhenFull.CLOSED)
    come(row, "a")
    come(row, "b")
    with pytest.raises(Refused, match="is vol"):
        come(row, "c")


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"open_until": date(2026, 1, 1)}, "laatste dag"), ({"capacity": 1, "when_full": WhenFull.CLOSED}, "is vol")],
)
def test_when_one_cannot_sign_up(
    browser: Browser, session: Session, make_meeting: MakeMeeting, changes: dict[str, Any], why: str
) -> None:
    row = make_meeting(**changes)
    if "capacity" in changes:
        come(row)
    page = browser.get(f"/bijeenkomsten/{row.id}")
    assert why in page.text
    assert browser.get(f"/bijeenkomsten/{row.id}/aanmelden").heading == "Kennismaken"
    with pytest.raises(Refused, match=why):
        come(row, "z")


def test_programs_and_wrong_input(browser: Browser, session: Session, make_meeting: MakeMeeting) -> None:
    row = make_meeting()
    assert visit(browser, row, "a", reden_van_bezoek="x").heading == "Kijk in uw mail"
    assert any("geen e-mailadres" in error for error in visit(browser, row, "a", 422, email="x").errors)
    assert stages(session) == {}


# ------------------------------------------------------------------------------------------- public pages


@pytest.mark.parametrize(
    "address", ["/bijeenkomsten", "/bijeenkomsten.ics", "/bijeenkomsten/{}", "/bijeenkomsten/{}.ics"]
)
def test_public_pages_set_no_cookie_and_know_when_nothing_changed(
    browser: Browser, make_meeting: MakeMeeting, address: str
) -> None:
    row = make_meeting()
    address = address.format(row.id)
    first = browser.client.get(address)
    assert first.status_code == 200
    assert "Set-Cookie" not in first.headers
    again = browser.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    with transaction():
        services.cancel_meeting(row, "De spreker is ziek.", SYSTEM)
    changed = browser.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert LINK not in changed.get_data(as_text=True)


def test_the_subscription_is_a_calendar(browser: Browser, make_meeting: MakeMeeting) -> None:
    make_meeting(title="Eén, twee; \\drie " + "ü" * 60)
    text = browser.client.get("/bijeenkomsten.ics").get_data(as_text=True)
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:Eén\\, twee\\; \\\\drie " + "ü" * 60 + "\r\n" in unfolded
    assert "LOCATION:Voorbeeldstad\r\n" in unfolded
    assert "DESCRIPTION:Eerste deel.\\n\\nTweede deel.\r\n" in unfolded


@pytest.mark.parametrize(("month", "utc"), [(1, "20260115T130000Z"), (7, "20260715T120000Z")])
def test_moments_are_in_utc_in_winter_and_summer(month: int, utc: str) -> None:
    starts = services.moment_of(date(2026, month, 15), time(14))
    stamp = datetime(2026, 1, 1, tzinfo=UTC)
    entry = CalendarEntry("u", 2, stamp, starts, starts + timedelta(hours=1), "t", "p", "", "http://x", True)
    text = calendar([entry], "n")
    assert f"DTSTART:{utc}\r\n" in text
    assert "SEQUENCE:2\r\n" in text
    assert "STATUS:CANCELLED\r\n" in text
    assert "DESCRIPTION" not in text
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_nothing_can_be_slipped_into_a_calendar() -> None:
    assert escaped("a\r\nATTENDEE:x\0") == "a\\nATTENDEE:x"
    assert folded("é" * 75).split("\r\n ") == ["é" * 37, "é" * 37, "é"]


# ------------------------------------------------------------------------------------------- staff


FORM: dict[str, Any] = {
    "title": "Nieuw",
    "kind": "webinar",
    "audience": "creditors",
    "on": "1-12-2099",
    "start": "14:00",
    "end": "15.30",
    "place": "Online",
    "directions": LINK,
    "capacity": "20",
    "when_full": "closed",
}


def test_staff_plan_change_and_call_off(browser: Browser, session: Session, people: People) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.get(browser.get("/beheer/bijeenkomsten").link("Bijeenkomst plannen"))
    shown = browser.submit(page, "Opslaan", **FORM)
    assert "De bijeenkomst staat op de agenda." in shown.notices
    row = session.execute(select(InformationMeeting)).scalar_one()
    assert (row.open_until, row.capacity, row.when_full) == (date(2099, 12, 1), 20, WhenFull.CLOSED)
    come(row)
    page = browser.get(shown.link("Wijzigen"))
    assert page.soup.select_one("[name=end]")["value"] == "15:30"  # type: ignore[index]
    browser.submit(page, "Opslaan", capacity="25")
    assert len(mails(session, "a@gast.invalid")) == 1, "more places is no news for who comes"
    browser.submit(page, "Opslaan", start="13:30")
    (_, changed) = mails(session, "a@gast.invalid")
    assert "13:30" in changed.body
    session.expire_all()
    assert row.sequence == 2
    page = browser.get(browser.get(f"/beheer/bijeenkomsten/{row.id}").link("Afzeggen"))
    assert "1 persoon" in page.text
    browser.submit(page, "Afzeggen", 422)
    browser.submit(page, "Afzeggen", reason="De spreker is ziek.")
    assert "De spreker is ziek." in mails(session, "a@gast.invalid")[2].body
    assert "Gaat niet door" in browser.get("/bijeenkomsten").text
    browser.get(f"/beheer/bijeenkomsten/{row.id}/wijzigen")
    assert browser.submit(page, "Afzeggen", 422, reason="Nog eens.").errors


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"end": "13:00"}, "eindtijd ligt niet na"),
        ({"start": "25:00"}, "uren:minuten"),
        ({"on": "1-12-2020"}, "al voorbij"),
        ({"open_until": "2-12-2099"}, "na de bijeenkomst"),
        ({"capacity": "0"}, "getal in van 1"),
        ({"kind": "x"}, "Maak een keuze"),
        ({"title": ""}, "Vul een titel in"),
    ],
)
def test_a_plan_that_cannot_be(browser: Browser, people: People, wrong: dict[str, Any], why: str) -> None:
    browser.sign_in(people.staff(StaffRole.RELATIONS))
    page = browser.submit(browser.get("/beheer/bijeenkomsten/nieuw"), "Opslaan", 422, **{**FORM, **wrong})
    assert any(why in error for error in page.errors), page.errors


def test_more_places_let_people_in_who_wait(session: Session, make_meeting: MakeMeeting) -> None:
    row = make_meeting(capacity=1)
    for letter in "abc":
        come(row, letter)
    plan = Plan(**{name: getattr(row, name) for name in Plan.__dataclass_fields__} | {"capacity": 2})
    with transaction():
        assert services.change_meeting(row, plan, SYSTEM)
        assert not services.change_meeting(row, plan, SYSTEM)
    assert list(stages(session).values()) == [SignUpStage.COMING, SignUpStage.COMING, SignUpStage.WAITING]


def test_who_comes_is_a_list_and_a_file_for_staff_only(
    browser: Browser, people: People, make_meeting: MakeMeeting
) -> None:
    row = make_meeting()
    with transaction():
        services.sign_up(row, Guest("=HYPERLINK(1)", "Voorbeeld", "a@gast.invalid", "Trap"), VISITOR)
    browser.client.get(f"/beheer/bijeenkomsten/{row.id}/aanmeldingen.csv")
    browser.sign_in(people.staff(StaffRole.AUDITOR))
    assert "a@gast.invalid" in browser.get(f"/beheer/bijeenkomsten/{row.id}").text
    text = browser.client.get(f"/beheer/bijeenkomsten/{row.id}/aanmeldingen.csv").get_data(as_text=True)
    assert "'=HYPERLINK(1)" in text
    browser.get(f"/beheer/bijeenkomsten/{row.id}/afzeggen", 403)
    browser.sign_in(people.staff(StaffRole.FINANCE))
    browser.get(f"/beheer/bijeenkomsten/{row.id}", 403)


def test_a_plan_that_lies_in_the_past_is_refused(make_meeting: MakeMeeting) -> None:
    with pytest.raises(UserError):
        make_meeting(days=-1)


# ------------------------------------------------------------------------------------------- forgetting


def test_names_and_mails_are_erased_three_months_after_the_meeting(session: Session, make_meeting: MakeMeeting) -> None:
    row = make_meeting(days=1)
    come(row)
    with clock.at(clock.now() + timedelta(days=80)), transaction():
        assert services.erase_old(SYSTEM) == 0
    with clock.at(clock.now() + timedelta(days=96)), transaction():
        assert services.erase_old(SYSTEM) == 1
        assert services.erase_old(SYSTEM) == 0
    session.expire_all()
    (guest,) = queries.sign_ups(row.id)
    assert (guest.name, guest.organisation, guest.email, guest.remark, guest.token_hash) == (None,) * 5
    assert guest.stage is SignUpStage.COMING
    assert mails(session, "a@gast.invalid") == []
    (mail,) = mails(session, "gewist")
    assert (mail.body, mail.attachments) == ("", [])


@pytest.mark.parametrize(
    ("today", "before"),
    [
        (date(2026, 5, 31), date(2026, 2, 28)),
        (date(2026, 3, 31), date(2025, 12, 31)),
        (date(2026, 1, 15), date(2025, 10, 15)),
        (date(2028, 5, 30), date(2028, 2, 29)),
    ],
)
def test_three_months_ago(today: date, before: date) -> None:
    assert erased_before(today) == before


@pytest.mark.parametrize(("typed", "found"), [("14:00", time(14)), ("9.05", time(9, 5)), ("14 uur", time(14))])
def test_a_time_of_day(typed: str, found: time) -> None:
    assert parse_time(typed) == found


@pytest.mark.parametrize("typed", ["", "24:00", "12:60", "twaalf", "1:2", "١٢:00", "12:000"])
def test_no_time_of_day(typed: str) -> None:
    with pytest.raises(ValueError, match="uren:minuten"):
        parse_time(typed)


@pytest.mark.usefixtures("session")
def test_a_link_that_was_never_given_out() -> None:
    with pytest.raises(NotFound):
        services.sign_up_of("x")


def test_a_meeting_that_was_called_off_takes_nobody(session: Session, make_meeting: MakeMeeting) -> None:
    row = make_meeting()
    with transaction():
        services.cancel_meeting(row, "Ziek.", SYSTEM)
    assert row.stage is MeetingStage.CANCELLED
    with pytest.raises(Refused, match="gaat niet door"):
        come(row)
