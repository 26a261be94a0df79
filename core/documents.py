"""The document store: content-addressed by SHA-256 through fsspec; every read checks the hash again."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from datetime import datetime
from pathlib import Path

import fsspec
from flask import current_app
from fsspec.implementations.local import LocalFileSystem
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


def _place(sha256: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """The file system of the store and the path of one file in it."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise DocumentDamaged(f"{sha256[:80]} is geen sleutel van de documentopslag")
    settings: Settings = current_app.extensions["settings"]
    filesystem, path = fsspec.core.url_to_fs(f"{settings.files_url.rstrip('/')}/{sha256[:2]}/{sha256}")
    return filesystem, path


def store(content: bytes, media_type: str) -> str:
    """Put bytes into the store and return their SHA-256 in hex. The same bytes are kept once.

    The file is on disk before the row is: a crash in between leaves an unreferenced file, never a row without file.
    A file that was cut short by a failing disk is written again.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    filesystem, path = _place(sha256)
    if not filesystem.exists(path) or filesystem.size(path) != len(content):
        if isinstance(filesystem, LocalFileSystem):
            _write_durably(Path(path), content)
        else:
            filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            filesystem.pipe_file(path, content)
    session().execute(
        insert(StoredFile)
        .values(sha256=sha256, size=len(content), media_type=media_type, stored_at=clock.now())
        .on_conflict_do_nothing()
    )
    return sha256


def _write_durably(path: Path, content: bytes) -> None:
    """Whole or not at all, and still there after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.deel")
    with draft.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(sha256: str) -> bytes:
    """The bytes filed under a hash. Raises DocumentDamaged when they are gone or altered."""
    filesystem, path = _place(sha256)
    try:
        with filesystem.open(path, "rb") as source:
            content: bytes = source.read()
    except FileNotFoundError as error:
        raise DocumentDamaged(f"{sha256} ontbreekt in de documentopslag") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DocumentDamaged(f"{sha256} is beschadigd in de documentopslag")
    return content
