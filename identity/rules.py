"""What a password must be, how long a proof counts, where one may be sent: pure, without clock or database."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise

from identity.kinds import AccountKind, LinkPurpose

MIN_PASSWORD = 12
MAX_PASSWORD = 200
"""Longer input is refused: hashing it would only cost time."""

VERY_COMMON = frozenset(
    {
        "123412341234",
        "1234567890123",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "abcdefghijkl",
        "adminadminadmin",
        "administrator",
        "geheim123456",
        "gemeente1234",
        "ikhouvanjou1",
        "iloveyou1234",
        "letmein12345",
        "nederland123",
        "password1234",
        "passwordpassword",
        "qazwsxedcrfv",
        "qwerty123456",
        "qwertyqwerty",
        "qwertyuiop12",
        "qwertyuiop123",
        "schuldenknooppunt",
        "schuldhulpverlening",
        "voetbal12345",
        "wachtwoord12",
        "wachtwoord123",
        "wachtwoord1234",
        "wachtwoordwachtwoord",
        "welkom123456",
        "welkomwelkom",
        "zomer2026zomer",
    }
)

FRESH = timedelta(minutes=15)
"""How long a proven second factor counts for an act that binds."""

VALID_FOR = {
    LinkPurpose.SIGN_IN: timedelta(minutes=15),
    LinkPurpose.CONTINUE_APPLICATION: timedelta(days=7),
    LinkPurpose.SET_UP: timedelta(hours=48),
}


def objection_to_password(password: str, *, email: str, name: str) -> str | None:
    """A Dutch sentence that says why this password is refused; None when it is good enough.

    At least twelve characters, no composition rules (NIST SP 800-63B); not one that everybody tries first.
    """
    if len(password) < MIN_PASSWORD:
        return f"Kies een wachtwoord van ten minste {MIN_PASSWORD} tekens. Een zin van een paar woorden is goed."
    if len(password) > MAX_PASSWORD:
        return f"Een wachtwoord mag hoogstens {MAX_PASSWORD} tekens hebben."
    plain = password.casefold()
    letters = re.sub(r"[^a-z0-9]", "", plain)
    if _is_monotonous(letters or plain) or letters in VERY_COMMON:
        return "Dit wachtwoord wordt als eerste geprobeerd. Kies iets dat anderen niet bedenken."
    own = [email.casefold(), email.casefold().partition("@")[0], *name.casefold().split()]
    if any(len(part) >= 4 and part in plain for part in own):
        return "Kies een wachtwoord zonder uw naam of e-mailadres erin."
    return None


def _is_monotonous(text: str) -> bool:
    """One or two characters over and over, or a run of neighbours such as 123456789012."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(set(text)) <= 2 or steps <= {1, -9} or steps <= {-1, 9}


def counts_as_signed_in(kind: AccountKind, *, verified: bool, has_second_factor: bool) -> bool:
    """Staff see nothing before the second factor; participants who set one must prove it."""
    return verified or (kind is AccountKind.PARTICIPANT and not has_second_factor)


def is_fresh(verified_at: datetime | None, now: datetime, within: timedelta = FRESH) -> bool:
    """Whether the second factor was proven shortly ago."""
    return verified_at is not None and now - verified_at <= within


def local_path(value: str | None) -> str | None:
    """The value if it is a path inside this application; None for anything a browser could take elsewhere."""
    if not value or len(value) > 2000 or not value.startswith("/") or value.startswith("//"):
        return None
    if "\\" in value or any(ord(character) <= 0x20 or ord(character) == 0x7F for character in value):
        return None
    return value


BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Browser and system as a person recognises them: "Firefox op Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "Onbekende browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return f"{browser} op {system}" if system else browser
