"""Putting a decision before a colleague. Nothing is recorded until one confirms it. Callers hold scope staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select

from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor
from core.db import advisory_lock, session
from core.errors import Refused
from governance.decisions.queries import NAME, proposals
from governance.meetings.models import Meeting
from governance.models import Decision
from governance.rules import Draft, Paper
from governance.services import demand_allowed, enter_decision


def propose_decision(draft: Draft, papers: Sequence[Paper], actor: Actor) -> Approval:
    """Ask a colleague to confirm a decision or advice as it was taken down.

    Raises Refused when a rule forbids it, when it lies in the future, or was recorded or asked before.
    """
    if draft.decided_on > clock.today():
        raise Refused("Deze dag ligt in de toekomst. Leg een besluit vast als het is genomen.", field="decided_on")
    advisory_lock("governance-decision-proposals")
    _demand_new(draft)
    demand_allowed(draft)
    what = "advies" if draft.body.value == "advisory_board" else "besluit"
    return approvals.request_approval(
        DECISION,
        actor,
        f"{what} van {draft.body.in_sentence} vastleggen: {draft.title}",
        {"draft": draft.to_json(), "papers": [asdict(paper) for paper in papers]},
        before={},
        after=_shown(draft, papers),
    )


def _demand_new(draft: Draft) -> None:
    known = select(Decision.number).where(
        Decision.body == draft.body,
        Decision.kind == draft.kind,
        Decision.decided_on == draft.decided_on,
        Decision.title == draft.title,
    )
    if number := session().scalar(known.limit(1)):
        raise Refused(f"Dit is al vastgelegd, als {number}.", field="title")
    for row in proposals():
        other = draft_of(row)
        if (other.body, other.kind, other.decided_on, other.title) == (
            draft.body,
            draft.kind,
            draft.decided_on,
            draft.title,
        ):
            raise Refused("Dit ligt al bij een collega. Wacht tot die het heeft bekeken.", field="title")


def draft_of(row: Approval) -> Draft:
    """What a proposal holds."""
    return Draft.from_json(row.payload["draft"])


def papers_of(row: Approval) -> list[Paper]:
    """The documents of a proposal."""
    return [Paper(**stored) for stored in row.payload["papers"]]


def _shown(draft: Draft, papers: Sequence[Paper]) -> dict[str, str]:
    """The proposal in words, as the queue of four eyes shows it."""
    meeting = session().get(Meeting, draft.meeting_id) if draft.meeting_id else None
    last_day = filters.last_day(draft.ends_before)
    values = {
        "Orgaan": draft.body.label,
        "Soort": draft.kind.label,
        "Datum": filters.day(draft.decided_on),
        "Titel": draft.title,
        "Tekst": draft.text,
        "Overwegingen": draft.reasons,
        "Geldt vanaf": filters.day(draft.starts_on or draft.decided_on),
        "Geldt tot en met": filters.day(last_day) if last_day else None,
        "Advies vooraf": _numbered(draft.advice_id),
        "Komt in plaats van": _numbered(draft.supersedes_id),
        "Vergadering": f"{meeting.body.label}, {filters.day(meeting.held_on)}" if meeting else None,
        "Waar het staat": draft.source,
        "Stukken": ", ".join(paper.name for paper in papers) or None,
    }
    return {name: value for name, value in values.items() if value}


def _numbered(decision_id: int | None) -> str | None:
    found = session().get(Decision, decision_id) if decision_id else None
    return f"{found.number}: {found.title}" if found else None


def _carry_out(approval: Approval, actor: Actor) -> None:
    row = enter_decision(draft_of(approval), actor, papers_of(approval))
    approval.payload = {**approval.payload, "number": row.number}
    session().flush()


DECISION = approvals.register(
    approvals.Kind(
        NAME, "Besluit of advies vastleggen", "decision:confirm", _carry_out, page="governance.show_proposal"
    )
)
