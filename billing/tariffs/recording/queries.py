"""Decisions to record tariffs on, requests that wait, and zero tariffs that have to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload

from billing.models import ZeroTariff
from billing.tariffs.queries import policy_on, zero_tariffs
from billing.tariffs.recording.rules import Tables, due_day, is_pressing
from core import approvals
from core.approvals import Approval
from core.db import session
from core.errors import NotFound, UserError
from governance.kinds import Body, DecisionKind
from governance.models import Decision
from identity.kinds import StaffRole
from identity.models import Account, RoleGrant
from participants.kinds import Basis
from participants.models import Role

TABLE_NAME = "billing:tariff_table"
ZERO_NAME = "billing:zero_tariff"
REVIEW_NAME = "billing:zero_tariff_review"
EXCEPTION_NAME = "billing:tariff_exception"
NAMES = (TABLE_NAME, ZERO_NAME, REVIEW_NAME, EXCEPTION_NAME)
"""Kinds of requests."""


def board_decisions(kind: DecisionKind) -> list[Decision]:
    """Decisions of the board about one thing that were not superseded, latest first."""
    later = aliased(Decision)
    query = (
        select(Decision)
        .options(joinedload(Decision.advice))
        .where(Decision.body == Body.BOARD, Decision.kind == kind)
        .where(~select(later.id).where(later.supersedes_id == Decision.id).exists())
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    )
    return list(session().execute(query).scalars())


def tables_on(day: date) -> tuple[str | None, Tables]:
    """The table that holds on a day: its name and its categories; nothing while none was recorded, or when a setting
    is missing that it needs."""
    try:
        policy = policy_on(day)
    except UserError:
        return None, {}
    return policy.table, {audience: list(rows) for audience, rows in policy.categories.items()}


def waiting() -> list[Approval]:
    """Requests to record tariffs on which nobody decided yet, oldest first."""
    return [row for row in approvals.waiting() if row.kind in NAMES]


def table_request(approval_id: int) -> Approval:
    """A request to record a table, decided or not. Raises NotFound."""
    row = session().get(Approval, approval_id)
    if row is None or row.kind != TABLE_NAME:
        raise NotFound("Dit verzoek bestaat niet. Bekijk de verzoeken om akkoord.")
    return row


def zero_tariff(key: int) -> ZeroTariff:
    """Raises NotFound."""
    found = session().get(ZeroTariff, key)
    if found is None:
        raise NotFound("Dit jaartarief € 0,00 bestaat niet. Bekijk de tarieven.")
    return found


def roles_with_tariff() -> list[Role]:
    """Roles that pay a fee, in their order."""
    return list(session().execute(select(Role).where(Role.basis != Basis.NONE).order_by(Role.position)).scalars())


@dataclass(frozen=True)
class Pressing:
    """A zero tariff that ends, or has to be looked at again, within three months."""

    zero_tariff: ZeroTariff
    due_on: date
    ends: bool
    """Its end is decided; otherwise the board has to look at it."""


def pressing_zero_tariffs(today: date) -> list[Pressing]:
    """What finance has to know of or to see to, first day first."""
    found = []
    for row in zero_tariffs():
        due_on = due_day(row.ends_before, row.review_on, today)
        if due_on is not None and is_pressing(due_on, today):
            found.append(Pressing(row, due_on, row.ends_before is not None))
    return sorted(found, key=lambda row: row.due_on)


def addresses_of(role: StaffRole, on: date) -> list[str]:
    """Mail addresses of the colleagues who hold a role on a day."""
    query = (
        select(Account.email)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == role, RoleGrant.starts_on <= on, Account.disabled_at.is_(None))
        .where(or_(RoleGrant.ends_before.is_(None), RoleGrant.ends_before > on))
        .distinct()
        .order_by(Account.email)
    )
    return list(session().execute(query).scalars())
