"""My work, search, four eyes, audit trail, background jobs and mail."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from admin import queries
from admin.forms import DecideForm
from admin.work import work_for
from core import approvals, audit, clock
from core.audit import Person
from core.db import session, transaction
from core.errors import NotFound, UserError
from core.identifiers import MAX_NAME
from core.listing import csv_response, paginate
from core.mail import Delivery, OutboxMessage
from core.permissions import caller, requires
from core.web import notice

blueprint = Blueprint("admin", __name__, url_prefix="/beheer")


@blueprint.get("/")
@requires("work:view")
def show_work() -> str:
    who = caller()
    return render_template("admin/work.html", items=work_for(who), who=who)


@blueprint.get("/zoeken")
@requires("search:use")
def search() -> str | BaseResponse:
    text = " ".join(request.args.get("q", "").replace("\0", "").split())
    if len(text) > MAX_NAME:
        text = text[:MAX_NAME]
    if text and (url := queries.exact_hit(text)):
        return redirect(url, 303)
    return render_template("admin/search.html", text=text, hits=queries.hits(text) if text else [])


@blueprint.get("/akkoord")
@requires("approval:view")
def list_approvals() -> str:
    decided = (
        select(approvals.Approval)
        .where(approvals.Approval.outcome != approvals.Outcome.WAITING)
        .order_by(approvals.Approval.id.desc())
    )
    return render_template("admin/approvals.html", waiting=approvals.waiting(), decided=paginate(decided), names=_names)


@blueprint.get("/akkoord/<int:approval_id>")
@requires("approval:view")
def show_approval(approval_id: int) -> str:
    return _approval_page(approval_id, DecideForm())


def _approval_page(approval_id: int, form: DecideForm) -> str:
    row = session().get(approvals.Approval, approval_id)
    if row is None:
        raise NotFound("Dit verzoek bestaat niet.")
    fields = sorted(row.before.keys() | row.after.keys())
    return render_template(
        "admin/approval.html",
        row=row,
        fields=fields,
        form=form,
        who=caller(),
        names=_names,
        form_has_errors=bool(form.form_errors),
    )


@blueprint.post("/akkoord/<int:approval_id>")
@requires("approval:view")
def decide(approval_id: int) -> str | BaseResponse | tuple[str, int]:
    form = DecideForm()
    who = caller()
    row = session().get(approvals.Approval, approval_id)
    if row is None or not who.may(row.permission):
        raise NotFound("Dit verzoek bestaat niet, of u mag er niet over besluiten.")
    if not form.validate_on_submit():
        return _approval_page(approval_id, form), 422
    try:
        with transaction():
            if request.form.get("besluit") == "akkoord":
                approvals.approve(approval_id, who.actor)
                message = "U hebt akkoord gegeven. De wijziging is doorgevoerd."
            else:
                approvals.decline(approval_id, who.actor, form.reason.data or "")
                message = "U hebt geen akkoord gegeven. Uw collega ziet de reden."
    except UserError as error:
        form.refuse(error)
        return _approval_page(approval_id, form), 422
    notice(message)
    return redirect(url_for("admin.list_approvals"), 303)


def _names(key: uuid.UUID | None) -> str:
    person = session().get(Person, key) if key else None
    return (person.name if person else None) or audit.ERASED_NAME


@blueprint.get("/logboek")
@requires("audit:view")
def list_events() -> str | Response:
    name, text = request.args.get("soort") or None, (request.args.get("q") or "").replace("\0", "")[:MAX_NAME] or None
    refusals = frozenset(key for key, event in audit.EVENTS.items() if event.refusal)
    query = queries.events(name=name, text=text, refusals_only=refusals if request.args.get("geweigerd") else None)
    if request.args.get("als") == "csv":
        rows = (
            (row.id, row.recorded_at.isoformat(), row.name, audit.sentence(row, audit.actor_name(row, person, True)))
            for row, person in session().execute(query.limit(50_000))
        )
        return csv_response(f"logboek-{clock.today()}.csv", ("nummer", "moment", "soort", "zin"), rows)
    page = paginate(query)
    entries = [
        (row, audit.sentence(row, audit.actor_name(row, person, True)), row.name in refusals)
        for row, person in page.items
    ]
    kinds = [("", "Alle soorten"), *((key, key) for key in sorted(audit.EVENTS))]
    return render_template("admin/events.html", page=page, entries=entries, kinds=kinds, name=name, text=text)


@blueprint.get("/techniek")
@requires("job:view")
def list_jobs() -> str:
    return render_template("admin/jobs.html", states=queries.job_states())


@blueprint.get("/mail")
@requires("job:view")
def list_mail() -> str:
    query = select(OutboxMessage)
    wanted = next((delivery for delivery in Delivery if delivery.value == request.args.get("stand")), None)
    if wanted is not None:
        query = query.where(OutboxMessage.delivery.in_([wanted]))
    page = paginate(query.order_by(OutboxMessage.id.desc()))
    return render_template(
        "admin/mail.html", page=page, choices=[("", "Alle"), *Delivery.choices()], wanted=wanted.value if wanted else ""
    )


@blueprint.post("/mail/<int:message_id>/opnieuw")
@requires("mail:retry")
def retry_mail(message_id: int) -> BaseResponse:
    with transaction():
        row = session().get(OutboxMessage, message_id, with_for_update=True)
        if row is None or row.delivery is not Delivery.FAILED:
            raise NotFound("Deze mail bestaat niet of hoeft niet opnieuw.")
        row.delivery, row.attempts, row.next_attempt_at = Delivery.QUEUED, 0, clock.now()
    notice("De mail wordt opnieuw verzonden.")
    return redirect(url_for("admin.list_mail"), 303)
