"""What the staff do on the front door itself. Callers hold a transaction."""

from __future__ import annotations

from admin.events import MAIL_RETRIED
from core import clock
from core.audit import Actor, record
from core.db import session
from core.errors import NotFound
from core.mail import Delivery, OutboxMessage


def retry_mail(message_id: int, actor: Actor) -> OutboxMessage:
    """Put a mail that could not be delivered back in the queue. Raises NotFound for any other."""
    row = session().get(OutboxMessage, message_id, with_for_update=True, populate_existing=True)
    if row is None or row.delivery is not Delivery.FAILED:
        raise NotFound("Deze mail bestaat niet of hoeft niet opnieuw.")
    row.delivery, row.attempts, row.next_attempt_at = Delivery.QUEUED, 0, clock.now()
    session().flush()
    record(MAIL_RETRIED, actor, participant_id=row.participant_id, subject=f"outbox_message:{row.id}", message=row.id)
    return row
