"""What may be stored as a paper or a logo, judged by content; the name of a file proves nothing."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_LOGO = 500 * 1024
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
PNG = "image/png"
SVG = "image/svg+xml"
EXTENSIONS = {PDF: ".pdf", DOCX: ".docx", ODT: ".odt", PNG: ".png", SVG: ".svg"}
PNG_START = b"\x89PNG\r\n\x1a\n"

WRONG_KIND = "Dit bestand is geen PDF, Word-document (docx) of ODT. Sla het stuk zo op en probeer het opnieuw."
WRONG_LOGO = "Dit bestand is geen PNG of SVG. Sla het logo zo op en probeer het opnieuw."
UNSAFE_LOGO = (
    "Dit SVG-bestand kan meer dan een plaatje tonen. Sla het logo op als gewone SVG zonder script, of als PNG."
)


class InvalidFile(ValueError):
    """The text of this exception is meant for the user."""


def media_type_of(content: bytes) -> str:
    """PDF, docx or odt. Raises InvalidFile for anything else, for what is too large, and for documents with macros."""
    if not content:
        raise InvalidFile("Dit bestand is leeg. Kies een ander bestand.")
    if len(content) > LARGEST:
        raise InvalidFile("Dit bestand is te groot. Een stuk mag hoogstens 10 MB zijn.")
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    raise InvalidFile(WRONG_KIND)


def _office_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise InvalidFile("Dit bestand is uitgepakt te groot. Sla het op als PDF en probeer het opnieuw.")
            if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
                raise InvalidFile("Dit document bevat macro's. Sla het zonder macro's op, of als PDF.")
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return DOCX
            if {"mimetype", "content.xml"} <= names and archive.read("mimetype").strip() == ODT.encode():
                return ODT
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
        raise InvalidFile("Dit bestand is beschadigd en kan niet worden geopend. Sla het opnieuw op.") from error
    raise InvalidFile(WRONG_KIND)


def file_name(name: str, media_type: str) -> str:
    """The name under which it is offered: without folder, without odd signs, with the extension of what it is."""
    last = re.split(r"[\\/]", name)[-1]
    extension = EXTENSIONS[media_type]
    stem = last[: -len(extension)] if last.lower().endswith(extension) else last.rpartition(".")[0] or last
    stem = re.sub(r"[^\w .()\-]", "", stem).strip(" .")
    return f"{stem[:100].strip() or 'stuk'}{extension}"


# ------------------------------------------------------------------------------------ logos


def logo_type_of(content: bytes) -> str:
    """PNG or SVG. Raises InvalidFile for anything else, what is too large, and an SVG that does more than draw."""
    if len(content) > LARGEST_LOGO:
        raise InvalidFile("Dit bestand is te groot. Een logo mag hoogstens 500 kB zijn.")
    if content.startswith(PNG_START):
        if b"IEND" not in content[-16:]:
            raise InvalidFile("Dit PNG-bestand is niet heel. Sla het logo opnieuw op.")
        return PNG
    if b"<svg" not in content[:2000].lower():
        raise InvalidFile(WRONG_LOGO)
    _demand_harmless(content)
    return SVG


_FORBIDDEN = frozenset(
    {"script", "foreignobject", "iframe", "audio", "video", "image", "animate", "set", "handler", "a", "use"}
)


def _demand_harmless(content: bytes) -> None:
    """An SVG that draws, and nothing else: no script, no entities, no addresses, nothing from elsewhere."""
    if re.search(rb"<!(DOCTYPE|ENTITY)|<\?xml-stylesheet", content, re.IGNORECASE):
        raise InvalidFile(UNSAFE_LOGO)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  entities and document types were refused above
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InvalidFile(WRONG_LOGO) from error
    if _local(root.tag) != "svg":
        raise InvalidFile(WRONG_LOGO)
    for element in root.iter():
        values = [*element.attrib.values(), element.text or ""]
        if (
            _local(element.tag) in _FORBIDDEN
            or any(_local(name).startswith("on") or _local(name) == "href" for name in element.attrib)
            or any(re.search(r"@import|javascript:|url\(\s*['\"]?(?!#)", value, re.IGNORECASE) for value in values)
        ):
            raise InvalidFile(UNSAFE_LOGO)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2].lower()
