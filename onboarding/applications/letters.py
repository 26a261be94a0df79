"""The mails about an application, in the same transaction as what they tell about.

A mail to an address that nobody has proven to be his repeats nothing of what a visitor typed: otherwise anybody could
have us send his own text to anyone.
"""

from __future__ import annotations

from typing import Any

from core import clock
from core.mail import queue_mail
from core.web import absolute_url
from governance import queries as governance
from identity import services as identity
from identity.kinds import LinkPurpose
from identity.rules import VALID_FOR
from onboarding.applications import rules
from onboarding.models import Application
from participants.kinds import ContactRole
from participants.models import Contact, Participant


def _signing_in(row: Application, email: str, name: str) -> dict[str, Any]:
    """A link that signs in whoever reads the mail, and how many days it works."""
    path = f"/mijn/aanmeldingen/{row.number}"
    purpose = LinkPurpose.CONTINUE_APPLICATION
    return {"url": identity.sign_in_link_for(email, path, name=name, purpose=purpose), "days": VALID_FOR[purpose].days}


def _applicant(row: Application) -> str:
    return str(row.answers["applicant"]["name"])


def _page(row: Application) -> str:
    return absolute_url("applications.show_own", number=row.number)


def interest(row: Application) -> None:
    """Thanks for leaving one's interest."""
    queue_mail(
        row.email,
        "Wij hebben uw belangstelling ontvangen",
        "application_interest",
        number=row.number,
        start_url=absolute_url("applications.start"),
    )
    _tell_operator(row, f"Nieuwe belangstelling: {row.organisation_name}", "application_interest_received")


def start(row: Application) -> None:
    """The link with which an application begins."""
    queue_mail(
        row.email,
        "Begin uw aanmelding bij het Schuldenknooppunt",
        "application_start",
        number=row.number,
        **_signing_in(row, row.email, _applicant(row)),
    )


def go_on(row: Application) -> None:
    """A new link to a draft."""
    queue_mail(
        row.email,
        f"Verder met uw aanmelding ({row.number})",
        "application_continue",
        number=row.number,
        keep_days=rules.UNTOUCHED_DAYS,
        **_signing_in(row, row.email, _applicant(row)),
    )


def invitation(row: Application) -> None:
    """Staff invite somebody who left his interest."""
    name = _applicant(row)
    queue_mail(
        row.email,
        "U kunt uw organisatie aanmelden bij het Schuldenknooppunt",
        "application_invitation",
        name=name,
        organisation=row.organisation_name,
        number=row.number,
        **_signing_in(row, row.email, name),
    )


def other_address(email: str) -> None:
    """Somebody tried to apply with the address of a colleague of ours."""
    queue_mail(
        email,
        "Gebruik een ander e-mailadres voor de aanmelding",
        "application_other_address",
        start_url=absolute_url("applications.start"),
    )


def submitted(row: Application, participant: Participant) -> None:
    """We received it; and a sign to the operator."""
    queue_mail(
        row.email,
        f"Wij hebben uw aanmelding ontvangen ({row.number})",
        "application_submitted",
        participant_id=participant.id,
        name=_applicant(row),
        participant=participant.name,
        role=rules.role_noun(participant.role_code),
        number=row.number,
        page_url=_page(row),
    )
    _tell_operator(row, f"Nieuwe aanmelding: {participant.name}", "application_received", participant_id=participant.id)


def accepted(row: Application, participant: Participant, signatory: Contact) -> None:
    """What happens next, to the applicant; and to the signatory a link, unless that is the same person."""
    same_person = signatory.email == row.email
    queue_mail(
        row.email,
        f"Uw aanmelding is geaccepteerd ({row.number})",
        "application_accepted",
        participant_id=participant.id,
        name=_applicant(row),
        participant=participant.name,
        signatory=None if same_person else signatory.name,
        number=row.number,
        page_url=_page(row),
    )
    if not same_person:
        queue_mail(
            signatory.email,
            f"U kunt straks tekenen voor {participant.name}",
            "application_signatory",
            participant_id=participant.id,
            name=signatory.name,
            applicant=_applicant(row),
            participant=participant.name,
            number=row.number,
            **_signing_in(row, signatory.email, signatory.name),
        )


def refused(row: Application, participant: Participant) -> None:
    """The reason, to the applicant and to who manages the connection there."""
    names = {row.email: _applicant(row)}
    for contact in participant.contacts:
        if contact.role is ContactRole.FUNCTIONAL:
            names.setdefault(contact.email, contact.name)
    for email, name in names.items():
        queue_mail(
            email,
            f"Uw aanmelding is niet geaccepteerd ({row.number})",
            "application_refused",
            participant_id=participant.id,
            name=name,
            participant=participant.name,
            number=row.number,
            reason=row.refusal_reason,
            start_url=absolute_url("applications.start"),
        )


def withdrawn(row: Application, participant: Participant, reason: str | None) -> None:
    """To both sides: the application is withdrawn."""
    queue_mail(
        row.email,
        f"Uw aanmelding is ingetrokken ({row.number})",
        "application_withdrawn",
        participant_id=participant.id,
        name=_applicant(row),
        participant=participant.name,
        number=row.number,
        start_url=absolute_url("applications.start"),
    )
    subject = f"Aanmelding ingetrokken: {participant.name}"
    _tell_operator(
        row, subject, "application_withdrawn_received", participant_id=participant.id, reason=(reason or "").strip()
    )


def expired(row: Application) -> None:
    """A draft was withdrawn because nobody touched it."""
    queue_mail(
        row.email,
        f"Uw aanmelding is gestopt ({row.number})",
        "application_expired",
        number=row.number,
        days=rules.UNTOUCHED_DAYS,
        start_url=absolute_url("applications.start"),
    )


def _tell_operator(
    row: Application, subject: str, template: str, *, participant_id: int | None = None, **values: Any
) -> None:
    """To the mailbox of the operator in force, when it has one."""
    today = clock.today()
    started = [one for one in governance.operators() if one.starts_on <= today]
    if started and started[-1].email:
        url = absolute_url("applications.show_application", number=row.number)
        queue_mail(
            started[-1].email,
            subject,
            template,
            participant_id=participant_id,
            organisation=row.organisation_name,
            number=row.number,
            url=url,
            **values,
        )
