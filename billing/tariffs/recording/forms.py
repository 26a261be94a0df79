"""Forms for a tariff table with its rows, and for exceptions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from wtforms import FieldList, FormField

from billing.models import TariffTable
from billing.tariffs.recording.fields import AmountField, AmountOrShare, AmountOrShareField, BoundField
from billing.tariffs.recording.rules import MOST_ROWS, WHOM, Problem, Tables, problems
from billing.tariffs.rules import Category
from core import forms
from core.forms import DayField, Form
from core.money import ZERO
from core.validators import Optional, Required
from governance.models import Decision
from participants.models import Role

DEFAULT_BASIS = {"shv": "inhabitants", "creditor": "files"}
NEW_ROW, REMOVE = "erbij", "weg"


class RowForm(Form):
    """One category."""

    class Meta:
        csrf = False

    category = forms.text("Categorie", "Geef de categorie een naam, bijvoorbeeld B.", length=12, what="Een categorie")
    lower = BoundField("Vanaf", [Required("Vul de ondergrens in; de laagste begint bij 0.")])
    upper = BoundField("Tot", [Optional()])
    annual_fee = AmountField("Jaartarief", [Required("Vul het jaartarief in; 0 als er niets te betalen is.")])
    connection = AmountOrShareField(
        "Aansluitkosten", [Required("Vul de aansluitkosten in: een bedrag of een percentage.")]
    )
    step_fee = AmountField("Toeslag", [Optional()])
    step_size = BoundField("per extra", [Optional()])

    @property
    def is_blank(self) -> bool:
        return all(not (field.raw_data and str(field.raw_data[0]).strip()) for field in self)

    def row(self, basis: str) -> Category:
        """Only asked for after validation."""
        once: AmountOrShare = self.connection.data
        return Category(
            name=self.category.data or "",
            basis=basis,
            lower=self.lower.data or 0,
            upper=self.upper.data,
            annual_fee=self.annual_fee.data or ZERO,
            connection_fee=once.amount,
            connection_share=once.share,
            step_size=self.step_size.data,
            step_fee=self.step_fee.data,
        )


def row_values(row: Category) -> dict[str, Any]:
    """A category as the fields of a row show it."""
    return {
        "category": row.name,
        "lower": row.lower,
        "upper": row.upper,
        "annual_fee": row.annual_fee,
        "connection": AmountOrShare(row.connection_fee, row.connection_share),
        "step_fee": row.step_fee,
        "step_size": row.step_size,
    }


def rows_of(tables: Mapping[str, Sequence[Category]]) -> dict[str, list[dict[str, Any]]]:
    """A table as the fields of the form show it."""
    return {audience: [row_values(row) for row in tables.get(audience, ())] for audience in WHOM}


class RowsForm(Form):
    """The categories of both audiences. What each counts stays as it is in the table that it began with."""

    shv = FieldList(FormField(RowForm))
    creditor = FieldList(FormField(RowForm))

    bases: Mapping[str, str] = DEFAULT_BASIS

    def started_from(self, tables: Mapping[str, Sequence[Category]]) -> None:
        """What the audiences are counted by."""
        self.bases = {audience: rows[0].basis for audience, rows in tables.items() if rows}

    def press(self, pressed: str) -> bool:
        """Whether a button was pressed that adds or takes away a row; it is done then."""
        found = re.fullmatch(rf"({'|'.join(WHOM)}):({NEW_ROW}|{REMOVE})(?::([0-9]{{1,4}}))?", pressed)
        if not found:
            return False
        entries = self[found[1]]
        if found[2] == NEW_ROW and len(entries.entries) < MOST_ROWS:
            entries.append_entry()
        elif found[3] is not None:
            entries.entries = [entry for entry in entries.entries if entry.id != f"{found[1]}-{found[3]}"]
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        for audience in WHOM:
            self[audience].entries = [entry for entry in self[audience].entries if not entry.form.is_blank]
        is_right = super().validate(extra_validators)
        if any(self[audience].errors for audience in WHOM):
            return False  # a field that cannot be read comes first
        found = problems(self.tables())
        for problem in found:
            self._tell(problem)
        return bool(is_right) and not found

    def _tell(self, problem: Problem) -> None:
        if problem.position is None or problem.field is None:
            self.form_errors.append(problem.told)
            return
        field = self[problem.audience].entries[problem.position].form[problem.field]
        field.errors = [*field.errors, problem.told]
        self[problem.audience].errors = [entry.errors for entry in self[problem.audience].entries]

    def tables(self) -> Tables:
        """The categories by audience; only asked for after validation."""
        return {
            audience: [
                entry.form.row(self.bases.get(audience, DEFAULT_BASIS[audience])) for entry in self[audience].entries
            ]
            for audience in WHOM
        }


def decision_choice(rows: Sequence[Decision]) -> list[Any]:
    """For a select of decisions."""
    return forms.options([("", "Kies een besluit"), *((str(row.id), f"{row.number}: {row.title}") for row in rows)])


def decision_field() -> Any:
    return forms.choice("Besluit van het bestuur", [], "Kies het besluit waarop dit rust.", empty="Kies een besluit")


def key_of(value: str | None) -> int | None:
    """The id behind a choice."""
    return int(value) if value else None


class TableFactsForm(Form):
    """All of a table but its rows."""

    name = forms.text(
        "Naam van de tabel", "Geef de tabel een naam, bijvoorbeeld: Tarieven 2027.", length=80, what="Een naam"
    )
    decision = decision_field()
    corrects = forms.choice("Is dit een correctie van een tabel?", [], empty="Nee, een nieuwe tabel")
    starts_on = DayField(
        "Geldt vanaf", [Required("Vul de eerste dag in.")], description="dag-maand-jaar, bijvoorbeeld 1-1-2027"
    )
    source = forms.text("Waar staat het besluit?", "Schrijf waar het besluit te vinden is.", length=300, what="Dit")

    def offer(self, decisions: Sequence[Decision], tables: Sequence[TariffTable]) -> None:
        self.decision.choices = decision_choice(decisions)
        self.corrects.choices = forms.options(
            [
                ("", "Nee, een nieuwe tabel"),
                *(
                    (str(row.id), f"{row.name}, vanaf {row.starts_on.day}-{row.starts_on.month}-{row.starts_on.year}")
                    for row in tables
                    if row.corrected_by is None
                ),
            ]
        )


class TableForm(TableFactsForm, RowsForm):
    """A table with its rows."""


class ExceptionForm(Form):
    role = forms.choice("Rol", [], "Kies een rol.", empty="Kies een rol")
    category = forms.text("Categorie", "Vul de categorie in, bijvoorbeeld A.", length=12, what="Een categorie")
    starts_on = DayField("Vanaf", [Required("Vul de eerste dag in.")], description="Een dag na vandaag.")
    ends_on = DayField("Tot en met", [Required("Vul de laatste dag in: een uitzondering eindigt altijd.")])
    decision = decision_field()

    def offer(self, roles: Sequence[Role], decisions: Sequence[Decision]) -> None:
        self.role.choices = forms.options([("", "Kies een rol"), *((row.code, row.label) for row in roles)])
        self.decision.choices = decision_choice(decisions)


def day_after(field: DayField) -> Any:
    """The first day on which something does not hold any more, from the last on which it does; None when empty."""
    return field.data + timedelta(days=1) if field.data else None
