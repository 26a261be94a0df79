"""Codes of an authenticator app (TOTP, RFC 6238) and the encryption of their secrets; the only import of pyotp."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from core import clock
from core.errors import UserError

STEP = 30
"""Seconds for which a code is shown."""
ISSUER = "Knooppuntbeheer"
OFFER_VALID = timedelta(minutes=30)


@lru_cache(maxsize=4)
def _fernet(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"identity:second-factor").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _box() -> Fernet:
    return _fernet(str(current_app.config["SECRET_KEY"]))


def encrypt(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """The secret behind a column. Raises InvalidToken when SECRET_KEY is another one than when it was stored."""
    return _box().decrypt(stored).decode()


@dataclass(frozen=True)
class Offer:
    """A new secret, shown to be put into an app; it counts only after a code proves that it arrived."""

    secret: str
    sealed: str
    """Goes along in the form, so that nothing is kept of who does not finish."""
    picture: str
    """The QR code as a data: address."""

    @property
    def in_groups(self) -> str:
        """The secret to type over, in groups of four."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


def offer(account_id: int, email: str, sealed: str | None = None) -> Offer:
    """A new secret for an account, or the one that an earlier page offered while that is still good."""
    try:
        secret = open_offer(account_id, sealed or "")
    except UserError:
        secret = pyotp.random_base32()
        content = json.dumps({"account": account_id, "secret": secret}).encode()
        sealed = _box().encrypt_at_time(content, int(clock.now().timestamp())).decode()
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, light="#fff")
    return Offer(secret, sealed or "", picture)


def open_offer(account_id: int, sealed: str) -> str:
    """The secret that was offered to this account. Raises UserError when it was not ours or is too old."""
    try:
        now = int(clock.now().timestamp())
        content = json.loads(_box().decrypt_at_time(sealed, int(OFFER_VALID.total_seconds()), now))
    except InvalidToken:
        content = {}
    if content.get("account") != account_id:
        raise UserError("Deze pagina stond te lang open. Scan de nieuwe QR-code hieronder.", field="code")
    return str(content["secret"])


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The time step to which a code belongs: the present one or a neighbour, because clocks differ; else None."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    present = int(moment.timestamp()) // STEP
    codes = pyotp.TOTP(secret)
    return next(
        (n for n in (present, present - 1, present + 1) if hmac.compare_digest(codes.generate_otp(n), digits)), None
    )
