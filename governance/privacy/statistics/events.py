"""What the audit trail tells about purposes of statistics."""

from __future__ import annotations

from core.audit import Event

SET = Event(
    "governance:statistic:set", "{actor} legde voor statistiek {label} vast: {standing} vanaf {starts_on}. {reason}"
)
IMPORTED = Event("governance:statistic:imported", "{actor} las {count} statistieken in, nog te bevestigen.")
