"""Pages: the retention schedule, its terms and proposals."""

from __future__ import annotations

from flask import redirect, render_template, url_for

from core import clock
from core.db import transaction
from core.forms import attempt
from core.permissions import caller, current_actor, requires
from core.web import notice
from governance.privacy.blueprint import Answer, blueprint
from governance.privacy.retention import queries, services
from governance.privacy.retention.forms import TermForm


@blueprint.get("/bewaartermijnen")
@requires("privacy:view")
def list_rules() -> str:
    who = caller()
    return render_template(
        "governance/privacy/retention.html",
        lines=queries.schedule(clock.today()),
        decided=queries.decided(),
        may_edit=who.may("privacy:edit"),
        may_see_approvals=who.may("approval:view"),
    )


@blueprint.route("/bewaartermijnen/<name>", methods=["GET", "POST"])
@requires("privacy:edit")
def set_term(name: str) -> Answer:
    rule, form = queries.rule(name), TermForm()
    status = attempt(
        form,
        lambda: services.set_term(
            rule,
            form.months.data or 0,
            current_actor(),
            starts_on=form.starts_on.data or clock.today(),
            reason=form.reason.data or "",
        ),
    )
    if status is None:
        notice("De termijn is vastgelegd. Er wordt pas iets opgeruimd als een collega akkoord geeft.")
        return redirect(url_for("privacy.list_rules"), 303)
    page = render_template(
        "governance/privacy/term.html",
        rule=rule,
        form=form,
        terms=queries.terms_of(name),
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.post("/bewaartermijnen/<name>/voorstellen")
@requires("privacy:edit")
def propose(name: str) -> Answer:
    """A person asks; another person approves."""
    rule = queries.rule(name)
    with transaction():
        made = services.propose(rule, current_actor())
    notice("Het voorstel ligt bij een collega." if made else "Er is niets nieuws voor te stellen.")
    return redirect(url_for("privacy.list_rules"), 303)
