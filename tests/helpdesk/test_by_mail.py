"""Without a ticket system requests go by mail: once, with who asked as the address to answer to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core import db as database
from core.audit import SYSTEM, VISITOR
from core.db import scoped, session, transaction
from core.mail import Delivery, OutboxMessage, deliver
from helpdesk.kinds import RequestStage
from helpdesk.models import HelpDelivery, HelpRequest
from helpdesk.requests.delivery import deliver_due
from helpdesk.requests.files import CheckedFile
from helpdesk.requests.services import Asked, ask, retry
from tests.core.conftest import Installation, installed
from tests.core.test_mail import Mailbox, serving
from tests.database import Databases

HELPDESK = "hulp@helpdesk.invalid"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def served(databases: Databases, mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        serving(mailbox) as port,
        installed(
            databases,
            tmp_path_factory.mktemp("mail"),
            smtp_url=f"smtp://127.0.0.1:{port}",
            helpdesk_mail=HELPDESK,
        ) as made,
        made.app.app_context(),
        scoped(database.JOB),
    ):
        yield made


def asked() -> int:
    question = Asked("Hoe werkt dit?", "Ik kom er niet uit.", "Voorbeeldpersoon A", "a@deelnemer.invalid")
    with transaction():
        return ask(question, VISITOR, files=[CheckedFile("bon.pdf", "application/pdf", b"%PDF-1.7 bon")]).id


def stage_of(key: int) -> RequestStage:
    session().expire_all()
    return session().get_one(HelpRequest, key).stage


def after(minutes: int) -> int:
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        deliver()
        return deliver_due()


def test_a_request_is_mailed_once_and_answered_to_who_asked(served: Installation, mailbox: Mailbox) -> None:
    key = asked()
    assert deliver_due() == 0
    assert stage_of(key) is RequestStage.QUEUED
    assert after(2) == 1
    assert stage_of(key) is RequestStage.DELIVERED
    assert after(60) == 0
    (mail,) = [one for one in mailbox.messages if one["To"] == HELPDESK]
    row = session().get_one(HelpRequest, key)
    assert mail["Subject"] == f"Hoe werkt dit? [{row.key}]"
    assert mail["Reply-To"] == "a@deelnemer.invalid"
    body = mail.get_body()
    assert body is not None
    assert "Ik kom er niet uit." in body.get_content()
    assert [part.get_content() for part in mail.iter_attachments()] == [b"%PDF-1.7 bon"]


def test_a_mail_that_is_refused_is_seen_and_can_be_sent_again(served: Installation, mailbox: Mailbox) -> None:
    key = asked()
    mailbox.refused[HELPDESK] = "550 Bestaat niet"
    deliver_due()
    assert after(2) == 0
    assert stage_of(key) is RequestStage.FAILED
    assert session().get_one(HelpDelivery, key).needs_attention
    mailbox.refused.clear()
    with transaction():
        retry(session().get_one(HelpRequest, key), SYSTEM)
    deliver()
    assert deliver_due() == 1
    assert stage_of(key) is RequestStage.DELIVERED
    sent = session().execute(select(OutboxMessage).where(OutboxMessage.recipient == HELPDESK)).scalars().all()
    assert [one.delivery for one in sent] == [Delivery.SENT]
