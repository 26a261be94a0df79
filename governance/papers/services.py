"""Putting papers and logos into the document store, and reading them back."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from core import documents
from core.documents import DocumentDamaged
from core.errors import Refused
from governance.papers import rules
from governance.papers.rules import InvalidFile
from governance.rules import Paper

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


def store_paper(upload: Upload, *, field: str = "papers") -> Paper:
    """File an uploaded document. Raises Refused, with the name of the file, for what may not be stored."""
    try:
        media_type = rules.media_type_of(upload.content)
    except InvalidFile as error:
        raise Refused(f"{upload.name[:80]}: {error}" if upload.name else str(error), field=field) from error
    name = rules.file_name(upload.name, media_type)
    return Paper(name, documents.store(upload.content, media_type), media_type, len(upload.content))


def store_papers(uploads: Iterable[Upload], *, field: str = "papers") -> list[Paper]:
    """File several documents; the same one twice is kept once."""
    found = {paper.sha256: paper for paper in (store_paper(upload, field=field) for upload in uploads)}
    return list(found.values())


def store_logo(upload: Upload, *, field: str = "logo") -> Paper:
    """File a logo. Raises Refused for what is no PNG or harmless SVG."""
    try:
        media_type = rules.logo_type_of(upload.content)
    except InvalidFile as error:
        raise Refused(str(error), field=field) from error
    return Paper("logo", documents.store(upload.content, media_type), media_type, len(upload.content))


def logo_images(sha256: str | None) -> dict[str, bytes]:
    """What `core.pdf.render` needs to print a logo as `image:logo`; empty without one."""
    return {"logo": content_of(sha256)} if sha256 else {}


def content_of(sha256: str) -> bytes:
    """The bytes of a stored paper, of which the hash was checked again. Raises Refused when they are damaged."""
    try:
        return documents.read(sha256)
    except DocumentDamaged as error:
        log.exception("A paper cannot be shown")
        raise Refused(
            "Dit stuk ontbreekt of is beschadigd in de opslag. Wij tonen het daarom niet. Meld dit bij"
            f" Applicatiebeheer en noem dit controlegetal: {sha256[:12]}."
        ) from error
