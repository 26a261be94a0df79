"""Mail through an outbox: the message is a row in the same transaction as what it tells about; a job sends it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from sqlalchemy import BigInteger, insert, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, documents
from core.config import Settings
from core.db import Base, Numbered, next_id, next_ids, session, transaction
from core.kinds import Labelled, labelled_column

MAX_ATTEMPTS = 12


class Delivery(Labelled):
    QUEUED = "queued", "Wordt verzonden"
    SENT = "sent", "Verzonden"
    FAILED = "failed", "Niet gelukt"


class OutboxMessage(Base, Numbered):
    """A mail, from queued to sent. The text stays as it was when it was queued."""

    __tablename__ = "outbox_messages"

    queued_at: Mapped[datetime]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """name, sha256 and media type of each."""
    participant_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    delivery: Mapped[Delivery] = mapped_column(labelled_column(Delivery, "delivery"), default=Delivery.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    reply_to: Mapped[str | None]
    """Who gets the answer, when that is not the sender."""


@dataclass(frozen=True)
class Attachment:
    """A file of the document store that goes along."""

    name: str
    sha256: str
    media_type: str = "application/pdf"


@dataclass(frozen=True)
class Mail:
    """A mail to put in the outbox. `template` is a name under templates/mail/, `values` its blanks."""

    recipient: str
    subject: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    participant_id: int | None = None
    attachments: Sequence[Attachment] = ()
    reply_to: str | None = None


def queue_mail(
    recipient: str,
    subject: str,
    template: str,
    *,
    participant_id: int | None = None,
    attachments: Sequence[Attachment] = (),
    reply_to: str | None = None,
    **values: Any,
) -> OutboxMessage:
    """Put a mail in the outbox, in the running transaction. `template` is a name under templates/mail/."""
    mail = Mail(recipient, subject, template, values, participant_id, attachments, reply_to)
    message = OutboxMessage(**_row(mail, next_id(OutboxMessage)))
    session().add(message)
    session().flush()
    return message


def queue_mails(mails: Sequence[Mail]) -> list[int]:
    """The same for many at once; returns their ids, in their order."""
    ids = next_ids(OutboxMessage, len(mails)) if mails else []
    if ids:
        rows = [_row(mail, key) for mail, key in zip(mails, ids, strict=True)]
        session().execute(insert(OutboxMessage).inline(), rows)
    return ids


def _row(mail: Mail, key: int) -> dict[str, Any]:
    settings: Settings = current_app.extensions["settings"]
    subject = f"VOORBEELD: {mail.subject}" if settings.is_demo else mail.subject
    return {
        "id": key,
        "queued_at": clock.now(),
        "recipient": mail.recipient,
        "subject": " ".join(subject.split()),
        "body": render_template(f"mail/{mail.template}.txt", **mail.values),
        "attachments": [{"name": a.name, "sha256": a.sha256, "media_type": a.media_type} for a in mail.attachments],
        "participant_id": mail.participant_id,
        "next_attempt_at": clock.now(),
        "delivery": Delivery.QUEUED,
        "attempts": 0,
        "reply_to": mail.reply_to,
    }


def _compose(row: OutboxMessage, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = row.recipient
    message["Subject"] = row.subject
    message["Date"] = row.queued_at
    message["Message-ID"] = _message_id(row, settings)
    message["Auto-Submitted"] = "auto-generated"
    if row.reply_to:
        message["Reply-To"] = row.reply_to
    message.set_content(row.body)
    for part in row.attachments:
        main, _, sub = part["media_type"].partition("/")
        message.add_attachment(documents.read(part["sha256"]), maintype=main, subtype=sub, filename=part["name"])
    return message


def _message_id(row: OutboxMessage, settings: Settings) -> str:
    """The same at every attempt, so that who receives a message twice can see that it is one."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    return f"<bericht-{row.id}.{round(row.queued_at.timestamp() * 1_000_000)}@{host}>"


def _send(message: EmailMessage, recipient: str, smtp_url: str) -> None:
    parts = urlsplit(smtp_url)
    host, port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)
    on_this_machine = host in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=30, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=30)
    with server:
        server.ehlo()
        encrypted = parts.scheme == "smtps"
        if not encrypted and not on_this_machine and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            encrypted = True
        if parts.username:
            if not (encrypted or on_this_machine):
                raise ConnectionError(f"{host} versleutelt niet; het wachtwoord blijft hier")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message, to_addrs=[recipient])


_ABOUT_ONE_MESSAGE = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPNotSupportedError,
)


def _server_is_away(error: Exception) -> bool:
    """Whether the next message would fail in the same way. (smtplib's exceptions are OSErrors too.)"""
    return isinstance(error, OSError) and not isinstance(error, _ABOUT_ONE_MESSAGE)


def _address_is_refused(error: Exception) -> bool:
    """Whether the server says for good that there is no such mailbox: no use in trying again."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code in {550, 551, 553, 556} for code, _ in error.recipients.values()
    )


def deliver(limit: int = 50) -> int:
    """Send what is due, each message in its own transaction; several workers may do this at once. Returns how many.

    A failure is tried again after 1, 2, 4 … minutes, twelve times; then, or at once when the mailbox does not exist,
    a person has to look. A crash between the server's acceptance and our commit sends that one message twice, with the
    same Message-ID; never none. One message that cannot be sent does not hold up the others.
    """
    settings: Settings = current_app.extensions["settings"]
    sent = 0
    for _ in range(limit):
        with transaction():
            due = (
                select(OutboxMessage)
                .where(OutboxMessage.delivery == Delivery.QUEUED)
                .where(or_(OutboxMessage.next_attempt_at.is_(None), OutboxMessage.next_attempt_at <= clock.now()))
                .order_by(OutboxMessage.id)
                .limit(1)
                .with_for_update(skip_locked=True)
                .execution_options(populate_existing=True)
            )
            row = session().execute(due).scalar_one_or_none()
            if row is None:
                return sent
            try:
                if settings.smtp_url:
                    _send(_compose(row, settings), row.recipient, settings.smtp_url)
            except Exception as error:  # whatever is wrong with one message, the others must go out
                _note_failure(row, error)
                if _server_is_away(error):
                    break
            else:
                row.delivery, row.sent_at, row.last_error = Delivery.SENT, clock.now(), None
                sent += 1
    return sent


def _note_failure(row: OutboxMessage, error: Exception) -> None:
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}".replace("\0", "")[:500]
    row.next_attempt_at = clock.now() + timedelta(minutes=2 ** min(row.attempts - 1, 9))
    if row.attempts >= MAX_ATTEMPTS or _address_is_refused(error):
        row.delivery = Delivery.FAILED
