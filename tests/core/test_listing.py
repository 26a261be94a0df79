"""Lists: sorting and paging through the address, and CSV that spreadsheets can open without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import listing
from core.audit import Person
from core.listing import Page, Sort, csv_text, page_number, paginate, without


@contextmanager
def address(app: Flask, path: str) -> Iterator[None]:
    with app.test_request_context(path):
        yield


@pytest.mark.parametrize(
    ("query", "key", "descending"),
    [
        ("", "naam", False),
        ("?volgorde=plaats", "plaats", False),
        ("?volgorde=-plaats", "plaats", True),
        ("?volgorde=drop+table", "naam", False),
        ("?volgorde=--plaats", "naam", False),
        ("?volgorde=", "naam", False),
    ],
)
def test_the_order_comes_from_the_address_and_an_unknown_one_means_the_default(
    app: Flask, query: str, key: str, descending: bool
) -> None:
    with address(app, f"/lijst{query}"):
        assert Sort.chosen(["naam", "plaats"], "naam") == Sort(key, descending)


def test_a_default_may_be_descending(app: Flask) -> None:
    with address(app, "/lijst"):
        assert Sort.chosen(["naam"], "-naam") == Sort("naam", True)


def test_a_heading_turns_the_order_and_goes_back_to_the_first_page(app: Flask) -> None:
    with address(app, "/lijst?volgorde=naam&pagina=3&q=a%26b"):
        sort = Sort.chosen(["naam", "plaats"], "naam")
        assert sort.url_for("naam") == "/lijst?q=a%26b&volgorde=-naam"
        assert sort.url_for("plaats") == "/lijst?q=a%26b&volgorde=plaats"


def test_a_filter_with_several_values_stays_whole(app: Flask) -> None:
    with address(app, "/lijst?rol=a&rol=b&q="):
        assert Page([], 1, 100).url_for(2) == "/lijst?rol=a&rol=b&pagina=2"
        assert without("rol") == "/lijst"


def test_the_first_page_has_no_number(app: Flask) -> None:
    with address(app, "/lijst?pagina=2"):
        assert Page([], 2, 100).url_for(1) == "/lijst"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("2", 2), ("", 1), ("0", 1), ("-1", 1), ("²", 1), ("1e3", 1), ("9999999", 1), ("999999", 999999), ("٣", 1)],
)
def test_a_page_number_that_is_none_means_the_first(app: Flask, typed: str, number: int) -> None:
    with address(app, f"/lijst?pagina={typed}"):
        assert page_number() == number


def test_pages_of_a_query(app: Flask, session: Session) -> None:
    session.add_all(Person(name=f"Lijst {number:02}") for number in range(5))
    session.flush()
    people = select(Person).where(Person.name.like("Lijst %")).order_by(Person.name)
    with address(app, "/lijst?pagina=2"):
        page = paginate(people, per_page=2)
    assert [person.name for person in page.items] == ["Lijst 02", "Lijst 03"]
    assert (page.number, page.total, page.pages) == (2, 5, 3)
    with address(app, "/lijst?pagina=77"):
        assert [person.name for person in paginate(people, per_page=2).items] == ["Lijst 04"]
    with address(app, "/lijst?pagina=2"):
        rows = paginate(select(Person.name, Person.key).where(Person.name == "niemand"), per_page=2)
    assert (rows.items, rows.number, rows.total, rows.pages) == ([], 1, 0, 1)


def test_empty_values_come_last_in_both_orders(app: Flask, session: Session) -> None:
    session.add_all([Person(name="Lijst b"), Person(name=None), Person(name="Lijst a")])
    session.flush()
    for descending in (False, True):
        clause = Sort("naam", descending).clause({"naam": Person.name})
        names = session.scalars(select(Person.name).order_by(clause)).all()
        assert names[-1] is None


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+31 6 12345678", "'+31 6 12345678"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("-250,00", "-250,00"),
        ("-", "-"),
        (-5, "-5"),
        (None, ""),
        ("a;b", "a;b"),
    ],
)
def test_a_cell_never_starts_a_formula(value: object, cell: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["kop"], [[value]]), newline=""), delimiter=";"))
    assert rows == [["kop"], [cell]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_whatever_is_in_a_cell_it_is_read_back_and_is_no_formula(cells: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([], [cells]).removeprefix("\r\n"), newline=""), delimiter=";")
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell[0] in "=+@\t\r\n" for cell in row if cell)


def test_a_download_opens_in_a_dutch_spreadsheet(app: Flask) -> None:
    response = listing.csv_response("lijst.csv", ["naam"], [["Súdwest-Fryslân"]])
    assert response.get_data() == b"\xef\xbb\xbf" + "naam\r\nSúdwest-Fryslân\r\n".encode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="lijst.csv"'
    assert response.mimetype == "text/csv"
