"""What waits on finance because somebody who pays said something."""

from __future__ import annotations

from flask import url_for

from admin.items import WorkItem
from admin.kinds import WorkKind
from billing.corrections.queries import open_corrections
from core.permissions import Caller


def asked_corrections(who: Caller) -> list[WorkItem]:
    """What people who pay say is wrong on an invoice."""
    rows = open_corrections() if who.may("invoice:correct") else []
    return [
        WorkItem(
            WorkKind.CORRECTION,
            row.participant.name,
            f"Factuur {row.invoice.number}: {row.kind.in_sentence} klopt niet.",
            row.asked_at,
            "Beantwoorden",
            url_for("billing.show_correction", correction_id=row.id),
            row.participant_id,
            row.participant.handled_by,
        )
        for row in rows
    ]
