"""Passwords as argon2id hashes; the only import of argon2."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher()
"""RFC 9106, low-memory profile: argon2id, 64 MiB, three passes."""


def _normal(password: str) -> str:
    """The same password typed on another keyboard gives the same code points."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password. Without a hash the same work is done, so that time does not tell who exists."""
    try:
        _hasher.verify(password_hash or _nobodys(), _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(password_hash)
