"""Reads about accounts and sessions. The sign-in ones run in scope SIGN_IN."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from sqlalchemy import or_, select

from core import clock
from core.db import session
from core.permissions import Caller
from identity import rules
from identity.kinds import ACCOUNT_PERMISSIONS, STAFF_PERMISSIONS, AccountKind, StaffRole
from identity.models import Account, OneTimeLink, RoleGrant, SignInSession

IDLE = {AccountKind.STAFF: timedelta(minutes=30), AccountKind.PARTICIPANT: timedelta(minutes=30)}
ABSOLUTE = timedelta(hours=8)


def hash_of(secret: str) -> str:
    """What is stored of a random secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def roles_of(account_id: int, on: date) -> list[StaffRole]:
    """Staff roles in force on a day."""
    query = (
        select(RoleGrant.role)
        .where(RoleGrant.account_id == account_id, RoleGrant.starts_on <= on)
        .where(or_(RoleGrant.ends_before.is_(None), RoleGrant.ends_before > on))
    )
    return list(dict.fromkeys(session().execute(query.order_by(RoleGrant.id)).scalars()))


def session_of(token: str) -> SignInSession | None:
    """The live session behind a cookie: not ended, not idle too long, not older than the absolute limit, and with the
    second factor proven where the account has or needs one."""
    query = select(SignInSession, Account).join(Account, Account.id == SignInSession.account_id)
    found = session().execute(query.where(SignInSession.token_hash == hash_of(token))).one_or_none()
    return found[0] if found is not None and is_live(found[0], found[1]) else None


def is_live(row: SignInSession, account: Account) -> bool:
    """Whether a session still counts."""
    now = clock.now()
    if row.ended_at or account.disabled_at:
        return False
    if now - row.last_seen_at > IDLE[account.kind] or now - row.started_at > ABSOLUTE:
        return False
    return rules.counts_as_signed_in(
        account.kind, verified=row.verified_at is not None, has_second_factor=account.totp_secret is not None
    )


def live_sessions(account: Account) -> list[SignInSession]:
    """Where an account is signed in now, the last used first."""
    query = select(SignInSession).where(
        SignInSession.account_id == account.id,
        SignInSession.ended_at.is_(None),
        SignInSession.started_at > clock.now() - ABSOLUTE,
    )
    rows = session().execute(query.order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())).scalars()
    return [row for row in rows if is_live(row, account)]


def link_of(token: str) -> OneTimeLink | None:
    """The row behind a mailed link, used or expired too."""
    query = select(OneTimeLink).where(OneTimeLink.token_hash == hash_of(token))
    return session().execute(query).scalar_one_or_none()


def address_of_link(token: str) -> str | None:
    """The mail address that a link was mailed to."""
    query = select(Account.email).join(OneTimeLink, OneTimeLink.account_id == Account.id)
    return session().scalar(query.where(OneTimeLink.token_hash == hash_of(token)))


def staff_caller(account: Account) -> Caller:
    """A staff member with what the roles of today allow."""
    roles = roles_of(account.id, clock.today())
    allowed = frozenset().union(*(STAFF_PERMISSIONS[role] for role in roles)) if roles else frozenset()
    return Caller(
        kind="staff",
        account_id=account.id,
        person=account.person_key,
        name=account.person.name or account.email,
        description=", ".join(role.label for role in roles) or "geen rol",
        permissions=allowed | ACCOUNT_PERMISSIONS,
    )


def participant_caller(account: Account, by_participant: dict[int, frozenset[str]]) -> Caller:
    """Somebody of a participant (or an applicant) with what each representation allows."""
    return Caller(
        kind="participant",
        account_id=account.id,
        person=account.person_key,
        name=account.person.name or account.email,
        description="Deelnemer" if by_participant else "Aanmelder",
        permissions=ACCOUNT_PERMISSIONS,
        by_participant=by_participant,
    )


def account_by_email(email: str) -> Account | None:
    return session().execute(select(Account).where(Account.email == email.strip().lower())).scalar_one_or_none()
