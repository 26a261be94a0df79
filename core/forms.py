"""The form that every page uses, and its fields. Fields answer bad input in Dutch and keep what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from wtforms import Field, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its type stubs
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from core import filters, identifiers
from core.db import transaction
from core.errors import NotFound, UserError
from core.validators import SHOWN_BACK, CleanText, Email, Identifier, MaxLength, Optional, Required, parse_day

csrf = CSRFProtect()


BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u2060\ufeff"
"""White space, and the invisible characters that come along when text is copied."""


def _strip(value: Any) -> Any:
    return value.strip(BLANK) if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Base of all forms. Leading and trailing white space is dropped from every text."""

    class Meta:
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters = list(unbound_field.kwargs.get("filters", []))
            if issubclass(unbound_field.field_class, StringField):
                filters.append(_strip)
            bound: Field = unbound_field.bind(form=form, filters=filters, **options)
            return bound

    def refuse(self, error: UserError) -> None:
        """Show a refusal of the domain beside its field, or at the top of the form."""
        target = self._fields.get(error.field or "")
        if target is None:
            self.form_errors.append(error.message)
        else:
            target.errors = [*target.errors, error.message]


class DayField(Field):
    """A date typed as text: "dag-maand-jaar, bijvoorbeeld 1-12-2026". Data is a `date`."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:SHOWN_BACK]
        return "" if self.data is None else f"{self.data.day}-{self.data.month}-{self.data.year}"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: date | None = None
        if valuelist and str(valuelist[0]).strip():
            self.data = parse_day(str(valuelist[0])[:50])


def day_of(field: DayField) -> date:
    """The day in a required field; only asked for after validation."""
    assert field.data is not None  # noqa: S101  the field is required
    return field.data


class WholeNumberField(IntegerField):
    """A whole number; thousands may be separated by a point or a space (70.361). `wrong`: what to say of a number that
    is too low or too high."""

    widget = TextInput()

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        low: int = 0,
        high: int = 2_000_000_000,
        wrong: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(label, list(validators), **kwargs)
        self.low, self.high = low, high
        self.wrong = wrong or f"Vul een getal in van {filters.number(low)} tot en met {filters.number(high)}."

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:SHOWN_BACK]
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: int | None = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if not typed:
            return
        number = whole_number(typed)
        if number is None:
            raise ValueError("Vul een heel getal in, zonder komma, bijvoorbeeld 1250.")
        if not self.low <= number <= self.high:
            raise ValueError(self.wrong)
        self.data = number


def whole_number(typed: str) -> int | None:
    """What somebody typed as a whole number: 1250, 1.250 or 1 250. None when it is not one; a point anywhere else than
    between groups of three is not guessed about."""
    compact = typed.replace("\u00a0", " ").replace("\u202f", " ")
    if len(compact) > 20 or not re.fullmatch(r"-?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,3}( [0-9]{3})+)", compact):
        return None
    return int(compact.replace(".", "").replace(" ", ""))


def text(
    label: str,
    required: str | None = None,
    *,
    length: int = identifiers.MAX_NAME,
    what: str = "Deze tekst",
    **kwargs: Any,
) -> StringField:
    """One line of text. `required` is the message when it is empty; without it the field is optional."""
    first = Required(required) if required else Optional()
    return StringField(label, [first, MaxLength(length, what), CleanText()], **kwargs)


def long_text(
    label: str, required: str | None = None, *, length: int = 4000, what: str = "Deze tekst", **kwargs: Any
) -> TextAreaField:
    first = Required(required) if required else Optional()
    return TextAreaField(label, [first, MaxLength(length, what), CleanText(several_lines=True)], **kwargs)


def email(label: str, required: str | None = "Vul een e-mailadres in.", **kwargs: Any) -> StringField:
    first = Required(required) if required else Optional()
    return StringField(label, [first, MaxLength(254, "Een e-mailadres"), Email()], **kwargs)


def identifier(label: str, check: Callable[[str], str], required: str | None = None, **kwargs: Any) -> StringField:
    """A number of `core.identifiers`."""
    first = Required(required) if required else Optional()
    return StringField(label, [first, Identifier(check)], **kwargs)


def options(choices: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    """Pairs of value and label as WTForms wants them."""
    return [SelectChoice(value=value, label=label) for value, label in choices]


def choice(
    label: str,
    choices: Sequence[tuple[str, str]],
    required: str | None = None,
    *,
    empty: str = "Maak een keuze",
    **kwargs: Any,
) -> SelectField:
    """A select whose first option is empty."""
    first = Required(required) if required else Optional()
    return _Select(
        label,
        [first],
        choices=options([("", empty), *choices]),
        **kwargs,
    )


def radio(label: str, choices: Sequence[tuple[str, str]], required: str, **kwargs: Any) -> RadioField:
    return _Radio(label, [Required(required)], choices=options(choices), validate_choice=False, **kwargs)


class _Select(SelectField):
    """A select that answers a value outside its list in Dutch."""

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {option[0] for option in self.iter_choices()}:
            raise StopValidation("Maak een keuze uit de lijst.")


class _Radio(RadioField):
    """Radio buttons; a value that is not among the choices counts as no choice."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {option[0] for option in self.iter_choices()}:
            self.data = None


class Checkboxes(SelectMultipleField):
    """Several choices as boxes.

    `required` is the message when none is chosen; without it none is fine. A value that is not offered is answered in
    Dutch; with `forgiving` it is left out: what was offered may have gone since the page was opened.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, required: str | None = None, *, forgiving: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, **{"choices": [], **kwargs})
        self.required_message = required
        self.forgiving = forgiving
        if required:
            self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        offered = {self.coerce(option[0]) for option in self.iter_choices()}
        if self.forgiving:
            self.data = [value for value in self.data or [] if value in offered]
        if self.required_message and not self.data:
            raise StopValidation(self.required_message)
        if not set(self.data or []) <= offered:
            raise StopValidation("Maak een keuze uit de lijst.")


def attempt(form: Form, act: Callable[[], object]) -> int | None:
    """Carry out, in a transaction, what a sent form asks for.

    None: it was done. Otherwise the status with which to show the form: 200 when it was not sent yet, 422 when it is
    wrong or was refused (the form then says why).
    """
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        with transaction():
            act()
    except NotFound:
        raise
    except UserError as error:
        form.refuse(error)
        return 422
    return None
