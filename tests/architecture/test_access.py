"""Every page says who may open it, and exactly those can.

`access.csv` has a row for each page without parameters and a column for each role: the status that a GET answers.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from core.permissions import access_of
from identity.kinds import ACCOUNT_PERMISSIONS, PARTICIPANT_PERMISSIONS, STAFF_PERMISSIONS
from tests.architecture.conftest import Everybody, rules

TABLE = Path(__file__).parent / "access.csv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8")))
ROLES = [column for column in ROWS[0] if column != "endpoint"] if ROWS else []


# ------------------------------------------------------------------------------------------- marks


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    unmarked = sorted(endpoint for endpoint in app.view_functions if access_of(app, endpoint) is None)
    assert not unmarked, (
        f"{', '.join(unmarked)}: put @requires('object:action'), @anyone or @public (core/permissions.py) between the"
        " route decorator and the function."
    )


def test_nothing_can_be_posted_to_a_public_page(app: Flask) -> None:
    wrong = [
        f"{rule.endpoint} ({rule.rule})"
        for rule in app.url_map.iter_rules()
        if (access := access_of(app, rule.endpoint)) is not None
        and access.kind == "public"
        and not (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}
    ]
    assert not wrong, f"{', '.join(wrong)}: public pages are read-only; a form page is @anyone or @requires."


def test_every_permission_that_a_view_asks_for_is_held_by_somebody(app: Flask) -> None:
    held = frozenset().union(*STAFF_PERMISSIONS.values(), *PARTICIPANT_PERMISSIONS.values(), ACCOUNT_PERMISSIONS)
    asked = {
        (access.permission, endpoint)
        for endpoint in app.view_functions
        if (access := access_of(app, endpoint)) is not None and access.permission
    }
    nobodys = sorted(f"{permission} ({endpoint})" for permission, endpoint in asked if permission not in held)
    assert not nobodys, f"no role holds {', '.join(nobodys)}: add it to a role in identity/kinds.py, or mend the name."


def test_permissions_are_called_object_and_action() -> None:
    held = frozenset().union(*STAFF_PERMISSIONS.values(), *PARTICIPANT_PERMISSIONS.values(), ACCOUNT_PERMISSIONS)
    assert not sorted(permission for permission in held if permission.count(":") != 1)


def test_pages_of_staff_and_of_participants_do_not_share_permissions(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        if rule.rule.startswith("/beheer"):
            assert access is not None
            assert access.kind == "requires", f"{rule.rule} is a page of staff: @requires(…)"
            assert not (access.permission or "").startswith("own:"), (
                f"{rule.rule}: participants hold {access.permission}"
            )
        if rule.rule.startswith("/mijn"):
            assert access is not None
            assert (access.permission or "").startswith("own:"), f"{rule.rule} is a page of participants: own:…"


def test_every_address_has_one_endpoint(app: Flask) -> None:
    counted = Counter(
        (rule.rule, method) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"OPTIONS"}
    )
    assert not [address for address, times in counted.items() if times > 1]


# ------------------------------------------------------------------------------------------- the table


def statuses(everybody: Everybody, address: str) -> dict[str, int]:
    return {role: client.get(address).status_code for role, client in everybody.clients.items()}


def test_the_table_has_a_row_for_every_page_and_no_other(everybody: Everybody) -> None:
    pages = {rule.endpoint: rule.rule for rule in rules(everybody.app, "GET") if not rule.arguments}
    listed = [row["endpoint"] for row in ROWS]
    missing = sorted(set(pages) - set(listed))
    proposed = "\n".join(
        ",".join([endpoint, *map(str, statuses(everybody, pages[endpoint]).values())]) for endpoint in missing
    )
    assert not missing, (
        f"Pages without a row in {TABLE.name}. The columns are: endpoint,{','.join(everybody.clients)}\n"
        f"These rows say what they answer now. Ask of each number whether it should be so, then add them:\n{proposed}"
    )
    gone = sorted(set(listed) - set(pages))
    assert not gone, f"{TABLE.name} has rows of pages that do not exist (any more): {', '.join(gone)}"
    assert sorted(listed) == listed, f"{TABLE.name} is kept in alphabetical order"
    assert len(listed) == len(set(listed)), f"{TABLE.name} has a page twice"
    assert list(everybody.clients) == ROLES, f"the columns of {TABLE.name} are endpoint,{','.join(everybody.clients)}"


@pytest.mark.parametrize("row", ROWS, ids=[row["endpoint"] for row in ROWS])
def test_each_role_gets_the_answer_of_the_table(everybody: Everybody, row: dict[str, str]) -> None:
    addresses = [rule.rule for rule in rules(everybody.app, "GET") if rule.endpoint == row["endpoint"]]
    assert addresses, f"{row['endpoint']} does not exist (any more)"
    answers = {role: str(status) for role, status in statuses(everybody, addresses[0]).items()}
    expected = {role: row[role] for role in answers}
    assert answers == expected, f"{addresses[0]} answers otherwise than {TABLE.name} says"


# ------------------------------------------------------------------------------------------- objects of others

STRANGE = ["bestaat-niet", "999999999", "9" * 30, "%00", "a%0Ab", "..%2f..", "é"]


def address_of(rule: str, participant_id: int | str, other: str) -> str:
    """A rule with its parameters filled in."""
    parts = []
    for part in rule.split("/"):
        before, bracket, rest = part.partition("<")
        name, _, after = rest.partition(">")
        value = str(participant_id) if name.endswith("participant_id") else other
        parts.append(f"{before}{value}{after}" if bracket else part)
    return "/".join(parts)


def test_another_participants_pages_do_not_exist(everybody: Everybody) -> None:
    client = everybody.clients["representative"]
    opened = {
        rule.rule: status
        for rule in rules(everybody.app, "GET")
        if "<int:participant_id>" in rule.rule and rule.rule.startswith("/mijn")
        if (status := client.get(address_of(rule.rule, everybody.other, "1")).status_code) != 404
    }
    assert not opened, f"the representative of one participant gets these answers about another: {opened}"


def test_nothing_can_be_posted_about_another_participant(everybody: Everybody) -> None:
    client = everybody.clients["representative"]
    token = csrf_token(client)
    done = {
        rule.rule: status
        for rule in rules(everybody.app, "POST")
        if "<int:participant_id>" in rule.rule
        if (status := post(client, address_of(rule.rule, everybody.other, "1"), token)) not in {403, 404}
    }
    assert not done, f"the representative of one participant gets these answers to a POST about another: {done}"


def test_staff_pages_are_closed_to_participants_also_when_posted_to(everybody: Everybody) -> None:
    for role in ("representative", "applicant"):
        client = everybody.clients[role]
        token = csrf_token(client)
        for rule in rules(everybody.app, "POST"):
            if rule.rule.startswith("/beheer"):
                assert post(client, address_of(rule.rule, everybody.own, "1"), token) == 403, rule.rule


def csrf_token(client: FlaskClient) -> str:
    page = BeautifulSoup(client.get("/account").get_data(as_text=True), "html.parser")
    return str(page.select_one("input[name=csrf_token]")["value"])  # type: ignore[index]  # it has a sign-out form


def post(client: FlaskClient, address: str, token: str) -> int:
    return client.post(address, data={"csrf_token": token}).status_code


@pytest.mark.parametrize("strange", STRANGE)
def test_an_object_that_does_not_exist_is_a_page_that_does_not_exist(everybody: Everybody, strange: str) -> None:
    answers: dict[str, int] = {}
    for rule in rules(everybody.app, "GET"):
        if rule.arguments:
            role = "representative" if rule.rule.startswith("/mijn") else "all_staff_roles"
            for participant_id in (everybody.own, strange):
                address = address_of(rule.rule, participant_id, strange)
                answers[address] = everybody.clients[role].get(address).status_code
    wrong = {address: status for address, status in answers.items() if status >= 500}
    assert not wrong, f"these pages crash on a strange value: {wrong}"
    found = {
        address: status
        for address, status in answers.items()
        if status == 200 and strange in address and not address.startswith(("/meelezen", "/link", "/keurmerk"))
    }
    assert not found, f"these pages show something for a strange value: {found}"


@pytest.mark.parametrize("strange", ["%00", "9" * 30, "-1", "%F0%9F%92%A9", "%ff", "'%22%3E%3Cscript%3E", "x" * 3000])
def test_strange_filters_do_not_crash_a_list(everybody: Everybody, strange: str) -> None:
    names = (
        "q",
        "pagina",
        "volgorde",
        "soort",
        "stand",
        "rol",
        "sector",
        "module",
        "jaar",
        "als",
        "verder",
        "provincie",
    )
    query = "&".join(f"{name}={strange}" for name in names)
    wrong = {}
    for rule in rules(everybody.app, "GET"):
        if not rule.arguments:
            role = "representative" if rule.rule.startswith(("/mijn", "/account")) else "all_staff_roles"
            response = everybody.clients[role].get(f"{rule.rule}?{query}")
            injected = response.mimetype == "text/html" and "<script>" in response.get_data(as_text=True)
            if response.status_code >= 500 or injected:
                wrong[rule.rule] = response.status_code
    assert not wrong, f"these pages go wrong on strange filters: {wrong}"
