"""The statement of account of a participant, as page, CSV and PDF; the same for staff and for the participant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Response, render_template, request

from billing.statements import queries
from billing.statements.rules import MovementKind, Statement
from billing.views import blueprint
from core import clock, filters, pdf
from core.listing import csv_response
from core.permissions import demand, requires
from core.validators import parse_day
from core.web import settings
from governance.papers.services import logo_images
from governance.queries import operator_on
from participants.models import Participant
from participants.queries import participant as find_participant

HEADINGS = ("Datum", "Soort", "Nummer", "Omschrijving", "Bedrag met btw", "Saldo")


@dataclass(frozen=True)
class Side:
    """From which side it is looked at: endpoints and template."""

    template: str
    show: str
    export: str
    download: str
    invoices: str


STAFF = Side(
    "billing/statements/of_participant.html",
    "billing.show_statement",
    "billing.export_statement",
    "billing.download_statement",
    "billing.list_invoices_of_participant",
)
OWN = Side(
    "billing/statements/own.html",
    "billing.show_own_statement",
    "billing.export_own_statement",
    "billing.download_own_statement",
    "billing.list_own_invoices",
)


def _chosen() -> tuple[date, int | None]:
    """The day and the year in the address; what makes no sense means today, and all years."""
    year = request.args.get("jaar", "")
    try:
        on = min(parse_day(request.args.get("op", "")[:50]), clock.today())
    except ValueError:
        on = clock.today()
    return on, int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None


def _page(participant_id: int, side: Side) -> str:
    on, year = _chosen()
    return render_template(
        side.template,
        participant=find_participant(participant_id),
        side=side,
        statement=queries.statement_of(participant_id, on, year),
        years=queries.years_of(participant_id),
        kinds=MovementKind,
        address={"op": filters.short_day(on), "jaar": year or ""},
    )


def _csv(participant_id: int) -> Response:
    found = queries.statement_of(participant_id, *_chosen())
    return csv_response(f"rekeningoverzicht-{found.on.isoformat()}.csv", HEADINGS, _rows(found))


def _rows(found: Statement) -> Iterator[tuple[str, ...]]:
    if found.year is not None:
        yield f"1-1-{found.year}", "Beginstand", "", "", "", _amount(found.opening)
    for line in found.lines:
        one = line.movement
        yield (
            filters.short_day(one.on),
            one.kind.label,
            one.number,
            one.description,
            _amount(one.amount),
            _amount(line.balance),
        )


def _amount(value: object) -> str:
    return f"{value:.2f}".replace(".", ",")


def _pdf(participant_id: int) -> Response:
    participant = find_participant(participant_id)
    found = queries.statement_of(participant_id, *_chosen())
    response = Response(_document(participant, found), content_type="application/pdf")
    name = f"rekeningoverzicht-{found.on.isoformat()}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _document(participant: Participant, found: Statement) -> bytes:
    operator = operator_on(found.on)
    return pdf.render(
        "pdf/statement.html",
        images=logo_images(operator.logo_sha256),
        participant=participant,
        details=participant.invoice_details,
        operator=operator,
        statement=found,
        kinds=MovementKind,
        example=operator.fictional or settings().is_demo,
    )


# ------------------------------------------------------------------------------------------------- staff


@blueprint.get("/beheer/deelnemers/<int:participant_id>/facturen/rekeningoverzicht")
@requires("invoice:view")
def show_statement(participant_id: int) -> str:
    return _page(participant_id, STAFF)


@blueprint.get("/beheer/deelnemers/<int:participant_id>/facturen/rekeningoverzicht.csv")
@requires("invoice:view")
def export_statement(participant_id: int) -> Response:
    find_participant(participant_id)
    return _csv(participant_id)


@blueprint.get("/beheer/deelnemers/<int:participant_id>/facturen/rekeningoverzicht.pdf")
@requires("invoice:view")
def download_statement(participant_id: int) -> Response:
    return _pdf(participant_id)


# ------------------------------------------------------------------------------------------------- participants


@blueprint.get("/mijn/<int:participant_id>/facturen/rekeningoverzicht")
@requires("own:invoice")
def show_own_statement(participant_id: int) -> str:
    demand("own:invoice", participant_id)
    return _page(participant_id, OWN)


@blueprint.get("/mijn/<int:participant_id>/facturen/rekeningoverzicht.csv")
@requires("own:invoice")
def export_own_statement(participant_id: int) -> Response:
    demand("own:invoice", participant_id)
    return _csv(participant_id)


@blueprint.get("/mijn/<int:participant_id>/facturen/rekeningoverzicht.pdf")
@requires("own:invoice")
def download_own_statement(participant_id: int) -> Response:
    demand("own:invoice", participant_id)
    return _pdf(participant_id)
