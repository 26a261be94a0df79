"""Two people change the same thing: nobody's work is lost in silence.

An `EditForm` remembers, in a hidden field, what the page showed when it was opened. `merge` compares that with what is
stored now and with what was typed. What a colleague changed in the meantime is put before the person, per field, as
theirs and yours (`Clash`); saving again keeps what was chosen, unless somebody was first once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import render_template, request
from wtforms import BooleanField, Field, HiddenField
from wtforms.fields.choices import SelectFieldBase

from core.errors import Conflict
from core.forms import Form

NOTHING = "(niets)"


@dataclass(frozen=True)
class Difference:
    """One field that a colleague changed after the page was opened."""

    name: str
    label: str
    theirs: str
    """As shown to people."""
    yours: str
    keep_yours: bool
    """The proposal: yours when you changed the field, else theirs."""


class Clash(Conflict):
    """A colleague changed the same thing meanwhile."""

    def __init__(self, differences: list[Difference]) -> None:
        super().__init__("Een collega heeft dit intussen gewijzigd. Dit is het verschil; kies wat u wilt bewaren.")
        self.differences = differences


class EditForm(Form):
    """A form over something that exists. Its field names are the keys of the values that it shows."""

    seen = HiddenField()

    @property
    def editable(self) -> list[Field]:
        """The fields that hold values."""
        return [field for field in self if field.type != "CSRFTokenField" and field.name != "seen"]

    def show(self, values: Mapping[str, Any]) -> None:
        """Fill in what is stored and remember it; for the first visit."""
        for field in self.editable:
            field.data = _shown(values[field.name])
        self._remember(values)

    def merge(self, current: Mapping[str, Any]) -> dict[str, Any]:
        """What is to be stored, given what is stored now. Call it inside the transaction, with the row locked.

        Raises Clash, after which `clash_page` asks what to keep.
        """
        before = _remembered(self.seen.data)
        differences = []
        for field in self.editable:
            theirs, yours = _as_text(current[field.name]), _as_text(field.data)
            base = before.get(field.name)
            if theirs == yours:
                continue
            if base == theirs:
                if request.form.get(f"keep-{field.name}") == "theirs":
                    field.data = _shown(current[field.name])
                continue
            differences.append(
                Difference(
                    field.name, field.label.text, self._words(field, theirs), self._words(field, yours), base != yours
                )
            )
        if differences:
            self._remember(current)
            raise Clash(differences)
        return {field.name: field.data for field in self.editable}

    def _remember(self, values: Mapping[str, Any]) -> None:
        self.seen.data = json.dumps(
            {field.name: _as_text(values[field.name]) for field in self.editable}, ensure_ascii=False
        )

    @staticmethod
    def _words(field: Field, text: str) -> str:
        if isinstance(field, BooleanField):
            return "ja" if text else "nee"
        if isinstance(field, SelectFieldBase):
            for choice in field.iter_choices():
                if str(choice[0]) == text:
                    return str(choice[1])
        return text or NOTHING


def clash_page(form: EditForm, clash: Clash, *, layout: str, back_url: str) -> tuple[str, int]:
    """Ask which of the two to keep, field by field. Posts to the same address."""
    answer = render_template(
        "core/clash.html",
        layout=layout,
        form=form,
        hidden=[(field.name, _as_text(field.data)) for field in form.editable],
        differences=clash.differences,
        back_url=back_url,
    )
    return answer, Clash.status


def _shown(value: Any) -> Any:
    return str(value.value) if isinstance(value, Enum) else value


def _as_text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(_shown(value)).replace("\r\n", "\n")


def _remembered(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text or "")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
