"""E-invoices to test with, and ways to spoil them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from billing.e_invoice.documents import KVK, OIN, EInvoice, EInvoiceLine, Number, Party, Payment, VatBreakdown
from billing.e_invoice.dutch_rules import NAMESPACES, Tree
from billing.e_invoice.ubl import write
from billing.kinds import VatCategory
from participants.kinds import Profile

STANDARD = VatCategory.STANDARD
RATE = Decimal(21)
SELLER = Party(
    name="Verzonnen Stelselbeheer",
    legal_id=Number(KVK, "99000001"),
    endpoint=Number(OIN, "00000099000000001000"),
    street="Voorbeeldstraat 1",
    postal_code="9999 XX",
    city="Voorbeeldstad",
    vat_id="NL810207357B01",
    email="facturen@voorbeeld.invalid",
)
BUYER = Party(
    name="Gemeente Súdwest-Voorbeeld",
    legal_id=Number(KVK, "99000002"),
    endpoint=Number(OIN, "00000099000000002000"),
    street="Postbus 2",
    postal_code="9998 XX",
    city="Fictieveen",
    trading_name="Belastingen",
    attention="Crediteurenadministratie",
)
PAYMENT = Payment("NL91ABNA0417164300", "RF18539007547034")


def e_invoice(*amounts: str, rate: Decimal = RATE, category: VatCategory = STANDARD, **changes: Any) -> EInvoice:
    """An invoice with a line per amount; one of € 750,00 without any."""
    lines = tuple(EInvoiceLine("Jaartarief 2026", Decimal(net), category, rate) for net in amounts or ("750.00",))
    net = sum((line.net for line in lines), Decimal("0.00"))
    vat = (net * rate / 100).quantize(Decimal("0.01"))
    exemption = {VatCategory.EXEMPT: "Vrijgesteld van btw", VatCategory.REVERSE_CHARGE: "Btw verlegd"}.get(category)
    pays = net + vat > 0 and not changes.get("credits")
    made = EInvoice(
        profile=Profile.NLCIUS,
        number="2026-00001",
        issued_on=date(2026, 1, 12),
        due_on=date(2026, 2, 11) if pays else None,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        notes=("Gemeente Súdwest-Voorbeeld: 20.000 inwoners, categorie B",),
        buyer_reference="AFD-1",
        order_number="IO-2026-7",
        credits=None,
        seller=SELLER,
        buyer=BUYER,
        payment=PAYMENT if pays else None,
        terms=None if pays else "U hoeft niets te betalen.",
        lines=lines,
        breakdown=(VatBreakdown(category, rate, net, vat, exemption),),
        net=net,
        vat=vat,
        gross=net + vat,
    )
    return replace(made, **changes)


def tree_of(document: EInvoice | None = None) -> Tree:
    return etree.fromstring(write(document or e_invoice()))


def bytes_of(tree: Tree) -> bytes:
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def one(tree: Tree, path: str) -> Tree:
    """The only element on a path."""
    found: list[Tree] = tree.xpath(path, namespaces=NAMESPACES)
    assert len(found) == 1, f"{path} is there {len(found)} times"
    return found[0]


def remove(tree: Tree, path: str) -> None:
    found = one(tree, path)
    parent = found.getparent()
    assert parent is not None
    parent.remove(found)


def add(tree: Tree, after: str, xml: str) -> None:
    """Put an element behind another; `xml` uses the prefixes cac and cbc."""
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    (made,) = etree.fromstring(f"<x {names}>{xml}</x>")
    one(tree, after).addnext(made)
