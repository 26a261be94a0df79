"""Who may open a page, and in whose name the database answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Blueprint, Flask, g, request
from flask.testing import FlaskClient
from sqlalchemy import select, text

from core import clock
from core import db as database
from core.audit import AuditEvent
from core.db import current_scope, scoped, session
from core.errors import Forbidden
from core.permissions import (
    Access,
    Caller,
    access_of,
    anyone,
    caller,
    current_actor,
    current_caller,
    demand,
    public,
    requires,
)
from identity.kinds import ParticipantRole, StaffRole
from identity.models import Account
from participants.kinds import Channel, OrganisationKind, Sector, Stage
from participants.models import Organisation, Participant
from tests.browser import Browser
from tests.core.conftest import Installation, installed
from tests.database import Databases
from tests.people import People

pages = Blueprint("pages", __name__)


def seen() -> dict[str, Any]:
    """What a view knows of its visitor."""
    who = current_caller()
    return {
        "scope": current_scope().name,
        "told": session().scalar(text("SELECT app_scope()")),
        "participants": session().scalar(text("SELECT app_participants()")),
        "who": who.name if who else None,
        "actor": current_actor().kind,
    }


@pages.get("/test/public")
@public
def show_public() -> dict[str, Any]:
    return seen()


@pages.route("/test/anyone", methods=["GET", "POST"])
@anyone
def show_anyone() -> dict[str, Any]:
    return seen()


@pages.get("/test/staff")
@requires("invoice:issue")
def show_staff() -> dict[str, Any]:
    return seen()


@pages.get("/test/own")
@requires("own:view")
def show_own() -> dict[str, Any]:
    return seen()


@pages.get("/test/own/<int:participant_id>")
@requires("own:view")
def show_one(participant_id: int) -> dict[str, Any]:
    demand("own:edit", participant_id)
    return seen()


@pages.get("/test/unmarked")
def show_unmarked() -> str:
    return "nobody said who may see this"


@pages.get("/test/sign-in-needed")
@anyone
def sign_in_needed() -> str:
    return caller().name


@pages.get("/test/leaky")
@public
def leave_a_scope_behind() -> str:
    """A view that sets the scope of the system and does not set it back."""
    database.set_scope(database.JOB)
    return str(session().scalar(text("SELECT app_scope()")))


@pytest.fixture(scope="module")
def with_pages(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(databases, tmp_path_factory.mktemp("site")) as made:
        made.app.register_blueprint(pages)
        yield made


@pytest.fixture
def site(with_pages: Installation) -> Iterator[Installation]:
    """Its context open in the scope of a job."""
    with with_pages.app.app_context(), scoped(database.JOB):
        yield with_pages
        database.db.session.remove()


@pytest.fixture
def people(site: Installation) -> People:
    return People(session())


@pytest.fixture
def participant(site: Installation) -> Participant:
    organisation = Organisation(
        name="Voorbeeld",
        short_name="Voorbeeld",
        kind=OrganisationKind.COMPANY,
        sector=Sector.OTHER,
        source="test",
        search_text="voorbeeld",
    )
    made = Participant(
        organisation=organisation,
        role_code="creditor",
        channel=Channel.PORTAL,
        stage=Stage.ACCEPTED,
        stage_since=clock.now(),
    )
    session().add(made)
    session().commit()
    return made


def answer(browser: Browser, path: str) -> dict[str, Any]:
    response = browser.client.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def signed_in(site: Installation, account: Account) -> Browser:
    return Browser(site.app).sign_in(account)


Refusals = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def refusals(site: Installation) -> Refusals:
    """What the trail says of refusals in this test."""

    def read() -> list[dict[str, Any]]:
        session().rollback()
        query = select(AuditEvent.facts).where(AuditEvent.name == "core:permission:refused").order_by(AuditEvent.id)
        return list(session().scalars(query))

    before = len(read())
    return lambda: read()[before:]


# ------------------------------------------------------------------------------------------- who sees what


def test_a_visitor_is_a_reader_on_public_pages_and_a_visitor_on_forms(site: Installation) -> None:
    browser = Browser(site.app)
    nobody: dict[str, Any] = {"participants": [], "who": None, "actor": "public"}
    assert answer(browser, "/test/public") == {"scope": "public", "told": "public", **nobody}
    assert answer(browser, "/test/anyone") == {"scope": "visitor", "told": "visitor", **nobody}


def test_staff_are_staff_except_on_public_pages(site: Installation, people: People) -> None:
    browser = signed_in(site, people.staff(StaffRole.FINANCE, name="Fatima"))
    staff = {"scope": "staff", "told": "staff", "participants": [], "who": "Fatima", "actor": "staff"}
    assert answer(browser, "/test/staff") == staff
    assert answer(browser, "/test/anyone") == staff
    assert answer(browser, "/test/public")["scope"] == "public"
    assert answer(browser, "/test/public")["who"] is None


def test_a_participant_sees_through_the_own_participants(
    site: Installation, people: People, participant: Participant
) -> None:
    account = people.of(participant, ParticipantRole.REPRESENTATIVE, name="Jan")
    key = participant.id
    browser = signed_in(site, account)
    found = answer(browser, "/test/own")
    assert found == {
        "scope": "participant",
        "told": "participant",
        "participants": [key],
        "who": "Jan",
        "actor": "participant",
    }
    assert answer(browser, f"/test/own/{key}") == found


@pytest.mark.parametrize("path", ["/test/staff", "/test/own?pagina=2"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in_page_and_back_afterwards(site: Installation, path: str) -> None:
    client = site.app.test_client()
    for method in ("GET", "HEAD"):
        response = client.open(path, method=method)
        assert response.status_code == 303
        assert response.location.startswith("/inloggen?verder=")
        with site.app.test_request_context(response.location):
            assert request.args["verder"] == path
    response = client.open(path, method="OPTIONS")
    assert (response.status_code, response.location) == (303, "/inloggen")


def test_an_unknown_session_is_nobody(site: Installation) -> None:
    client = site.app.test_client()
    client.set_cookie("sessie", "verzonnen")
    assert client.get("/test/staff").status_code == 303


def test_who_lacks_the_permission_is_refused_and_that_is_on_the_trail(
    site: Installation, people: People, participant: Participant, refusals: Refusals
) -> None:
    account = people.of(participant, ParticipantRole.REPRESENTATIVE)
    for browser in (signed_in(site, people.staff(StaffRole.BOARD)), signed_in(site, account)):
        page = browser.get("/test/staff", expect=403)
        assert "U hebt geen recht om dit te doen. Vraag een collega die het wel mag." in page.text
    assert refusals() == [{"permission": "invoice:issue", "page": "/test/staff"}] * 2


def test_a_staff_member_without_roles_may_nothing(site: Installation, people: People) -> None:
    signed_in(site, people.staff()).get("/test/staff", expect=403)


def test_another_participants_object_does_not_exist(
    site: Installation, people: People, participant: Participant, refusals: Refusals
) -> None:
    account = people.of(participant, ParticipantRole.REPRESENTATIVE)
    browser, key = signed_in(site, account), participant.id
    for path in (f"/test/own/{key + 1}", "/test/own/0", "/test/own/99999999999999999999"):
        page = browser.get(path, expect=404)
        assert page.soup.find("a", href="/")
    assert refusals() == []


def test_the_own_object_without_the_right_is_refused(
    site: Installation, people: People, participant: Participant, refusals: Refusals
) -> None:
    account = people.of(participant, ParticipantRole.EMPLOYEE)
    key = participant.id
    browser = signed_in(site, account)
    answer(browser, "/test/own")
    browser.get(f"/test/own/{key}", expect=403)
    assert refusals() == [{"permission": "own:edit", "page": f"/test/own/{key}"}]


def test_a_view_that_says_nothing_is_shown_to_nobody(site: Installation, people: People) -> None:
    assert site.app.test_client().get("/test/unmarked").status_code == 500
    assert signed_in(site, people.staff(StaffRole.ADMINISTRATION)).client.get("/test/unmarked").status_code == 500


def test_a_view_that_needs_somebody_says_so(site: Installation) -> None:
    response = site.app.test_client().get("/test/sign-in-needed")
    assert response.status_code == 403
    assert "Log eerst in." in response.get_data(as_text=True)
    with site.app.test_request_context(), pytest.raises(Forbidden):
        caller()


@pytest.mark.parametrize("path", ["/bestaat-niet", "/static/css/site.css", "/static/nergens.css", "/gezond"])
def test_files_and_missing_pages_ask_nobody_who_they_are(site: Installation, path: str) -> None:
    client = site.app.test_client()
    client.set_cookie("sessie", "verzonnen")
    assert client.get(path).status_code in {200, 404}
    assert client.post(path).status_code in {400, 404, 405}


def test_what_a_request_did_is_over_when_it_ends(site: Installation) -> None:
    client = site.app.test_client()
    for path in ("/test/public", "/test/anyone", "/test/leaky", "/test/unmarked", "/bestaat-niet"):
        client.get(path)
        assert current_scope() == database.JOB
        assert session().scalar(text("SELECT app_scope()")) == "job"
        assert "caller" not in g


def test_a_scope_that_a_view_left_behind_does_not_reach_the_next_visitor(site: Installation) -> None:
    client = site.app.test_client()
    with scoped(database.NOBODY):
        assert client.get("/test/leaky").get_data() == b"job"
        assert current_scope() == database.NOBODY
        assert client.get("/test/public").get_json()["told"] == "public"


def test_visitors_at_the_same_time_do_not_get_mixed_up(site: Installation, people: People) -> None:
    names = ["Fatima", "Karim", "Marieke"]
    clients = [signed_in(site, people.staff(StaffRole.FINANCE, name=name)).client for name in names]
    together = Barrier(len(names))

    def visit(client: FlaskClient) -> set[tuple[str, str]]:
        """In a thread of the web server: it knows of no scope before, and of none afterwards."""
        together.wait(5)
        found = set()
        for _ in range(15):
            page = client.get("/test/staff").get_json()
            found.add((page["who"], page["told"]))
            client.get("/test/leaky")
            assert current_scope() == database.NOBODY
        return found

    with ThreadPoolExecutor(len(names)) as pool:
        assert list(pool.map(visit, clients)) == [{(name, "staff")} for name in names]


def test_a_request_that_fails_before_access_is_checked_changes_no_scope(site: Installation) -> None:
    response = site.app.test_client().post("/test/anyone", data={})
    assert response.status_code == 400  # no CSRF token
    assert current_scope() == database.JOB


# ------------------------------------------------------------------------------------------- marks


def test_marks_are_read_from_the_view(app: Flask) -> None:
    assert access_of(app, "static") == Access("public")
    assert access_of(app, "alive") == Access("public")
    assert access_of(app, "identity.sign_in") == Access("anyone")


def test_what_a_caller_may() -> None:
    key = uuid.uuid4()
    staff = Caller("staff", 1, key, "A", permissions=frozenset({"invoice:view"}))
    member = Caller(
        "participant",
        2,
        key,
        "B",
        permissions=frozenset({"own:account"}),
        by_participant={7: frozenset({"own:view"}), 8: frozenset({"own:sign"})},
    )
    assert staff.may("invoice:view")
    assert staff.may("invoice:view", 7)
    assert not staff.may("invoice:issue")
    assert member.may("own:view")
    assert member.may("own:view", 7)
    assert not member.may("own:view", 8)
    assert not member.may("own:view", 9)
    assert member.may("own:account")
    assert not member.may("own:account", 7)
    assert not member.may("")
