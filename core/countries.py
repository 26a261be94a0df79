"""Countries by their ISO 3166 code, and what the European Union has to do with VAT."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from core import identifiers
from core.identifiers import InvalidIdentifier

HOME = "NL"
LONGEST_POSTAL_CODE = 12
EUROPEAN_UNION = frozenset(code.upper() for code in vat.MEMBER_STATES) - {"XI"}
"""Northern Ireland counts for goods only; what we invoice is a service."""
NOT_A_COUNTRY = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])
"""In the list of names (CLDR), but no code of ISO 3166."""
PREFIX = {"GR": "EL"}
"""Where a VAT identification number begins with something else than the code of its country."""


@cache
def countries(language: str = "nl") -> dict[str, str]:
    """Code and name of every country, by name; our own first."""
    names = {str(code): str(name) for code, name in Locale(language).territories.items()}
    found = {code: names[code] for code in names if re.fullmatch("[A-Z]{2}", code) and code not in NOT_A_COUNTRY}
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != HOME, pair[1])))


def country_name(code: str, language: str = "nl") -> str:
    """`België`; the code itself when it is unknown."""
    return countries(language).get(code, code)


def country(value: str) -> str:
    """The code of a country, as stored. Raises InvalidIdentifier."""
    code = value.strip().upper()
    if code not in countries():
        raise InvalidIdentifier("Kies een land uit de lijst.")
    return code


def postal_code(value: str, country_code: str) -> str:
    """A postal code as stored: in the Dutch form at home, any short text elsewhere. Raises InvalidIdentifier."""
    if country_code == HOME:
        return identifiers.postal_code(value)
    code = identifiers.clean_text(value)
    if len(code) > LONGEST_POSTAL_CODE:
        raise InvalidIdentifier(f"Een postcode heeft hoogstens {LONGEST_POSTAL_CODE} tekens.")
    return code


def vat_id(value: str, country_code: str) -> str:
    """A VAT identification number of a country of the European Union, with its prefix and without spaces. Raises
    InvalidIdentifier, also when it is of another country."""
    if country_code not in EUROPEAN_UNION:
        raise InvalidIdentifier(
            "Een btw-nummer is alleen nodig voor een adres in de Europese Unie. Laat dit leeg, of kies een ander land."
        )
    prefix = PREFIX.get(country_code, country_code)
    example = f"Het begint met {prefix}."
    try:
        found = str(vat.validate(value))
    except ValidationError as error:
        raise InvalidIdentifier(f"Dit btw-nummer klopt niet. {example} Controleer de tekens.") from error
    if not found.startswith(prefix):
        raise InvalidIdentifier(f"Dit btw-nummer hoort niet bij {country_name(country_code)}. {example}")
    return found
