"""Tell a participant of a new bank account, once. Callers hold scope JOB and a transaction."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from billing.announcements.documents import Letter
from billing.announcements.events import IBAN_ANNOUNCED
from billing.announcements.models import IbanLetter
from billing.announcements.queries import code_of
from core import clock, documents, filters, pdf
from core.audit import SYSTEM, record
from core.db import advisory_lock, next_id, session
from core.mail import Attachment, queue_mail
from core.web import absolute_url, settings
from governance.bank_accounts.models import OperatorBankAccount
from governance.models import Operator
from governance.papers.services import logo_images
from governance.queries import iban_on
from participants.models import InvoiceDetails, Participant


def announce(account: OperatorBankAccount, participant: Participant) -> IbanLetter | None:
    """Make the letter, and mail it to the address for invoices. None when it went before or there is no address."""
    advisory_lock(f"billing-iban-letter-{account.id}-{participant.id}")
    details = participant.invoice_details
    sent = select(IbanLetter.id).where(IbanLetter.account_id == account.id, IbanLetter.participant_id == participant.id)
    if details is None or session().scalar(sent) is not None:
        return None
    key = next_id(IbanLetter)
    letter = letter_to(account, participant, details, code_of(key, account.id, participant.id))
    sha256 = documents.store(render(letter), "application/pdf")
    message = queue_mail(
        details.email,
        f"Nieuw IBAN van {account.operator.name} vanaf {filters.day(account.starts_on)}",
        "billing_new_iban",
        participant_id=participant.id,
        attachments=[Attachment("brief-nieuw-iban.pdf", sha256)],
        letter=letter,
    )
    row = IbanLetter(
        id=key,
        account_id=account.id,
        participant_id=participant.id,
        sha256=sha256,
        sent_at=clock.now(),
        outbox_message_id=message.id,
    )
    session().add(row)
    session().flush()
    record(
        IBAN_ANNOUNCED,
        SYSTEM,
        participant_id=participant.id,
        subject=f"operator:{account.operator_id}",
        starts_on=filters.day(account.starts_on),
        iban=filters.iban(account.iban),
    )
    return row


def letter_to(account: OperatorBankAccount, participant: Participant, details: InvoiceDetails, code: str) -> Letter:
    """The content of one letter."""
    operator = account.operator
    recipient = (
        participant.organisation.name,
        participant.unit_name,
        f"t.a.v. {details.attention}" if details.attention else "",
        details.street,
        f"{details.postal_code} {details.city}",
    )
    return Letter(
        operator=operator.name,
        sender=_sender(operator),
        recipient=tuple(line for line in recipient if line),
        written_on=clock.today(),
        iban=account.iban,
        holder=account.holder,
        starts_on=account.starts_on,
        before=iban_on(operator, account.starts_on - timedelta(days=1)),
        code=code,
        check_url=absolute_url("billing.check_iban"),
        logo_sha256=operator.logo_sha256,
        example=operator.fictional or settings().is_demo,
    )


def _sender(operator: Operator) -> tuple[str, ...]:
    place = " ".join(filter(None, (operator.postal_code, operator.city)))
    kvk = f"KvK {operator.kvk}" if operator.kvk else ""
    return tuple(line for line in (operator.street, place, operator.email, kvk) if line)


def render(letter: Letter) -> bytes:
    """The letter as a tagged PDF."""
    return pdf.render("pdf/iban_letter.html", images=logo_images(letter.logo_sha256), letter=letter)
