"""My work: what waits on whom, gathered from all packages; oldest first.

A source asks itself what the person may do, so that nobody is shown what only a colleague can move on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import url_for
from sqlalchemy import select

from admin.billing_work import held_invoices, runs_to_put_forward, runs_to_start
from admin.category_work import changes_of_category
from admin.invoice_work import final_invoices, uninvoiced
from admin.items import Source, WorkItem, start_of
from admin.job_work import failing_jobs
from admin.kinds import PARTS, WorkKind
from admin.payers_work import asked_corrections
from admin.privacy_work import (
    assessments_to_repeat,
    open_breaches_of_data,
    overdue_findings_of_assessments,
    pressing_requests,
)
from admin.queries import stays_same
from admin.tariff_work import pressing_tariffs
from admin.vacancies import vacancies
from catalogue.queries import asked_modules
from core import approvals, clock
from core.audit import ERASED_NAME, Person
from core.db import session
from core.filters import day
from core.mail import Delivery, OutboxMessage
from core.permissions import Caller
from core.sources import Gathered, gather
from helpdesk.requests.queries import stuck_requests
from identity.staff.queries import is_about_own_roles
from onboarding.agreements.review.queries import open_questions
from onboarding.applications.queries import waiting_for_operator
from onboarding.kinds import Turn
from onboarding.tasks.kinds import Item, Status
from onboarding.tasks.queries import accepted_by, in_progress, without_onboarding
from onboarding.tasks.rules import Facts, Task, tasks
from participants.models import Participant
from participants.queries import participants_by_id

# ------------------------------------------------------------------------------------------- onboarding


def applications(who: Caller) -> list[WorkItem]:
    """Interest to answer and applications to decide on."""
    if not who.may("application:decide"):
        return []
    found = []
    for row in waiting_for_operator():
        application, participant = row.application, row.application.participant
        kind, action = (WorkKind.APPLICATION, "Beoordelen") if participant else (WorkKind.INTEREST, "Beantwoorden")
        found.append(
            WorkItem(
                kind,
                row.name or "Naam nog niet ingevuld",
                f"{application.number}, van {application.email}",
                row.since,
                action,
                url_for("applications.show_application", number=application.number),
                participant.id if participant else None,
                participant.handled_by if participant else None,
            )
        )
    return found


@dataclass(frozen=True)
class _Step:
    """A task that staff can do: who may, where, and the verb."""

    kind: WorkKind
    permission: str
    endpoint: str
    action: str


STEPS = {
    Item.AUTHORITY: _Step(WorkKind.AUTHORITY, "task:record", "tasks.record_authority", "Vaststellen"),
    Item.SIGNED: _Step(WorkKind.AGREEMENT, "task:record", "agreements.show_agreement", "Maken"),
    Item.COUNTERSIGNED: _Step(
        WorkKind.COUNTERSIGN, "agreement:countersign", "agreements.show_agreement", "Lezen en medeondertekenen"
    ),
    Item.MODULES: _Step(WorkKind.MODULES, "task:record", "catalogue.show_modules", "Bekijken"),
    Item.ACTIVATED: _Step(WorkKind.ACTIVATE, "participant:activate", "going_live.activate", "Activeren"),
}
"""Deciding on the application itself is `applications`; the rest is done by the participant, or by itself."""


def open_tasks(who: Caller) -> list[WorkItem]:
    """Tasks between application and live that staff can do now. Also the ones beside which a participant has something
    to do, and an agreement that could not be made when it should have been."""
    steps = {item: step for item, step in STEPS.items() if who.may(step.permission)}
    if not steps:
        return []
    rows = in_progress()
    accepted = accepted_by([participant.id for participant, _ in rows])
    return [
        _task(participant, task, steps[task.item])
        for participant, facts in rows
        for task in tasks(facts)
        if task.item in steps
        and _waits_for_staff(task, facts)
        and not (task.item is Item.COUNTERSIGNED and accepted.get(participant.id) == who.person)
    ]


def _waits_for_staff(task: Task, facts: Facts) -> bool:
    if task.item is Item.SIGNED:
        return task.status is Status.OPEN and facts.prepared_on is None
    return task.status is Status.OPEN and task.turn is Turn.OPERATOR


def _task(participant: Participant, task: Task, step: _Step) -> WorkItem:
    return WorkItem(
        step.kind,
        participant.name,
        participant.role.label,
        start_of(task.open_since or participant.registered_on),
        step.action,
        url_for(step.endpoint, participant_id=participant.id),
        participant.id,
        participant.handled_by,
    )


def onboardings(who: Caller) -> list[WorkItem]:
    """Participants that are live and did not have their onboarding yet."""
    if not who.may("task:record"):
        return []
    return [
        WorkItem(
            WorkKind.ONBOARDING,
            participant.name,
            f"Actief sinds {day(since)}. Plan de kennismaking en leg haar vast.",
            start_of(since),
            "Vastleggen",
            url_for("tasks.record_check", participant_id=participant.id, slug="onboarding"),
            participant.id,
            participant.handled_by,
        )
        for participant, since in without_onboarding()
    ]


def legal_questions(who: Caller) -> list[WorkItem]:
    """Questions of lawyers about the agreement, without an answer."""
    if not who.may("question:answer"):
        return []
    rows = open_questions()
    of = {row.id: row for row in participants_by_id([question.participant_id for question in rows])}
    return [
        WorkItem(
            WorkKind.QUESTION,
            of[question.participant_id].name,
            f"Gevraagd door {question.asked_by}.",
            question.asked_at,
            "Beantwoorden",
            url_for("agreements.answer_question", participant_id=question.participant_id, question_id=question.id),
            question.participant_id,
            of[question.participant_id].handled_by,
        )
        for question in rows
        if question.participant_id in of
    ]


def asked(who: Caller) -> list[WorkItem]:
    """Modules that live participants asked for."""
    if not who.may("module:activate"):
        return []
    rows = asked_modules(clock.today())
    handlers = {row.id: row.handled_by for row in participants_by_id([row.participant_id for row in rows])}
    return [
        WorkItem(
            WorkKind.MODULE,
            row.participant_name,
            f"Gevraagd: {row.module_name}.",
            row.asked_at,
            "Aanzetten",
            url_for("catalogue.show_modules", participant_id=row.participant_id),
            row.participant_id,
            handlers.get(row.participant_id),
        )
        for row in rows
    ]


# ------------------------------------------------------------------------------------------- colleagues, technique


def waiting_approvals(who: Caller) -> list[WorkItem]:
    """Requests of colleagues that this person may decide on; never one's own, nor one about one's own roles."""
    rows = [
        row
        for row in approvals.waiting()
        if who.may(row.permission) and row.requested_by != who.person and not is_about_own_roles(row, who.account_id)
    ]
    keys = [row.requested_by for row in rows]
    names = dict(session().execute(select(Person.key, Person.name).where(Person.key.in_(keys))).all())
    return [
        WorkItem(
            WorkKind.APPROVAL,
            row.what[:1].upper() + row.what[1:],
            ". ".join(filter(None, (stays_same(row), f"Gevraagd door {names.get(row.requested_by) or ERASED_NAME}."))),
            row.requested_at,
            "Beoordelen",
            url_for("admin.show_approval", approval_id=row.id),
            row.payload.get("participant"),
        )
        for row in rows
    ]


def failed_mail(who: Caller) -> list[WorkItem]:
    """Mail that could not be delivered. Who can send it again sees all of it; who can mend a contact, that of files."""
    if not (who.may("mail:retry") or (who.may("job:view") and who.may("participant:edit"))):
        return []
    query = select(OutboxMessage).where(OutboxMessage.delivery == Delivery.FAILED).order_by(OutboxMessage.id)
    if not who.may("mail:retry"):
        query = query.where(OutboxMessage.participant_id.is_not(None))
    return [
        WorkItem(
            WorkKind.MAIL,
            row.subject,
            f"Aan {row.recipient}.",
            row.queued_at,
            "Bekijken",
            url_for("admin.list_mail", stand="failed"),
            row.participant_id,
        )
        for row in session().execute(query).scalars()
    ]


def stuck_help(who: Caller) -> list[WorkItem]:
    """Requests for help that do not get through to the ticket system."""
    rows = stuck_requests() if who.may("help:retry") else []
    return [
        WorkItem(
            WorkKind.HELP,
            row.about,
            f"{row.request.key}: {row.delivery.last_error or row.request.subject}",
            row.request.asked_at,
            "Bekijken",
            url_for("helpdesk.show_request", key=row.request.key),
            row.request.participant_id,
        )
        for row in rows
    ]


# ------------------------------------------------------------------------------------------- all together

SOURCES: Sequence[Source] = (
    applications,
    open_tasks,
    onboardings,
    legal_questions,
    asked,
    uninvoiced,
    final_invoices,
    runs_to_start,
    runs_to_put_forward,
    held_invoices,
    asked_corrections,
    changes_of_category,
    pressing_tariffs,
    waiting_approvals,
    vacancies,
    failed_mail,
    stuck_help,
    failing_jobs,
    overdue_findings_of_assessments,
    assessments_to_repeat,
    pressing_requests,
    open_breaches_of_data,
)
ACTING = frozenset(
    {
        "application:decide",
        "task:record",
        "agreement:countersign",
        "participant:activate",
        "question:answer",
        "module:activate",
        "participant:edit",
        "invoice:issue",
        "run:prepare",
        "run:approve",
        "invoice:hold",
        "invoice:correct",
        "declaration:approve",
        "category:propose",
        "category:approve",
        "tariff:propose",
        "tariff:confirm",
        "role:approve",
        "body:edit",
        "decision:confirm",
        "operator:complete",
        "operator:confirm",
        "mail:retry",
        "assessment:edit",
        "privacy:edit",
        "retention:approve",
        "person:erase",
        "help:retry",
    }
)
"""Who holds none of these can read, and never has anything waiting."""


def may_act(who: Caller) -> bool:
    """Whether anything can ever wait on this person."""
    return any(who.may(permission) for permission in ACTING)


def gathered_work(who: Caller) -> Gathered[WorkItem]:
    """Everything that this person can move on now, oldest first, and the parts that could not be read."""
    found = gather([(PARTS.get(source.__name__, source.__name__), partial(source, who)) for source in SOURCES])
    return Gathered(sorted(found.items, key=lambda item: (item.since, item.about)), found.missing)
