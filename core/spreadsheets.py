"""Spreadsheets (XLSX): the only place that knows XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import Response

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """One sheet: headings, then rows of texts, whole numbers, amounts (Decimal), days and None."""

    name: str
    """At most 31 characters."""
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """A workbook; texts are never read as formulas."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "d-m-yyyy",
    }
    with xlsxwriter.Workbook(target, options) as book:
        formats = {
            "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "number": book.add_format({"num_format": "#,##0"}),
            "day": book.add_format({"num_format": "d-m-yyyy", "align": "left"}),
        }
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, formats)
    return target.getvalue()


def _fill(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, heading, formats["heading"])
        longest = max((len(_text(row[column])) for row in sheet.rows[:500]), default=0)
        page.set_column(column, column, min(60, max(10, longest + 2, min(len(heading), 18) + 2)))
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write(page, number, column, value, formats)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,}" if isinstance(value, int | Decimal) else str(value)


def _write(page: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    match value:
        case None:
            pass
        case bool():
            page.write_string(row, column, "ja" if value else "nee")
        case Decimal():
            page.write_number(row, column, float(value), formats["amount"])
        case int():
            page.write_number(row, column, value, formats["number"])
        case date():
            page.write_datetime(row, column, value, formats["day"])
        case _:
            page.write_string(row, column, str(value))


def workbook_response(name: str, sheets: Sequence[Sheet]) -> Response:
    """A workbook as a download."""
    response = Response(workbook(sheets), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
