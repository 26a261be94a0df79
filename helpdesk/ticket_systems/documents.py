"""What goes to a ticket system and comes back from it, whatever system that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from helpdesk.kinds import TicketState


@dataclass(frozen=True)
class TicketFile:
    """An attachment."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Ticket:
    """A request as the ticket system gets it."""

    key: str
    """Our reference; stands in the title."""
    subject: str
    text: str
    """Plain text: the question and what goes with it."""
    name: str
    email: str
    by_phone: bool
    files: Sequence[TicketFile] = ()

    @property
    def title(self) -> str:
        return f"{self.subject} [{self.key}]"


@dataclass(frozen=True)
class Reference:
    """Under which the ticket system filed it."""

    ticket_id: str
    number: str


@dataclass(frozen=True)
class TicketView:
    """What the ticket system says of a ticket now."""

    state: TicketState
    answer: str | None
    """The last public answer, as plain text; None as long as there is none."""
    answered_at: datetime | None


class SystemAway(Exception):
    """The ticket system did not answer as it should. What was asked may have been done all the same."""


class SystemRefuses(Exception):
    """The ticket system does not let us in, or its address is wrong: first a person has to mend a setting."""


class TicketRefused(Exception):
    """The ticket system does not take this one ticket."""


class TicketSystem(Protocol):
    """Somewhere to deliver requests to. Each method raises SystemAway, SystemRefuses or TicketRefused."""

    def create(self, ticket: Ticket) -> Reference:
        """File a new ticket."""

    def find(self, key: str) -> Reference | None:
        """The ticket that an earlier attempt made."""

    def look(self, ticket_id: str) -> TicketView:
        """How a ticket is doing."""

    def page_of(self, ticket_id: str) -> str:
        """Address at which staff open the ticket in the ticket system."""
