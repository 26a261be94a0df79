"""What the audit trail tells about the retention schedule."""

from __future__ import annotations

from core.audit import Event

TERM_SET = Event(
    "governance:retention:set",
    "{actor} stelde de bewaartermijn van {label} op {months} maanden vanaf {starts_on}. Reden: {reason}",
)
TERMS_LOADED = Event("governance:retention:loaded", "{actor} legde {count} bewaartermijnen vast, nog te bevestigen.")
PROPOSED = Event(
    "governance:retention:proposed",
    "{actor} stelde voor om {count} keer op te ruimen: {label}, van vóór {before} (controlegetal {digest}).",
)
REPLACED = Event("governance:retention:replaced", "{actor} trok een ouder voorstel in om op te ruimen: {label}.")
CARRIED_OUT = Event(
    "governance:retention:carried",
    "{actor} ruimde na akkoord {count} keer op: {label}, van vóór {before} (controlegetal {digest}).",
)
DIFFERS = Event(
    "governance:retention:refused",
    "{actor} gaf akkoord om op te ruimen ({label}); dat gebeurde niet, omdat de verzameling intussen anders is.",
    refusal=True,
)
