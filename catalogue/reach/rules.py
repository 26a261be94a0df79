"""Whom a role exchanges messages with. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.messages.kinds import Party
from catalogue.messages.rules import PARTIES_OF_ROLE


def counterparts(role_code: str, messages: Iterable[tuple[frozenset[Party], frozenset[Party]]]) -> frozenset[str]:
    """Codes of the roles on the other side of any message (senders, receivers) that this role sends or receives."""
    mine = PARTIES_OF_ROLE.get(role_code, frozenset())
    others: set[Party] = set()
    for senders, receivers in messages:
        if mine & senders:
            others |= receivers
        if mine & receivers:
            others |= senders
    return frozenset(code for code, parties in PARTIES_OF_ROLE.items() if parties & others - mine)
