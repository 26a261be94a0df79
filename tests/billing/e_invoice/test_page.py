"""Checking an e-invoice on the page and on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from billing.e_invoice.ubl import write
from tests.billing.e_invoice.examples import bytes_of, e_invoice, one, tree_of
from tests.browser import Browser

PAGE = "/e-factuur-controleren"


def upload(browser: Browser, content: bytes, name: str = "factuur.xml", expect: int = 200) -> str:
    page = browser.submit(browser.get(PAGE), "Controleren", expect=expect, file=(io.BytesIO(content), name))
    return page.text


def test_who_has_no_account_sees_that_an_invoice_is_right(browser: Browser) -> None:
    assert "factuur.xml volgt alle regels die wij controleren." in upload(browser, write(e_invoice()))


def test_what_is_wrong_stands_in_a_table(browser: Browser) -> None:
    tree = tree_of()
    one(tree, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID").text = "NL91ABNA0417164301"
    one(tree, "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount").text = "1.00"

    shown = upload(browser, bytes_of(tree))

    assert "Niet in orde" in shown
    assert "Dit IBAN klopt niet." in shown
    assert "BR-CO-15" in shown


def test_a_name_cannot_bring_along_html(browser: Browser) -> None:
    page = browser.submit(browser.get(PAGE), "Controleren", file=(io.BytesIO(write(e_invoice())), "<b onclick=x>.xml"))

    assert page.soup.find("b", attrs={"onclick": True}) is None


@pytest.mark.parametrize("content", [b"", b"geen xml", b"%PDF-1.7"])
def test_another_file_gets_a_clear_answer(browser: Browser, content: bytes) -> None:
    assert "Niet in orde" in upload(browser, content)


def test_without_a_file_the_page_asks_for_one(browser: Browser) -> None:
    assert "mag leeg blijven" not in browser.get(PAGE).text
    page = browser.submit(browser.get(PAGE), "Controleren", expect=422)

    assert "Kies eerst een bestand." in page.text


def test_the_command_answers_per_file(app: Flask, session: Session, tmp_path: Path) -> None:
    right, wrong = tmp_path / "goed.xml", tmp_path / "fout.xml"
    right.write_bytes(write(e_invoice()))
    wrong.write_bytes(write(e_invoice(buyer_reference=None, order_number=None)))

    answer = app.test_cli_runner().invoke(args=["billing", "check-ubl", "--json", str(right), str(wrong)])

    assert answer.exit_code == 1
    good, bad = json.loads(answer.output)
    assert (good["accepted"], good["fatal"], good["warnings"], good["findings"]) == (True, 0, 0, [])
    assert (bad["accepted"], bad["findings"][0]["rule"]) == (False, "BR-NL-2")
    assert app.test_cli_runner().invoke(args=["billing", "check-ubl", str(right)]).output == f"{right}: in orde\n"


def test_a_file_that_is_not_there_is_bad_input(app: Flask, tmp_path: Path) -> None:
    answer = app.test_cli_runner().invoke(args=["billing", "check-ubl", str(tmp_path / "niets.xml")])

    assert answer.exit_code == 2
    assert "dit bestand kunnen wij niet lezen" in answer.output
