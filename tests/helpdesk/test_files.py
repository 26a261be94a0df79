"""What may go along with a question is decided by its content; names are made presentable."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from core.errors import UserError
from helpdesk.requests.files import checked, clean_name, kind_of
from helpdesk.rules import MOST_BYTES

EXAMPLES = Path(__file__).parent / "examples"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"x" * 20
PDF = b"%PDF-1.7\n..."


class Upload(io.BytesIO):
    def __init__(self, filename: str, content: bytes) -> None:
        super().__init__(content)
        self.filename: str | None = filename


def office(*parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return target.getvalue()


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("example", rows("file_names"), ids=lambda row: row["test"])
def test_a_name_is_made_presentable(example: dict[str, str]) -> None:
    assert clean_name(example["name"].encode().decode("unicode_escape"), example["ending"]) == example["becomes"]


GOOD = [
    ("a pdf", PDF, "x", "pdf"),
    ("a pdf that calls itself a program", PDF, "factuur.exe", "pdf"),
    ("a png", PNG, "x.jpg", "png"),
    ("a jpg", b"\xff\xd8\xff\xe0" + b"x" * 99 + b"\xff\xd9", "x", "jpg"),
    ("a document of Word", office("[Content_Types].xml", "word/document.xml"), "x", "docx"),
    ("a sheet of Excel", office("[Content_Types].xml", "xl/workbook.xml"), "x", "xlsx"),
    (
        "a sheet with printer settings",
        office("[Content_Types].xml", "xl/workbook.xml", "xl/printerSettings/printerSettings1.bin"),
        "x",
        "xlsx",
    ),
    ("csv", b"naam;aantal\r\nA;1\r\n", "lijst.CSV", "csv"),
    ("text", "Één regel".encode(), "x.txt", "txt"),
    ("text of an old Windows", "Eén".encode("cp1252"), "x.txt", "txt"),
    ("text that calls itself a program", b"hallo", "virus.bat", "txt"),
    ("xml", b'<?xml version="1.0"?><bericht/>', "x", "xml"),
]
BAD = [
    ("a program of Windows", b"MZ\x90\0\x03\0\0\0", "factuur.pdf"),
    ("a program of Linux", b"\x7fELF\x02\x01\x01\0", "factuur.pdf"),
    ("a shell script", b"#!/bin/sh\nrm -rf /", "lees.txt"),
    ("a batch file", b"@echo off\r\ndel *", "lees.txt"),
    ("a page", b"<!DOCTYPE html><script>1</script>", "x.txt"),
    ("a picture with a script", b'<?xml version="1.0"?><svg onload="1"/>', "x.xml"),
    ("xml with an entity", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>', "x.xml"),
    ("a document with macros", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "x.docx"),
    ("a document with a program", office("[Content_Types].xml", "word/document.xml", "word/x.exe"), "x.docx"),
    ("any archive", office("lees.txt"), "x.docx"),
    ("half an archive", b"PK\x03\x04 en dan niets", "x.docx"),
    ("a gif", b"GIF89a\0\0", "x.png"),
    ("half a png", b"\x89PNG\r\n\x1a\n", "x.png"),
]


@pytest.mark.parametrize(("what", "content", "name", "ending"), GOOD, ids=[row[0] for row in GOOD])
def test_goes_along(what: str, content: bytes, name: str, ending: str) -> None:
    (file,) = checked([Upload(name, content)])
    assert file.name.endswith(f".{ending}"), what
    assert file.content == content


@pytest.mark.parametrize(("what", "content", "name"), BAD, ids=[row[0] for row in BAD])
def test_does_not_go_along(what: str, content: bytes, name: str) -> None:
    assert kind_of(content, name) is None, what
    with pytest.raises(UserError, match="kan niet mee"):
        checked([Upload(name, content)])


def test_the_limits() -> None:
    with pytest.raises(UserError, match="hoogstens 5 MB"):
        checked([Upload("x.txt", b"x" * (MOST_BYTES + 1))])
    assert checked([Upload("x.txt", b"x" * MOST_BYTES)])
    with pytest.raises(UserError, match="hoogstens 5 bestanden"):
        checked([Upload(f"{n}.txt", b"x") for n in range(6)])
    with pytest.raises(UserError, match="is leeg"):
        checked([Upload("x.txt", b"")])
    assert checked([Upload("", b"")]) == []
