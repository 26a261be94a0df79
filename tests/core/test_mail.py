"""Mail through the outbox, to a real mail server on this machine."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from jinja2 import DictLoader
from sqlalchemy import select

from core import clock, documents
from core import db as database
from core.db import scoped, session, transaction
from core.mail import MAX_ATTEMPTS, Attachment, Delivery, OutboxMessage, deliver, queue_mail
from tests.core.conftest import Installation, MakeInstallation

TEXT = "Geachte {{ name }},\n\nUw aanmelding is binnen. Het kost € 0,00.\n\nHet Schuldenknooppunt\n"


class Mailbox:
    """A mail server that keeps what it gets, and answers as it is told."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer: Callable[[EmailMessage], str] = lambda _message: "250 OK"
        self.refused: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "@" not in (address or ""):
            return "553 Geen adres"
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        answer = self.answer(message)
        if answer.startswith("250"):
            self.messages.append(message)
            self.recipients.extend(envelope.rcpt_tos)
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(mailbox: Mailbox, port: int | None = None, **options: Any) -> Iterator[int]:
    """Runs the mail server; gives its port."""
    port = port or free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def with_templates(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({"mail/welcome.txt": TEXT})


@pytest.fixture
def served(make_installation: MakeInstallation, mailbox: Mailbox) -> Iterator[Installation]:
    """An installation that mails to the mailbox."""
    with serving(mailbox) as port:
        made = make_installation(smtp_url=f"smtp://127.0.0.1:{port}")
        with_templates(made.app)
        with made.app.app_context(), scoped(database.JOB):
            yield made


def queue(recipient: str = "jan@voorbeeld.invalid", **values: Any) -> int:
    with transaction():
        return queue_mail(recipient, "Uw aanmelding", "welcome", **{"name": "Jan", **values}).id


def row(number: int) -> OutboxMessage:
    session().expire_all()
    return session().get_one(OutboxMessage, number)


def test_a_mail_arrives_as_it_was_queued(served: Installation, mailbox: Mailbox) -> None:
    number = queue(name="Zoë")
    assert row(number).delivery is Delivery.QUEUED
    assert deliver() == 1
    (message,) = mailbox.messages
    assert mailbox.recipients == ["jan@voorbeeld.invalid"]
    assert message["Subject"] == "Uw aanmelding"
    assert message["From"] == "Schuldenknooppunt <noreply@knooppuntbeheer.invalid>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == TEXT.replace("{{ name }}", "Zoë")
    sent = row(number)
    assert (sent.delivery, sent.attempts, sent.last_error) == (Delivery.SENT, 0, None)
    assert sent.sent_at is not None
    assert deliver() == 0
    assert len(mailbox.messages) == 1


def test_a_file_of_the_document_store_goes_along(served: Installation, mailbox: Mailbox) -> None:
    content = bytes(range(256)) * 300
    with transaction():
        sha256 = documents.store(content, "application/pdf")
    queue(attachments=[Attachment("Overeenkomst Súdwest.pdf", sha256)])
    assert deliver() == 1
    (part,) = mailbox.messages[0].iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("Overeenkomst Súdwest.pdf", "application/pdf")
    assert part.get_content() == content


def test_what_is_undone_is_not_mailed(served: Installation, mailbox: Mailbox) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        queue_mail("jan@voorbeeld.invalid", "Uw aanmelding", "welcome", name="Jan")
        raise ZeroDivisionError
    assert deliver() == 0
    assert mailbox.messages == []


def test_a_visitor_queues_what_only_the_system_and_staff_can_read(served: Installation) -> None:
    with scoped(database.VISITOR):
        number = queue()
    with scoped(database.PUBLIC):
        session().expire_all()
        assert session().get(OutboxMessage, number) is None
    assert row(number).recipient == "jan@voorbeeld.invalid"


def test_the_demonstration_says_in_the_subject_that_it_is_one(
    make_installation: MakeInstallation, mailbox: Mailbox
) -> None:
    with serving(mailbox) as port:
        made = make_installation(mode="demo", smtp_url=f"smtp://127.0.0.1:{port}")
        with_templates(made.app)
        with made.app.app_context(), scoped(database.JOB):
            queue()
            deliver()
    assert mailbox.messages[0]["Subject"] == "VOORBEELD: Uw aanmelding"


def test_without_a_mail_server_a_mail_stays_in_the_outbox_and_counts_as_sent(installation: Installation) -> None:
    with_templates(installation.app)
    number = queue()
    assert deliver() == 1
    assert row(number).delivery is Delivery.SENT


# ------------------------------------------------------------------------------------------- failure


def test_a_failing_server_is_tried_again_later_and_later(served: Installation, mailbox: Mailbox) -> None:
    mailbox.answer = lambda _message: "451 Nu even niet"
    number, waits = queue(), []
    moment = clock.now()
    for _ in range(4):
        with clock.at(moment):
            assert deliver() == 0
            failed = row(number)
            assert failed.next_attempt_at is not None
            waits.append(failed.next_attempt_at - moment)
            assert deliver() == 0  # not due yet
            moment = failed.next_attempt_at
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert (row(number).delivery, row(number).attempts) == (Delivery.QUEUED, 4)
    assert "451" in (row(number).last_error or "")
    mailbox.answer = lambda _message: "250 OK"
    with clock.at(moment):
        assert deliver() == 1
    assert row(number).last_error is None


def test_after_twelve_attempts_a_person_has_to_look(served: Installation, mailbox: Mailbox) -> None:
    mailbox.answer = lambda _message: "451 Nu even niet"
    number, moment = queue(), clock.now()
    for _ in range(MAX_ATTEMPTS + 2):
        with clock.at(moment):
            deliver()
        moment += timedelta(days=1)
    assert (row(number).delivery, row(number).attempts) == (Delivery.FAILED, MAX_ATTEMPTS)


def test_a_mailbox_that_does_not_exist_is_not_tried_again(served: Installation, mailbox: Mailbox) -> None:
    mailbox.refused["jan@voorbeeld.invalid"] = "550 Bestaat niet"
    number, other = queue(), queue("piet@voorbeeld.invalid")
    assert deliver() == 1
    assert (row(number).delivery, row(number).attempts) == (Delivery.FAILED, 1)
    assert row(other).delivery is Delivery.SENT


def test_a_mailbox_that_is_full_is_tried_again(served: Installation, mailbox: Mailbox) -> None:
    mailbox.refused["jan@voorbeeld.invalid"] = "452 Vol"
    number = queue()
    deliver()
    assert row(number).delivery is Delivery.QUEUED


def test_a_server_that_is_away_holds_up_one_message_per_round_and_loses_none(
    make_installation: MakeInstallation, mailbox: Mailbox
) -> None:
    port = free_port()
    made = make_installation(smtp_url=f"smtp://127.0.0.1:{port}")
    with_templates(made.app)
    with made.app.app_context(), scoped(database.JOB):
        numbers = [queue(f"{n}@voorbeeld.invalid") for n in range(3)]
        assert deliver() == 0
        assert [row(number).attempts for number in numbers] == [1, 0, 0]
        assert "Connection refused" in (row(numbers[0]).last_error or "")
        with serving(mailbox, port), clock.at(clock.now() + timedelta(hours=1)):
            assert deliver() == 3


@pytest.mark.parametrize("recipient", ["jan@voorbeeld.invalid\nBcc: piet@elders.invalid", "zonder apenstaart", "<>"])
def test_a_message_that_cannot_be_sent_does_not_hold_up_the_others(
    served: Installation, mailbox: Mailbox, recipient: str
) -> None:
    bad, good = queue(recipient), queue("piet@voorbeeld.invalid")
    assert deliver() == 1
    assert row(bad).attempts == 1
    assert row(bad).last_error
    assert row(good).delivery is Delivery.SENT
    assert mailbox.recipients == ["piet@voorbeeld.invalid"]


def test_a_recipient_is_one_address_whatever_it_looks_like(served: Installation, mailbox: Mailbox) -> None:
    queue("jan@voorbeeld.invalid, piet@elders.invalid")
    deliver()
    assert "piet@elders.invalid" not in mailbox.recipients


def test_a_damaged_attachment_is_a_failure_and_holds_up_no_others(served: Installation, mailbox: Mailbox) -> None:
    bad = queue(attachments=[Attachment("x.pdf", "0" * 64)])
    good = queue("piet@voorbeeld.invalid")
    assert deliver() == 1
    assert "ontbreekt in de documentopslag" in (row(bad).last_error or "")
    assert row(good).delivery is Delivery.SENT


def test_a_crash_after_the_server_accepted_sends_the_same_message_id_again(
    served: Installation, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = queue()
    with monkeypatch.context() as patch:
        patch.setattr(database.session(), "commit", crash)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert row(number).delivery is Delivery.QUEUED
    assert deliver() == 1
    first, second = mailbox.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@localhost>")


def crash() -> None:
    raise KeyboardInterrupt


def test_every_message_has_an_id_of_its_own(served: Installation, mailbox: Mailbox) -> None:
    queue()
    queue()
    deliver()
    assert len({message["Message-ID"] for message in mailbox.messages}) == 2


def test_several_deliverers_at_once_send_nothing_twice(served: Installation, mailbox: Mailbox) -> None:
    for number in range(30):
        queue(f"{number}@voorbeeld.invalid")
    together = Barrier(3)

    def delivering() -> int:
        together.wait(5)
        return deliver()

    counts = [future.result() for future in served.at_once(delivering, delivering, delivering)]
    assert sum(counts) == 30
    assert sorted(mailbox.recipients) == sorted(f"{number}@voorbeeld.invalid" for number in range(30))


# ------------------------------------------------------------------------------------------- signing in to the server


def accept(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"knooppunt", b"geheim/!")
    return AuthResult(success=good, handled=False)


def test_a_password_is_given_to_a_server_on_this_machine(make_installation: MakeInstallation, mailbox: Mailbox) -> None:
    with serving(mailbox, authenticator=accept, auth_require_tls=False) as port:
        made = make_installation(smtp_url=f"smtp://knooppunt:geheim%2F%21@127.0.0.1:{port}")
        with_templates(made.app)
        with made.app.app_context(), scoped(database.JOB):
            queue()
            assert deliver() == 1


def test_a_wrong_password_is_written_down_with_the_message(
    make_installation: MakeInstallation, mailbox: Mailbox
) -> None:
    with serving(mailbox, authenticator=accept, auth_require_tls=False) as port:
        made = make_installation(smtp_url=f"smtp://knooppunt:open-zee@127.0.0.1:{port}")
        with_templates(made.app)
        with made.app.app_context(), scoped(database.JOB):
            number = queue()
            assert deliver() == 0
            assert "SMTPAuthenticationError" in (row(number).last_error or "")
            assert "open-zee" not in (row(number).last_error or "")


ELSEWHERE = "127.1"
"""This machine under a name by which it is not recognised: stands for a mail server elsewhere."""


def test_a_password_does_not_go_to_another_machine_in_the_open(
    make_installation: MakeInstallation, mailbox: Mailbox
) -> None:
    with serving(mailbox, authenticator=accept, auth_require_tls=False) as port:
        made = make_installation(smtp_url=f"smtp://knooppunt:geheim@{ELSEWHERE}:{port}")
        with_templates(made.app)
        with made.app.app_context(), scoped(database.JOB):
            number = queue()
            assert deliver() == 0
            assert "versleutelt niet" in (row(number).last_error or "")
    assert mailbox.messages == []


def test_encryption_is_used_where_it_is_offered_and_the_certificate_is_checked(
    make_installation: MakeInstallation, mailbox: Mailbox, tmp_path: Path
) -> None:
    with serving(mailbox, tls_context=of_an_impostor(tmp_path)) as port:
        made = make_installation(smtp_url=f"smtp://{ELSEWHERE}:{port}")
        with_templates(made.app)
        with made.app.app_context(), scoped(database.JOB):
            number = queue()
            assert deliver() == 0
            assert "CERTIFICATE_VERIFY_FAILED" in (row(number).last_error or "")
    assert mailbox.messages == []


def of_an_impostor(folder: Path) -> ssl.SSLContext:
    """A server certificate that nobody we trust has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.voorbeeld.invalid")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    certificate = builder.sign(key, SHA256())
    pem = folder / "impostor.pem"
    pem.write_bytes(
        certificate.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_the_outbox_is_read_oldest_first(served: Installation, mailbox: Mailbox) -> None:
    numbers = [queue(f"{n}@voorbeeld.invalid") for n in range(3)]
    assert deliver(limit=2) == 2
    assert mailbox.recipients == ["0@voorbeeld.invalid", "1@voorbeeld.invalid"]
    waiting = session().scalars(select(OutboxMessage.id).where(OutboxMessage.delivery == Delivery.QUEUED)).all()
    assert waiting == numbers[2:]
