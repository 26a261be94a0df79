"""Which files may go along. What a file is, is read from its content; its name is only made presentable."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.errors import UserError
from helpdesk.rules import MEGABYTE, MOST_BYTES, MOST_FILES

FIELD = "files"
ALLOWED = "Stuur een pdf, afbeelding (png, jpg), Word- of Excel-bestand (docx, xlsx), csv, txt of xml."
ACCEPT = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.csv,.txt,.xml"


@dataclass(frozen=True)
class CheckedFile:
    """A file that may go along."""

    name: str
    media_type: str
    content: bytes


class Upload(Protocol):
    """What a form sends along."""

    filename: str | None

    def read(self, size: int = -1, /) -> bytes: ...


def checked(uploads: Sequence[Upload]) -> list[CheckedFile]:
    """The files of a form, checked. Raises UserError beside the field when one cannot go along."""
    sent = [upload for upload in uploads if upload.filename]
    if len(sent) > MOST_FILES:
        raise UserError(f"Stuur hoogstens {MOST_FILES} bestanden mee.", field=FIELD)
    return [_checked(upload.filename or "", upload.read(MOST_BYTES + 1)) for upload in sent]


def _checked(name: str, content: bytes) -> CheckedFile:
    shown = clean_name(name, "")
    if not content:
        raise UserError(f"Het bestand '{shown}' is leeg. Kies een ander bestand.", field=FIELD)
    if len(content) > MOST_BYTES:
        megabytes = MOST_BYTES // MEGABYTE
        raise UserError(
            f"Het bestand '{shown}' is te groot. Een bestand mag hoogstens {megabytes} MB zijn.", field=FIELD
        )
    kind = kind_of(content, name)
    if kind is None:
        raise UserError(f"Het bestand '{shown}' kan niet mee. {ALLOWED}", field=FIELD)
    ending, media_type = kind
    return CheckedFile(clean_name(name, ending), media_type, content)


ENDINGS = ("pdf", "png", "jpg", "jpeg", "docx", "xlsx", "csv", "txt", "xml")
_RESERVED = frozenset({"con", "prn", "aux", "nul"})


def clean_name(name: str, ending: str) -> str:
    """A name without folders, signs that mean something, or a second ending; `ending` is what the content is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = "".join(c if c.isalnum() or c in " -_.()" else "_" for c in last if c.isprintable())
    stem = re.sub(r"[ .]*$", "", stem).lstrip(" .-")
    while (parts := stem.rpartition("."))[2].lower() in ENDINGS and parts[0]:
        stem = parts[0].rstrip(" .")
    stem = stem.replace(".", "_") if ending else stem
    stem = re.sub(r"\s+", " ", stem)[:80].strip() or "bestand"
    stem = f"bestand_{stem}" if stem.lower() in _RESERVED else stem
    return f"{stem}.{ending}" if ending else stem


def kind_of(content: bytes, name: str) -> tuple[str, str] | None:
    """Ending and media type by what the content is; None for what may not go along. The name only tells csv from
    other text."""
    for test in _TESTS:
        found = test(content)
        if found:
            return found
    return _text(content, name)


def _pdf(content: bytes) -> tuple[str, str] | None:
    return ("pdf", "application/pdf") if content[:5] == b"%PDF-" else None


def _picture(content: bytes) -> tuple[str, str] | None:
    if content[:8] == b"\x89PNG\r\n\x1a\n" and content[12:16] == b"IHDR":
        return "png", "image/png"
    if content[:3] == b"\xff\xd8\xff" and b"\xff\xd9" in content[-64:]:
        return "jpg", "image/jpeg"
    return None


_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCUMENTS = {
    "word/document.xml": ("docx", f"{_OFFICE}wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", f"{_OFFICE}spreadsheetml.sheet"),
}
_PROGRAM = re.compile(r"vbaproject|activex|\.(bin|exe|dll|js|vbs)$")
_PRINTER = re.compile(r"xl/printerSettings/[\w.]+\.bin")
_MOST_PARTS, _MOST_UNPACKED = 2000, 200 * MEGABYTE


def _office(content: bytes) -> tuple[str, str] | None:
    """A document of Word or Excel without macros or programs inside. Only the list of parts is read."""
    if content[:4] != b"PK\x03\x04":
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    names = {part.filename for part in parts}
    too_much = len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED
    active = any(_PROGRAM.search(one.lower()) and not _PRINTER.fullmatch(one) for one in names)
    if too_much or active or "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _DOCUMENTS.items() if part in names), None)


_TESTS: tuple[Callable[[bytes], tuple[str, str] | None], ...] = (_pdf, _picture, _office)
_SCRIPT = re.compile(r"\s*(#!|<(!doctype html|html|script|svg|\?php|%)|@echo)", re.IGNORECASE)
_ACTIVE_XML = re.compile(r"<(\w+:)?(svg|html|script|xsl:stylesheet|stylesheet)[\s>]|<!(doctype|entity)", re.IGNORECASE)


def _text(content: bytes, name: str) -> tuple[str, str] | None:
    """Text that is no program. An old Windows encoding is fine."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            return None
    if any((ord(c) < 32 and c not in "\t\r\n\f") or ord(c) == 127 for c in text) or _SCRIPT.match(text):
        return None
    if re.match(r"\s*<\?xml\s", text):
        return None if _ACTIVE_XML.search(text) else ("xml", "application/xml")
    return ("csv", "text/csv") if name.lower().endswith(".csv") else ("txt", "text/plain")
