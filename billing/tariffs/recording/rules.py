"""What a tariff table must comply with before it can be recorded, and how it is kept as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from billing.tariffs.rules import Category, thousands
from core.money import CENT
from governance.bodies.rules import months_after

Tables = dict[str, list[Category]]
"""The categories by audience, in the order in which they were typed."""

WHOM = {"shv": "schuldhulpverleners", "creditor": "schuldeisers en anderen"}
MOST_ROWS = 20
"""Categories per audience; nobody needs more."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row, and in which of its fields."""

    audience: str
    position: int | None
    """Of the row among those of its audience, from 0; None when it is about all of them."""
    field: str | None
    sentence: str

    @property
    def told(self) -> str:
        """For who does not see the row."""
        return f"{WHOM.get(self.audience, self.audience).capitalize()}: {self.sentence}"


def problems(tables: Mapping[str, Sequence[Category]]) -> list[Problem]:
    """Everything that is wrong with a table: it must hold each number exactly once, and ask no negative amounts."""
    found: list[Problem] = []
    for audience in WHOM:
        rows = tables.get(audience, ())
        found += [Problem(audience, *told) for told in _of_audience(rows)]
    return found


_Told = tuple[int | None, str | None, str]


def _of_audience(rows: Sequence[Category]) -> Iterable[_Told]:
    if not rows:
        yield None, None, "er is geen enkele categorie. Voeg er ten minste één toe."
        return
    if len(rows) > MOST_ROWS:
        yield None, None, f"er zijn meer dan {MOST_ROWS} categorieën. Voeg categorieën samen."
    if len({row.basis for row in rows}) > 1:
        yield None, None, "de categorieën tellen niet allemaal hetzelfde. Kies één grondslag."
    for position, row in enumerate(rows):
        if row.name in {other.name for other in rows[:position]}:
            yield position, "category", f"categorie {row.name} staat er twee keer. Geef elke categorie een eigen naam."
        yield from ((position, *told) for told in _amounts(row))
        yield from ((position, *told) for told in _open_top(row, is_last=position == len(rows) - 1))
    yield from _bounds(rows)


def _amounts(row: Category) -> Iterable[tuple[str, str]]:
    amounts = {"annual_fee": row.annual_fee, "connection": row.connection_fee, "step_fee": row.step_fee}
    for field, amount in amounts.items():
        if amount is not None and amount < 0:
            yield field, f"categorie {row.name}: een bedrag kan niet negatief zijn. Vul 0 of meer in."
        elif amount is not None and amount != amount.quantize(CENT):
            yield field, f"categorie {row.name}: een bedrag heeft hoogstens twee cijfers achter de komma."
    if row.connection_share is not None and not 0 <= row.connection_share <= 100:
        yield "connection", f"categorie {row.name}: een deel van het jaartarief ligt tussen 0% en 100%."
    if (row.connection_fee is None) == (row.connection_share is None):
        yield "connection", f"categorie {row.name}: vul de aansluitkosten in, als bedrag of als percentage."


def _open_top(row: Category, *, is_last: bool) -> Iterable[tuple[str, str]]:
    if (row.step_fee is None) != (row.step_size is None):
        field = "step_size" if row.step_size is None else "step_fee"
        yield field, f"categorie {row.name}: vul bij een toeslag zowel het bedrag in als per hoeveel extra."
    elif row.step_size is not None and row.step_size < 1:
        yield "step_size", f"categorie {row.name}: een toeslag geldt per 1 of meer extra."
    elif row.step_fee is not None and not is_last:
        yield "step_fee", f"categorie {row.name}: alleen de hoogste categorie kan een toeslag hebben. Maak dit leeg."


def _bounds(rows: Sequence[Category]) -> Iterable[_Told]:
    """Ascending, from 0, without gap or overlap, and open at the top."""
    first, last = rows[0], rows[-1]
    if first.lower != 0:
        yield 0, "lower", f"de laagste categorie ({first.name}) begint bij 0, niet bij {thousands(first.lower)}."
    for position, row in enumerate(rows):
        if row.upper is not None and row.upper <= row.lower:
            yield position, "upper", f"categorie {row.name}: de bovengrens moet hoger zijn dan de ondergrens."
    for position, (row, after) in enumerate(pairwise(rows)):
        names = f"categorie {row.name} en {after.name}"
        if row.upper is None:
            yield position, "upper", f"categorie {row.name} heeft geen bovengrens; dat kan alleen bij de hoogste."
        elif after.lower <= row.lower:
            yield position + 1, "lower", f"{names}: de grenzen lopen niet op. Zet de categorieën van laag naar hoog."
        elif after.lower > row.upper:
            gap = f"{thousands(row.upper)} tot {thousands(after.lower)}"
            yield position + 1, "lower", f"tussen {names} zit een gat: {gap} valt nergens. Sluit de grenzen aan."
        elif after.lower < row.upper:
            overlap = f"{thousands(after.lower)} tot {thousands(row.upper)}"
            yield position + 1, "lower", f"{names} overlappen: {overlap} valt in beide. Sluit de grenzen aan."
    if last.upper is not None:
        yield len(rows) - 1, "upper", f"de hoogste categorie ({last.name}) heeft geen bovengrens. Laat die leeg."


# ------------------------------------------------------------------------------------------------- plain values


