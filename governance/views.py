"""The page of the settings. Decisions, bodies, meetings and the operator have their own pages in the sub-packages."""

from __future__ import annotations

from flask import Blueprint, render_template

from core import clock
from core.permissions import caller, requires
from governance import queries
from governance.choices.rules import CHANGEABLE

blueprint = Blueprint("governance", __name__)


@blueprint.get("/beheer/instellingen")
@requires("setting:view")
def list_settings() -> str:
    today = clock.today()
    return render_template(
        "governance/settings.html",
        settings=queries.settings_on(today),
        others=queries.settings_not_in_force(today),
        label_of=queries.label_of,
        shown_value=queries.shown_value,
        changeable={str(name.value) for name in CHANGEABLE} if caller().may("setting:propose") else set(),
    )
