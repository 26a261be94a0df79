"""A mixed set of frozen documents: what an invoice run makes, and the odd ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.documents import Credited, InvoiceDocument, Line
from billing.kinds import InvoiceKind, VatCategory
from billing.rules import vat_totals
from core.money import ZERO
from participants.kinds import Language, Profile
from tests.billing.test_documents import INVOICE

RATE = Decimal(21)
LONG_NAME = "Gemeenschappelijk Orgaan voor Schuldhulpverlening Zuidoost-Voorbeeldland en Omstreken"


def of_lines(document: InvoiceDocument, lines: Sequence[Line]) -> InvoiceDocument:
    """The document with other lines, and the totals that follow from them."""
    totals = vat_totals((line.net, line.vat_percentage, line.vat_category) for line in lines)
    net = sum((line.net for line in lines), ZERO)
    vat = sum((total.vat for total in totals), ZERO)
    gross = net + vat
    pays = gross > 0
    return replace(
        document,
        lines=tuple(lines),
        vat_totals=totals,
        net=net,
        vat=vat,
        gross=gross,
        due_on=document.due_on if pays else None,
        seller=document.seller if pays else replace(document.seller, iban=None),
    )


def lines(*amounts: str, category: VatCategory = VatCategory.STANDARD) -> list[Line]:
    rate = RATE if category is VatCategory.STANDARD else Decimal(0)
    return [
        Line(f"Jaartarief {2020 + year}, categorie D", Decimal(net), rate, category) for year, net in enumerate(amounts)
    ]


def credit(document: InvoiceDocument, *, is_whole: bool = True) -> InvoiceDocument:
    mirrored = of_lines(document, [replace(line, net=-line.net) for line in document.lines])
    reason = "Verkeerde <periode> & “reden”."
    return replace(
        mirrored,
        kind=InvoiceKind.CREDIT_NOTE,
        number="C2024-00001",
        credited=Credited("2024-00001", date(2024, 3, 15), document.seller.name, reason, is_whole),
    )


PLAIN = replace(
    of_lines(INVOICE, INVOICE.lines),
    seller=replace(
        INVOICE.seller,
        vat_id="NL810207357B01",
        iban="NL91ABNA0417164300",
        oin="00000099000000001000",
        email="facturen@voorbeeld.invalid",
    ),
    buyer=replace(
        INVOICE.buyer,
        kvk="99000002",
        oin="00000099000000002000",
        attention="Crediteurenadministratie",
        reference="4711",
    ),
)
ABROAD = replace(
    PLAIN.buyer,
    name="Médiation de dettes Łódź asbl",
    country="BE",
    vat_id="BE0411905847",
    kvk=None,
    oin=None,
    street="Rue de la Loi 16",
    postal_code="1000",
    city="Bruxelles",
)
ZERO_TARIFF = replace(
    of_lines(PLAIN, lines("0.00", "0.00")),
    why_nothing="Uw abonnement is ingegaan op 15 maart 2026. Voor abonnementen die ingaan vanaf 1 januari 2026 is het"
    " jaartarief voorlopig € 0,00.",
)
EXEMPT = of_lines(PLAIN, lines("300.00", "2500.00", category=VatCategory.EXEMPT))
REVERSE_CHARGED = replace(of_lines(PLAIN, lines("750.00", category=VatCategory.REVERSE_CHARGE)), buyer=ABROAD)
PREPAID = replace(PLAIN, prepaid=Decimal("1000.00"), reason="Correctie na overleg op 3 maart 2024")
EIGHT_LINES = replace(
    of_lines(PLAIN, lines(*["1234.56"] * 7, "-62.50")),
    buyer=replace(PLAIN.buyer, name=LONG_NAME, unit="Afdeling Schuldregelen", purchase_order_number="9" * 50),
    example=True,
)

MIXED = {
    "an ordinary invoice": PLAIN,
    "a zero tariff": ZERO_TARIFF,
    "an exempt service": EXEMPT,
    "exempt and € 0,00": of_lines(PLAIN, lines("0.00", category=VatCategory.EXEMPT)),
    "reverse-charged to Belgium": REVERSE_CHARGED,
    "reverse-charged to Greece": replace(
        REVERSE_CHARGED, buyer=replace(ABROAD, country="GR", vat_id="EL094259216", city="Ἀθῆναι")
    ),
    "reverse-charged with an own address": replace(
        REVERSE_CHARGED, buyer=replace(ABROAD, e_invoice_address="0208:0411905847")
    ),
    "in English": replace(PLAIN, language=Language.ENGLISH),
    "reverse-charged in English": replace(REVERSE_CHARGED, language=Language.ENGLISH),
    "a whole credit note": credit(PLAIN),
    "a credit note for a part": credit(of_lines(PLAIN, lines("100.00")), is_whole=False),
    "a credit note over nothing": credit(ZERO_TARIFF),
    "a credit note of an exempt service": credit(EXEMPT),
    "a credit note to Belgium": credit(REVERSE_CHARGED),
    "a negative correction among others": of_lines(PLAIN, lines("3000.00", "-250.00")),
    "a correction that leaves nothing": of_lines(PLAIN, lines("3000.00", "-3000.00")),
    "only an order number": replace(PLAIN, buyer=replace(PLAIN.buyer, reference=None)),
    "neither reference nor order": replace(
        PLAIN, buyer=replace(PLAIN.buyer, reference=None, purchase_order_number=None)
    ),
    "accents and signs": replace(
        PLAIN, buyer=replace(PLAIN.buyer, name="Súdwest-Fryslân & <Zn> “ÿ”", unit="Ærø", street="’t Hôf 1")
    ),
    "long names and eight lines": EIGHT_LINES,
    "partly prepaid": PREPAID,
    "all prepaid": replace(PLAIN, prepaid=PLAIN.gross, due_on=None),
    "thirds of a year": of_lines(PLAIN, lines("83.33", "83.33", "83.34")),
    "one cent": of_lines(PLAIN, lines("0.01")),
    "without a KvK number": replace(PLAIN, buyer=replace(PLAIN.buyer, kvk=None)),
    "an example": replace(PLAIN, example=True),
}
"""By what is odd about them. Each also exists for Peppol."""

ALL = {
    f"{name}, {profile.label}": replace(document, profile=profile)
    for name, document in MIXED.items()
    for profile in Profile
}
