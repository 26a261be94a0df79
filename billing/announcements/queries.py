"""Reads about letters on a new bank account, and about whose an IBAN is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from billing.announcements.models import IbanLetter
from core import codes
from core.db import session
from core.filters import local_day
from governance.bank_accounts.models import OperatorBankAccount
from governance.bank_accounts.queries import account_in_force, accounts, standing
from governance.bank_accounts.rules import Account, Standing
from participants.models import ConnectionPeriod, InvoiceDetails, Participant
from participants.queries import in_force

PURPOSE = "billing:iban-letter"
LATE = timedelta(days=30)
"""So long after its start an account is still announced to who had no address before."""


@dataclass(frozen=True)
class Answer:
    """What we say of an IBAN or of a letter."""

    standing: Standing
    account: Account | None
    announced_on: date | None
    """The day of the first letter about this account; None when there was none."""
    letter_of: date | None = None
    """When the letter was sent whose code was typed."""


def announced_on(account_id: int) -> date | None:
    """When the first letter about an account went."""
    return local_day(session().scalar(select(func.min(IbanLetter.sent_at)).where(IbanLetter.account_id == account_id)))


def about_iban(iban: str, day: date) -> Answer:
    """Whose an IBAN is on a day. Runs in scope staff or JOB."""
    found, account = standing(iban, day)
    return Answer(found, account, announced_on(account.id) if account and account.id else None)


def about_letter(code: str, day: date) -> Answer:
    """Whether we sent a letter with this code, and what holds for its IBAN now. Runs in scope staff or JOB."""
    number = codes.number_in(code, length=codes.SHORT)
    letter = session().get(IbanLetter, number) if number is not None else None
    if letter is None or not codes.is_real(code, PURPOSE, letter.account_id, letter.participant_id, length=codes.SHORT):
        return Answer(Standing.UNKNOWN, None, None)
    found, account = standing(letter.account.iban, day)
    return Answer(found, account, announced_on(letter.account_id), local_day(letter.sent_at))


def code_of(letter_id: int, account_id: int, participant_id: int) -> str:
    """The code in a letter, in groups of four: `12-ABCD-EFGH-IJKL-MNOP`."""
    number, _, signs = codes.code_of(PURPOSE, letter_id, account_id, participant_id, length=codes.SHORT).partition("-")
    return "-".join([number, *(signs[at : at + 4].upper() for at in range(0, len(signs), 4))])


def changed_account(iban: str, day: date) -> Account | None:
    """The account to pay to now, when this one was ours and is not any more."""
    found, _ = standing(iban, day)
    return account_in_force(day) if found is Standing.PAST else None


# ------------------------------------------------------------------------------------------------- who gets a letter


def announced_accounts(day: date) -> list[OperatorBankAccount]:
    """Accounts about which letters still go out, oldest first."""
    query = select(OperatorBankAccount).where(OperatorBankAccount.starts_on > day - LATE)
    return list(session().execute(query.order_by(OperatorBankAccount.id)).scalars())


def _waiting(account: OperatorBankAccount, day: date) -> ColumnElement[bool]:
    """Participants with a running subscription that began before the account, without their letter."""
    running = select(ConnectionPeriod.id).where(
        ConnectionPeriod.participant_id == Participant.id,
        in_force(ConnectionPeriod.starts_on, ConnectionPeriod.ends_before, day),
        ConnectionPeriod.starts_on < account.starts_on,
    )
    told = select(IbanLetter.id).where(IbanLetter.participant_id == Participant.id, IbanLetter.account_id == account.id)
    return running.exists() & ~told.exists()


def to_tell(account: OperatorBankAccount, day: date, limit: int) -> list[int]:
    """Ids of participants that get a letter now: those with an address for invoices."""
    query = select(Participant.id).join(Participant.invoice_details).where(_waiting(account, day))
    return list(session().execute(query.order_by(Participant.id).limit(limit)).scalars())


def without_address(account: OperatorBankAccount, day: date) -> list[Participant]:
    """Those that cannot be told by mail, because their invoice details are not known."""
    query: Select[Participant] = (
        select(Participant)
        .outerjoin(InvoiceDetails, InvoiceDetails.participant_id == Participant.id)
        .options(joinedload(Participant.organisation))
        .where(_waiting(account, day), InvoiceDetails.participant_id.is_(None))
    )
    return list(session().execute(query.order_by(Participant.id)).scalars())


@dataclass(frozen=True)
class Progress:
    """How far the letters about an account are."""

    account: Account
    sent: int
    waiting: int
    without_address: list[Participant]


def progress(day: date) -> list[Progress]:
    """Of every account that was or is announced, newest first."""
    by_account = select(IbanLetter.account_id, func.count()).group_by(IbanLetter.account_id)
    counts = {account_id: count for account_id, count in session().execute(by_account)}  # noqa: C416  rows, not pairs
    rows = {row.id: row for row in announced_accounts(day)}
    found = []
    for account in reversed(accounts()):
        if account.id is None:
            continue
        row = rows.get(account.id)
        found.append(
            Progress(
                account,
                counts.get(account.id, 0),
                len(to_tell(row, day, 100_000)) if row else 0,
                without_address(row, day) if row else [],
            )
        )
    return found


def letters_of(participant_id: int) -> list[IbanLetter]:
    """Letters to one participant, newest first."""
    query = select(IbanLetter).where(IbanLetter.participant_id == participant_id).order_by(IbanLetter.id.desc())
    return list(session().execute(query).scalars())
