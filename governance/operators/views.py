"""Pages about the operator over time, for staff."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core import clock
from core.errors import NotFound
from core.forms import Form, attempt, day_of
from core.permissions import caller, requires
from core.web import notice
from governance import queries
from governance.models import Operator
from governance.operators import services
from governance.operators.forms import CompletionForm, EndSignatoryForm, SignatoryForm
from governance.papers.rules import PNG, PNG_START, SVG
from governance.papers.services import content_of, store_logo
from governance.papers.views import uploads
from governance.views import blueprint

Page = str | AnyResponse | tuple[str, int]
LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An SVG that is opened by itself can load and run nothing."""


@blueprint.get("/beheer/stelselbeheerder")
@requires("setting:view")
def list_operators() -> str:
    today = clock.today()
    rows = queries.operators()
    return render_template(
        "governance/operators.html",
        operators=[
            (row, rows[at + 1].starts_on if at + 1 < len(rows) else None, services.unknown_fields(row))
            for at, row in enumerate(rows)
        ],
        now=next((row for row in reversed(rows) if row.starts_on <= today), None),
        waiting={row.id: services.waiting(row.id) for row in rows},
        signs_today=services.signs_today,
        may_complete=caller().may("operator:complete"),
        today=today,
    )


def _form_page(form: Form, row: Operator, heading: str, status: int, lead: str) -> tuple[str, int]:
    page = render_template(
        "governance/operator_form.html",
        form=form,
        operator=row,
        heading=heading,
        lead=lead,
        action=request.path,
        form_has_errors=bool(form.errors),
    )
    return page, status


def _asked() -> AnyResponse:
    notice("Uw verzoek ligt klaar voor een collega. Er verandert pas iets na akkoord.")
    return redirect(url_for("governance.list_operators"), 303)


@blueprint.route("/beheer/stelselbeheerder/<int:operator_id>/aanvullen", methods=["GET", "POST"])
@requires("operator:complete")
def complete_operator(operator_id: int) -> Page:
    row, form = services.operator(operator_id), CompletionForm()
    form.keep(services.unknown_fields(row))

    def ask() -> None:
        logo = uploads([form.logo.data]) if "logo" in form else []
        services.propose_completion(row, form.values(), store_logo(logo[0]) if logo else None, caller().actor)

    status = attempt(form, ask)
    if status is None:
        return _asked()
    return _form_page(
        form, row, "Gegevens aanvullen", status, "Wat bekend is, ligt vast. Laat leeg wat u niet zeker weet."
    )


@blueprint.route("/beheer/stelselbeheerder/<int:operator_id>/tekeningsbevoegden", methods=["GET", "POST"])
@requires("operator:complete")
def add_signatory(operator_id: int) -> Page:
    row, form = services.operator(operator_id), SignatoryForm()
    status = attempt(
        form,
        lambda: services.propose_signatory(
            row,
            form.name.data or "",
            form.function.data or "",
            day_of(form.starts_on),
            form.last_day.data,
            caller().actor,
        ),
    )
    if status is None:
        return _asked()
    return _form_page(form, row, "Tekeningsbevoegde toevoegen", status, "Wie mag namens de stelselbeheerder tekenen?")


@blueprint.route(
    "/beheer/stelselbeheerder/<int:operator_id>/tekeningsbevoegden/<int:signatory_id>", methods=["GET", "POST"]
)
@requires("operator:complete")
def end_signatory(operator_id: int, signatory_id: int) -> Page:
    row, form = services.operator(operator_id), EndSignatoryForm()
    found = services.signatory(operator_id, signatory_id)
    status = attempt(form, lambda: services.end_signatory(found, day_of(form.last_day), caller().actor))
    if status is None:
        notice("De laatste dag is vastgelegd.")
        return redirect(url_for("governance.list_operators"), 303)
    return _form_page(form, row, "Laatste dag vastleggen", status, f"{found.name}, {found.function}.")


@blueprint.get("/beheer/stelselbeheerder/<int:operator_id>/logo")
@requires("setting:view")
def show_logo(operator_id: int) -> Response:
    row = services.operator(operator_id)
    if row.logo_sha256 is None:
        raise NotFound("Deze stelselbeheerder heeft nog geen logo.")
    content = content_of(row.logo_sha256)
    response = Response(content, content_type=PNG if content.startswith(PNG_START) else SVG)
    response.headers["Content-Security-Policy"] = LOGO_POLICY
    return response
