"""Making a missing invoice, for finance."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from billing.missing import queries, services
from billing.missing.forms import IssueForm
from billing.models import Invoice
from billing.views import blueprint
from core import clock
from core.forms import attempt
from core.permissions import current_actor, requires
from core.web import notice
from participants.queries import participant as find_participant


@blueprint.route("/beheer/deelnemers/<int:participant_id>/facturen/maken/<int:year>", methods=["GET", "POST"])
@requires("invoice:issue")
def issue_missing_invoice(participant_id: int, year: int) -> str | Response | tuple[str, int]:
    """Shows what would stand on it; sending the form makes it."""
    form = IssueForm()
    made: list[Invoice] = []
    status = attempt(
        form,
        lambda: made.append(
            services.issue_missing_invoice(find_participant(participant_id), year, form.seen_net, current_actor())
        ),
    )
    if status is None:
        notice(f"Factuur {made[0].number} is gemaakt. De deelnemer krijgt bericht per mail.")
        return redirect(url_for("billing.show_invoice", number=made[0].number), 303)
    participant = find_participant(participant_id)
    plan = queries.planned(participant, year, clock.today())
    form.seen.data = str(plan.net)
    page = render_template(
        "billing/issue.html",
        participant=participant,
        plan=plan,
        form=form,
        action=request.path,
        back_url=url_for("billing.list_invoices_of_participant", participant_id=participant_id),
        form_has_errors=bool(form.errors),
    )
    return page, status
