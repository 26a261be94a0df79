"""Ask everybody once a year, and take the answers. A number goes through the rule of `participants.declarations`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.declarations import events, queries
from billing.declarations.models import DeclarationRequest
from billing.declarations.rules import asking_day, may_ask_again
from billing.recipients.queries import recipient_of
from core import clock
from core import db as database
from core.audit import SYSTEM, Actor, record
from core.db import advisory_lock, next_id, scoped, session
from core.errors import Conflict, Refused
from core.filters import number as in_thousands
from core.mail import queue_mail
from core.web import absolute_url, settings
from governance.kinds import SettingName
from governance.queries import setting_on
from governance.rules import DEFAULTS
from participants.declarations.services import declare, open_request
from participants.kinds import Basis
from participants.models import Participant
from participants.queries import locked_participant
from participants.services import INVOICE_FIELDS, set_invoice_details

AT_ONCE = 100


def month_on(day: date) -> int:
    """The month in which is asked; until somebody set it the default."""
    found = setting_on(SettingName.DECLARATION_REQUEST_MONTH, day)
    default = next(one.value for one in DEFAULTS if one.name is SettingName.DECLARATION_REQUEST_MONTH)
    return int(found.value if found else default)


def ask_everybody(on: date, actor: Actor = SYSTEM) -> int:
    """Ask those who were not asked yet this year, when it is time; so many at once, call again until it says 0. In the
    demonstration only organisations that are invented: nobody there answers for one that exists."""
    begins_on = asking_day(on.year, month_on(on))
    if on < begins_on:
        return 0
    advisory_lock("billing-declaration-requests")
    rows = queries.to_ask(on.year, on, begins_on, AT_ONCE, only_invented=settings().is_demo)
    for participant in rows:
        ask(participant, on.year, actor)
    return len(rows)


def ask(participant: Participant, year: int, actor: Actor) -> DeclarationRequest:
    """Ask one participant; the mail goes in the same transaction."""
    recipient = recipient_of(participant)
    row = DeclarationRequest(
        id=next_id(DeclarationRequest),
        participant_id=participant.id,
        year=year,
        asks_number=participant.role.basis is Basis.FILES,
        asked_at=clock.now(),
        mailed_to=recipient,
    )
    session().add(row)
    session().flush()
    what = "controle van de factuurgegevens"
    if row.asks_number:
        what = f"het aantal schulddossiers van {row.about_year} en {what}"
    record(events.ASKED, actor, participant_id=participant.id, subject=_subject(row), year=year, what=what)
    _mail(row, participant, recipient, again=False)
    return row


def ask_again(year: int, actor: Actor) -> int:
    """Ask those who did not answer once more, not more than once a week each. Returns how many."""
    now, asked = clock.now(), 0
    rows = session().execute(queries.requests(year, queries.NOT_ANSWERED).order_by(DeclarationRequest.id)).scalars()
    for row in list(rows):
        recipient = recipient_of(row.participant)
        if recipient is None or not may_ask_again(row.asked_at, row.asked_again_at, now):
            continue
        row.asked_again_at, row.mailed_to = now, recipient
        session().flush()
        record(events.ASKED_AGAIN, actor, participant_id=row.participant_id, subject=_subject(row), year=year)
        _mail(row, row.participant, recipient, again=True)
        asked += 1
    return asked


def _mail(row: DeclarationRequest, participant: Participant, recipient: str | None, *, again: bool) -> None:
    if recipient is None:
        return
    subject = f"Jaaropgave {row.year}" if row.asks_number else "Controleer uw factuurgegevens"
    queue_mail(
        recipient,
        f"Herinnering: {subject}" if again else subject,
        "billing_declaration_request",
        participant_id=participant.id,
        name=participant.name,
        request=row,
        again=again,
        details=participant.invoice_details,
        url=absolute_url("billing.answer_declaration", participant_id=participant.id, year=row.year),
    )


@dataclass(frozen=True)
class Answer:
    """What a participant filled in. `version`: of the participant, when the form was opened."""

    number: int | None
    details: dict[str, str | None]
    """The invoice details that the form shows, by field."""
    version: int


def answer(participant_id: int, year: int, given: Answer, actor: Actor) -> DeclarationRequest:
    """Take the answer: the invoice details at once, the number by the rule for declarations. The caller checked that
    this person may answer for this participant.

    Raises Refused when it was answered already, or when an earlier number still lies with a colleague; Conflict when
    the details were changed after the form was opened.
    """
    with scoped(database.JOB):  # a request for approval is nothing that a participant may see
        participant = locked_participant(participant_id)
        row = queries.request_of(participant_id, year, lock=True)
        if row.answered_at is not None:
            raise Refused("Deze jaaropgave is al gedaan. Ververs de pagina om te zien wat is opgegeven.")
        if participant.version != given.version:
            raise Conflict("Uw gegevens zijn intussen gewijzigd. Controleer ze opnieuw en verstuur daarna.")
        if row.asks_number and given.number is None:
            raise Refused("Vul het aantal schulddossiers in.", field="number")
        before = participant.invoice_details
        kept = {name: getattr(before, name) for name in INVOICE_FIELDS} if before else {}
        changed = {name for name, value in given.details.items() if value != (kept.get(name) or None)}
        if changed:
            set_invoice_details(actor, participant, **kept | given.details)
        row.answered_at, row.answered_by, row.details_changed = clock.now(), actor.person, bool(changed)
        if row.asks_number and given.number is not None:
            row.number = given.number
            row.approval_id = _declare(participant, row, actor)
        session().flush()
        what = "de factuurgegevens gewijzigd" if changed else "de factuurgegevens kloppen"
        if row.number is not None:
            what = f"{in_thousands(row.number)} schulddossiers in {row.about_year}; {what}"
        record(events.ANSWERED, actor, participant_id=participant_id, subject=_subject(row), year=year, what=what)
    return row


def _declare(participant: Participant, row: DeclarationRequest, actor: Actor) -> int | None:
    if open_request(participant.id) is not None:
        raise Refused(
            "Wij beoordelen nog een eerdere opgave van u. Doe deze jaaropgave als u daarover bericht hebt.",
            field="number",
        )
    reason = f"Jaaropgave {row.year} van de deelnemer, over {row.about_year}."
    asked = declare(participant, row.number or 0, clock.today(), actor, reason=reason)
    return asked.id if asked else None


def _subject(row: DeclarationRequest) -> str:
    return f"declaration_request:{row.id}"
