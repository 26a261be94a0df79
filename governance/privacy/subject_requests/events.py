"""What the audit trail tells about requests of people. Names and addresses are not facts: they can be erased."""

from __future__ import annotations

from core.audit import Event

RECEIVED = Event("governance:request:received", "{actor} legde verzoek {request} vast: {kind}.")
IDENTIFIED = Event("governance:request:identified", "{actor} stelde vast wie verzoek {request} deed.")
EXTENDED = Event(
    "governance:request:extended", "{actor} verlengde de termijn van verzoek {request} tot en met {last_day}: {reason}"
)
EXPORTED = Event("governance:request:exported", "{actor} haalde op wat wij hebben voor verzoek {request}.")
ANSWERED = Event("governance:request:answered", "{actor} beantwoordde verzoek {request}.")
REFUSED = Event("governance:request:declined", "{actor} weigerde verzoek {request}, met de reden in het antwoord.")
ERASURE_ASKED = Event("governance:erasure:asked", "{actor} vroeg een collega om te wissen volgens verzoek {request}.")
ERASED = Event("governance:erasure:carried", "{actor} wiste gegevens volgens verzoek {request}: {counts}.")
ERASURE_REFUSED = Event(
    "governance:erasure:refused", "{actor} wilde wissen volgens verzoek {request}; dat kon niet: {why}", refusal=True
)