def to_json(tables: Mapping[str, Sequence[Category]]) -> list[dict[str, Any]]:
    """As a scenario and a request keep it: amounts as text."""
    return [_row_to_json(audience, row) for audience in WHOM for row in tables.get(audience, ())]


def _row_to_json(audience: str, row: Category) -> dict[str, Any]:
    return {
        "audience": audience,
        "basis": row.basis,
        "category": row.name,
        "lower": row.lower,
        "upper": row.upper,
        "annual_fee": _written(row.annual_fee),
        "connection_fee": _written(row.connection_fee),
        "connection_share": _written(row.connection_share),
        "step_size": row.step_size,
        "step_fee": _written(row.step_fee),
    }


def _written(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def from_json(rows: Iterable[Mapping[str, Any]]) -> Tables:
    """What `to_json` made."""
    tables: Tables = {}
    for row in rows:
        tables.setdefault(row["audience"], []).append(
            Category(
                name=row["category"],
                basis=row["basis"],
                lower=row["lower"],
                upper=row["upper"],
                annual_fee=Decimal(row["annual_fee"]),
                connection_fee=_amount(row["connection_fee"]),
                connection_share=_amount(row["connection_share"]),
                step_size=row["step_size"],
                step_fee=_amount(row["step_fee"]),
            )
        )
    return tables


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def differences(before: Mapping[str, Sequence[Category]], after: Mapping[str, Sequence[Category]]) -> list[str]:
    """What a changed table changes, each in a sentence; for who has to agree with it."""
    told: list[str] = []
    for audience, whom in WHOM.items():
        old = {row.name: row for row in before.get(audience, ())}
        new = {row.name: row for row in after.get(audience, ())}
        told += [f"{whom}: categorie {name} vervalt" for name in old if name not in new]
        told += [f"{whom}: categorie {name} is nieuw" for name in new if name not in old]
        for name, row in new.items():
            if name in old and (what := _changed(old[name], row)):
                told.append(f"{whom}, categorie {name}: {', '.join(what)}")
    return told


def _changed(old: Category, new: Category) -> list[str]:
    names = {
        "annual_fee": "jaartarief",
        "connection_fee": "aansluitkosten",
        "connection_share": "aansluitkosten als deel van het jaartarief",
        "lower": "ondergrens",
        "upper": "bovengrens",
        "step_fee": "toeslag",
        "step_size": "toeslag per",
        "basis": "grondslag",
    }
    found = []
    for field, name in names.items():
        was, becomes = getattr(old, field), getattr(new, field)
        if was != becomes:
            found.append(f"{name} van {_shown(field, was)} naar {_shown(field, becomes)}")
    return found


def _shown(field: str, value: Decimal | int | str | None) -> str:
    if value is None:
        return "geen"
    if isinstance(value, Decimal):
        whole, _, cents = f"{value:,.2f}".partition(".")
        text = f"{whole.replace(',', '.')},{cents}"
        return f"{text}%" if field == "connection_share" else f"€\u00a0{text}"
    return thousands(value) if isinstance(value, int) else value


# ------------------------------------------------------------------------------------------------- days


def why_not_from(starts_on: date, today: date) -> str | None:
    """Why something new cannot hold from a day; None when it can. Invoices went out by what held before."""
    if starts_on > today:
        return None
    return "Dit geldt niet met terugwerkende kracht. Kies een dag na vandaag."


def why_not_reviewed(
    starts_on: date, ended_before: date | None, ends_before: date | None, review_on: date | None, today: date
) -> tuple[str, str] | None:
    """Why a zero tariff cannot end so, or cannot be looked at again then: field and sentence; None when it can.

    `ended_before`: the end that was decided before, which stays as it is once it has come.
    """
    if ended_before is not None and ended_before <= today:
        ended = "Dit jaartarief € 0,00 is al geëindigd. Laat de laatste dag zoals die is."
        return ("ends_on", ended) if ends_before != ended_before else None
    wrong = (
        (
            ends_before is None and review_on is None,
            "ends_on",
            "Vul een laatste dag in, of de dag waarop het bestuur er weer naar kijkt.",
        ),
        (
            ends_before is not None and ends_before <= today,
            "ends_on",
            "Een einde geldt niet met terugwerkende kracht. Kies vandaag of een latere dag.",
        ),
        (
            ends_before is not None and ends_before <= starts_on,
            "ends_on",
            "Het einde ligt voor het begin. Controleer de datum.",
        ),
        (
            review_on is not None and review_on <= today,
            "review_on",
            "Deze dag is voorbij. Kies een latere dag om er weer naar te kijken.",
        ),
    )
    return next(((field, sentence) for is_wrong, field, sentence in wrong if is_wrong), None)


def due_day(ends_before: date | None, review_on: date | None, today: date) -> date | None:
    """The day by which something has to be decided or known about a zero tariff: its last day when that still comes,
    and without an end the day of its review; None when it has ended."""
    if ends_before is None:
        return review_on
    return ends_before - timedelta(days=1) if ends_before > today else None


WARNED_MONTHS = 3


def is_pressing(due_on: date | None, today: date) -> bool:
    """Whether finance is warned: from three months before."""
    return due_on is not None and months_after(due_on, -WARNED_MONTHS) <= today
