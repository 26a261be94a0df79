"""Withdraw a name from everything public, or give it back. One colleague asks with a reason, another agrees.

The reason stands with the request only: not in the audit trail, not in a mail, not on any page of a participant.
Callers hold scope staff and a transaction.
"""

from __future__ import annotations

from core import approvals, clock
from core.approvals import Approval
from core.audit import Actor, record
from core.db import session
from core.errors import Refused
from core.mail import queue_mail
from participants import events, queries
from participants.kinds import ContactRole
from participants.models import Participant
from participants.withdrawals.queries import NAME, open_request

TOLD = (ContactRole.SIGNATORY, ContactRole.FUNCTIONAL)
"""Whom of the participant we tell."""


def ask(participant: Participant, reason: str, actor: Actor) -> Approval:
    """Ask a colleague to withdraw the name, or to give it back when it is withdrawn now. Nothing changes until then.

    Raises Refused without a reason, or when a request waits already.
    """
    if not reason.strip():
        raise Refused("Schrijf in één of twee zinnen waarom.", field="reason")
    if open_request(participant.id) is not None:
        raise Refused("Er ligt al een verzoek bij een collega. Wacht op het besluit daarover.")
    withdraw = participant.name_withdrawn_at is None
    what = (
        f"naam van {participant.name} weghalen uit alles wat openbaar is"
        if withdraw
        else f"naam van {participant.name} weer openbaar maken"
    )
    yes, no = {"Deelnemer": participant.name, "Naam openbaar": "ja"}, {"Naam openbaar": "nee"}
    before, after = (yes, no) if withdraw else (no | {"Deelnemer": participant.name}, {"Naam openbaar": "ja"})
    return approvals.request_approval(
        CHANGE,
        actor,
        what,
        {"participant": participant.id, "withdraw": withdraw},
        before=before,
        after={"Deelnemer": participant.name, **after, "Reden": reason.strip()},
    )


def _carry_out(approval: Approval, actor: Actor) -> None:
    """From this moment on the row policies hide the participant, so that no public page, file or map can show it."""
    participant = queries.locked_participant(approval.payload["participant"])
    withdraw = bool(approval.payload["withdraw"])
    if withdraw == (participant.name_withdrawn_at is not None):
        raise Refused("De naam is intussen al zo. Keur het verzoek af.")
    participant.name_withdrawn_at = clock.now() if withdraw else None
    session().flush()
    record(
        events.NAME_WITHDRAWN if withdraw else events.NAME_RESTORED,
        actor,
        participant_id=participant.id,
        subject=f"participant:{participant.id}",
        name=participant.name,
    )
    subject = "Uw naam is niet meer openbaar" if withdraw else "Uw naam is weer openbaar"
    for address in dict.fromkeys(contact.email for contact in participant.contacts if contact.role in TOLD):
        queue_mail(address, subject, "name_withdrawn" if withdraw else "name_restored", participant_id=participant.id)


CHANGE = approvals.register(
    approvals.Kind(NAME, "Naam van een deelnemer weghalen of teruggeven", "name:withdraw", _carry_out)
)
