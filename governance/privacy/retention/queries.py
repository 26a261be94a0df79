"""Reads about the retention schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from core import approvals
from core import db as database
from core.approvals import Approval
from core.db import scoped, session
from core.errors import NotFound
from governance.privacy.models import RetentionTerm
from governance.privacy.retention.rules import RULES, RetentionRule, months_before

KIND = "governance:retention"
"""Of requests for a second pair of eyes about clearing away."""


def rule(name: str) -> RetentionRule:
    """A rule of the schedule. Raises NotFound."""
    found = RULES.get(name)
    if found is None:
        raise NotFound("Deze bewaartermijn bestaat niet.")
    return found


def terms_on(day: date) -> dict[str, RetentionTerm]:
    """The term in force of each rule that has one."""
    query = (
        select(RetentionTerm)
        .ext(distinct_on(RetentionTerm.rule))
        .where(RetentionTerm.starts_on <= day)
        .order_by(RetentionTerm.rule, RetentionTerm.starts_on.desc())
    )
    return {row.rule: row for row in session().execute(query).scalars()}


def terms_of(name: str) -> list[RetentionTerm]:
    """All terms of one rule, latest first."""
    query = select(RetentionTerm).where(RetentionTerm.rule == name).order_by(RetentionTerm.starts_on.desc())
    return list(session().execute(query).scalars())


def months_on(found: RetentionRule, day: date) -> int:
    """The term of a rule in months on a day; its default when none was recorded."""
    term = terms_on(day).get(found.name)
    return term.months if term else found.months


def keys_before(found: RetentionRule, before: date) -> list[int | str]:
    """What stands longer than its term, in scope JOB: some owners hide their rows from people."""
    with scoped(database.JOB):
        return list(found.find(before))


@dataclass(frozen=True)
class Line:
    """One line of the schedule."""

    rule: RetentionRule
    months: int
    to_confirm: bool
    count: int
    """How many have passed the term now."""
    waiting: Approval | None
    """The proposal that lies before a colleague."""

    @property
    def is_outdated(self) -> bool:
        """Whether the waiting proposal is about another number than now: approving it would be refused."""
        return self.waiting is not None and self.waiting.before["Aantal"] != self.count


def schedule(on: date) -> list[Line]:
    """All rules by label, with what has passed its term on a day."""
    terms, open_ones = terms_on(on), {row.payload["rule"]: row for row in waiting()}
    lines = []
    for found in sorted(RULES.values(), key=lambda one: one.label.casefold()):
        term = terms.get(found.name)
        months = term.months if term else found.months
        count = len(keys_before(found, months_before(on, months)))
        lines.append(Line(found, months, term is None or term.to_confirm, count, open_ones.get(found.name)))
    return lines


def waiting() -> list[Approval]:
    """Proposals to clear away on which nobody has decided."""
    return [row for row in approvals.waiting() if row.kind == KIND]


def decided(limit: int = 50) -> list[Approval]:
    """Proposals that were decided on, latest first."""
    query = select(Approval).where(Approval.kind == KIND, Approval.outcome != approvals.Outcome.WAITING)
    return list(session().execute(query.order_by(Approval.id.desc()).limit(limit)).scalars())


def was_proposed_since(name: str, since: datetime) -> bool:
    """Whether approval was asked for this rule after a moment."""
    query = select(Approval.payload["rule"].astext).where(Approval.kind == KIND, Approval.requested_at > since)
    return name in set(session().execute(query).scalars())
