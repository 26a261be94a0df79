"""The PDF of an invoice: one page, tagged, readable, and clear about what has to be done."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from billing import queries, services
from billing.delivery.services import render
from billing.documents import InvoiceDocument, Line
from core import clock
from core.audit import SYSTEM
from tests.billing.conftest import World


@pytest.fixture
def paying(world: World) -> InvoiceDocument:
    with clock.at(date(2024, 3, 15)):
        participant = world.municipality(70_361, name="Gemeente Súdwest-Fryslân")
        return queries.document_of(services.issue_first_invoice(participant, date(2024, 3, 15), SYSTEM))


@pytest.fixture
def free(world: World) -> InvoiceDocument:
    with clock.at(date(2026, 3, 15)):
        participant = world.municipality(70_361)
        return queries.document_of(services.issue_first_invoice(participant, date(2026, 3, 15), SYSTEM))


def words(pdf: bytes, folder: Path) -> str:
    """The text in reading order, white space folded."""
    (folder / "factuur.pdf").write_bytes(pdf)
    text = subprocess.run(["pdftotext", folder / "factuur.pdf", "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", " ", text)


def test_it_is_one_tagged_page_in_dutch_with_embedded_fonts(paying: InvoiceDocument) -> None:
    with pikepdf.open(io.BytesIO(render(paying).pdf)) as pdf:
        root = pdf.Root
        assert len(pdf.pages) == 1
        assert str(root.Lang) == "nl"
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        metadata = bytes(root.Metadata.read_bytes()).decode()
        assert "pdfuaid:part" in metadata
        assert "VOORBEELD Factuur 2024-00001" in metadata
        assert "/JavaScript" not in str(root.get("/Names", ""))
        for font in pdf.pages[0].Resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor, "a TrueType font that is embedded"


@pytest.mark.needs("poppler-utils")
def test_it_says_what_to_pay_to_whom_and_why(paying: InvoiceDocument, tmp_path: Path) -> None:
    text = words(render(paying).pdf, tmp_path)
    for expected in (
        "VOORBEELD",
        "Voorbeeldbeheerder A",
        "Gemeente Súdwest-Fryslân",
        "KvK 99000010",
        "Btw-nummer NL000099998B57",
        "Factuur 2024-00001",
        "Factuurdatum 15 maart 2024",
        "Betalen voor of op 14 april 2024",
        "Uw inkoopordernummer PO-2026-0815",
        "Uw kenmerk SHV / 4711",
        "15 maart 2024 tot en met 31 december 2024",
        "Aansluitkosten, eenmalig, categorie D",
        "21% btw over € 2.800,00",
        "€ 3.388,00",
        "NL02 ABNA 0123 4567 89",
        "Betalingskenmerk RF42 2024 0000 1",
        "70.361 inwoners volgens organisaties.overheid.nl, categorie D.",
        "Voorbeeldbesluit: Tarieven A–G",
        "Pagina 1 van 1",
    ):
        assert expected in text


@pytest.mark.needs("poppler-utils")
def test_at_nothing_to_pay_it_asks_for_nothing(free: InvoiceDocument, tmp_path: Path) -> None:
    text = words(render(free).pdf, tmp_path)
    assert "Jaartarief 2026, categorie D" in text
    assert "21% btw over € 0,00" in text
    assert "U hoeft niets te betalen." in text
    for absent in ("IBAN", "NL02", "Betalen voor of op", "Betalingskenmerk", "Maak €", "QR"):
        assert absent not in text


@pytest.mark.needs("poppler-utils")
def test_a_real_invoice_does_not_say_example(paying: InvoiceDocument, tmp_path: Path) -> None:
    assert "VOORBEELD" not in words(render(replace(paying, example=False)).pdf, tmp_path)


@pytest.mark.needs("poppler-utils")
def test_a_credit_note_says_what_it_takes_back(world: World, tmp_path: Path) -> None:
    with clock.at(date(2024, 3, 15)):
        invoice = services.issue_first_invoice(world.municipality(), date(2024, 3, 15), SYSTEM)
        credit_note = services.credit_invoice(invoice, "Verkeerde <periode> & reden.", SYSTEM)
    text = words(render(queries.document_of(credit_note)).pdf, tmp_path)
    assert "Creditnota C2024-00001" in text
    assert "Factuur 2024-00001 van 15 maart 2024" in text
    assert "Met deze creditnota vervalt factuur 2024-00001 helemaal." in text
    assert "Reden: Verkeerde <periode> & reden." in text
    assert "Dan krijgt u € 3.388,00 van ons terug." in text
    assert "Betalingskenmerk" not in text


def test_long_names_and_many_lines_go_on_a_second_page(paying: InvoiceDocument) -> None:
    long = replace(
        paying,
        buyer=replace(paying.buyer, name="Samenwerkingsverband " * 9, unit="Onderdeel" * 20),
        lines=(Line("Jaartarief " * 12, paying.net, paying.lines[0].vat_percentage),) * 12,
    )
    with pikepdf.open(io.BytesIO(render(long).pdf)) as pdf:
        assert len(pdf.pages) == 2
