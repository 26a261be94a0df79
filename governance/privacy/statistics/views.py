"""Pages: purposes of statistics."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for

from core import clock
from core.forms import attempt
from core.listing import csv_response
from core.permissions import caller, current_actor, requires
from core.web import notice
from governance.privacy.blueprint import Answer, blueprint
from governance.privacy.statistics import queries, services
from governance.privacy.statistics.forms import PurposeForm


@blueprint.get("/statistieken")
@requires("privacy:view")
def list_statistics() -> str:
    return render_template(
        "governance/privacy/statistics.html",
        purposes=queries.purposes_on(clock.today()),
        may_edit=caller().may("privacy:edit"),
    )


@blueprint.get("/statistieken.csv")
@requires("privacy:view")
def export_statistics() -> Response:
    headings = ("code", "naam", "van", "doel", "grondslag", "aan", "bron", "te_bevestigen")
    rows = (
        (
            *(row.code, row.label, row.starts_on, row.purpose, row.legal_basis),
            *("ja" if row.allowed else "nee", row.source, "ja" if row.to_confirm else "nee"),
        )
        for row in queries.all_purposes()
    )
    return csv_response(f"statistieken-{clock.today()}.csv", headings, rows)


@blueprint.route("/statistieken/<code>", methods=["GET", "POST"])
@requires("privacy:edit")
def set_purpose(code: str) -> Answer:
    latest = queries.history(code)[0]
    shown = {name: getattr(latest, name) for name in ("purpose", "legal_basis", "allowed")}
    form = PurposeForm(data=shown | {"starts_on": clock.today()})
    status = attempt(
        form,
        lambda: services.set_purpose(
            code,
            current_actor(),
            purpose=form.purpose.data or "",
            legal_basis=form.legal_basis.data or "",
            allowed=bool(form.allowed.data),
            starts_on=form.starts_on.data or clock.today(),
            source=form.source.data or "",
        ),
    )
    if status is None:
        notice("Vastgelegd.")
        return redirect(url_for("privacy.list_statistics"), 303)
    page = render_template(
        "governance/privacy/purpose.html",
        form=form,
        code=code,
        history=queries.history(code),
        form_has_errors=bool(form.errors),
    )
    return page, status
