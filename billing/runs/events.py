"""What the audit trail tells about invoice runs."""

from __future__ import annotations

from core.audit import Event

RUN_STARTED = Event("billing:run:started", "{actor} begon facturatieronde {name}.")
RUN_PREVIEWED = Event(
    "billing:run:previewed",
    "{actor} berekende facturatieronde {name}: {count} facturen, samen {amount} zonder btw; {parked} apart gezet."
    " Kenmerk {hash}.",
)
RUN_PUT_FORWARD = Event("billing:run:put_forward", "{actor} legde facturatieronde {name} voor aan een collega.")
RUN_PUT_BACK = Event("billing:run:put_back", "{actor} gaf facturatieronde {name} terug.")
RUN_APPROVED = Event("billing:run:approved", "{actor} keurde facturatieronde {name} goed. Kenmerk {hash}.")
RUN_REFUSED = Event(
    "billing:run:refused", "{actor} wilde facturatieronde {name} goedkeuren; dat kon niet: {why}", refusal=True
)
RUN_ISSUED = Event("billing:run:issued", "{actor} rondde facturatieronde {name} af: {count} facturen gemaakt.")
RUN_WITHDRAWN = Event("billing:run:withdrawn", "{actor} trok facturatieronde {name} in. Reden: {reason}")
ITEM_RECHECKED = Event(
    "billing:run:rechecked", "{actor} bekeek {participant} opnieuw in facturatieronde {name}: {now}."
)
ITEM_SET_APART = Event(
    "billing:run:set_apart", "{actor} zette {participant} apart in facturatieronde {name}: {why}", internal=True
)
HOLD_PLACED = Event(
    "billing:hold:placed",
    "{actor} houdt de facturen van {name} aan tot {recheck_on}. Reden: {reason}",
    internal=True,
)
HOLD_LIFTED = Event("billing:hold:lifted", "{actor} houdt de facturen van {name} niet meer aan.", internal=True)
