"""The first pages. Whatever a visitor fills in, the answer is the same: nobody learns who is known here."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import submissions
from core.db import transaction
from core.errors import Refused, TooMany
from core.limits import count_attempt
from core.permissions import anyone, current_actor, current_caller
from core.visitors import GuardedForm
from onboarding.applications import letters, services
from onboarding.applications.blueprint import blueprint
from onboarding.applications.start.forms import InterestForm, StartForm

PER_ADDRESS, PER_MAIL, HOUR = 20, 4, timedelta(hours=1)
"""How often in an hour, for one network address (an office shares one) and for one mail address."""
Answer = str | tuple[str, int] | Response


@blueprint.get("/aanmelden")
@anyone
def start() -> str:
    who = current_caller()
    return render_template("onboarding/applications/start.html", may_start_at_once=who is not None and not who.is_staff)


@blueprint.get("/aanmelden/belangstelling")
@anyone
def show_interest() -> str:
    form = InterestForm()
    form.seal()
    return render_template("onboarding/applications/interest.html", form=form)


@blueprint.post("/aanmelden/belangstelling")
@anyone
def register_interest() -> Answer:
    form = InterestForm()
    problem = _problem(form, "onboarding/applications/interest.html")
    if problem is not None:
        return problem
    if not form.is_by_a_program:
        with transaction():
            if submissions.first_time(form.key.data):
                services.register_interest(
                    str(form.organisation.data),
                    str(form.name.data),
                    str(form.email.data),
                    form.message.data,
                    current_actor(),
                )
    return redirect(url_for("applications.show_interest_received"), 303)


@blueprint.get("/aanmelden/belangstelling/ontvangen")
@anyone
def show_interest_received() -> str:
    return render_template("onboarding/applications/interest_received.html")


@blueprint.get("/aanmelden/begin")
@anyone
def show_begin() -> str:
    form = StartForm()
    form.seal()
    return render_template("onboarding/applications/begin.html", form=form)


@blueprint.post("/aanmelden/begin")
@anyone
def begin() -> Answer:
    form = StartForm()
    problem = _problem(form, "onboarding/applications/begin.html")
    if problem is not None:
        return problem
    if not form.is_by_a_program:
        try:
            with transaction():
                if submissions.first_time(form.key.data):
                    services.start_application(str(form.email.data), str(form.name.data), current_actor())
        except Refused:
            with transaction():
                letters.other_address(str(form.email.data))
    return redirect(url_for("applications.show_begun"), 303)


@blueprint.get("/aanmelden/begin/verstuurd")
@anyone
def show_begun() -> str:
    return render_template("onboarding/applications/begun.html")


def _problem(form: GuardedForm, template: str) -> Answer | None:
    """The page again when something is wrong, or when this was tried too often; None when the form can be dealt with.
    Programs are counted as well."""
    if not form.validate_on_submit():
        return render_template(template, form=form, form_has_errors=True), 422
    try:
        _count("address", request.remote_addr or "", PER_ADDRESS)
        _count("mail", str(form["email"].data), PER_MAIL)
    except TooMany as error:
        form.refuse(error)
        return render_template(template, form=form, form_has_errors=True), error.status
    return None


def _count(kind: str, who: str, limit: int) -> None:
    with transaction():
        count_attempt(f"onboarding:application:{kind}", who, limit=limit, window=HOUR)
