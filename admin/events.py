"""Audit sentences of the front door."""

from __future__ import annotations

from core.audit import Event

MAIL_RETRIED = Event("admin:mail:retried", "{actor} liet mail {message} opnieuw verzenden.", internal=True)
