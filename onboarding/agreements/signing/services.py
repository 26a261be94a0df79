"""The two signatures and what follows from them. Nothing here commits: all of it happens, or nothing."""

from __future__ import annotations

from billing.services import issue_first_invoice
from core import clock, documents
from core.audit import Actor, Entry, Event
from core.db import lock, next_id, session
from core.errors import Conflict, Refused
from core.mail import Attachment, queue_mail
from core.transitions import Transition, move
from core.web import absolute_url
from identity.models import Account
from onboarding.agreements import events, queries, rules
from onboarding.agreements.documents import SignatureLine
from onboarding.agreements.drafting.services import (
    PDF,
    contract,
    file_name,
    prepare_when_possible,
    why_changed,
)
from onboarding.kinds import Side
from onboarding.models import Agreement, Signature
from onboarding.tasks.kinds import Item
from onboarding.tasks.queries import addresses_of, application_of, authority_of_today, facts_of, staff_addresses
from onboarding.tasks.rules import obstacles, still_to_do
from participants.kinds import Channel, ContactRole, Stage
from participants.models import Participant
from participants.queries import permissions_of
from participants.services import open_connection

KNOWN_BY = "account met een tweede stap (code)"
"""How signatories are known until eHerkenning is there."""
BADGE = "public_pages.show_badge"
SIGN = Transition("de overeenkomst ondertekenen", frozenset({Stage.ACCEPTED}), Stage.SIGNED, events.SIGNED)
DECLINE = Transition(
    "de aanmelding terugtrekken zonder te ondertekenen",
    frozenset({Stage.ACCEPTED, Stage.SIGNED}),
    Stage.WITHDRAWN,
    events.DECLINED,
    needs_reason=True,
)
COUNTERSIGN = Transition(
    "de overeenkomst medeondertekenen", frozenset({Stage.SIGNED}), Stage.COUNTERSIGNED, events.COUNTERSIGNED
)
RETURN = Transition(
    "de overeenkomst terugsturen", frozenset({Stage.SIGNED}), Stage.ACCEPTED, events.RETURNED, needs_reason=True
)


# ------------------------------------------------------------------------------------------- the participant


def why_may_not_sign(participant: Participant, agreement: Agreement, signer: Account) -> str | None:
    """Part of a sentence when this is not the person who may sign; None for the one who may."""
    authority = authority_of_today(participant.id)
    if authority is None:
        return "de bevoegdheid van de tekeningsbevoegde van nu is nog niet vastgesteld."
    if "own:sign" not in permissions_of(signer.id, clock.today()).get(participant.id, frozenset()):
        return "alleen een vertegenwoordiger van de deelnemer mag ondertekenen."
    if (signer.email, agreement.signatory_name) != (authority.person_email, authority.person_name):
        return f"alleen {agreement.signatory_name} mag ondertekenen."
    return None


def sign(
    participant: Participant, signer: Account, *, seen_sha256: str | None = None, method: str = KNOWN_BY
) -> Signature:
    """The authorised signatory signs. Signing twice leaves one signature.

    `seen_sha256`: the document that was read; Conflict when another one took its place. Raises Refused (audited) for
    anybody but the person whose authority was established, and when the document or a fact in it has changed.
    """
    actor = Actor("participant", signer.person_key)
    lock(participant)
    agreement = _current(participant)
    before = queries.signature(agreement, Side.PARTICIPANT)
    if before is not None and before.person == signer.person_key:
        return before
    why = why_may_not_sign(participant, agreement, signer)
    if why is not None:
        raise _refusal(events.SIGNING_REFUSED, actor, participant, agreement, why)
    if seen_sha256 is not None and seen_sha256 != agreement.document_sha256:
        raise Conflict("De overeenkomst is intussen opnieuw gemaakt. Lees de nieuwe versie en onderteken die.")
    first = obstacles(facts_of(participant.id), Item.SIGNED)
    if first:
        raise Refused(f"U kunt nog niet ondertekenen. {still_to_do(first)}")
    changed = why_changed(participant, agreement)
    if changed is not None:
        raise _refusal(events.SIGNING_REFUSED, actor, participant, agreement, changed)
    content = queries.content_of(agreement)
    row = _add_signature(
        agreement,
        Side.PARTICIPANT,
        signer,
        name=agreement.signatory_name,
        function=agreement.signatory_function,
        statement=rules.statement(
            agreement.signatory_name, agreement.signatory_function, content.participant, content.version
        ),
        method=method,
    )
    _move(participant, agreement, SIGN, actor)
    _tell_signed(participant, agreement, row)
    return row


