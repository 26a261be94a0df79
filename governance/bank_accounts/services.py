"""A new bank account of the operator, through four eyes. Callers hold scope staff and a transaction."""

from __future__ import annotations

from datetime import date

from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor, record
from core.db import advisory_lock, session
from core.errors import Refused
from governance.bank_accounts.events import BANK_ACCOUNT_RECORDED
from governance.bank_accounts.models import OperatorBankAccount
from governance.bank_accounts.queries import accounts
from governance.bank_accounts.rules import why_not
from governance.models import Operator
from governance.operators.services import operator
from governance.queries import operator_on

KIND = "operator_bank_account"


def waiting(operator_id: int) -> list[Approval]:
    """Requests about an account of this operator on which nobody decided yet."""
    return [row for row in approvals.waiting() if row.kind == KIND and row.payload["operator"] == operator_id]


def propose_account(row: Operator, iban: str, holder: str, starts_on: date, actor: Actor) -> Approval:
    """Ask a colleague to check a new account. Raises Refused for a day that is not in the future or not of this
    operator, for an IBAN that is known, and while another request waits."""
    if waiting(row.id):
        raise Refused("Er ligt al een nieuw IBAN bij een collega. Wacht tot die het heeft bekeken.")
    _demand(row, iban, starts_on)
    now = accounts()
    before = next((one.iban for one in reversed(now) if one.operator_id == row.id), None)
    return approvals.request_approval(
        ACCOUNT_KIND,
        actor,
        f"nieuw IBAN van stelselbeheerder {row.name}",
        {"operator": row.id, "iban": iban, "holder": holder, "starts_on": starts_on.isoformat()},
        before={"Stelselbeheerder": row.name, "IBAN": filters.iban(before) if before else "niet bekend"},
        after={
            "Stelselbeheerder": row.name,
            "IBAN": filters.iban(iban),
            "Ten name van": holder,
            "Gaat in op": filters.day(starts_on),
            "Daarna": "alle deelnemers met een lopend abonnement krijgen een brief",
        },
    )


def _demand(row: Operator, iban: str, starts_on: date) -> None:
    known = accounts()
    refused = why_not([one for one in known if one.operator_id == row.id], iban, starts_on, clock.today())
    if refused is not None:
        raise Refused(refused[1], field=refused[0])
    if any(one.iban == iban and one.operator_id != row.id for one in known):
        raise Refused("Dit IBAN is of was van een andere stelselbeheerder. Controleer de cijfers.", field="iban")
    if operator_on(starts_on).id != row.id:
        raise Refused(f"Op {filters.day(starts_on)} is {row.name} geen stelselbeheerder.", field="starts_on")


def _record(approval: Approval, actor: Actor) -> None:
    payload = approval.payload
    advisory_lock(f"governance-accounts-{payload['operator']}")
    row, starts_on = operator(payload["operator"]), date.fromisoformat(payload["starts_on"])
    _demand(row, payload["iban"], starts_on)
    if actor.person is None:
        raise Refused("Alleen een medewerker kan akkoord geven.")
    session().add(
        OperatorBankAccount(
            operator_id=row.id,
            iban=payload["iban"],
            holder=payload["holder"],
            starts_on=starts_on,
            recorded_at=clock.now(),
            proposed_by=approval.requested_by,
            approved_by=actor.person,
        )
    )
    session().flush()
    record(
        BANK_ACCOUNT_RECORDED,
        actor,
        subject=f"operator:{row.id}",
        name=row.name,
        starts_on=filters.day(starts_on),
        iban=filters.iban(payload["iban"]),
    )


ACCOUNT_KIND = approvals.register(
    approvals.Kind(KIND, "Nieuw IBAN van de stelselbeheerder", "operator:confirm", _record)
)
