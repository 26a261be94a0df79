"""Work about invoices that are still to be made."""

from __future__ import annotations

from datetime import date

from flask import url_for

from admin.items import WorkItem, start_of
from admin.kinds import WorkKind
from billing.missing.queries import unfinished
from billing.tariffs.queries import Outcome, without_annual_fee
from core import clock
from core.permissions import Caller
from participants.declarations.services import why_not_declared
from participants.queries import is_example


def uninvoiced(who: Caller) -> list[WorkItem]:
    """Running subscriptions without an invoice over this year, and why: for finance all of them, for who may mend the
    file those where something is missing."""
    mends = who.may("participant:edit")
    if not (mends or who.may("invoice:issue")):
        return []
    today = clock.today()
    found = []
    for outcome in without_annual_fee(today):
        participant = outcome.participant
        if is_example(participant.organisation):
            continue  # in the demonstration nobody waits for an organisation that exists
        missing = _missing(outcome, mends=mends)
        if missing is not None:
            why, action, endpoint = missing
            url = url_for(endpoint, participant_id=participant.id)
        elif who.may("invoice:issue"):
            why, action = f"Alles is bekend; de factuur over {today.year} is nog niet gemaakt.", "Maken"
            url = url_for("billing.issue_missing_invoice", participant_id=participant.id, year=today.year)
        else:
            continue
        found.append(
            WorkItem(
                WorkKind.FACTS if missing and mends else WorkKind.INVOICE,
                participant.name,
                why,
                start_of(max(outcome.connected_on, date(today.year, 1, 1))),
                action,
                url,
                participant.id,
                participant.handled_by,
            )
        )
    return found


def final_invoices(who: Caller) -> list[WorkItem]:
    """Subscriptions that ended while the annual fee over their last year stands on no invoice."""
    if not who.may("invoice:issue"):
        return []
    return [
        WorkItem(
            WorkKind.INVOICE,
            row.participant.name,
            f"De aansluiting is beëindigd; de laatste factuur, over {row.year}, is nog niet gemaakt.",
            start_of(row.ended_before),
            "Maken",
            url_for("billing.issue_missing_invoice", participant_id=row.participant.id, year=row.year),
            row.participant.id,
            row.participant.handled_by,
        )
        for row in unfinished(clock.today())
        if not is_example(row.participant.organisation)
    ]


def _missing(outcome: Outcome, *, mends: bool) -> tuple[str, str, str] | None:
    """Why a participant cannot be invoiced, with the verb and the page of who mends it or of who only looks."""
    participant = outcome.participant
    if outcome.problem:
        if mends and why_not_declared(participant) is None:
            return outcome.problem, "Opgave vastleggen", "participants.record_declaration"
        return outcome.problem, "Bekijk het tarief", "tariffs.show_classification"
    if participant.invoice_details is None:
        if mends:
            return "De factuurgegevens ontbreken.", "Invullen", "participants.edit_invoice_details"
        why = "De factuurgegevens ontbreken. Relatiebeheer vraagt ze aan de deelnemer."
        return why, "Bekijk het dossier", "participants.show_participant"
    return None