def _tell_signed(participant: Participant, agreement: Agreement, row: Signature) -> None:
    version = queries.content_of(agreement).version
    copy = Attachment(file_name(participant, version), agreement.document_sha256)
    for address in addresses_of(participant.id, ContactRole.SIGNATORY):
        queue_mail(
            address,
            "U hebt de overeenkomst ondertekend",
            "agreement_signed",
            participant_id=participant.id,
            attachments=[copy],
            name=participant.name,
            signature=row,
            url=absolute_url("tasks.show_own", participant_id=participant.id),
        )
    for address in staff_addresses(participant, clock.today()):
        queue_mail(
            address,
            f"Ondertekend door {participant.name}",
            "agreement_signed_staff",
            participant_id=participant.id,
            name=participant.name,
            signature=row,
            url=absolute_url("agreements.show_agreement", participant_id=participant.id),
        )


def decline(participant: Participant, reason: str, actor: Actor) -> None:
    """The participant does not sign, or takes back before the countersignature: the application is withdrawn."""
    agreement = queries.current_agreement(participant.id)
    _move(participant, agreement, DECLINE, actor, reason=reason)
    for address in staff_addresses(participant, clock.today()):
        queue_mail(
            address,
            f"Ondertekent niet: {participant.name}",
            "agreement_declined",
            participant_id=participant.id,
            name=participant.name,
            reason=reason.strip(),
            url=absolute_url("agreements.show_agreement", participant_id=participant.id),
        )


# ------------------------------------------------------------------------------------------- the operator


def why_may_not_countersign(participant: Participant, agreement: Agreement, actor: Actor) -> str | None:
    """Part of a sentence when this colleague may not countersign, or nobody may; None when all is in order."""
    signature = queries.signature(agreement, Side.PARTICIPANT)
    if signature is None:
        return "de deelnemer heeft nog niet ondertekend."
    application = application_of(participant.id)
    if application is not None and application.accepted_by == actor.person:
        return "u hebt de aanmelding zelf geaccepteerd. Laat een collega medeondertekenen."
    if signature.document_sha256 != agreement.document_sha256:
        return "de handtekening hoort bij een ander document."
    return why_changed(participant, agreement)


def countersign(
    participant: Participant, signer: Account, *, function: str = "Relatiebeheer", method: str = KNOWN_BY
) -> Signature:
    """An authorised colleague signs for the operator; the subscription begins today and the first invoice is made.

    Doing it twice leaves one signature. Raises Refused (audited) for who accepted the application and when anything
    changed since the participant signed; what billing cannot do (a number or an address is missing) refuses it all.
    """
    actor = Actor("staff", signer.person_key)
    lock(participant)
    agreement = _current(participant)
    before = queries.signature(agreement, Side.OPERATOR)
    if before is not None:
        if before.person == signer.person_key:
            return before
        raise Refused("Een collega heeft al medeondertekend.")
    why = why_may_not_countersign(participant, agreement, actor)
    if why is not None:
        raise _refusal(events.COUNTERSIGNING_REFUSED, actor, participant, agreement, why)
    content = queries.content_of(agreement)
    name = signer.person.name or signer.email
    row = _add_signature(
        agreement,
        Side.OPERATOR,
        signer,
        name=name,
        function=function,
        statement=rules.counter_statement(name, function, content.operator, content.participant, content.version),
        method=method,
    )
    agreement.final_sha256 = documents.store(_final(agreement), PDF)
    _move(participant, agreement, COUNTERSIGN, actor, operator=content.operator)
    open_connection(actor, participant.id, clock.today())
    issue_first_invoice(participant, clock.today(), actor)
    _tell_countersigned(participant, agreement)
    return row


