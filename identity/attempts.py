"""How often somebody may try to sign in. The counts stand in the database, so they hold for all workers together.

This opens its own transactions: a count must survive the refusal that follows.
"""

from __future__ import annotations

from datetime import timedelta

from flask import request

from core import db as database
from core.audit import VISITOR, record
from core.db import scoped, transaction
from core.errors import TooMany
from core.limits import count_attempt
from identity import events

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)

PER_ACCOUNT = {"code": ((10, QUARTER), (50, DAY)), "link": ((5, HOUR), (20, DAY))}
"""Tries with a password or code, and requests for a link, per mail address (known or not): how many, in which time."""
PER_ADDRESS = {"code": ((60, QUARTER),), "link": ((30, HOUR),)}
"""The same per network address; a whole office may share one."""
WHAT = {"code": "wachtwoord of code", "link": "link aanvragen"}


def count(kind: str, email: str) -> None:
    """Count one attempt for a mail address, and for the network address it comes from. Raises TooMany (429)."""
    address = request.remote_addr or "onbekend"
    with scoped(database.SIGN_IN):
        for limits, who in ((PER_ADDRESS, f"address:{address}"), (PER_ACCOUNT, f"account:{email}")):
            for attempts, window in limits[kind]:
                _count(kind, who, attempts, window)


def _count(kind: str, who: str, attempts: int, window: timedelta) -> None:
    name = f"identity:{kind}:{int(window.total_seconds())}"
    message = "Dit is vandaag te vaak geprobeerd. Probeer het morgen opnieuw." if window >= DAY else None
    try:
        with transaction():
            count_attempt(name, who, limit=attempts, window=window, message=message)
    except TooMany:
        _note_once(name, who, window, WHAT[kind])
        raise


def _note_once(name: str, who: str, window: timedelta, what: str) -> None:
    """Tell the audit trail, but only the first time in a window: who floods us must not flood the trail."""
    try:
        with transaction():
            count_attempt(f"{name}:noted", who, limit=1, window=window)
            record(events.TOO_OFTEN, VISITOR, what=what)
    except TooMany:
        pass
