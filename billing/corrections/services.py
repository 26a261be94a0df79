"""Ask for a correction of an invoice, and answer it. The invoice itself never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from billing.corrections.events import CORRECTION_ASKED, CORRECTION_DECLINED, CORRECTION_TAKEN_OVER
from billing.corrections.kinds import CorrectionKind, CorrectionStage
from billing.corrections.models import InvoiceCorrection
from billing.corrections.rules import FIELDS, what_is_missing
from core import clock
from core.audit import VISITOR, Actor, record
from core.db import session
from core.errors import Refused, TooMany
from core.mail import queue_mail
from core.transitions import Transition, move
from participants.queries import locked_participant
from participants.services import INVOICE_FIELDS, set_invoice_details

MOST_A_DAY = 10
"""Requests about one invoice: more is no accounts department, and each of them mails somebody."""

TAKE_OVER = Transition(
    "het verzoek om correctie overnemen",
    frozenset({CorrectionStage.OPEN}),
    CorrectionStage.TAKEN_OVER,
    CORRECTION_TAKEN_OVER,
    needs_reason=True,
)
DECLINE = Transition(
    "het verzoek om correctie afwijzen",
    frozenset({CorrectionStage.OPEN}),
    CorrectionStage.DECLINED,
    CORRECTION_DECLINED,
    needs_reason=True,
)


@dataclass(frozen=True)
class Asked:
    """What somebody asks."""

    kind: CorrectionKind
    proposed: str | None
    explanation: str | None
    name: str
    email: str


def ask_correction(invoice_id: int, participant_id: int, number: str, asked: Asked) -> InvoiceCorrection:
    """Store a request about an invoice and confirm it by mail, which repeats nothing of what was typed. The caller has
    seen the link; runs in scope JOB. Raises Refused when it cannot be dealt with, TooMany after ten in a day."""
    missing = what_is_missing(asked.kind, asked.proposed, asked.explanation)
    if missing is not None:
        raise Refused(missing[1], field=missing[0])
    lately = select(func.count()).where(
        InvoiceCorrection.invoice_id == invoice_id, InvoiceCorrection.asked_at > clock.now() - timedelta(days=1)
    )
    if (session().scalar(lately) or 0) >= MOST_A_DAY:
        raise TooMany("Over deze factuur zijn vandaag al veel verzoeken gedaan. Probeer het morgen, of mail ons.")
    row = InvoiceCorrection(
        invoice_id=invoice_id,
        participant_id=participant_id,
        kind=asked.kind,
        proposed=asked.proposed,
        explanation=asked.explanation,
        name=asked.name,
        email=asked.email,
        asked_at=clock.now(),
        stage=CorrectionStage.OPEN,
    )
    session().add(row)
    session().flush()
    queue_mail(
        asked.email,
        f"Wij hebben uw verzoek over factuur {number} ontvangen",
        "billing_correction_received",
        participant_id=participant_id,
        number=number,
    )
    record(
        CORRECTION_ASKED,
        VISITOR,
        participant_id=participant_id,
        subject=f"invoice:{invoice_id}",
        number=number,
        what=asked.kind.in_sentence,
    )
    return row


def take_over(row: InvoiceCorrection, values: Mapping[str, str | None], answer: str, actor: Actor) -> None:
    """Put what was asked into the invoice details, for later invoices, and mail the answer. `values`: the details that
    go with the kind of request; none for a name or an amount, where the answer says what happens.

    Raises Refused (audited) when a colleague was first, and when the participant has no invoice details yet.
    """
    participant = locked_participant(row.participant_id)
    fields = FIELDS.get(row.kind, ())
    if fields:
        details = participant.invoice_details
        if details is None:
            raise Refused("Van deze deelnemer zijn geen factuurgegevens bekend. Vul die eerst in bij de deelnemer.")
        current = {name: getattr(details, name) for name in INVOICE_FIELDS}
        set_invoice_details(actor, participant, **current | {name: values[name] for name in fields})
    _answer(row, TAKE_OVER, answer, actor)


def decline(row: InvoiceCorrection, reason: str, actor: Actor) -> None:
    """Nothing changes, and who asked reads why. Raises Refused (audited) when a colleague was first."""
    _answer(row, DECLINE, reason, actor)


def _answer(row: InvoiceCorrection, transition: Transition[CorrectionStage], answer: str, actor: Actor) -> None:
    number = row.invoice.number
    move(
        row,
        transition,
        actor,
        name=f"factuur {number}",
        participant_id=row.participant_id,
        subject=f"invoice:{row.invoice_id}",
        reason=answer,
        number=number,
        what=row.kind.in_sentence,
    )
    row.answer, row.answered_at, row.answered_by = answer.strip(), clock.now(), actor.person
    queue_mail(
        row.email,
        f"Antwoord op uw verzoek over factuur {number}",
        "billing_correction_answered",
        participant_id=row.participant_id,
        number=number,
        name=row.name,
        taken_over=row.stage is CorrectionStage.TAKEN_OVER,
        answer=row.answer,
    )
