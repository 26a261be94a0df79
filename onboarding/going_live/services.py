"""The last steps to being live, and the way out. Each verb leaves one sentence of its own; nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from billing.missing.services import issue_final_invoice
from catalogue.activation.services import record_support
from catalogue.queries import active_modules
from catalogue.services import activate as activate_module
from catalogue.services import deactivate as deactivate_module
from catalogue.versions.queries import version
from core import clock
from core.audit import SYSTEM, Actor, Entry, record
from core.db import lock, next_id, session
from core.errors import Refused
from core.filters import day
from core.mail import queue_mail
from core.transitions import Transition, may, move
from core.web import absolute_url
from onboarding.going_live import events, queries
from onboarding.kinds import CheckKind
from onboarding.models import Check
from onboarding.tasks.kinds import Item
from onboarding.tasks.queries import addresses_of, check_of, facts_of, staff_addresses
from onboarding.tasks.rules import listed, obstacles, still_to_do
from participants.kinds import Channel, ContactRole, Stage
from participants.models import Participant
from participants.services import close_connection, close_live_period, open_live_period

BADGE = "public_pages.show_badge"
FURTHEST_END = timedelta(days=2 * 366)
"""An end further away is a typing error."""
ACTIVATE = Transition("activeren", frozenset({Stage.COUNTERSIGNED}), Stage.LIVE, events.ACTIVATED)
SUSPEND = Transition("schorsen", frozenset({Stage.LIVE}), Stage.SUSPENDED, events.SUSPENDED, needs_reason=True)
RESUME = Transition("de schorsing opheffen", frozenset({Stage.SUSPENDED}), Stage.LIVE, events.RESUMED)
END = Transition("beëindigen", frozenset(queries.MAY_END), Stage.ENDED, events.ENDED, needs_reason=True)
END_REACHED = Transition("sluiten", frozenset(queries.MAY_END), Stage.ENDED, events.END_REACHED)


# ------------------------------------------------------------------------------------------- ready


def declare_ready(participant: Participant, actor: Actor) -> Check:
    """The participant says "wij zijn klaar". Saying it again changes nothing.

    Raises Refused (audited) with what is missing while anything before it is open.
    """
    if actor.kind != "participant" or actor.person is None:
        raise Refused("Alleen de deelnemer zelf meldt dat alles klaar is.")
    lock(participant)
    found = check_of(participant.id, CheckKind.DECLARED_READY)
    if found is not None:
        return found
    first = obstacles(facts_of(participant.id), Item.READY)
    if first:
        raise _refusal(events.NOT_READY, participant, actor, still_to_do(first))
    row = Check(
        id=next_id(Check),
        participant_id=participant.id,
        kind=CheckKind.DECLARED_READY,
        done_on=clock.today(),
        explanation=None,
        recorded_by=actor.person,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(events.READY, actor, participant_id=participant.id, subject=_subject(participant), name=participant.name)
    for address in staff_addresses(participant, clock.today()):
        queue_mail(
            address,
            f"Klaar om te activeren: {participant.name}",
            "ready_declared",
            participant_id=participant.id,
            name=participant.name,
            url=absolute_url("going_live.activate", participant_id=participant.id),
        )
    return row


# ------------------------------------------------------------------------------------------- live


def activate(participant: Participant, actor: Actor) -> None:
    """Switch the chosen modules on: from today the participant is live. Doing it again changes nothing. A module that
    cannot be switched on yet stays asked for.

    Raises Refused (audited) with what is missing while anything of the task list before it is open, or with the
    reasons when none of the modules can be switched on.
    """
    lock(participant)
    if participant.stage is Stage.LIVE:
        return
    first = obstacles(facts_of(participant.id), Item.ACTIVATED)
    if first:
        raise _refusal(events.NOT_ACTIVATED, participant, actor, still_to_do(first))
    modules, later = queries.modules_that_fit(participant, clock.today())
    if not modules:
        raise _refusal(events.NOT_ACTIVATED, participant, actor, " ".join(why for _, why in later))
    for module in modules:
        _activate_module(participant, module.code, actor)
    open_live_period(actor, participant.id, clock.today())
    names = [module.name for module in modules]
    _move(participant, ACTIVATE, actor, modules=listed(names))
    _tell(
        participant,
        "U bent aangesloten op het Schuldenknooppunt",
        "live_activated",
        modules=names,
        badge_url=absolute_url(BADGE, directory_id=participant.directory_id),
        is_listed=participant.is_public,
    )


def _activate_module(participant: Participant, code: str, actor: Actor) -> None:
    """Switch a module on. Who came here by system passed the acceptance test, which proves what its software can."""
    tested = check_of(participant.id, CheckKind.ACCEPTANCE_TEST_PASSED)
    activation = activate_module(participant.id, code, clock.today(), actor, proven=tested is not None)
    if tested is not None and participant.supplier is not None and participant.product:
        source = f"acceptatietest van {participant.name}"
        row = version(activation.module_version_id)
        record_support(actor, participant.supplier, participant.product, row, tested.done_on, source)


def suspend(participant: Participant, reason: str, actor: Actor) -> None:
    """Take a participant off the hub for a time, with a reason that is mailed."""
    _move(participant, SUSPEND, actor, reason=reason)
    close_live_period(actor, participant.id, clock.today())
    _tell(participant, "Uw aansluiting is geschorst", "live_suspended", reason=reason.strip())


def resume(participant: Participant, actor: Actor) -> None:
    """The reason for the suspension is gone: live again from today, with the same modules."""
    _move(participant, RESUME, actor)
    open_live_period(actor, participant.id, clock.today())
    _tell(participant, "De schorsing van uw aansluiting is opgeheven", "live_resumed")


# ------------------------------------------------------------------------------------------- the way out


def end(participant: Participant, ends_before: date, reason: str, actor: Actor) -> None:
    """End the participation; `ends_before` is the first day without it. Today: at once. Later: the subscription gets
    its last day now, and `close_ended` does the rest when it comes.

    Raises Refused for a day in the past, or when an end was recorded before.
    """
    lock(participant)
    _check_end(participant, ends_before, reason)
    close_connection(actor, participant.id, ends_before)
    if ends_before <= clock.today():
        _close(participant, END, ends_before, actor, reason=reason)
        return
    record(
        events.ENDING_PLANNED,
        actor,
        participant_id=participant.id,
        subject=_subject(participant),
        name=participant.name,
        day=day(ends_before),
        reason=reason.strip(),
    )
    _tell(participant, "Uw aansluiting eindigt", "live_ending", ends_before=ends_before, reason=reason.strip())


def _check_end(participant: Participant, ends_before: date, reason: str) -> None:
    if not may(END, participant.stage):
        raise Refused(f"Er is geen aansluiting om te beëindigen: de stand is '{participant.stage.label.lower()}'.")
    today = clock.today()
    planned = queries.connection_end(participant.id)
    if planned is not None:
        raise Refused(f"Het einde is al vastgelegd: {day(planned)}.", field="ends_before")
    if ends_before < today:
        raise Refused("Deze dag ligt in het verleden. Kies vandaag of een latere dag.", field="ends_before")
    if ends_before - today > FURTHEST_END:
        raise Refused("Deze dag ligt meer dan twee jaar vooruit. Controleer het jaar.", field="ends_before")
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen waarom de aansluiting eindigt.", field="reason")


def close_ended(participant: Participant, actor: Actor = SYSTEM) -> None:
    """The planned last day has passed: switch everything off."""
    ends_before = queries.connection_end(participant.id)
    if ends_before is None or ends_before > clock.today():
        raise Refused("Het einde van deze aansluiting is nog niet bereikt.")
    _close(participant, END_REACHED, ends_before, actor)


def _close(
    participant: Participant,
    transition: Transition[Stage],
    ends_before: date,
    actor: Actor,
    *,
    reason: str | None = None,
) -> None:
    _move(participant, transition, actor, reason=reason, day=day(ends_before))
    if queries.is_live_period_open(participant.id):
        close_live_period(actor, participant.id, ends_before)
    for module in active_modules(participant.id, ends_before):
        deactivate_module(participant.id, module.code, ends_before, actor)
    issue_final_invoice(participant, actor)
    _tell(
        participant,
        "Uw aansluiting is beëindigd",
        "live_ended",
        ends_before=ends_before,
        reason=(reason or "").strip(),
    )


# ------------------------------------------------------------------------------------------- shared


def _subject(participant: Participant) -> str:
    return f"participant:{participant.id}"


def _move(
    participant: Participant, transition: Transition[Stage], actor: Actor, *, reason: str | None = None, **facts: str
) -> None:
    move(
        participant,
        transition,
        actor,
        name=participant.name,
        participant_id=participant.id,
        subject=_subject(participant),
        reason=reason,
        **facts,
    )


def _refusal(event: Any, participant: Participant, actor: Actor, why: str) -> Refused:
    entry = Entry(event, actor, {"name": participant.name, "why": why}, participant.id, _subject(participant))
    return Refused(f"Dit kan nog niet. {why}", entry=entry)


def _recipients(participant: Participant) -> Sequence[str]:
    roles = [ContactRole.SIGNATORY, ContactRole.FUNCTIONAL]
    if participant.channel is Channel.SYSTEM:
        roles.append(ContactRole.TECHNICAL)
    return addresses_of(participant.id, *roles)


def _tell(participant: Participant, subject: str, template: str, **values: Any) -> None:
    for address in _recipients(participant):
        queue_mail(
            address,
            subject,
            template,
            participant_id=participant.id,
            name=participant.name,
            url=absolute_url("going_live.show_own", participant_id=participant.id),
            **values,
        )
