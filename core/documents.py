"""The document store: content-addressed by SHA-256 through fsspec; every read checks the hash again."""

from __future__ import annotations

import hashlib
from datetime import datetime

import fsspec
from flask import current_app
from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.config import Settings
from core.db import Base, session


class DocumentDamaged(Exception):
    """The stored bytes are missing or no longer have the hash by which they were filed."""


class StoredFile(Base):
    """A file that was put into the store. Never changed, because its name is its content."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    stored_at: Mapped[datetime]


def _address(sha256: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.files_url.rstrip('/')}/{sha256[:2]}/{sha256}"


def store(content: bytes, media_type: str) -> str:
    """Put bytes into the store and return their SHA-256 in hex. The same bytes are kept once.

    The file is written before the row: a crash in between leaves an unreferenced file, never a row without file.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    address = _address(sha256)
    filesystem, path = fsspec.core.url_to_fs(address)
    if not filesystem.exists(path):
        filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        temporary = f"{path}.{hashlib.sha256(str(clock.now()).encode()).hexdigest()[:8]}.deel"
        with filesystem.open(temporary, "wb") as target:
            target.write(content)
        filesystem.mv(temporary, path)
    session().execute(
        insert(StoredFile)
        .values(sha256=sha256, size=len(content), media_type=media_type, stored_at=clock.now())
        .on_conflict_do_nothing()
    )
    return sha256


def read(sha256: str) -> bytes:
    """The bytes filed under a hash. Raises DocumentDamaged when they are gone or altered."""
    filesystem, path = fsspec.core.url_to_fs(_address(sha256))
    try:
        with filesystem.open(path, "rb") as source:
            content: bytes = source.read()
    except FileNotFoundError as error:
        raise DocumentDamaged(f"{sha256} ontbreekt in de documentopslag") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DocumentDamaged(f"{sha256} is beschadigd in de documentopslag")
    return content
