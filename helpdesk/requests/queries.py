"""Requests for help, as those who may see them see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from core.db import session
from core.errors import NotFound
from core.kinds import Labelled
from helpdesk.kinds import RequestStage, TicketState
from helpdesk.models import HelpDelivery, HelpRequest
from participants.models import Participant


class Standing(Labelled):
    """What a list of requests can be narrowed to."""

    OPEN = "open", "Loopt"
    CLOSED = "closed", "Afgesloten"
    STUCK = "stuck", "Niet doorgestuurd"


def _requests() -> Select[HelpRequest]:
    return select(HelpRequest).options(
        joinedload(HelpRequest.participant).joinedload(Participant.organisation),
        joinedload(HelpRequest.participant).joinedload(Participant.role),
    )


def request_by_key(key: str) -> HelpRequest:
    """Raises NotFound, also for what the caller may not see."""
    found = session().execute(_requests().where(HelpRequest.key == key)).unique().scalar_one_or_none()
    if found is None:
        raise NotFound("Deze hulpvraag bestaat niet, of hoort bij een andere organisatie.")
    return found


def requests_of(participant_id: int) -> list[HelpRequest]:
    """What was asked on behalf of a participant, newest first."""
    query = _requests().where(HelpRequest.participant_id == participant_id).order_by(HelpRequest.id.desc())
    return list(session().execute(query).unique().scalars())


def request_of(participant_id: int, key: str) -> HelpRequest:
    """One request of a participant. Raises NotFound."""
    found = request_by_key(key)
    if found.participant_id != participant_id:
        raise NotFound("Deze hulpvraag bestaat niet, of hoort bij een andere organisatie.")
    return found


def open_requests_of(participant_id: int) -> int:
    """How many are not closed."""
    return sum(row.ticket_state is not TicketState.CLOSED for row in requests_of(participant_id))


def latest(standing: Standing | None, text: str) -> Select[HelpRequest]:
    """Requests for the list of staff, newest first."""
    query = _requests().order_by(HelpRequest.id.desc())
    closed = HelpRequest.ticket_state == TicketState.CLOSED
    if standing is Standing.OPEN:
        query = query.where(or_(HelpRequest.ticket_state.is_(None), ~closed))
    elif standing is Standing.CLOSED:
        query = query.where(closed)
    elif standing is Standing.STUCK:
        query = query.join(HelpRequest.delivery).where(HelpDelivery.needs_attention)
    if text:
        columns = (HelpRequest.key, HelpRequest.ticket_number, HelpRequest.subject, HelpRequest.name, HelpRequest.email)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return query


@dataclass(frozen=True)
class Stuck:
    """A request that does not get through."""

    request: HelpRequest
    delivery: HelpDelivery

    @property
    def about(self) -> str:
        """The participant, or who asked."""
        participant = self.request.participant
        return participant.name if participant else self.request.organisation or self.request.name


def stuck_requests() -> list[Stuck]:
    """What staff have to look at, longest first."""
    query = (
        select(HelpRequest, HelpDelivery)
        .join(HelpDelivery, HelpDelivery.request_id == HelpRequest.id)
        .options(joinedload(HelpRequest.participant).joinedload(Participant.organisation))
        .where(HelpDelivery.needs_attention, HelpRequest.stage != RequestStage.DELIVERED)
        .order_by(HelpDelivery.failed_at)
    )
    return [Stuck(request, delivery) for request, delivery in session().execute(query).unique()]
