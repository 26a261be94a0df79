"""Reads about accounts of staff, their roles, and what waits for a second pair of eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from core import approvals
from core.approvals import Approval
from core.audit import ERASED_NAME, Person
from core.db import session
from core.errors import NotFound
from core.kinds import Labelled
from identity.kinds import AccountKind, AccountState, StaffRole
from identity.models import Account, RoleGrant

ROLE_CHANGE = "role_change"


@dataclass(frozen=True)
class HeldRole:
    """A role with its period, and who let it take effect."""

    role: StaffRole
    starts_on: date
    ends_before: date | None
    granted_by: str | None
    """None when it was given at the installation."""
    in_force: bool

    @property
    def last_day(self) -> date | None:
        return self.ends_before - timedelta(days=1) if self.ends_before else None


@dataclass(frozen=True)
class StaffMember:
    """A row of the list of staff."""

    account: Account
    roles: list[HeldRole]
    state: AccountState

    @property
    def roles_now(self) -> list[HeldRole]:
        return [held for held in self.roles if held.in_force]

    @property
    def name(self) -> str:
        return self.account.person.name or ERASED_NAME


def state_of(account: Account) -> AccountState:
    if account.disabled_at is not None:
        return AccountState.DISABLED
    return AccountState.ACTIVE if account.totp_secret and account.password_hash else AccountState.INVITED


def staff_members(on: date) -> list[StaffMember]:
    """All accounts of staff by name, those that are disabled last."""
    query = select(Account).options(joinedload(Account.person)).where(Account.kind == AccountKind.STAFF)
    accounts = session().execute(query).scalars().all()
    held = _held_roles(on)
    members = [StaffMember(account, held.get(account.id, []), state_of(account)) for account in accounts]
    return sorted(members, key=lambda m: (m.state is AccountState.DISABLED, m.name.casefold(), m.account.id))


def staff_member(account_id: int, on: date) -> StaffMember:
    """One account of staff. Raises NotFound for any other."""
    account = session().get(Account, account_id)
    if account is None or account.kind is not AccountKind.STAFF:
        raise NotFound("Deze medewerker bestaat niet.")
    return StaffMember(account, _held_roles(on, account_id).get(account_id, []), state_of(account))


def _held_roles(on: date, account_id: int | None = None) -> dict[int, list[HeldRole]]:
    query = select(RoleGrant, Person.name).outerjoin(Person, Person.key == RoleGrant.granted_by)
    if account_id is not None:
        query = query.where(RoleGrant.account_id == account_id)
    found: dict[int, list[HeldRole]] = {}
    for grant, name in session().execute(query.order_by(RoleGrant.starts_on, RoleGrant.id)):
        by = (name or ERASED_NAME) if grant.granted_by else None
        in_force = grant.starts_on <= on and (grant.ends_before is None or grant.ends_before > on)
        row = HeldRole(grant.role, grant.starts_on, grant.ends_before, by, in_force)
        found.setdefault(grant.account_id, []).append(row)
    return found


def administrators(on: date, *, besides: int | None = None) -> int:
    """How many enabled accounts hold the role of administration without an end."""
    query = (
        select(func.count(func.distinct(Account.id)))
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.disabled_at.is_(None), RoleGrant.role == StaffRole.ADMINISTRATION)
        .where(RoleGrant.starts_on <= on, RoleGrant.ends_before.is_(None))
    )
    if besides is not None:
        query = query.where(Account.id != besides)
    return session().scalar(query) or 0


def lasting_grants(account_id: int, on: date, role: StaffRole | None = None) -> list[RoleGrant]:
    """Grants that are in force or still to start."""
    query = select(RoleGrant).where(
        RoleGrant.account_id == account_id, or_(RoleGrant.ends_before.is_(None), RoleGrant.ends_before > on)
    )
    if role is not None:
        query = query.where(RoleGrant.role == role)
    return list(session().execute(query.order_by(RoleGrant.id)).scalars())


def open_role_requests(account_id: int) -> list[Approval]:
    """Requests about the roles of an account on which nobody decided yet."""
    return [r for r in approvals.waiting() if r.kind == ROLE_CHANGE and r.payload["account"] == account_id]


def is_about_own_roles(request: Approval, account_id: int) -> bool:
    """Whether a request changes the roles of this very account: its owner does not decide on it."""
    return request.kind == ROLE_CHANGE and request.payload["account"] == account_id


def choices_to_grant(member: StaffMember) -> list[tuple[str, str]]:
    """Roles that the account does not hold without an end."""
    lasting: set[Labelled] = {held.role for held in member.roles_now if held.ends_before is None}
    return [(str(role.value), role.label) for role in StaffRole if role not in lasting]
