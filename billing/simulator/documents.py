"""The outcome of a scenario as plain rows: for tables, CSV, spreadsheets, charts and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billing.simulator.facts import Facts
from billing.simulator.models import TariffScenario
from billing.simulator.rules import NO_AUDIENCE, CategoryTotal, Line, Result
from billing.tariffs.recording.rules import WHOM, differences, from_json
from core.charts import Series, bars
from core.filters import day, euro, number
from core.spreadsheets import Sheet

NO_TARIFF = "rollen zonder tarief"
CATEGORY_HEADINGS = ("Doelgroep", "Categorie", "Aantal nu", "Opbrengst nu", "Aantal", "Opbrengst", "Verschil")
LINE_HEADINGS = (
    "Deelnemer",
    "Doelgroep",
    "Aantal",
    "Categorie nu",
    "Categorie",
    "Jaartarief nu",
    "Jaartarief",
    "Verschil met nu",
    "Gefactureerd over het jaar ervoor",
    "Verschil met die factuur",
    "Jaartarief € 0,00 nu",
)


def whom(audience: str) -> str:
    """How an audience is called."""
    return NO_TARIFF if audience == NO_AUDIENCE else WHOM.get(audience, audience)


def difference(amount: Decimal) -> str:
    """`€ 8.500,00 meer`, `€ 250,00 minder` or `evenveel`."""
    if amount == 0:
        return "evenveel"
    return f"{euro(abs(amount))} {'meer' if amount > 0 else 'minder'}"


def chart(result: Result, audience: str, name: str) -> str:
    """Income per category of an audience, now and in the scenario."""
    rows = _of(result, audience)
    return bars(
        [row.category for row in rows],
        [Series("Nu", [row.income_before for row in rows]), Series(name, [row.income for row in rows])],
    )


def compared_chart(results: Sequence[tuple[str, Result]]) -> str:
    """Income of each scenario per audience, beside now."""
    first = results[0][1]
    everybody = (audience for _, result in results for audience in result.audiences)
    audiences = [row for row in dict.fromkeys(everybody) if row != NO_AUDIENCE]
    now = Series("Nu", [first.audience_total(row).income_before for row in audiences])
    others = [Series(name, [result.audience_total(row).income for row in audiences]) for name, result in results]
    return bars([whom(row).capitalize() for row in audiences], [now, *others])


def chart_sentence(result: Result, audience: str) -> str:
    """What the chart shows, in one sentence."""
    rows = _of(result, audience)
    most = max(rows, key=lambda row: abs(row.income - row.income_before), default=None)
    if most is None or most.income == most.income_before:
        return f"Voor {whom(audience)} brengt elke categorie evenveel op als nu."
    change = difference(most.income - most.income_before)
    return f"Voor {whom(audience)} zit het grootste verschil in categorie {most.category}: {change} dan nu."


def _of(result: Result, audience: str) -> list[CategoryTotal]:
    return [row for row in result.categories if row.audience == audience]


def category_rows(result: Result) -> list[tuple[Any, ...]]:
    """One for each category."""
    return [
        (
            whom(row.audience),
            row.category,
            row.count_before,
            row.income_before,
            row.count,
            row.income,
            row.income - row.income_before,
        )
        for row in result.categories
    ]


def line_rows(result: Result) -> list[tuple[Any, ...]]:
    """One for each participant."""
    return [_line(row) for row in result.lines]


def _line(row: Line) -> tuple[Any, ...]:
    who = row.subscription
    return (
        who.name,
        whom(who.audience),
        who.number,
        row.category_before,
        row.category_after,
        row.before,
        row.after,
        row.change,
        who.last_year,
        row.since_last_year,
        "ja" if who.is_zero else "nee",
    )


def summary_rows(row: TariffScenario, result: Result) -> list[tuple[str, Any]]:
    """The outcome in some twenty figures."""
    moved, since = result.movement, result.movement_since_last_year
    rows: list[tuple[str, Any]] = [
        (f"Opbrengst over {row.year} met de tabel van nu", result.income_before),
        (f"Opbrengst over {row.year} in dit scenario", result.income),
        ("Verschil met nu", result.change),
        ("Deelnemers die meer betalen dan nu", moved.risers),
        ("Samen meer", moved.rise),
        ("Deelnemers die minder betalen dan nu", moved.fallers),
        ("Samen minder", moved.fall),
        ("Deelnemers die evenveel betalen", moved.same),
        (f"Gefactureerd jaartarief over {row.year - 1}", result.last_year),
        (f"Meer dan de factuur over {row.year - 1}", since.risers),
        (f"Minder dan de factuur over {row.year - 1}", since.fallers),
        (f"Zonder jaarfactuur over {row.year - 1}", result.without_last_year),
        ("Deelnemers met jaartarief € 0,00", result.zero_count),
        ("Opbrengst als het jaartarief € 0,00 blijft", result.income_with_zero_tariff),
        ("Opbrengst als het jaartarief € 0,00 eindigt", result.income_without_zero_tariff),
        ("Niet te rekenen", len(result.parked)),
    ]
    if result.above_budget is not None:
        rows += [("Begroting", result.budget), ("Boven de begroting", result.above_budget)]
    return rows


def assumption_rows(row: TariffScenario, kept: Facts) -> list[tuple[str, str]]:
    """What the outcome rests on."""
    rows = [
        ("Scenario", row.name),
        ("Toelichting", row.explanation or "–"),
        ("Gemaakt door", (row.maker.name if row.maker else None) or "het systeem"),
        ("Voor wie", row.population.label),
        ("Jaar", str(row.year)),
        ("Geteld op", day(row.counted_on)),
        ("Aantal in de berekening", number(len(kept.population))),
        ("Tabel van nu", kept.table),
        ("Toeslag van de hoogste categorie", kept.present.open_top.label),
        ("Jaartarief € 0,00", "eindigt in dit scenario" if row.ends_zero_tariff else "blijft in dit scenario"),
        ("Bedragen", "jaartarief over een heel jaar, zonder btw, zonder aansluitkosten"),
    ]
    told = differences(kept.present.categories, from_json(row.rows))
    return rows + [("Gewijzigd", change) for change in told or ["niets: de tabel van nu"]]


def sheets(row: TariffScenario, kept: Facts, result: Result) -> list[Sheet]:
    """The whole outcome as a workbook."""
    table = [
        (
            whom(audience),
            category.name,
            category.lower,
            category.upper,
            category.annual_fee,
            category.connection_fee,
            category.connection_share,
            category.step_fee,
            category.step_size,
        )
        for audience, categories in from_json(row.rows).items()
        for category in categories
    ]
    return [
        Sheet("Samenvatting", ("Wat", "Uitkomst"), summary_rows(row, result)),
        Sheet("Per categorie", CATEGORY_HEADINGS, category_rows(result)),
        Sheet("Per deelnemer", LINE_HEADINGS, line_rows(result)),
        Sheet("Niet te rekenen", ("Deelnemer", "Waarom"), [(who.name, why) for who, why in result.parked]),
        Sheet(
            "Tabel",
            (
                "Doelgroep",
                "Categorie",
                "Vanaf",
                "Tot",
                "Jaartarief",
                "Aansluitkosten",
                "Aansluitkosten in %",
                "Toeslag",
                "Per extra",
            ),
            table,
        ),
        Sheet("Uitgangspunten", ("Wat", "Waarde"), assumption_rows(row, kept)),
    ]


def as_json(result: Result, *, year: int, table: str, population: str) -> dict[str, Any]:
    """For `flask billing simulate --json`: amounts as text."""
    moved = result.movement
    return {
        "year": year,
        "population": population,
        "present_table": table,
        "income_before": _text(result.income_before),
        "income": _text(result.income),
        "change": _text(result.change),
        "risers": moved.risers,
        "rise": _text(moved.rise),
        "fallers": moved.fallers,
        "fall": _text(moved.fall),
        "same": moved.same,
        "last_year": _text(result.last_year),
        "budget": _text(result.budget),
        "above_budget": _text(result.above_budget),
        "zero_tariff": {
            "count": result.zero_count,
            "income_with": _text(result.income_with_zero_tariff),
            "income_without": _text(result.income_without_zero_tariff),
        },
        "categories": [
            {
                "audience": row.audience,
                "category": row.category,
                "count_before": row.count_before,
                "income_before": _text(row.income_before),
                "count": row.count,
                "income": _text(row.income),
            }
            for row in result.categories
        ],
        "biggest_risers": [_moved(row) for row in result.risers(10)],
        "biggest_fallers": [_moved(row) for row in result.fallers(10)],
        "parked": [{"name": who.name, "problem": why} for who, why in result.parked],
    }


def _moved(row: Line) -> dict[str, Any]:
    return {
        "name": row.subscription.name,
        "number": row.subscription.number,
        "category_before": row.category_before,
        "category": row.category_after,
        "before": _text(row.before),
        "after": _text(row.after),
        "change": _text(row.change),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
