"""Checks of Dutch identifiers. Each takes what a person typed and returns the stored form, or raises
`InvalidIdentifier` with a Dutch sentence that says what is wrong and what to do.

Sources: KvK number 8 digits, vestigingsnummer 12 digits (Handelsregister); RSIN 9 digits with the 11-test of the BSN;
OIN 20 positions: prefix 8, main number 8 or 9, suffix (Logius, OIN-Stelsel ch. 3). An OIN is never derived from, or
refused because of, a KvK number or RSIN: eight real municipalities carry an older RSIN in theirs.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError
from stdnum.nl import bsn, btw, postcode

WORDS = ["nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"]
OIN_REGISTERS = {
    "00000001": "RSIN",
    "00000002": "Fi-nummer",
    "00000003": "KvK",
    "00000004": "subOIN",
    "00000005": "vrij",
    "00000006": "Logius",
    "00000007": "BRIN",
    "00000008": "buitenland",
    "00000009": "UZI",
    "00000010": "TRR-BD",
    "00000099": "test",
}
MAX_NAME = 200


class InvalidIdentifier(ValueError):
    """The text of this exception is meant for the user."""


def in_words(number: int) -> str:
    """A small number as a Dutch word, a larger one in digits."""
    return WORDS[number] if 0 <= number < len(WORDS) else str(number)


def _digits(value: str, length: int, article_and_name: str) -> str:
    compact = re.sub(r"[\s.\-\u2010-\u2015\u200b\ufeff]", "", value)
    if compact and not (compact.isascii() and compact.isdigit()):
        raise InvalidIdentifier(f"{article_and_name} bestaat alleen uit cijfers. Haal de andere tekens weg.")
    if len(compact) != length:
        raise InvalidIdentifier(
            f"{article_and_name} heeft {in_words(length)} cijfers. U vulde er {in_words(len(compact))} in."
        )
    return compact


def kvk(value: str) -> str:
    """KvK number: eight digits, leading zeros kept."""
    return _digits(value, 8, "Een KvK-nummer")


def vestigingsnummer(value: str) -> str:
    """Number of an establishment in the Handelsregister: twelve digits."""
    return _digits(value, 12, "Een vestigingsnummer")


def rsin(value: str) -> str:
    """RSIN: nine digits that pass the 11-test."""
    number = _digits(value, 9, "Een RSIN")
    if not bsn.is_valid(number):
        raise InvalidIdentifier("Dit RSIN klopt niet. Controleer de cijfers.")
    return number


def oin(value: str) -> str:
    """OIN: twenty positions, a known register as prefix."""
    compact = re.sub(r"\s", "", value).upper()
    if len(compact) != 20:
        raise InvalidIdentifier(
            "Een OIN heeft twintig tekens. Kijk op uw PKIoverheid-certificaat of in het OIN-register."
        )
    if not (compact.isascii() and compact.isalnum()) or compact[:8] not in OIN_REGISTERS:
        raise InvalidIdentifier(
            "Dit is geen OIN: de eerste acht cijfers horen bij geen register. "
            "Kijk op uw PKIoverheid-certificaat of in het OIN-register."
        )
    return compact


def oin_warning(number: str, *, kvk_number: str | None, rsin_number: str | None) -> str | None:
    """A sentence when the OIN carries another KvK number or RSIN than the organisation's; never a reason to refuse."""
    register, rest = number[:8], number[8:]
    if register == "00000001" and rsin_number and rest[:9] != rsin_number:
        return "Dit OIN wijkt af van het RSIN van uw organisatie. Dat kan kloppen; controleer het."
    if register == "00000003" and kvk_number and rest[:8] != kvk_number:
        return "Dit OIN wijkt af van het KvK-nummer van uw organisatie. Dat kan kloppen; controleer het."
    return None


def iban(value: str) -> str:
    """IBAN in electronic form (no spaces), check digits verified (ISO 13616); not whether the bank exists."""
    try:
        return str(stdnum_iban.validate(value, check_country=False))
    except ValidationError as error:
        raise InvalidIdentifier("Dit IBAN klopt niet. Controleer de cijfers.") from error


def vat_id(value: str) -> str:
    """Dutch VAT identification number (btw-id), as `NL000099998B57`, check digits verified."""
    try:
        return f"NL{btw.validate(value)}"
    except ValidationError as error:
        raise InvalidIdentifier(
            "Dit btw-nummer klopt niet. Het heeft de vorm NL, negen cijfers, een B en twee cijfers."
        ) from error


def postal_code(value: str) -> str:
    """Dutch postal code, stored as `1234 AB`."""
    try:
        return str(postcode.validate(value))
    except ValidationError as error:
        raise InvalidIdentifier("Een postcode heeft vier cijfers en twee letters, bijvoorbeeld 3511 BT.") from error


def purchase_order_number(value: str) -> str:
    """Purchase order number or other reference that must stand on the invoice: at most 50 printable characters."""
    text = clean_text(value)
    if len(text) > 50:
        raise InvalidIdentifier("Een inkoopordernummer mag hoogstens 50 tekens hebben.")
    return text


def e_invoice_address(value: str) -> str:
    """Peppol participant id, scheme and number: 0190 with an OIN, 0106 with a KvK number, or another scheme."""
    compact = re.sub(r"\s", "", value)
    scheme, _, number = compact.partition(":")
    if not re.fullmatch(r"[0-9]{4}:[0-9A-Za-z][0-9A-Za-z._-]{0,49}", compact):
        raise InvalidIdentifier(
            "Een e-factuuradres heeft vier cijfers, een dubbele punt en een nummer, "
            "bijvoorbeeld 0190:00000001001876387000."
        )
    check = {"0190": oin, "0106": kvk}.get(scheme)
    return f"{scheme}:{check(number) if check else number}"


def clean_text(value: str, *, several_lines: bool = False) -> str:
    """Text without characters that no document can show; white space folded, NFC. Raises on control characters."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    allowed = {"\n", "\t"} if several_lines else {"\t"}
    refused = sorted({c for c in value if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} and c not in allowed})
    bidi = sorted({c for c in value if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"})
    if refused or bidi:
        shown = ", ".join(f"U+{ord(c):04X}" for c in [*refused, *bidi][:5])
        raise InvalidIdentifier(f"Deze tekens kunnen wij niet verwerken: {shown}. Haal ze weg.")
    if several_lines:
        return "\n".join(" ".join(line.split()) for line in value.split("\n")).strip()
    return " ".join(value.split())
