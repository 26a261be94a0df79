"""Files are judged by what is in them."""

from __future__ import annotations

import pytest

from governance.papers import rules
from governance.papers.rules import InvalidFile
from tests.governance.conftest import DOCX, ODT, PDF, office

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z" fill="#12506b"/></svg>'
PNG = rules.PNG_START + b"\x00" * 40 + b"IEND\xaeB`\x82"


@pytest.mark.parametrize(("content", "kind"), [(PDF, rules.PDF), (DOCX, rules.DOCX), (ODT, rules.ODT)])
def test_pdf_word_and_odt_are_papers(content: bytes, kind: str) -> None:
    assert rules.media_type_of(content) == kind


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "leeg"),
        (b"MZ\x90", "geen PDF"),
        (b"<html>", "geen PDF"),
        (b"PK\x03\x04kapot", "beschadigd"),
        (office("iets.txt"), "geen PDF"),
        (office("mimetype", "content.xml"), "geen PDF"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macro's"),
        (b"%PDF-" + b"x" * rules.LARGEST, "te groot"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(InvalidFile, match=says):
        rules.media_type_of(content)


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ("besluit.pdf", "besluit.pdf"),
        ("C:\\Mijn stukken\\Besluit 3.PDF", "Besluit 3.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("virus.exe", "virus.pdf"),
        ('a"b\r\nc.pdf', "abc.pdf"),
        ("", "stuk.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_a_file_is_offered_under_a_safe_name(given: str, offered: str) -> None:
    assert rules.file_name(given, rules.PDF) == offered


def test_a_logo_is_a_png_or_a_plain_svg() -> None:
    assert rules.logo_type_of(PNG) == rules.PNG
    assert rules.logo_type_of(LOGO) == rules.SVG


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"GIF89a", "geen PNG of SVG"),
        (PNG[:20], "niet heel"),
        (LOGO.replace(b"<path", b"<script>alert(1)</script><path"), "meer dan een plaatje"),
        (LOGO.replace(b"<path", b'<path onload="x()"'), "meer dan een plaatje"),
        (LOGO.replace(b"<path", b'<image href="https://elders.invalid/x.png"/><path'), "meer dan een plaatje"),
        (LOGO.replace(b"#12506b", b"url(https://elders.invalid/x)"), "meer dan een plaatje"),
        (LOGO.replace(b"<path", b"<style>@import 'x';</style><path"), "meer dan een plaatje"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + LOGO, "meer dan een plaatje"),
        (LOGO[:-6], "geen PNG of SVG"),
        (b"<html><svg></svg></html>", "geen PNG of SVG"),
        (LOGO + b" " * rules.LARGEST_LOGO, "te groot"),
    ],
)
def test_a_logo_that_could_do_more_than_show_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(InvalidFile, match=says):
        rules.logo_type_of(content)
