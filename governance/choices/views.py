"""The page on which a setting gets another value from a day on."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import clock
from core.forms import attempt, day_of
from core.permissions import caller, requires
from core.web import notice
from governance import queries
from governance.choices import services
from governance.choices.forms import form_for
from governance.choices.rules import CHANGEABLE
from governance.kinds import Body
from governance.views import blueprint

Page = str | tuple[str, int] | Response


@blueprint.route("/beheer/instellingen/<name>/wijzigen", methods=["GET", "POST"])
@requires("setting:propose")
def change_setting(name: str) -> Page:
    setting = services.setting_name(name)
    today = clock.today()
    now = queries.setting_on(setting, today)
    bodies = {str(body.value): True for body in queries.active_bodies_on(today)}
    form = form_for(CHANGEABLE[setting])(data={"value": now.value if now else None, **bodies})
    form.offer([row for row in queries.decisions() if not row.is_advice])
    status = attempt(
        form,
        lambda: services.propose_setting(
            setting,
            form.chosen(),
            day_of(form.starts_on),
            form.source.data or "",
            decision_id=int(form.decision.data) if form.decision.data else None,
            actor=caller().actor,
        ),
    )
    if status is None:
        notice("Uw verzoek ligt klaar voor een collega. Er verandert pas iets na akkoord.")
        return redirect(url_for("governance.list_settings"), 303)
    page = render_template(
        "governance/change_setting.html",
        form=form,
        form_has_errors=bool(form.errors),
        heading=setting.label,
        now=queries.shown_value(now) if now else "nog geen",
        action=url_for("governance.change_setting", name=name),
        bodies=[str(body.value) for body in Body],
    )
    return page, status
