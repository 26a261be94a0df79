"""Lists on pages: sorting and paging through the address, and the same rows as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import Response, request
from sqlalchemy import ColumnElement, Select, func, select

from core.db import session

T = TypeVar("T")
PER_PAGE = 50


def _address(**changes: str | int | None) -> str:
    """This page's address with some parameters changed; None takes one away."""
    values = [(key, value) for key, value in request.args.items(multi=True) if value and key not in changes]
    values += [(key, str(change)) for key, change in changes.items() if change is not None]
    return f"{quote(request.path)}?{urlencode(values)}" if values else quote(request.path)


def without(name: str) -> str:
    """This page's address without one filter, back on the first page."""
    return _address(**{name: None, "pagina": None})


def csv_address() -> str:
    """This list, with the same filters and order and all its pages, as a download: parameter `als`."""
    return _address(als="csv", pagina=None)


@dataclass(frozen=True)
class Sort:
    """The chosen order: parameter `volgorde` = key, or -key for descending. An unknown key means the default."""

    key: str
    descending: bool

    @classmethod
    def chosen(cls, keys: Iterable[str], default: str) -> Sort:
        wanted = request.args.get("volgorde", default)
        key = wanted.removeprefix("-")
        if key not in set(keys):
            wanted, key = default, default.removeprefix("-")
        return cls(key, wanted.startswith("-"))

    def url_for(self, key: str) -> str:
        turned = f"-{key}" if key == self.key and not self.descending else key
        return _address(volgorde=turned, pagina=None)

    def clause(self, columns: Mapping[str, Any]) -> ColumnElement[Any]:
        """ORDER BY of the chosen column; empty values last."""
        column = columns[self.key]
        ordered: ColumnElement[Any] = (column.desc() if self.descending else column.asc()).nulls_last()
        return ordered


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: parameter `pagina`."""

    items: Sequence[T]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    def url_for(self, number: int) -> str:
        return _address(pagina=number if number > 1 else None)


def page_number() -> int:
    """The asked page; anything that is not a sensible number means the first."""
    text = request.args.get("pagina", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) > 0 else 1


def paginate(query: Select[*tuple[Any, ...]], *, per_page: int = PER_PAGE) -> Page[Any]:
    """Run a query for the asked page; a page beyond the last shows the last. Items are rows, or entities if one is
    selected."""
    total = session().scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(page_number(), max(1, -(-total // per_page)))
    result = session().execute(query.limit(per_page).offset((number - 1) * per_page))
    single = len(query.column_descriptions) == 1
    items: Sequence[Any] = result.unique().scalars().all() if single else result.all()
    return Page(items, number, total, per_page)


def part_of(items: Sequence[T], *, per_page: int = PER_PAGE) -> Page[T]:
    """The asked page of a list that is in memory."""
    number = min(page_number(), max(1, -(-len(items) // per_page)))
    return Page(items[(number - 1) * per_page : number * per_page], number, len(items), per_page)


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV as Dutch spreadsheets open it: semicolons, CRLF; a cell cannot start a formula."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return target.getvalue()


_NUMBER = re.compile(r"-?[0-9][0-9.,]*|-")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    risky = text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    return f"'{text}" if risky and not _NUMBER.fullmatch(text) else text


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV download in UTF-8 with BOM."""
    body = "\ufeff" + csv_text(headings, rows)
    response = Response(body.encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
