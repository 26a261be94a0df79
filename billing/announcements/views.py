"""Is this IBAN yours? A page for everybody; and how far the letters are, for staff. The page for everybody answers what
is asked and never lists accounts by itself."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request

from billing.announcements import queries
from billing.announcements.forms import CheckIbanForm
from billing.announcements.queries import Answer
from billing.views import blueprint
from core import clock
from core import db as database
from core.db import scoped, transaction
from core.errors import TooMany, UserError
from core.limits import count_attempt
from core.permissions import anyone, requires
from governance.bank_accounts.rules import Standing
from governance.models import Operator
from governance.queries import operator_on

MOST_CHECKS, QUARTER = 40, timedelta(minutes=15)
"""For one network address; an office shares one."""
Page = str | tuple[str, int]


@blueprint.get("/iban-controleren")
@anyone
def show_iban_check() -> Page:
    return _page(CheckIbanForm())


@blueprint.post("/iban-controleren")
@anyone
def check_iban() -> Page:
    form = CheckIbanForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            count_attempt("billing:check-iban", request.remote_addr or "", limit=MOST_CHECKS, window=QUARTER)
    except TooMany as error:
        form.refuse(error)
        return _page(form), error.status
    today = clock.today()
    with scoped(database.JOB):
        if form.iban is not None:
            answer = queries.about_iban(form.iban, today)
        else:
            answer = queries.about_letter(form.code or "", today)
    return _page(form, answer)


def _page(form: CheckIbanForm, answer: Answer | None = None) -> str:
    return render_template(
        "billing/announcements/check.html",
        form=form,
        form_has_errors=bool(form.errors),
        answer=answer,
        iban=form.iban,
        standings=Standing,
        operator=_operator(),
    )


def _operator() -> Operator | None:
    try:
        return operator_on(clock.today())
    except UserError:
        return None


@blueprint.get("/beheer/facturen/iban-brieven")
@requires("invoice:view")
def list_iban_letters() -> str:
    return render_template("billing/announcements/progress.html", rows=queries.progress(clock.today()))
