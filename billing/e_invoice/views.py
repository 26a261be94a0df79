"""The page where anybody checks an e-invoice. What is uploaded is looked at and not kept."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request

from billing.e_invoice.checks import LARGEST, check, is_accepted
from billing.e_invoice.forms import CheckForm
from billing.views import blueprint
from core.db import transaction
from core.errors import TooMany
from core.limits import count_attempt
from core.permissions import anyone

MOST_CHECKS, HOUR = 120, timedelta(hours=1)
"""For one network address; an office shares one."""
Page = str | tuple[str, int]


@blueprint.get("/e-factuur-controleren")
@anyone
def show_check() -> Page:
    return _page(CheckForm())


@blueprint.post("/e-factuur-controleren")
@anyone
def check_e_invoice() -> Page:
    form = CheckForm()
    if not form.validate_on_submit():
        return _page(form), 422
    if not form.file.data:
        form.file.errors = ["Kies eerst een bestand."]
        return _page(form), 422
    try:
        with transaction():
            count_attempt("billing:check-e-invoice", request.remote_addr or "", limit=MOST_CHECKS, window=HOUR)
    except TooMany as error:
        form.refuse(error)
        return _page(form), error.status
    found = check(form.file.data.read(LARGEST + 1))
    return render_template(
        "billing/check_e_invoice.html",
        form=form,
        form_has_errors=False,
        findings=found,
        accepted=is_accepted(found),
        name=form.name[:100],
    )


def _page(form: CheckForm) -> str:
    return render_template(
        "billing/check_e_invoice.html",
        form=form,
        form_has_errors=bool(form.errors),
        findings=None,
        accepted=None,
        name="",
    )
