"""Making the agreement: a draft to read along with, and the frozen document that is signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from core import clock, documents, pdf
from core import db as database
from core.audit import Actor, record
from core.db import lock, scoped, session
from core.documents import DocumentDamaged
from core.errors import Refused, UserError
from core.mail import queue_mail
from core.web import absolute_url, settings
from governance.papers.services import logo_images
from governance.queries import operator_on
from onboarding.agreements import events, queries, rules
from onboarding.agreements.documents import AgreementContent, SignatureLine
from onboarding.agreements.rules import Text
from onboarding.models import Agreement, AgreementText
from onboarding.tasks.kinds import Item
from onboarding.tasks.queries import addresses_of, facts_of
from onboarding.tasks.rules import listed, obstacles, still_to_do
from participants.kinds import ContactRole, Stage
from participants.models import Participant

PDF = "application/pdf"
NO_TEXT = "Er is nog geen tekst van de overeenkomst van kracht. Neem die eerst op."


# ------------------------------------------------------------------------------------------- the document


def contract(
    text: Text,
    content: AgreementContent,
    *,
    draft: bool = False,
    signatures: Sequence[SignatureLine] = (),
    frozen_sha256: str | None = None,
    frozen_at: datetime | None = None,
) -> bytes:
    """The agreement as a tagged PDF: a draft, the document that is signed, or that with the page of signatures."""
    return pdf.render(
        "pdf/agreement.html",
        stylesheet="css/agreement.css",
        images=logo_images(content.operator_logo),
        text=text,
        content=content,
        draft=draft,
        signatures=signatures,
        frozen_sha256=frozen_sha256,
        frozen_at=frozen_at,
        example=settings().is_demo,
    )


def file_name(participant: Participant, version: str) -> str:
    """How a downloaded agreement is called."""
    name = re.sub(r"[^a-z0-9]+", "-", participant.name.lower()).strip("-")
    start = "voorbeeld-" if settings().is_demo else ""
    return f"{start}overeenkomst-{version}-{name}.pdf"


def draft_contract(participant: Participant) -> bytes:
    """What the agreement would be today, marked as a draft. Raises Refused when no text is in force."""
    text = queries.text_in_force(clock.today())
    if text is None:
        raise Refused(NO_TEXT)
    content = queries.content_today(participant, text, clock.today())
    return contract(queries.filled_text(text, content), content, draft=True)


# ------------------------------------------------------------------------------------------- freezing


def why_not_prepared(participant: Participant) -> str | None:
    """What keeps the agreement from being made, as a sentence; None when it can be made."""
    if participant.stage is not Stage.ACCEPTED:
        return f"De stand is '{participant.stage.label.lower()}'. Een overeenkomst wordt gemaakt na het accepteren."
    missing = [task for task in obstacles(facts_of(participant.id), Item.SIGNED) if task.item is not Item.LEGAL_REVIEW]
    if missing:
        return still_to_do(missing)
    text = queries.text_in_force(clock.today())
    return NO_TEXT if text is None else _why_not_by(text)


def _why_not_by(text: AgreementText) -> str | None:
    try:
        operator = operator_on(clock.today())
    except UserError as error:
        return error.message
    if operator.id != text.operator_id:
        return f"De stelselbeheerder is nu {operator.name}, maar tekst {text.version} is van {text.operator.name}."
    return None


def prepare_when_possible(participant: Participant, actor: Actor) -> Agreement | None:
    """Make the agreement if everything it needs is there; None when something is still missing."""
    return prepare_agreement(participant, actor) if why_not_prepared(participant) is None else None


def prepare_agreement(participant: Participant, actor: Actor) -> Agreement:
    """Freeze the agreement as a PDF with the facts of today. One that still says the same stays as it is.

    Raises Refused when it cannot be made yet, or was signed already.
    """
    lock(participant)
    why = why_not_prepared(participant)
    if why is not None:
        raise Refused(f"De overeenkomst kan nog niet worden gemaakt. {why}")
    with scoped(database.JOB):  # participants may have it made again, but add no agreements by themselves
        return _freeze(participant, actor)


def _freeze(participant: Participant, actor: Actor) -> Agreement:
    text = queries.text_in_force(clock.today())
    if text is None:
        raise Refused(NO_TEXT)
    content = queries.content_today(participant, text, clock.today())
    before = queries.current_agreement(participant.id)
    changed: list[str] = []
    if before is not None:
        changed = rules.changes(before.content, content.as_json())
        if not changed and is_whole(before):
            return before
        before.replaced_at = clock.now()
        session().flush()
    row = Agreement(
        participant_id=participant.id,
        text_id=text.id,
        signatory_name=content.signatory_name,
        signatory_function=content.signatory_function,
        content=content.as_json(),
        frozen_at=clock.now(),
        document_sha256=documents.store(contract(queries.filled_text(text, content), content), PDF),
    )
    session().add(row)
    session().flush()
    subject = f"agreement:{row.id}"
    if before is None:
        record(
            events.PREPARED,
            actor,
            participant_id=participant.id,
            subject=subject,
            name=participant.name,
            version=text.version,
        )
    else:
        what = listed(changed) if changed else "het document"
        record(events.REPLACED, actor, participant_id=participant.id, subject=subject, name=participant.name, what=what)
    for address in addresses_of(participant.id, ContactRole.SIGNATORY):
        queue_mail(
            address,
            "De overeenkomst ligt klaar om te ondertekenen",
            "agreement_ready_to_sign",
            participant_id=participant.id,
            name=participant.name,
            signatory=content.signatory_name,
            url=absolute_url("agreements.show_own", participant_id=participant.id),
        )
    return row


# ------------------------------------------------------------------------------------------- still the same?


def is_whole(agreement: Agreement) -> bool:
    """Whether the frozen document still has the hash by which it was filed."""
    try:
        documents.read(agreement.document_sha256)
    except DocumentDamaged:
        return False
    return True


def why_changed(participant: Participant, agreement: Agreement) -> str | None:
    """Part of a sentence when the document, or a fact in it, is not what was frozen; None when all is as it was."""
    if not is_whole(agreement):
        return "het document is niet meer zoals het is vastgelegd."
    text = queries.text_in_force(clock.today())
    why = "er is geen tekst van kracht." if text is None else _why_not_by(text)
    if text is None or why is not None:
        return why
    changed = rules.changes(agreement.content, queries.content_today(participant, text, clock.today()).as_json())
    return f"sinds het vastleggen is gewijzigd: {listed(changed)}." if changed else None
