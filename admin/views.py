"""My work, search, four eyes, audit trail, background jobs and mail."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as BaseResponse

from admin import queries, services
from admin.forms import DecideForm
from admin.items import WorkItem
from admin.kinds import WorkKind
from admin.queries import EventFilter
from admin.work import gathered_work, may_act
from core import approvals, audit, clock
from core.audit import Person
from core.db import session, transaction
from core.errors import NotFound, UserError
from core.identifiers import MAX_NAME
from core.listing import csv_address, csv_response, paginate, part_of
from core.mail import Delivery, OutboxMessage
from core.permissions import Caller, caller, requires
from core.validators import parse_day
from core.web import notice
from participants.overview.queries import handlers
from participants.queries import participants_by_id

blueprint = Blueprint("admin", __name__, url_prefix="/beheer")


@blueprint.get("/")
@requires("work:view")
def show_work() -> str:
    who = caller()
    gathered = gathered_work(who)
    everything = gathered.items
    wanted = next((kind for kind in WorkKind if kind.value == request.args.get("soort")), None)
    whose = next((value for value, _ in WHOSE if value == request.args.get("bij")), "")
    items = [item for item in everything if wanted in {None, item.kind} and _is_with(item, whose, who)]
    return render_template(
        "admin/work.html",
        page=part_of(items),
        total=len(everything),
        missing=gathered.missing,
        kinds=_kinds(everything),
        wanted=wanted.value if wanted else "",
        whose=whose,
        choices_of_whose=WHOSE,
        handlers=dict(handlers()),
        may_act=may_act(who),
        who=who,
    )


WHOSE = (("", "Iedereen"), ("mij", "Mij"), ("niemand", "Niemand"))


def _is_with(item: WorkItem, whose: str, who: Caller) -> bool:
    """Whether the file that an item is about is handled by whom was asked for."""
    return {"mij": item.handled_by == who.account_id, "niemand": item.handled_by is None}.get(whose, True)


def _kinds(items: list[WorkItem]) -> list[tuple[str, str]]:
    """The kinds that occur, each with how often."""
    counted = Counter(item.kind for item in items)
    found = [(str(kind.value), f"{kind.label} ({counted[kind]})") for kind in WorkKind if counted[kind]]
    return [("", f"Alles ({len(items)})"), *found]


@blueprint.get("/zoeken")
@requires("search:use")
def search() -> str | BaseResponse:
    text, who = " ".join(request.args.get("q", "").replace("\0", "").split())[:MAX_NAME], caller()
    if text and (url := queries.exact_hit(text, who)):
        return redirect(url, 303)
    hits = queries.hits(text, who) if text else []
    return render_template("admin/search.html", text=text, hits=hits, is_cut=len(hits) == queries.MOST_HITS)


@blueprint.get("/akkoord")
@requires("approval:view")
def list_approvals() -> str:
    decided = (
        select(approvals.Approval)
        .where(approvals.Approval.outcome != approvals.Outcome.WAITING)
        .order_by(approvals.Approval.id.desc())
    )
    return render_template(
        "admin/approvals.html",
        waiting=approvals.waiting(),
        decided=paginate(decided),
        names=_names,
        stays_same=queries.stays_same,
        who=caller(),
    )


@blueprint.get("/akkoord/<int:approval_id>")
@requires("approval:view")
def show_approval(approval_id: int) -> str:
    return _approval_page(approval_id, DecideForm())


def _approval_page(approval_id: int, form: DecideForm) -> str:
    row = session().get(approvals.Approval, approval_id)
    if row is None:
        raise NotFound("Dit verzoek bestaat niet.")
    fields = sorted(row.before.keys() | row.after.keys())
    kind = approvals.KINDS.get(row.kind)
    return render_template(
        "admin/approval.html",
        row=row,
        page_url=url_for(kind.page, approval_id=row.id) if kind and kind.page else None,
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
    chosen, unreadable = _chosen_events()
    query = queries.events(chosen)
    if request.args.get("als") == "csv":
        rows = (
            (
                row.id,
                row.recorded_at.astimezone(clock.AMSTERDAM).isoformat(),
                row.name,
                _sentence(row, person),
                row.participant_id,
            )
            for row, person in session().execute(query.limit(MOST_ROWS))
        )
        return csv_response(f"logboek-{clock.today()}.csv", ("nummer", "moment", "soort", "zin", "deelnemer"), rows)
    page = paginate(query)
    files = participants_by_id(list({row.participant_id for row, _ in page.items if row.participant_id}))
    return render_template(
        "admin/events.html",
        page=page,
        entries=[(row, _sentence(row, person), row.name in _refusals()) for row, person in page.items],
        names={row.id: row.name for row in files},
        kinds=_kinds_of_events(),
        asked={name: request.args.get(name, "")[:MAX_NAME] for name in ("q", "soort", "geweigerd", "van", "tot")},
        csv_url=csv_address(),
        unreadable=unreadable,
        most_rows=MOST_ROWS,
    )


MOST_ROWS = 50_000
"""In one download; the page says so when there is more."""
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def _refusals() -> frozenset[str]:
    return frozenset(name for name, event in audit.EVENTS.items() if event.refusal)


def _kinds_of_events() -> list[tuple[str, str]]:
    """By their sentence, with dots for what differs."""
    shown = {name: re.sub(r"\{\w+\}", "…", event.sentence) for name, event in audit.EVENTS.items()}
    return [("", "Alle soorten"), *sorted(shown.items(), key=lambda pair: pair[1].casefold())]


def _chosen_events() -> tuple[EventFilter, list[str]]:
    """The filter in the address, and the dates that make no sense."""
    asked, unreadable = request.args, []
    days: dict[str, date | None] = {}
    for name in ("van", "tot"):
        typed, days[name] = asked.get(name, "").strip()[:50], None
        try:
            found = parse_day(typed) if typed else None
        except ValueError:
            found = date.min
        if found is not None and EARLIEST <= found < LATEST:
            days[name] = found
        elif found is not None:
            unreadable.append(typed)
    names = frozenset({asked["soort"]}) if asked.get("soort") else None
    if asked.get("geweigerd"):
        names = _refusals() & names if names else _refusals()
    text = asked.get("q", "").replace("\0", "").strip()[:MAX_NAME]
    return EventFilter(names, text, days["van"], days["tot"]), unreadable


def _sentence(row: audit.AuditEvent, person: str | None) -> str:
    return audit.sentence(row, audit.actor_name(row, person, True))


@blueprint.get("/techniek")
@requires("job:view")
def list_jobs() -> str:
    return render_template("admin/jobs.html", states=queries.job_states())


@blueprint.get("/mail")
@requires("job:view")
def list_mail() -> str:
    query = select(OutboxMessage)
    wanted = next((delivery for delivery in Delivery if delivery.value == request.args.get("stand")), None)
    text = request.args.get("q", "").replace("\0", "").strip()[:MAX_NAME]
    if wanted is not None:
        query = query.where(OutboxMessage.delivery.in_([wanted]))
    if text:
        alike = (OutboxMessage.recipient, OutboxMessage.subject)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in alike)))
    page = paginate(query.order_by(OutboxMessage.id.desc()))
    files = participants_by_id(list({row.participant_id for row in page.items if row.participant_id}))
    return render_template(
        "admin/mail.html",
        page=page,
        names={row.id: row.name for row in files},
        choices=[("", "Alle"), *Delivery.choices()],
        wanted=wanted.value if wanted else "",
        text=text,
        may_retry=caller().may("mail:retry"),
    )


@blueprint.post("/mail/<int:message_id>/opnieuw")
@requires("mail:retry")
def retry_mail(message_id: int) -> BaseResponse:
    with transaction():
        services.retry_mail(message_id, caller().actor)
    notice("De mail wordt opnieuw verzonden.")
    return redirect(url_for("admin.list_mail"), 303)
