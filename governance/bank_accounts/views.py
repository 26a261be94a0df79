"""The page on which staff propose a new account of the operator."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.forms import attempt, day_of
from core.permissions import caller, requires
from core.web import notice
from governance.bank_accounts import services
from governance.bank_accounts.forms import AccountForm
from governance.bank_accounts.queries import accounts_of
from governance.operators.services import operator
from governance.views import blueprint

blueprint.add_app_template_global(accounts_of, "bank_accounts_of")
blueprint.add_app_template_global(services.waiting, "bank_accounts_waiting")


@blueprint.route("/beheer/stelselbeheerder/<int:operator_id>/rekening", methods=["GET", "POST"])
@requires("operator:complete")
def propose_account(operator_id: int) -> tuple[str, int] | Response:
    row, form = operator(operator_id), AccountForm()
    status = attempt(
        form,
        lambda: services.propose_account(
            row, form.iban.data or "", form.holder.data or "", day_of(form.starts_on), caller().actor
        ),
    )
    if status is None:
        notice("Uw verzoek ligt klaar voor een collega. Na akkoord krijgen alle deelnemers een brief.")
        return redirect(url_for("governance.list_operators"), 303)
    page = render_template(
        "governance/operator_form.html",
        form=form,
        operator=row,
        heading="Nieuw IBAN",
        lead="Een collega geeft akkoord. Daarna krijgt elke deelnemer met een abonnement een brief met een code.",
        action=request.path,
        form_has_errors=bool(form.errors),
    )
    return page, status
