"""Pages: decisions and settings, for staff."""

from __future__ import annotations

from flask import Blueprint, render_template

from core import clock
from core.permissions import requires
from governance import queries

blueprint = Blueprint("governance", __name__)


@blueprint.get("/beheer/besluiten")
@requires("decision:view")
def list_decisions() -> str:
    return render_template("governance/decisions.html", decisions=queries.decisions())


@blueprint.get("/beheer/besluiten/<number>")
@requires("decision:view")
def show_decision(number: str) -> str:
    decision = queries.decision(number)
    return render_template("governance/decision.html", decision=decision, followed_by=queries.decisions_after(decision))


@blueprint.get("/beheer/instellingen")
@requires("setting:view")
def list_settings() -> str:
    today = clock.today()
    return render_template(
        "governance/settings.html",
        settings=queries.settings_on(today),
        others=queries.settings_not_in_force(today),
        operators=queries.operators(),
        operator=next((row for row in reversed(queries.operators()) if row.starts_on <= today), None),
        today=today,
        label_of=queries.label_of,
        shown_value=queries.shown_value,
    )
