"""WTForms validators on top of `core.identifiers`, and the project's own required / length / date messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import email_validator
from email_validator import EmailNotValidError, validate_email
from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

from core import identifiers
from core.identifiers import InvalidIdentifier


class Required:
    """The field must be filled in; the message says what to fill in."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        data = field.data
        if data is None or data is False or data == [] or (isinstance(data, str) and not data.strip()):
            if not field.errors:
                raise StopValidation(self.message)
            raise StopValidation()


class Optional:
    """An empty field is fine and is stored as None; something that could not be read is not empty."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data is None and field.errors:
            raise StopValidation()
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            field.data = None
            field.errors = []
            raise StopValidation()


SHOWN_BACK = 100
"""So much of a wrong number or date is shown back: enough to see what is wrong with it."""


class Identifier:
    """Runs a function of `core.identifiers` and keeps its normalised result."""

    def __init__(self, check: Callable[[str], str]) -> None:
        self.check = check

    def __call__(self, form: Form, field: Field) -> None:
        try:
            field.data = self.check(field.data or "")
        except InvalidIdentifier as error:
            field.data = (field.data or "")[:SHOWN_BACK]
            raise ValidationError(str(error)) from error


class MaxLength:
    """At most so many characters; `what` as in "De naam"."""

    def __init__(self, length: int, what: str) -> None:
        self.length = length
        self.what = what

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and len(field.data) > self.length:
            field.data = field.data[: self.length]
            raise StopValidation(f"{self.what} mag hoogstens {self.length} tekens hebben.")


class CleanText:
    """No control characters; white space folded."""

    def __init__(self, *, several_lines: bool = False) -> None:
        self.several_lines = several_lines

    def __call__(self, form: Form, field: Field) -> None:
        try:
            field.data = identifiers.clean_text(field.data or "", several_lines=self.several_lines)
        except InvalidIdentifier as error:
            raise StopValidation(str(error)) from error


for _domain in ("invalid", "test"):  # of example data
    if _domain in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_domain)


class Email:
    """An address that could exist; delivery proves the rest. The domains .invalid and .test are allowed."""

    def __call__(self, form: Form, field: Field) -> None:
        try:
            found = validate_email(field.data or "", check_deliverability=False)
        except EmailNotValidError as error:
            raise ValidationError(
                "Dit is geen e-mailadres. Een e-mailadres ziet eruit als naam@organisatie.nl."
            ) from error
        field.data = found.normalized.lower()


def parse_day(text: str) -> date:
    """A Dutch date: 1-12-2026, 1/12/2026, 1 december 2026 or 2026-12-01. Raises ValueError with a Dutch sentence."""
    months = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ]
    compact = " ".join(text.lower().split())
    day = month = year = 0
    if found := re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", compact):
        day, month, year = map(int, found.groups())
    elif found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", compact):
        year, month, day = map(int, found.groups())
    elif (found := re.fullmatch(r"([0-9]{1,2}) ([a-z]+) ([0-9]{4})", compact)) and found[2] in months:
        day, month, year = int(found[1]), months.index(found[2]) + 1, int(found[3])
    else:
        raise ValueError("Schrijf de datum als dag-maand-jaar, bijvoorbeeld 1-12-2026.")
    try:
        result = date(year, month, day)
    except ValueError as error:
        raise ValueError("Deze datum bestaat niet. Controleer de dag en de maand.") from error
    if not 1900 <= year <= 2100:
        raise ValueError("Vul een jaar in tussen 1900 en 2100.")
    return result


def messages(error: Any) -> list[str]:
    """All sentences of a form's errors, flattened."""
    if isinstance(error, dict):
        return [text for part in error.values() for text in messages(part)]
    if isinstance(error, list | tuple):
        return [text for part in error for text in messages(part)]
    return [str(error)] if error else []
