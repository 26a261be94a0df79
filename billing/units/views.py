"""One page with the invoices of all units that a person acts for. Units of the same organisation for which somebody
else acts are not on it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template, request

from billing.units import queries
from billing.units.queries import Unit
from billing.views import blueprint
from core import clock, filters
from core.errors import NotFound
from core.listing import csv_address, csv_response
from core.money import ZERO
from core.permissions import caller, requires
from participants.models import Participant
from participants.order_numbers.queries import organisation_number
from participants.queries import participants_of

HEADINGS = (
    "Onderdeel",
    "Rol",
    "Nummer",
    "Soort",
    "Datum",
    "Betalen voor of op",
    "Jaar",
    "Bedrag zonder btw",
    "Btw",
    "Bedrag met btw",
    "Gecrediteerd met",
)


def _own_units(organisation_id: int) -> list[Participant]:
    """The units whose invoices the person may see. Raises NotFound when there are none."""
    who = caller()
    found = [one for one in participants_of(organisation_id) if who.may("own:invoice", one.id)]
    if not found:
        raise NotFound("Deze pagina bestaat niet, of hoort bij een andere organisatie.")
    return sorted(found, key=lambda one: (one.unit_name.casefold(), one.id))


@blueprint.get("/mijn/organisatie/<int:organisation_id>/facturen")
@requires("own:invoice")
def list_unit_invoices(organisation_id: int) -> str | Response:
    units = _own_units(organisation_id)
    typed = request.args.get("jaar", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    found = queries.units_with_invoices(units, year)
    if request.args.get("als") == "csv":
        return csv_response(f"facturen-onderdelen-{clock.today().isoformat()}.csv", HEADINGS, _rows(found))
    who = caller()
    return render_template(
        "billing/units/list.html",
        organisation=units[0].organisation,
        units=found,
        total=sum((unit.total for unit in found), ZERO),
        years=queries.years_of(units),
        year=year,
        csv_url=csv_address(),
        organisation_number=organisation_number(organisation_id),
        may_edit={unit.id for unit in units if who.may("own:edit_invoice_details", unit.id)},
    )


def _rows(units: list[Unit]) -> Iterator[tuple[str, ...]]:
    for unit in units:
        for row in unit.invoices:
            yield (
                unit.participant.unit_name or "Hele organisatie",
                unit.participant.role.label,
                row.number,
                row.kind.label,
                filters.short_day(row.issued_on),
                filters.short_day(row.due_on) if row.due_on else "",
                str(row.year),
                *(f"{amount:.2f}".replace(".", ",") for amount in (row.net, row.vat, row.gross)),
                row.credited_by.number if row.credited_by else "",
            )
