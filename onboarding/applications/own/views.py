"""The pages of who applies: the list, one application, going on later, withdrawing."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from core.audit import timeline
from core.db import session, transaction
from core.errors import NotFound
from core.permissions import caller, demand, requires
from core.web import notice
from identity.models import Account
from onboarding.applications import queries, rules, services, summary
from onboarding.applications.access import applicant, go_on, is_applicant, own, to_application
from onboarding.applications.blueprint import blueprint
from onboarding.applications.forms import WithdrawalForm
from onboarding.applications.kinds import Step
from onboarding.applications.own.link import mail_link
from onboarding.kinds import ApplicationStage
from onboarding.models import Application
from participants.kinds import CLOSED
from participants.rules import register_own_panel

Answer = str | tuple[str, int] | Response

register_own_panel("Aanmelding", "applications.show_own_of", "own:view", position=80)


@blueprint.get("/mijn/aanmeldingen")
@requires("own:account")
def list_own() -> str:
    states = [(row, queries.progress(row)) for row in queries.own_applications(applicant())]
    return render_template("onboarding/applications/own_list.html", states=states)


@blueprint.post("/mijn/aanmeldingen")
@requires("own:account")
def start_another() -> Response:
    """Somebody who is signed in needs no link."""
    who = applicant()
    with transaction():
        account = session().get_one(Account, who.account_id)
        row = services.start_application(account.email, who.name, who.actor, account=account)
        number = row.number
    return redirect(url_for("applications.show_step", number=number, slug=Step.ORGANISATION.slug), 303)


@blueprint.get("/mijn/aanmeldingen/<number>")
@requires("own:account")
def show_own(number: str) -> str:
    row = own(number)
    state = queries.progress(row)
    is_draft = row.stage is ApplicationStage.DRAFT
    open_steps = [(step, rules.is_complete(step, state.answers, state.facts)) for step in state.steps]
    companions = queries.companions_of(row)
    return render_template(
        "onboarding/applications/own.html",
        row=row,
        state=state,
        is_draft=is_draft,
        steps=open_steps if is_draft else [],
        may_open=lambda step: rules.may_open(step, state.answers, state.facts),
        rows=[(one.label, one.value, None, None) for one in summary.rows(state)],
        entries=summary.told(timeline(subject=f"application:{row.id}", for_staff=False)),
        companions=companions,
        offer_companion=not is_draft
        and not companions
        and row.participant is not None
        and is_applicant(row)
        and row.participant.stage not in CLOSED
        and rules.may_also_apply_as_creditor(state.facts),
        may_withdraw=_may_withdraw(row),
        tasks_url=_tasks_url(row),
    )


def _tasks_url(row: Application) -> str | None:
    """The task list of the participant, for who may see it and as long as there is something to do."""
    if row.participant is None or row.participant.stage in CLOSED or not caller().may("own:view", row.participant_id):
        return None
    return url_for("tasks.show_own", participant_id=row.participant_id)


def _may_withdraw(row: Application) -> bool:
    who = caller()
    if row.participant is None:
        return row.stage is ApplicationStage.DRAFT and is_applicant(row)
    is_open = row.participant.stage in services.WITHDRAW.sources
    return is_open and (is_applicant(row) or who.may("own:edit", row.participant_id))


@blueprint.get("/mijn/<int:participant_id>/aanmelding")
@requires("own:view")
def show_own_of(participant_id: int) -> Response:
    """From the pages of a participant to its application."""
    demand("own:view", participant_id)
    return to_application(queries.application_of(participant_id).number)


@blueprint.post("/mijn/aanmeldingen/<number>/link")
@requires("own:account")
def send_link(number: str) -> Response:
    row = own(number)
    mail_link(row)
    return to_application(number)


@blueprint.get("/mijn/aanmeldingen/<number>/intrekken")
@requires("own:account")
def show_withdrawal(number: str) -> str:
    row = own(number)
    if not _may_withdraw(row):
        raise NotFound("Deze aanmelding kunt u niet intrekken.")
    return render_template("onboarding/applications/withdraw.html", row=row, form=WithdrawalForm())


@blueprint.post("/mijn/aanmeldingen/<number>/intrekken")
@requires("own:account")
def withdraw(number: str) -> Answer:
    row, form = own(number), WithdrawalForm()
    if not _may_withdraw(row):
        raise NotFound("Deze aanmelding kunt u niet intrekken.")
    if not form.validate_on_submit():
        page = render_template("onboarding/applications/withdraw.html", row=row, form=form, form_has_errors=True)
        return page, 422
    with transaction():
        services.withdraw(row, caller().actor, form.reason.data)
    notice("Uw aanmelding is ingetrokken.")
    return redirect(url_for("applications.list_own"), 303)


@blueprint.post("/mijn/aanmeldingen/<number>/schuldeiser")
@requires("own:account")
def start_companion(number: str) -> Response:
    """A municipality applies as creditor as well."""
    row = own(number)
    if not is_applicant(row):
        raise NotFound("Deze aanmelding bestaat niet, of hoort bij een andere organisatie.")
    with transaction():
        companion = services.start_companion(row, caller().actor)
        other = companion.number
    notice("Wij hebben alvast ingevuld wat wij al weten. U hoeft alleen nog deze vragen te beantwoorden.")
    return go_on(queries.progress(queries.application(other)))
