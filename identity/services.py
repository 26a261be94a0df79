"""Accounts, sessions and one-time links. Callers hold scope SIGN_IN (or staff) and a transaction."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from core import clock
from core.audit import Person
from core.db import next_id, session
from identity.kinds import AccountKind, LinkPurpose, StaffRole
from identity.models import Account, OneTimeLink, RoleGrant, SignInSession
from identity.queries import hash_of


def create_account(kind: AccountKind, email: str, name: str) -> Account:
    """A new account without password or second factor. The mail address must not be in use."""
    person = Person(name=name)
    session().add(person)
    session().flush()
    account = Account(kind=kind, email=email.strip().lower(), person_key=person.key, created_at=clock.now())
    account.person = person
    session().add(account)
    session().flush()
    return account


def grant_role(account: Account, role: StaffRole, *, starts_on: date, ends_before: date | None = None) -> RoleGrant:
    """Give a staff role outright: only for set-up and example data; in daily work it takes two (approvals)."""
    row = RoleGrant(
        account_id=account.id, role=role, starts_on=starts_on, ends_before=ends_before, granted_at=clock.now()
    )
    session().add(row)
    session().flush()
    return row


def start_session(account: Account, *, verified: bool, device: str = "onbekend") -> str:
    """Start a server-side session; returns the secret for the cookie. `verified`: a second factor was proven now."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session().add(
        SignInSession(
            token_hash=hash_of(token),
            account_id=account.id,
            started_at=now,
            last_seen_at=now,
            verified_at=now if verified else None,
            device=device[:200],
        )
    )
    session().flush()
    return token


def create_link(purpose: LinkPurpose, *, target: str, valid_for: timedelta, account_id: int | None = None) -> str:
    """A one-time link; returns its secret, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    session().add(
        OneTimeLink(
            id=next_id(OneTimeLink),
            token_hash=hash_of(token),
            purpose=purpose,
            account_id=account_id,
            target=target,
            created_at=clock.now(),
            expires_at=clock.now() + valid_for,
        )
    )
    session().flush()
    return token
