"""Who may send what. The roles are strict: nobody sends what belongs to the other side."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from catalogue.messages.kinds import MessageKind, Party

PARTIES_OF_ROLE: dict[str, frozenset[Party]] = {
    "creditor": frozenset({Party.CREDITOR}),
    "shv_phase_1": frozenset({Party.DEBT_COUNSELLOR}),
    "shv_phase_2": frozenset({Party.DEBT_COUNSELLOR}),
    "credit_bank": frozenset({Party.DEBT_COUNSELLOR, Party.CREDIT_BANK}),
    "shv_other": frozenset({Party.OTHER_COUNSELLOR}),
    "administrator": frozenset({Party.ADMINISTRATOR}),
    "guarantee_fund": frozenset({Party.GUARANTEE_FUND}),
}
"""As which parties a role takes part; a credit bank is a debt counsellor too."""

PARTY_OF_NAME = {
    "shv": Party.DEBT_COUNSELLOR,
    "shv_overig": Party.OTHER_COUNSELLOR,
    "bewindvoerder": Party.ADMINISTRATOR,
    "se": Party.CREDITOR,
    "kredietbank": Party.CREDIT_BANK,
    "waarborgfonds": Party.GUARANTEE_FUND,
}
"""How the data file calls them."""

ASKED_OF_CREDITORS = frozenset({MessageKind.BALANCE_REQUEST, MessageKind.PROPOSAL})
ANSWERED_BY_CREDITORS = frozenset({MessageKind.BALANCE_ANSWER, MessageKind.PROPOSAL_ANSWER, MessageKind.REFUSAL})


@dataclass(frozen=True)
class Sending:
    """What matters about a message type for who may send it."""

    kind: MessageKind
    senders: frozenset[Party]


def kind_allows(party: Party, kind: MessageKind) -> bool:
    """A creditor never asks for a balance and never proposes; only a creditor answers those ("akkoord"). That a debt
    counsellor reports the outcome of an arrangement is another message ("Schuldregeling akkoord")."""
    if kind in ASKED_OF_CREDITORS:
        return party is not Party.CREDITOR
    return party is Party.CREDITOR if kind in ANSWERED_BY_CREDITORS else True


def may_send(role_code: str, message: Sending) -> bool:
    """Whether a participant in this role may send this message: the set names one of its parties as sender, and the
    kind of message allows it. An unknown role sends nothing."""
    parties = PARTIES_OF_ROLE.get(role_code, frozenset())
    return any(party in message.senders and kind_allows(party, message.kind) for party in parties)


def why_parties_are_refused(kind: MessageKind, senders: Collection[Party], receivers: Collection[Party]) -> str | None:
    """A sentence when a message type would let somebody send what belongs to the other side."""
    if not senders or not receivers:
        return "Kies ten minste één afzender en één ontvanger."
    for party in senders:
        if not kind_allows(party, kind):
            side = (
                "Alleen een schuldeiser" if kind in ANSWERED_BY_CREDITORS else "Een schuldeiser nooit: alleen wie helpt"
            )
            return f"{party.label} mag dit soort bericht niet sturen ({kind.label.lower()}). {side} mag dat."
    return None
