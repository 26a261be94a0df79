"""Find, put forward and decide changes of category. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.changes import events, queries
from billing.changes.finding.queries import Candidate, candidates, still_holds
from billing.changes.kinds import ChangeStage
from billing.changes.models import CategoryChange
from billing.changes.rules import next_first_of_january, why_not_effective_on
from billing.recipients.queries import recipient_of
from billing.tariffs.rules import UNITS
from core import approvals, clock
from core.approvals import Approval
from core.audit import SYSTEM, Actor, record
from core.db import advisory_lock, session
from core.errors import Refused
from core.filters import day as in_words
from core.filters import euro, number
from core.mail import queue_mail
from core.money import ZERO
from core.transitions import Transition, move
from core.web import absolute_url

NAME = "category_change"
SHOWN = 25
"""So many changes stand one by one in a request; more are shown by their totals, with a page that shows all."""

PUT_FORWARD = Transition(
    "wijziging van categorie voorleggen",
    frozenset({ChangeStage.PROPOSED}),
    ChangeStage.REQUESTED,
    events.REQUESTED,
)
APPROVE = Transition(
    "wijziging van categorie vaststellen",
    frozenset({ChangeStage.REQUESTED}),
    ChangeStage.APPROVED,
    events.APPROVED,
)
DECLINE = Transition(
    "wijziging van categorie afwijzen",
    frozenset({ChangeStage.REQUESTED}),
    ChangeStage.DECLINED,
    events.DECLINED,
)
REOPEN = Transition(
    "wijziging van categorie weer openen",
    frozenset({ChangeStage.REQUESTED}),
    ChangeStage.PROPOSED,
    events.REOPENED,
)
LAPSE = Transition(
    "wijziging van categorie laten vervallen",
    frozenset({ChangeStage.PROPOSED}),
    ChangeStage.LAPSED,
    events.LAPSED,
)


# ------------------------------------------------------------------------------------------------- finding


@dataclass
class Found:
    """What looking for changes did."""

    added: int = 0
    lapsed: int = 0
    unchanged: int = 0


def find_changes(on: date, actor: Actor = SYSTEM) -> Found:
    """Propose what the newest numbers would change for the coming 1 January, and for this year where it is not invoiced
    yet; a proposal whose number is another one by now lapses. What lies with a colleague is left alone. Idempotent."""
    advisory_lock("billing-category-changes")
    waiting, done = queries.open_changes(), Found()
    for candidate in candidates(on):
        row = waiting.pop(candidate.participant.id, None)
        if row is not None and (row.stage is ChangeStage.REQUESTED or candidate.is_the_same_as(row)):
            done.unchanged += 1
            continue
        if row is not None:
            lapse(row, actor)
            done.lapsed += 1
        propose(candidate, actor)
        done.added += 1
    for row in waiting.values():
        if row.stage is ChangeStage.PROPOSED:
            lapse(row, actor)
            done.lapsed += 1
    return done


def propose(candidate: Candidate, actor: Actor) -> CategoryChange:
    """Keep a change on which is to be decided."""
    row = candidate.to_row(ChangeStage.PROPOSED)
    session().add(row)
    session().flush()
    record(
        events.PROPOSED,
        actor,
        participant_id=row.participant_id,
        subject=_subject(row),
        name=candidate.participant.name,
        old_category=row.old_category,
        new_category=row.new_category,
        new_number=number(row.new_number),
    )
    return row


def lapse(row: CategoryChange, actor: Actor) -> None:
    """A proposal that no longer fits the facts."""
    _move(row, LAPSE, actor, old_category=row.old_category, new_category=row.new_category)


# ------------------------------------------------------------------------------------------------- two people


def put_forward(rows: Sequence[CategoryChange], effective_on: date, actor: Actor) -> Approval:
    """Put one or more proposals before a colleague, to hold from a day to come. Raises Refused for none, for a day that
    cannot be, and for a proposal that lies with a colleague already."""
    if not rows:
        raise Refused("Kies ten minste één voorstel.", field="changes")
    why = why_not_effective_on(effective_on, clock.today())
    if why:
        raise Refused(why, field="effective_on")
    what = (
        f"categorie van {rows[0].participant.name} wijzigen van {rows[0].old_category} in {rows[0].new_category} vanaf"
        f" {in_words(effective_on)}"
        if len(rows) == 1
        else f"{len(rows)} wijzigingen van categorie vanaf {in_words(effective_on)}"
    )
    payload: dict[str, object] = {"changes": [row.id for row in rows], "effective_on": effective_on.isoformat()}
    if len(rows) == 1:
        payload["participant"] = rows[0].participant_id
    before, after = _shown(rows, effective_on)
    approval = approvals.request_approval(CATEGORY_CHANGE, actor, what, payload, before=before, after=after)
    for row in rows:
        row.effective_on, row.approval_id = effective_on, approval.id
        _move(
            row,
            PUT_FORWARD,
            actor,
            old_category=row.old_category,
            new_category=row.new_category,
            day=in_words(effective_on),
        )
    return approval


def _shown(rows: Sequence[CategoryChange], effective_on: date) -> tuple[dict[str, str], dict[str, str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    if len(rows) == 1:
        before["Deelnemer"] = after["Deelnemer"] = rows[0].participant.name
    if len(rows) <= SHOWN:
        for row in rows:
            name = "Categorie" if len(rows) == 1 else row.participant.name
            unit = UNITS[row.basis][1]
            before[name] = f"{row.old_category} ({number(row.old_number)} {unit}), {euro(row.old_fee)} per jaar"
            after[name] = f"{row.new_category} ({number(row.new_number)} {unit}), {euro(row.new_fee)} per jaar"
    else:
        for total in queries.moves(rows):
            name = f"Van {total.old_category} naar {total.new_category}"
            before[name] = f"{total.count} deelnemers"
            after[name] = f"{euro(total.difference)} verschil per jaar"
    after["Vanaf"] = in_words(effective_on)
    after["Samen, verschil per jaar zonder btw"] = euro(sum((row.difference for row in rows), ZERO))
    after["Zonder akkoord"] = "de oude categorie blijft gelden, tot een later besluit"
    return before, after


def _carry_out(approval: Approval, actor: Actor) -> None:
    rows = queries.changes_of_approval(approval.id)
    today = clock.today()
    if any(row.effective_on is None or row.effective_on <= today for row in rows):
        raise Refused(
            "De dag waarop dit zou ingaan is voorbij. Geef geen akkoord; daarna ligt het voorstel er weer, en kan een"
            " collega het met een latere dag voorleggen."
        )
    changed = [row.participant.name for row in rows if not still_holds(row)]
    if changed:
        raise Refused(
            f"Het aantal is intussen anders bij: {', '.join(changed)}. Geef geen akkoord; er komt een nieuw voorstel."
        )
    for row in rows:
        row.decided_on = today
        _move(
            row,
            APPROVE,
            actor,
            old_category=row.old_category,
            new_category=row.new_category,
            day=in_words(row.effective_on),
        )
        tell(row)


def _turn_down(approval: Approval, actor: Actor) -> None:
    """No agreement: the old number governs from the day that was asked; when that has passed, all is open again."""
    today = clock.today()
    for row in queries.changes_of_approval(approval.id):
        if row.effective_on is None or row.effective_on <= today:
            _move(row, REOPEN, actor)
            row.effective_on = row.approval_id = None
            continue
        row.decided_on = today
        _move(
            row,
            DECLINE,
            actor,
            old_category=row.old_category,
            new_number=number(row.new_number),
            day=in_words(row.effective_on),
        )


CATEGORY_CHANGE = approvals.register(
    approvals.Kind(
        NAME,
        "Wijziging van categorie",
        "category:approve",
        _carry_out,
        page="tariffs.show_request",
        turn_down=_turn_down,
    )
)


def record_decided(candidate: Candidate, approval: Approval, actor: Actor) -> CategoryChange:
    """A change on which two people decided with something else, such as a declaration: it holds from the coming
    1 January."""
    today = clock.today()
    row = candidate.to_row(ChangeStage.APPROVED)
    row.approval_id, row.decided_on, row.effective_on = approval.id, today, next_first_of_january(today)
    session().add(row)
    session().flush()
    record(
        events.APPROVED,
        actor,
        participant_id=row.participant_id,
        subject=_subject(row),
        name=candidate.participant.name,
        old_category=row.old_category,
        new_category=row.new_category,
        day=in_words(row.effective_on),
    )
    tell(row)
    return row


# ------------------------------------------------------------------------------------------------- parts


def tell(row: CategoryChange) -> None:
    """Mail the participant what will change and why."""
    participant = row.participant
    recipient = recipient_of(participant)
    if recipient is None:
        return
    queue_mail(
        recipient,
        f"Uw tariefcategorie verandert op {in_words(row.effective_on)}",
        "billing_category_change",
        participant_id=participant.id,
        name=participant.name,
        change=row,
        unit=UNITS[row.basis][1],
        url=absolute_url("participants.show_own", participant_id=participant.id),
    )


def _move(row: CategoryChange, transition: Transition[ChangeStage], actor: Actor, **facts: str) -> None:
    move(
        row,
        transition,
        actor,
        name=row.participant.name,
        participant_id=row.participant_id,
        subject=_subject(row),
        **facts,
    )


def _subject(row: CategoryChange) -> str:
    return f"category_change:{row.id}"
