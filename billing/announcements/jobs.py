"""Background work: letters about a new bank account."""

from __future__ import annotations

from datetime import timedelta

from billing.announcements import queries
from billing.announcements.services import announce
from core import clock
from core.db import session, transaction
from core.jobs import periodic
from governance.bank_accounts.models import OperatorBankAccount
from participants.queries import participant

AT_ONCE = 100
"""So that other jobs get their turn."""


@periodic(
    "billing:announce_iban",
    "Stuurt brieven over een nieuw IBAN",
    cron="*/5 * * * *",
    every=timedelta(minutes=5),
)
def announce_iban() -> int:
    """Each letter in its own transaction; a rerun goes on where the last one stopped."""
    sent = 0
    today = clock.today()
    for account in [row.id for row in queries.announced_accounts(today)]:
        row = session().get_one(OperatorBankAccount, account)
        for key in queries.to_tell(row, today, AT_ONCE - sent):
            with transaction():
                sent += announce(session().get_one(OperatorBankAccount, account), participant(key)) is not None
            session().expunge_all()
    return sent