def _final(agreement: Agreement) -> bytes:
    content = queries.content_of(agreement)
    parties = {Side.PARTICIPANT: content.participant, Side.OPERATOR: content.operator}
    return contract(
        queries.filled_text(agreement.agreement_text, content),
        content,
        signatures=[
            SignatureLine(parties[row.side], row.name, row.function, row.signed_at, row.method, row.statement)
            for row in agreement.signatures
        ],
        frozen_sha256=agreement.document_sha256,
        frozen_at=agreement.frozen_at,
    )


def _tell_countersigned(participant: Participant, agreement: Agreement) -> None:
    assert agreement.final_sha256 is not None  # noqa: S101  set just before
    content = queries.content_of(agreement)
    copy = Attachment(file_name(participant, content.version), agreement.final_sha256)
    roles = [ContactRole.SIGNATORY, ContactRole.FUNCTIONAL]
    if participant.channel is Channel.SYSTEM:
        roles.append(ContactRole.TECHNICAL)
    for address in addresses_of(participant.id, *roles):
        queue_mail(
            address,
            "De overeenkomst is door beide partijen ondertekend",
            "agreement_countersigned",
            participant_id=participant.id,
            attachments=[copy],
            name=participant.name,
            operator=content.operator,
            channel=str(participant.channel.value),
            badge_url=absolute_url(BADGE, directory_id=participant.directory_id),
            url=absolute_url("tasks.show_own", participant_id=participant.id),
        )
    for address in staff_addresses(participant, clock.today()):
        queue_mail(
            address,
            f"Medeondertekend: {participant.name}",
            "agreement_countersigned_staff",
            participant_id=participant.id,
            attachments=[copy],
            name=participant.name,
            url=absolute_url("tasks.show_tasks", participant_id=participant.id),
        )


def return_for_signing(participant: Participant, reason: str, actor: Actor) -> Agreement | None:
    """Send a signed agreement back: it is made again with the facts of today, and has to be signed again."""
    agreement = _current(participant)
    _move(participant, agreement, RETURN, actor, reason=reason)
    agreement.replaced_at = clock.now()
    session().flush()
    for address in addresses_of(participant.id, ContactRole.SIGNATORY):
        queue_mail(
            address,
            "De overeenkomst moet opnieuw worden ondertekend",
            "agreement_returned",
            participant_id=participant.id,
            name=participant.name,
            reason=reason.strip(),
            url=absolute_url("agreements.show_own", participant_id=participant.id),
        )
    return prepare_when_possible(participant, actor)


# ------------------------------------------------------------------------------------------- shared


def _current(participant: Participant) -> Agreement:
    found = queries.current_agreement(participant.id)
    if found is None:
        raise Refused("De overeenkomst is nog niet gemaakt. U krijgt bericht zodra deze klaarligt.")
    return found


def _add_signature(
    agreement: Agreement, side: Side, signer: Account, *, name: str, function: str, statement: str, method: str
) -> Signature:
    row = Signature(
        id=next_id(Signature),
        agreement_id=agreement.id,
        side=side,
        person=signer.person_key,
        name=name,
        function=function,
        statement=statement,
        signed_at=clock.now(),
        document_sha256=agreement.document_sha256,
        method=method,
    )
    session().add(row)
    session().flush()
    session().expire(agreement, ["signatures"])
    return row


def _move(
    participant: Participant,
    agreement: Agreement | None,
    transition: Transition[Stage],
    actor: Actor,
    *,
    reason: str | None = None,
    **facts: str,
) -> None:
    subject = f"agreement:{agreement.id}" if agreement else f"participant:{participant.id}"
    move(
        participant,
        transition,
        actor,
        name=participant.name,
        participant_id=participant.id,
        subject=subject,
        reason=reason,
        **facts,
    )


def _refusal(event: Event, actor: Actor, participant: Participant, agreement: Agreement, why: str) -> Refused:
    subject = f"agreement:{agreement.id}"
    entry = Entry(event, actor, {"name": participant.name, "why": why}, participant.id, subject)
    return Refused(f"Dit kan niet: {why}", entry=entry)
