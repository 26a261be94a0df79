"""Personal data in applications, agreements, questions and invoices: where they stand, and how long they may.

Registered with `governance.privacy`; nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Text, cast, or_, select, update

from billing.models import Invoice
from core.audit import SYSTEM
from core.clock import AMSTERDAM
from core.db import session
from core.filters import day, moment
from core.transitions import move
from governance.privacy.holdings.rules import ERASED, Holding, Row, Subject, erased_address, register
from governance.privacy.retention.rules import RetentionRule
from governance.privacy.retention.rules import register as register_rule
from onboarding.applications.services import WITHDRAW_DRAFT
from onboarding.kinds import ApplicationStage
from onboarding.models import Agreement, Application, AuthorityRecord, LegalQuestion, Signature
from participants.kinds import CLOSED, Stage
from participants.models import Note, Participant

Keys = Sequence[int | str]
ERASED_NOTE = "Gewist volgens het bewaarschema."
"""The only sentence that the database lets take the place of a note (migration 0009)."""
ERASED_NAME = "(verwijderd)"


def _moment(on: date) -> datetime:
    return datetime.combine(on, time(), AMSTERDAM)


def _all(query: Any) -> list[Any]:
    return list(session().execute(query).scalars())


def _names(column: Any, subject: Subject) -> Any:
    return cast(column, Text).icontains(subject.email, autoescape=True)


def _clear(row: Application) -> None:
    """Nothing of what was filled in stays; that there was an application does."""
    row.answers, row.email, row.organisation_name = {}, erased_address(row.id), ERASED_NAME
    row.account_id = None


# ------------------------------------------------------------------------------------------- applications


def _applications(subject: Subject) -> list[Application]:
    query = select(Application).where(or_(Application.email == subject.email, _names(Application.answers, subject)))
    return _all(query.order_by(Application.id))


def collect_applications(subject: Subject) -> list[Row]:
    return [
        {
            "nummer": row.number,
            "stand": row.stage.label,
            "e-mailadres": row.email,
            "organisatie": row.organisation_name,
            "begonnen": moment(row.created_at),
            "ingevuld": str(row.answers),
        }
        for row in _applications(subject)
    ]


def _erase_applications(subject: Subject) -> int:
    """Those that led to nothing; of a running connection the application is the ground."""
    rows = [
        row
        for row in _applications(subject)
        if row.stage is not ApplicationStage.SUBMITTED or (row.participant and row.participant.stage in CLOSED)
    ]
    for row in rows:
        _clear(row)
    return len(rows)


def collect_authority(subject: Subject) -> list[Row]:
    query = select(AuthorityRecord).where(AuthorityRecord.person_email == subject.email).order_by(AuthorityRecord.id)
    return [
        {
            "deelnemer": str(row.participant_id),
            "naam": row.person_name,
            "functie": row.person_function,
            "waaruit blijkt het": row.basis.label,
            "toelichting": row.explanation,
            "vastgesteld": moment(row.recorded_at),
        }
        for row in _all(query)
    ]


def collect_signatures(subject: Subject) -> list[Row]:
    query = select(Signature).where(Signature.person.in_(subject.people)).order_by(Signature.id)
    signed = [
        {
            "overeenkomst": str(row.agreement_id),
            "naam": row.name,
            "functie": row.function,
            "verklaring": row.statement,
            "ondertekend": moment(row.signed_at),
        }
        for row in _all(query)
    ]
    named = _all(select(Agreement).where(_names(Agreement.content, subject)).order_by(Agreement.id))
    return signed + [{"overeenkomst": str(row.id), "genoemd als": row.signatory_name} for row in named]


def collect_questions(subject: Subject) -> list[Row]:
    return [
        {"gevraagd": moment(row.asked_at), "naam": row.asked_by, "vraag": row.question, "antwoord": row.answer or ""}
        for row in _questions(subject)
    ]


def _questions(subject: Subject) -> list[LegalQuestion]:
    return _all(select(LegalQuestion).where(LegalQuestion.asked_by_email == subject.email).order_by(LegalQuestion.id))


def _erase_questions(subject: Subject) -> int:
    rows = _questions(subject)
    for row in rows:
        row.asked_by, row.asked_by_email = ERASED, None
    return len(rows)


def collect_invoices(subject: Subject) -> list[Row]:
    query = select(Invoice).where(or_(_names(Invoice.document, subject), Invoice.mailed_to == subject.email))
    return [{"factuur": row.number, "van": day(row.issued_on)} for row in _all(query.order_by(Invoice.id))]


register(
    Holding(
        "Aanmeldingen",
        collect_applications,
        _erase_applications,
        "De aanmelding van wie is aangesloten blijft: de overeenkomst steunt erop.",
    )
)
register(
    Holding(
        "Vaststellingen van tekenbevoegdheid",
        collect_authority,
        None,
        "Bewijs dat de overeenkomst bevoegd is getekend (art. 17 lid 3 e AVG).",
    )
)
register(
    Holding(
        "Overeenkomsten en handtekeningen",
        collect_signatures,
        None,
        "Bewijs van wat is afgesproken (art. 17 lid 3 e AVG); wij bewaren het zolang dat nodig is.",
    )
)
register(
    Holding(
        "Vragen over de overeenkomst", collect_questions, _erase_questions, "De vraag blijft, zonder naam en adres."
    )
)
register(
    Holding(
        "Facturen en creditnota’s",
        collect_invoices,
        None,
        "De wet vraagt ons facturen zeven jaar te bewaren (art. 52 AWR, art. 17 lid 3 b AVG).",
    )
)

# ------------------------------------------------------------------------------------------- retention


def _old_drafts(before: date) -> list[int | str]:
    query = select(Application.id).where(
        Application.stage != ApplicationStage.SUBMITTED,
        Application.submitted_at.is_(None),
        Application.changed_at < _moment(before),
        ~Application.email.endswith("@verwijderd.invalid", autoescape=True),
    )
    return _all(query)


def _clear_drafts(keys: Keys) -> None:
    for row in _all(select(Application).where(Application.id.in_([int(key) for key in keys]))):
        if row.stage is not ApplicationStage.WITHDRAWN:
            move(row, WITHDRAW_DRAFT, SYSTEM, name=ERASED_NAME, subject=f"application:{row.id}", number=row.number)
        _clear(row)


def _old_notes(before: date) -> list[int | str]:
    led_to_nothing = Participant.stage.in_((Stage.REFUSED, Stage.WITHDRAWN))
    query = (
        select(Note.id)
        .join(Participant, Participant.id == Note.participant_id)
        .where(led_to_nothing, Participant.stage_since < _moment(before), Note.text != ERASED_NOTE)
    )
    return _all(query)


def _erase_notes(keys: Keys) -> None:
    session().execute(update(Note).where(Note.id.in_([int(key) for key in keys])).values(text=ERASED_NOTE))


register_rule(
    RetentionRule(
        "onboarding:drafts",
        "Aanmeldingen die nooit zijn ingediend",
        "applications",
        "Alles wat is ingevuld verdwijnt; nummer, stand en dagen blijven staan.",
        12,
        _old_drafts,
        _clear_drafts,
    )
)
register_rule(
    RetentionRule(
        "onboarding:notes",
        "Notities bij geweigerde of ingetrokken aanmeldingen",
        "notes",
        "De tekst verdwijnt; wie wanneer iets opschreef blijft staan.",
        24,
        _old_notes,
        _erase_notes,
    )
)
