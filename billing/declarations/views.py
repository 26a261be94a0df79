"""Pages of the yearly request: the participant's, and the overview of staff."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from billing.declarations import queries, services
from billing.declarations.forms import DETAILS, DeclarationAndDetailsForm, DetailsForm
from billing.declarations.models import DeclarationRequest
from billing.declarations.rules import asking_day
from billing.declarations.services import Answer
from billing.views import blueprint
from core import clock, filters
from core.db import session, transaction
from core.errors import NotFound, UserError
from core.listing import Sort, csv_address, csv_response, paginate
from core.permissions import caller, current_actor, demand, requires
from core.web import notice
from participants.models import Participant
from participants.queries import participant as find_participant
from participants.rules import register_own_panel

Page = str | Response | tuple[str, int]
CSV_HEADINGS = ("Deelnemer", "Rol", "Gevraagd op", "Opnieuw gevraagd op", "Beantwoord op", "Schulddossiers", "Stand")


def _summary(participant_id: int) -> str | None:
    rows = queries.requests_of(participant_id)
    if not rows:
        return None
    if rows[0].answered_at is None:
        return f"Uw jaaropgave {rows[0].year} is nog niet gedaan."
    return f"Jaaropgave {rows[0].year} gedaan op {filters.day(filters.local_day(rows[0].answered_at))}."


register_own_panel(
    "Jaaropgave", "billing.list_own_declarations", "own:edit_invoice_details", position=42, summary=_summary
)


# ------------------------------------------------------------------------------------------------- participants


@blueprint.get("/mijn/<int:participant_id>/jaaropgave")
@requires("own:edit_invoice_details")
def list_own_declarations(participant_id: int) -> str:
    demand("own:edit_invoice_details", participant_id)
    return render_template(
        "billing/declarations/own_list.html",
        participant=find_participant(participant_id),
        rows=queries.requests_of(participant_id),
    )


@blueprint.route("/mijn/<int:participant_id>/jaaropgave/<int:year>", methods=["GET", "POST"])
@requires("own:edit_invoice_details")
def answer_declaration(participant_id: int, year: int) -> Page:
    """Fill in, check, send. Nothing is kept before it is sent."""
    demand("own:edit_invoice_details", participant_id)
    participant, row = find_participant(participant_id), queries.request_of(participant_id, year)
    form = DeclarationAndDetailsForm() if row.asks_number else DetailsForm()
    if row.answered_at is not None:
        return _answered(participant, row)
    if not form.is_submitted():
        form.version.data = str(participant.version)
        for name in DETAILS:
            form[name].data = getattr(participant.invoice_details, name, None)
        return _form_page(participant, row, form)
    if not form.validate():
        return _form_page(participant, row, form), 422
    step = request.form.get("stap")
    if step == "versturen":
        return _send(participant_id, year, form)
    return _form_page(participant, row, form) if step == "wijzigen" else _check_page(participant, row, form)


def _send(participant_id: int, year: int, form: DetailsForm) -> Page:
    number = form.number.data if isinstance(form, DeclarationAndDetailsForm) else None
    try:
        with transaction():
            services.answer(participant_id, year, Answer(number, form.details, form.seen_version), current_actor())
    except NotFound:
        raise
    except UserError as error:
        form.refuse(error)
        participant = find_participant(participant_id)
        form.version.data = str(participant.version)
        return _form_page(participant, queries.request_of(participant_id, year), form), error.status
    notice("Dank u wel. Uw opgave is verstuurd.")
    return redirect(url_for("billing.answer_declaration", participant_id=participant_id, year=year), 303)


def _form_page(participant: Participant, row: DeclarationRequest, form: DetailsForm) -> str:
    return render_template(
        "billing/declarations/answer.html",
        participant=participant,
        row=row,
        form=form,
        form_has_errors=bool(form.errors),
    )


def _check_page(participant: Participant, row: DeclarationRequest, form: DetailsForm) -> str:
    return render_template(
        "billing/declarations/check.html",
        participant=participant,
        row=row,
        form=form,
        answers=_answers(form),
        hidden=[(field.name, field.data) for field in _fields(form)],
    )


def _fields(form: DetailsForm) -> list[Any]:
    fields = [form[name] for name in ("version", *DETAILS)]
    return [*fields, form.number] if isinstance(form, DeclarationAndDetailsForm) else fields


def _answers(form: DetailsForm) -> list[tuple[str, str, None, None]]:
    rows = [(form[name].label.text, form[name].data or "–", None, None) for name in DETAILS]
    if isinstance(form, DeclarationAndDetailsForm):
        rows.insert(0, (form.number.label.text, filters.number(form.number.data or 0), None, None))
    return rows


def _answered(participant: Participant, row: DeclarationRequest) -> str:
    return render_template("billing/declarations/answered.html", participant=participant, row=row)


# ------------------------------------------------------------------------------------------------- staff


def _chosen_year() -> int:
    text = request.args.get("jaar", "")
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    return next(iter(queries.years()), clock.today().year)


@blueprint.get("/beheer/jaaropgave")
@requires("tariff:view")
def list_declarations() -> str | Response:
    """Who was asked in a year, who answered what, and who did not."""
    year, narrowed = _chosen_year(), request.args.get("stand", "")
    sort = Sort.chosen(queries.SORT_COLUMNS, "deelnemer")
    query = queries.requests(year, narrowed).order_by(sort.clause(queries.SORT_COLUMNS), DeclarationRequest.id)
    if request.args.get("als") == "csv":
        rows = session().execute(query).scalars()
        return csv_response(f"jaaropgave-{year}.csv", CSV_HEADINGS, map(_csv_row, rows))
    progress = queries.progress(year)
    return render_template(
        "billing/declarations/list.html",
        page=paginate(query),
        year=year,
        years=queries.years(),
        year_choices=[(str(one), str(one)) for one in queries.years()],
        narrowed=narrowed,
        sort=sort,
        progress=progress,
        csv_url=csv_address(),
        state_of=state_of,
        may_ask=caller().may("declaration:ask") and progress.open > 0,
        month=filters.day(asking_day(clock.today().year, services.month_on(clock.today()))),
    )


@blueprint.post("/beheer/jaaropgave/<int:year>/opnieuw")
@requires("declaration:ask")
def ask_again(year: int) -> Response:
    with transaction():
        asked = services.ask_again(year, current_actor())
    who = "1 deelnemer" if asked == 1 else f"{asked} deelnemers"
    if asked:
        notice(f"Opnieuw gevraagd aan {who}.")
    else:
        notice("Iedereen die niet antwoordde, is minder dan een week geleden gevraagd.", "warning")
    return redirect(url_for("billing.list_declarations", jaar=year, stand=queries.NOT_ANSWERED), 303)


def state_of(row: DeclarationRequest) -> str:
    """How far a request is, as staff read it."""
    if row.answered_at is None:
        return "Nog niet beantwoord" if row.mailed_to else "Nog niet beantwoord; geen mailadres bekend"
    if row.approval is not None:
        return f"Ander aantal: {row.approval.outcome.label.lower()}"
    return "Beantwoord, gegevens gewijzigd" if row.details_changed else "Beantwoord"


def _csv_row(row: DeclarationRequest) -> tuple[object, ...]:
    days = (row.asked_at, row.asked_again_at, row.answered_at)
    return (
        row.participant.name,
        row.participant.role.label,
        *(filters.short_day(filters.local_day(day)) if day else "" for day in days),
        "" if row.number is None else row.number,
        state_of(row),
    )
