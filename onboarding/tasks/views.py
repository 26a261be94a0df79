"""The task list, for the participant and for staff; recording what was done; what is stuck on whom."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from core import clock
from core.db import transaction
from core.errors import NotFound, UserError
from core.filters import day
from core.forms import attempt
from core.permissions import Caller, caller, demand, requires
from core.web import notice
from onboarding.kinds import AuthorityBasis, Turn
from onboarding.tasks import queries, rules, services
from onboarding.tasks.forms import AuthorityForm, CheckForm
from onboarding.tasks.kinds import Item, Status
from onboarding.tasks.rules import Task
from participants import queries as participants
from participants.kinds import CLOSED, ContactRole
from participants.rules import register_detail_panel, register_own_panel

blueprint = Blueprint("tasks", __name__)

Answer = str | Redirect | tuple[str, int]
SLUGS = {
    "juridische-beoordeling": Item.LEGAL_REVIEW,
    "eherkenning": Item.E_HERKENNING,
    "certificaat": Item.CERTIFICATE,
    "acceptatietest": Item.ACCEPTANCE_TEST,
    "onboarding": Item.ONBOARDING,
}
"""How recorded items are called in an address."""
SLUG_OF = {item: slug for slug, item in SLUGS.items()}


@dataclass(frozen=True)
class Shown:
    """A task as it stands on a page."""

    title: str
    url: str | None
    status_label: str
    tone: str
    whose_turn: str
    explanation: str
    done_on_text: str | None


# ------------------------------------------------------------------------------------------- the list


@blueprint.get("/mijn/<int:participant_id>/taken")
@requires("own:view")
def show_own(participant_id: int) -> str:
    who = demand("own:view", participant_id)
    return _page("onboarding/tasks/own.html", participant_id, who)


@blueprint.get("/beheer/deelnemers/<int:participant_id>/taken")
@requires("participant:view")
def show_tasks(participant_id: int) -> str:
    return _page("onboarding/tasks/staff.html", participant_id, caller())


def _page(template: str, participant_id: int, who: Caller) -> str:
    participant = participants.participant(participant_id)
    facts = queries.facts_of(participant_id)
    found = rules.tasks(facts)
    done, total = rules.progress(found)
    first = rules.first_open(facts)
    if not who.is_staff:
        first = rules.first_open(facts, besides=Turn.OPERATOR) or first
    return render_template(
        template,
        participant=participant,
        tasks=[_shown(task, participant_id, who) for task in found],
        done=done,
        total=total,
        first=first if participant.stage not in CLOSED else None,
        turn=_turn(first, who) if first else None,
        may_nudge=who.may("task:record") and first is not None and first.turn is not Turn.OPERATOR,
        is_closed=participant.stage in CLOSED,
        is_taken_over=queries.is_taken_over(participant),
    )


def _shown(task: Task, participant_id: int, who: Caller) -> Shown:
    url = _url(task, participant_id, who)
    is_ours = not who.is_staff and task.status is Status.OPEN and task.turn is Turn.OPERATOR
    return Shown(
        title=task.title,
        url=url,
        status_label="Bij het Schuldenknooppunt" if is_ours else task.status_label,
        tone="info" if is_ours else task.tone,
        whose_turn="" if task.status is Status.LAPSED else _turn(task, who),
        explanation="" if task.status is Status.LAPSED else task.explanation,
        done_on_text=f"Gedaan op {day(task.done_on)}" if task.done_on else None,
    )


def _turn(task: Task, who: Caller) -> str:
    """Whose turn it is, in the words of who reads it."""
    if who.is_staff:
        return f"Aan zet: {task.turn.label}"
    now, later = OWN_WORDS[task.turn]
    return now if task.status is Status.OPEN else later


OWN_WORDS = {
    Turn.PARTICIPANT: ("U bent aan zet", "Daarna bent u aan zet"),
    Turn.PARTICIPANT_OR_SUPPLIER: ("U of uw leverancier is aan zet", "Daarna bent u of uw leverancier aan zet"),
    Turn.OPERATOR: ("Het Schuldenknooppunt is aan zet", "Daarna is het Schuldenknooppunt aan zet"),
    Turn.BOTH: ("Samen met het Schuldenknooppunt", "Daarna, samen met het Schuldenknooppunt"),
}
"""Whose turn it is now, and whose it will be."""
OWN_PAGES = {
    Item.DETAILS: ("participants.show_own", "own:view"),
    Item.FIRST_INVOICE: ("billing.list_own_invoices", "own:invoice"),
    Item.MODULES: ("catalogue.choose_modules", "own:modules"),
    Item.SIGNED: ("agreements.show_own", "own:view"),
    Item.COUNTERSIGNED: ("agreements.show_own", "own:view"),
    Item.LEGAL_REVIEW: ("agreements.show_legal_review", "own:view"),
    Item.READY: ("going_live.declare_ready", "own:declare_ready"),
    Item.ACTIVATED: ("going_live.show_own", "own:view"),
}
STAFF_PAGES = {
    Item.DETAILS: ("participants.show_participant", "participant:view"),
    Item.REVIEWED: ("applications.show_application_of", "application:view"),
    Item.FIRST_INVOICE: ("billing.list_invoices_of_participant", "invoice:view"),
    Item.MODULES: ("catalogue.show_modules", "participant:view"),
    Item.AUTHORITY: ("tasks.record_authority", "task:record"),
    Item.SIGNED: ("agreements.show_agreement", "agreement:view"),
    Item.COUNTERSIGNED: ("agreements.show_agreement", "agreement:view"),
    Item.LEGAL_REVIEW: ("agreements.list_questions", "agreement:view"),
    Item.ACTIVATED: ("going_live.activate", "participant:activate"),
}
"""The page of a task besides the one where it is recorded, and who may open it."""
NO_PAGE_WHILE = {
    Item.AUTHORITY: {Status.LATER},
    Item.FIRST_INVOICE: {Status.LATER},
    Item.READY: {Status.LATER, Status.DONE},
}


def _url(task: Task, participant_id: int, who: Caller) -> str | None:
    if task.status is Status.LAPSED:
        return None
    endpoint, permission = (STAFF_PAGES if who.is_staff else OWN_PAGES).get(task.item, (None, ""))
    if endpoint is not None and who.may(permission, participant_id):
        if task.status in NO_PAGE_WHILE.get(task.item, ()):
            return None
        return url_for(endpoint, participant_id=participant_id)
    if task.item in SLUG_OF and task.status is Status.OPEN and _may_record(task, participant_id, who):
        endpoint = "tasks.record_check" if who.is_staff else "tasks.record_own_check"
        return url_for(endpoint, participant_id=participant_id, slug=SLUG_OF[task.item])
    return None


def _may_record(task: Task, participant_id: int, who: Caller) -> bool:
    if who.is_staff:
        return who.may("task:record")
    return task.turn in services.PARTICIPANTS_TURN and who.may("own:edit", participant_id)


# ------------------------------------------------------------------------------------------- recording


@blueprint.route("/mijn/<int:participant_id>/taken/<slug>", methods=["GET", "POST"])
@requires("own:edit")
def record_own_check(participant_id: int, slug: str) -> Answer:
    demand("own:edit", participant_id)
    return _record("participants/own_file.html", "tasks.show_own", participant_id, slug)


@blueprint.route("/beheer/deelnemers/<int:participant_id>/taken/<slug>", methods=["GET", "POST"])
@requires("task:record")
def record_check(participant_id: int, slug: str) -> Answer:
    return _record("participants/file.html", "tasks.show_tasks", participant_id, slug)


def _record(layout: str, back: str, participant_id: int, slug: str) -> Answer:
    task = rules.task_of(queries.facts_of(participant_id), _item(slug))
    if task is None:
        raise NotFound("Dit onderdeel hoort niet bij deze deelnemer.")
    form = CheckForm()
    status = attempt(
        form,
        lambda: services.record_check(
            participants.participant(participant_id),
            queries.RECORDED[task.item],
            form.day,
            caller().actor,
            explanation=form.explanation.data,
        ),
    )
    if status is None:
        notice(f"Vastgelegd: {task.title}.")
        return redirect(url_for(back, participant_id=participant_id), 303)
    page = render_template(
        "onboarding/tasks/check.html",
        layout=layout,
        participant=participants.participant(participant_id),
        task=task,
        form=form,
        back_url=url_for(back, participant_id=participant_id),
        action=request.path,
        form_has_errors=bool(form.errors),
    )
    return page, status


def _item(slug: str) -> Item:
    if slug not in SLUGS:
        raise NotFound("Dit onderdeel bestaat niet.")
    return SLUGS[slug]


@blueprint.route("/beheer/deelnemers/<int:participant_id>/tekenbevoegdheid", methods=["GET", "POST"])
@requires("task:record")
def record_authority(participant_id: int) -> Answer:
    form = AuthorityForm()
    status = attempt(
        form,
        lambda: services.record_authority(
            participants.participant(participant_id),
            AuthorityBasis(form.basis.data),
            form.explanation.data or "",
            caller().actor,
            proof=form.uploaded(),
            reference=form.reference.data,
            about=form.about.data,
        ),
    )
    if status is None:
        notice("De tekenbevoegdheid is vastgelegd.")
        return redirect(url_for("tasks.show_tasks", participant_id=participant_id), 303)
    signatory = queries.contact(participant_id, ContactRole.SIGNATORY)
    form.about.data = signatory.email if signatory else ""
    page = render_template(
        "onboarding/tasks/authority.html",
        participant=participants.participant(participant_id),
        signatory=signatory,
        latest=queries.latest_authority(participant_id),
        obstacles=rules.obstacles(queries.facts_of(participant_id), Item.AUTHORITY),
        is_closed=participants.participant(participant_id).stage in CLOSED,
        form=form,
        form_has_errors=bool(form.errors),
    )
    return page, status


@blueprint.get("/beheer/deelnemers/<int:participant_id>/tekenbevoegdheid/<int:authority_id>/bewijs")
@requires("agreement:view")
def download_proof(participant_id: int, authority_id: int) -> Response:
    row, content, media_type = queries.proof_of(participant_id, authority_id)
    response = Response(content, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=row.proof_name or "bewijsstuk")
    return response


# ------------------------------------------------------------------------------------------- what is stuck


@blueprint.get("/beheer/voortgang")
@requires("application:view")
def list_stuck() -> str:
    values = {str(turn.value): turn for turn in Turn}
    turn = values.get(request.args.get("aan_zet", ""))
    return render_template(
        "onboarding/tasks/stuck.html",
        rows=queries.stuck(clock.today(), turn),
        turn=turn,
        turns=Turn.choices(),
        may_nudge=caller().may("task:record"),
        operator=Turn.OPERATOR,
    )


@blueprint.post("/beheer/deelnemers/<int:participant_id>/herinneren")
@requires("task:record")
def nudge(participant_id: int) -> Redirect:
    try:
        with transaction():
            addresses = services.nudge(participants.participant(participant_id), caller().actor)
    except NotFound:
        raise
    except UserError as error:
        notice(error.message, "error")
    else:
        notice(f"Herinnering gestuurd aan {', '.join(addresses)}.")
    if request.form.get("terug") == "voortgang":
        return redirect(url_for("tasks.list_stuck"), 303)
    return redirect(url_for("tasks.show_tasks", participant_id=participant_id), 303)


def progress_sentence(participant_id: int) -> str | None:
    """For the overview of a participant; None for one whose file is kept elsewhere."""
    if queries.is_taken_over(participants.participant(participant_id)):
        return None
    done, total = rules.progress(queries.tasks_of(participant_id))
    return f"{done} van de {total} onderdelen zijn klaar."


register_detail_panel("Taken", "tasks.show_tasks", "participant:view", position=20, summary=progress_sentence)
register_own_panel("Taken", "tasks.show_own", "own:view", position=10, summary=progress_sentence)
