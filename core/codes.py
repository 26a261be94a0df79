"""Codes on paper that open something: a number, and a keyed hash of that number, so that nothing secret is stored and
the same code can be printed again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from flask import current_app

LONG = 26
"""Signs of five bits each: 130 bits, for what opens something by itself."""
SHORT = 16
"""80 bits, for a code that people type and that opens nothing."""
_ALIKE = str.maketrans("018", "olb")
"""These signs do not occur in a hash: who reads them from paper means the others."""


def code_of(purpose: str, number: int, *bound_to: object, length: int = LONG) -> str:
    """`12-k5q…`: of the row `number`, for one purpose. What it is bound to makes it useless for another row that gets
    the same number, for instance after a backup was put back."""
    return f"{number}-{_signs(purpose, number, bound_to, length)}"


def number_in(code: str, *, length: int = LONG) -> int | None:
    """The number of the row that a code is about; None for what is no code. Whether it is real, says `is_real`."""
    found = _parts(code, length)
    return found[0] if found else None


def is_real(code: str, purpose: str, *bound_to: object, length: int = LONG) -> bool:
    """Whether we made this code. Capitals, spaces and hyphens do not matter."""
    found = _parts(code, length)
    return found is not None and hmac.compare_digest(found[1], _signs(purpose, found[0], bound_to, length))


def _signs(purpose: str, number: int, bound_to: tuple[object, ...], length: int) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    message = "\n".join([purpose, str(number), *map(str, bound_to)]).encode()
    return base64.b32encode(hmac.new(secret, message, hashlib.sha256).digest()).decode().lower()[:length]


def _parts(code: str, length: int) -> tuple[int, str] | None:
    compact = re.sub(r"[\s\-.\u2010-\u2015]", "", code[:100]).lower()
    number, signs = compact[:-length], compact[-length:].translate(_ALIKE)
    if not re.fullmatch(r"[1-9][0-9]{0,17}", number) or not re.fullmatch(r"[a-z2-7]+", signs):
        return None
    return int(number), signs
