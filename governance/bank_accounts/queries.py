"""Reads about the bank accounts of the operators."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.db import session
from core.filters import local_day
from governance.bank_accounts.models import OperatorBankAccount
from governance.bank_accounts.rules import Account, Standing, standing_of
from governance.models import Operator


def accounts() -> list[Account]:
    """All accounts of all operators, each with its time, oldest first. An account ends where the next one of its
    operator starts, or the next operator."""
    operators = list(session().execute(select(Operator).order_by(Operator.starts_on)).scalars())
    rows = list(session().execute(select(OperatorBankAccount).order_by(OperatorBankAccount.starts_on)).scalars())
    found: list[Account] = []
    for at, operator in enumerate(operators):
        first = [(operator.iban, operator.name, operator.starts_on, None, None)] if operator.iban else []
        later = [
            (row.iban, row.holder, row.starts_on, row.id, local_day(row.recorded_at))
            for row in rows
            if row.operator_id == operator.id
        ]
        mine = [*first, *later]
        last = operators[at + 1].starts_on if at + 1 < len(operators) else None
        for position, (iban, holder, starts_on, key, recorded_on) in enumerate(mine, start=1):
            ends = min(
                (end for end in (*(after[2] for after in mine[position : position + 1]), last) if end), default=None
            )
            found.append(
                Account(
                    iban or "",
                    holder,
                    operator.id,
                    operator.name,
                    starts_on,
                    max(ends, starts_on) if ends else None,
                    key,
                    recorded_on,
                )
            )
    return found


def accounts_of(operator_id: int) -> list[Account]:
    """Those of one operator, oldest first."""
    return [one for one in accounts() if one.operator_id == operator_id]


def account_in_force(day: date) -> Account | None:
    """The account to pay to on a day."""
    return next((one for one in reversed(accounts()) if one.is_in_force(day)), None)


def standing(iban: str, day: date) -> tuple[Standing, Account | None]:
    """Whose an IBAN is on a day; see `rules.standing_of`."""
    return standing_of(accounts(), iban, day)
