"""People with a password and an authenticator app, and the mail they get."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.audit import AuditEvent
from core.mail import OutboxMessage
from identity import passwords, second_factor
from identity.kinds import StaffRole
from identity.models import Account
from tests.people import People

MORNING = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
PASSWORD = "een paarse fiets in de regen"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2id, but not half a second of it each time."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@dataclass
class Phone:
    """An authenticator app."""

    secret: str = field(default_factory=pyotp.random_base32)

    def code(self, moment: datetime | None = None) -> str:
        return pyotp.TOTP(self.secret).at(moment or clock.now())

    def wrong_code(self) -> str:
        near = {self.code(clock.now() + timedelta(seconds=30 * n)) for n in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


@dataclass
class Insider:
    """A member of staff who can sign in."""

    account: Account
    phone: Phone
    password: str = PASSWORD

    @property
    def answers(self) -> dict[str, Any]:
        return {"email": self.account.email, "password": self.password, "code": self.phone.code()}


@pytest.fixture
def insider(people: People, session: Session) -> Insider:
    made = Insider(people.staff(StaffRole.RELATIONS, name="Ria Relatie"), Phone())
    made.account.password_hash = passwords.hash_password(made.password)
    give_phone(made.account, made.phone)
    session.commit()
    return made


def give_phone(account: Account, phone: Phone) -> None:
    """As if the second factor had been set long ago."""
    account.totp_secret = second_factor.encrypt(phone.secret)


class Mailbox:
    """The mail that was queued."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def to(self, email: str) -> list[OutboxMessage]:
        query = select(OutboxMessage).where(OutboxMessage.recipient == email).order_by(OutboxMessage.id)
        return list(self.session.execute(query).scalars())

    def link(self, email: str) -> str:
        """The path of the last link that was mailed to somebody."""
        found = re.findall(r"http://localhost(/\S+)", self.to(email)[-1].body)
        return str(found[0])


@pytest.fixture
def mailbox(session: Session) -> Mailbox:
    return Mailbox(session)


class Trail:
    """What the audit trail says."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def names(self) -> list[str]:
        return list(self.session.execute(select(AuditEvent.name).order_by(AuditEvent.id)).scalars())

    def facts(self, name: str) -> list[dict[str, object]]:
        query = select(AuditEvent.facts).where(AuditEvent.name == name).order_by(AuditEvent.id)
        return [dict(facts) for facts in self.session.execute(query).scalars()]


@pytest.fixture
def trail(session: Session) -> Trail:
    return Trail(session)
