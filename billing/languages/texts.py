"""The fixed words of an invoice in each language, and how that language writes days and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from billing.documents import InvoiceDocument
from billing.kinds import VatCategory
from billing.rules import VatTotal
from core import filters
from core.countries import country_name
from core.money import euros
from participants.kinds import Language


@dataclass(frozen=True)
class Words:
    """What stands on every invoice. Blanks in braces are filled in by the template."""

    language: Language
    invoice: str
    credit_note: str
    statement: str
    statement_title: str
    example: str
    logo: str
    operator: str
    attention: str
    page: str
    facts: str
    """What the table of dates and references is called for who hears it."""
    number: str
    invoice_date: str
    credit_date: str
    belongs_to: str
    credited_invoice: str
    due: str
    order_number: str
    reference: str
    period: str
    until: str
    lines: str
    description: str
    vat: str
    amount: str
    vat_id: str
    net: str
    vat_over: str
    without_vat_over: str
    total: str
    total_credit: str
    prepaid: str
    to_pay: str
    nothing_to_pay: str
    prepaid_all: str
    pay: str
    to_iban: str
    in_name_of: str
    mentioning: str
    scan: str
    qr_alt: str
    whole_credit: str
    part_credit: str
    get_back: str
    do_nothing: str
    by_hand: str
    credit_reason: str
    how_set: str
    how_set_in: str
    decision: str
    one_fee: str
    questions: str
    mail_us: str
    contact_us: str
    link: str
    ubl_inside: str
    of_ubl: str
    mail_subject: str

    def kind(self, document: InvoiceDocument) -> str:
        if document.is_statement:
            return self.statement
        return self.credit_note if document.is_credit_note else self.invoice

    def title(self, document: InvoiceDocument) -> str:
        """`Factuur 2026-00012`; a statement has no number: `Mededeling over het jaartarief 2026`."""
        if document.is_statement:
            return self.statement_title.format(year=document.starts_on.year)
        return f"{self.kind(document)} {document.number}"

    def day(self, value: date) -> str:
        """`15 maart 2024`, `15 March 2024`"""
        return filters.day(value) if self.language is Language.DUTCH else format_date(value, "d MMMM y", locale="en_GB")

    def euro(self, amount: Decimal) -> str:
        """`€ 1.234,50`, `€1,234.50`; negative `€ -250,00`, `-€250.00`."""
        if self.language is Language.DUTCH:
            return filters.euro(amount)
        rounded = euros(amount) + 0
        return f"{'-' if rounded < 0 else ''}€{abs(rounded):,.2f}"

    def percentage(self, value: Decimal) -> str:
        """`21%`, `10,5%`, `10.5%`"""
        shown = filters.percentage(value)
        return shown if self.language is Language.DUTCH else shown.replace(",", ".")

    def country(self, code: str) -> str:
        return country_name(code, str(self.language.value))

    def rate(self, category: VatCategory, percentage: Decimal) -> str:
        """In the column of a line: the rate, or a dash for what has no VAT."""
        return self.percentage(percentage) if category is VatCategory.STANDARD else "–"

    def vat_total(self, total: VatTotal) -> str:
        """`21% btw over € 750,00`, or why there is none."""
        if total.category is VatCategory.STANDARD:
            return self.vat_over.format(rate=self.percentage(total.percentage), net=self.euro(total.net))
        return self.without_vat_over.format(why=total.exemption, net=self.euro(total.net))


WORDS = {
    Language.DUTCH: Words(
        language=Language.DUTCH,
        invoice="Factuur",
        credit_note="Creditnota",
        statement="Mededeling",
        statement_title="Mededeling over het jaartarief {year}",
        example="VOORBEELD. Dit is geen echte {kind}: de gegevens zijn verzonnen. Niet betalen.",
        logo="Logo van",
        operator="Stelselbeheerder van het Schuldenknooppunt",
        attention="t.a.v.",
        page="Pagina {page} van {pages}",
        facts="Gegevens van deze {kind}",
        number="Nummer",
        invoice_date="Factuurdatum",
        credit_date="Datum",
        belongs_to="Hoort bij",
        credited_invoice="Factuur {number} van {day}",
        due="Betalen voor of op",
        order_number="Uw inkoopordernummer",
        reference="Uw kenmerk",
        period="Periode",
        until="tot en met",
        lines="Waarvoor",
        description="Omschrijving",
        vat="Btw",
        amount="Bedrag",
        vat_id="Btw-nummer",
        net="Totaal zonder btw",
        vat_over="{rate} btw over {net}",
        without_vat_over="{why}, over {net}",
        total="Totaal",
        total_credit="Totaal van deze creditnota",
        prepaid="Vooruitbetaald",
        to_pay="Te betalen",
        nothing_to_pay="U hoeft niets te betalen.",
        prepaid_all="Het bedrag is al vooruitbetaald.",
        pay="Maak {amount} over voor of op {day}",
        to_iban="IBAN",
        in_name_of="Ten name van",
        mentioning="Betalingskenmerk",
        scan="Of scan de code met uw bankapp.",
        qr_alt="QR-code voor uw bankapp: {amount} naar {iban} van {name}, betalingskenmerk {reference}",
        whole_credit="Met deze creditnota vervalt factuur {number} helemaal.",
        part_credit="Met deze creditnota vervalt een deel van factuur {number}: {amount}. De rest blijft staan.",
        get_back="Hebt u dat bedrag nog niet betaald? Dan hoeft dat niet meer. Hebt u al betaald? Dan krijgt u {amount}"
        " van ons terug.",
        do_nothing="U hoeft niets te doen.",
        by_hand="Waarom u deze factuur krijgt",
        credit_reason="Reden:",
        how_set="Zo komt het tarief tot stand",
        how_set_in="Categorie {category}: zo komt het tarief tot stand",
        decision="Besluit:",
        one_fee="Eén tarief voor alle modules.",
        questions="Vragen?",
        mail_us="Mail naar {email} en noem het nummer {number}.",
        contact_us="Neem contact op met {name} en noem het nummer {number}.",
        link="Voor uw administratie: bekijk deze {kind}, download de e-factuur of geef een wijziging door op",
        ubl_inside="De e-factuur (UBL) zit in dit pdf-bestand.",
        of_ubl="Deze factuur als e-factuur (UBL 2.1)",
        mail_subject="{title} van het Schuldenknooppunt",
    ),
    Language.ENGLISH: Words(
        language=Language.ENGLISH,
        invoice="Invoice",
        credit_note="Credit note",
        statement="Notice",
        statement_title="Notice on the annual fee of {year}",
        example="EXAMPLE (VOORBEELD). This is not a real {kind}: the data are invented. Do not pay.",
        logo="Logo of",
        operator="Operator of the Schuldenknooppunt",
        attention="Attn",
        page="Page {page} of {pages}",
        facts="Details of this {kind}",
        number="Number",
        invoice_date="Invoice date",
        credit_date="Date",
        belongs_to="Relates to",
        credited_invoice="Invoice {number} of {day}",
        due="Due date",
        order_number="Your purchase order",
        reference="Your reference",
        period="Period",
        until="to",
        lines="What it is for",
        description="Description",
        vat="VAT",
        amount="Amount",
        vat_id="VAT number",
        net="Total without VAT",
        vat_over="{rate} VAT on {net}",
        without_vat_over="{why}, on {net}",
        total="Total",
        total_credit="Total of this credit note",
        prepaid="Paid in advance",
        to_pay="Amount due",
        nothing_to_pay="You do not have to pay anything.",
        prepaid_all="The amount was paid in advance.",
        pay="Please pay {amount} by {day}",
        to_iban="IBAN",
        in_name_of="In the name of",
        mentioning="Payment reference",
        scan="Or scan the code with your banking app.",
        qr_alt="QR code for your banking app: {amount} to {iban} of {name}, payment reference {reference}",
        whole_credit="With this credit note, invoice {number} is cancelled entirely.",
        part_credit="With this credit note, part of invoice {number} is cancelled: {amount}. The rest remains due.",
        get_back="If you have not paid that amount, you no longer have to. If you have, we will pay back {amount}.",
        do_nothing="You do not have to do anything.",
        by_hand="Why you receive this invoice",
        credit_reason="Reason:",
        how_set="How the fee was set",
        how_set_in="Category {category}: how the fee was set",
        decision="Decision:",
        one_fee="One fee for all modules.",
        questions="Questions?",
        mail_us="Send a mail to {email} and mention number {number}.",
        contact_us="Contact {name} and mention number {number}.",
        link="For accounts payable: view this {kind}, download the e-invoice or report a change at",
        ubl_inside="The e-invoice (UBL) is inside this PDF file.",
        of_ubl="This invoice as e-invoice (UBL 2.1)",
        mail_subject="{title} of the Schuldenknooppunt",
    ),
}
