"""English for the sentences that our own rules write in Dutch; what people wrote stays as it is.

The frozen document is Dutch. PDF, e-invoice and mail of one that goes out in English are all made of `in_its_language`,
so that they cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from billing.documents import InvoiceDocument
from billing.rules import EXEMPTION_TEXT, REVERSE_CHARGE_TEXT
from participants.kinds import Language

MONTHS = {
    "januari": "January",
    "februari": "February",
    "maart": "March",
    "april": "April",
    "mei": "May",
    "juni": "June",
    "juli": "July",
    "augustus": "August",
    "september": "September",
    "oktober": "October",
    "november": "November",
    "december": "December",
}
UNITS = {
    "inwoner": "inhabitant",
    "inwoners": "inhabitants",
    "schulddossier per jaar": "debt file a year",
    "schulddossiers per jaar": "debt files a year",
    "geaccordeerde schuldregeling": "approved debt arrangement",
    "geaccordeerde schuldregelingen": "approved debt arrangements",
}
OWN_WORD = {"eigen opgave": "its own declaration"}
"""Sources of a number that are no name."""
_MONTH = "|".join(MONTHS)
_DAY = rf"([0-9]{{1,2}}) ({_MONTH}) ([0-9]{{4}})"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
Answer = Callable[[re.Match[str]], str]


def in_its_language(document: InvoiceDocument) -> InvoiceDocument:
    """The document as it goes out: in Dutch as it was frozen, or with the sentences of our rules in English."""
    if document.language is Language.DUTCH:
        return document
    return replace(
        document,
        explanation=in_english(document.explanation),
        why_nothing=in_english(document.why_nothing) if document.why_nothing else None,
        lines=tuple(replace(line, description=in_english(line.description)) for line in document.lines),
        vat_totals=tuple(
            replace(total, exemption=in_english(total.exemption) if total.exemption else None)
            for total in document.vat_totals
        ),
    )


def in_english(text: str) -> str:
    """The English counterpart of a sentence of ours; the text itself when it is none."""
    for pattern, answer in SENTENCES:
        found = pattern.fullmatch(text)
        if found:
            return answer(found)
    return text


def _counted(found: re.Match[str]) -> str:
    who, together, number, unit, sources, category = found.groups()
    who = re.sub(r" werkt voor ([0-9]+) gemeenten \((.*)\)$", r" works for \1 municipalities (\2)", who)
    who = re.sub(r" werkt voor (?=.)", " works for ", who)
    by = " and ".join(OWN_WORD.get(source, source) for source in sources.split(" en "))
    counted = f"{'together ' if together else ''}{number.replace('.', ',')} {UNITS[unit]}"
    return f"{who}: {counted} according to {by}, category {category}"


def _annual(found: re.Match[str]) -> str:
    year, category, months, first, last, *ended = found.groups()
    text = f"Annual fee {year}{_category(category)}"
    if ended[0]:
        text += f" (the annual fee of €0.00 ended on {_day(*ended)})"
    if months:
        text += f", {months} of 12 months ({MONTHS[first]}{f' to {MONTHS[last]}' if last else ''})"
    return text


def _zero(found: re.Match[str]) -> str:
    began, first, last = (found.groups()[start : start + 3] for start in (0, 3, 6))
    scope = f"from {_day(*first)} to {_day(*last)}" if last[0] else f"on or after {_day(*first)}"
    how_long = f"up to and including {found[10]}" if found[10] else "for the time being"
    return (
        f"Your subscription began on {_day(*began)}. For subscriptions that begin {scope} the annual fee is €0.00"
        f" {how_long}."
    )


def _category(name: str | None) -> str:
    return f", category {name}" if name else ""


def _day(day: str, month: str, year: str) -> str:
    return f"{day} {MONTHS[month]} {year}"


SENTENCES: tuple[tuple[re.Pattern[str], Answer], ...] = tuple(
    (re.compile(pattern), answer)
    for pattern, answer in (
        (
            (
                rf"Jaartarief ([0-9]{{4}})(?:, categorie ([^,( ]+))?"
                rf"(?:, ([0-9]+) van 12 maanden \(({_MONTH})(?: tot en met ({_MONTH}))?\))?"
                rf"(?: \(het jaartarief € 0,00 is geëindigd op {_DAY}\))?"
            ),
            _annual,
        ),
        (
            r"Aansluitkosten, eenmalig(?:, categorie ([^,]+))?",
            lambda found: f"Connection fee, once only{_category(found[1])}",
        ),
        (rf"(.+): (samen )?([0-9.]+) ({_UNIT}) volgens (.+), categorie (.+?)", _counted),
        (
            rf"(.+): een (.+) valt tot {_DAY} in categorie (.+), ongeacht het aantal schulddossiers",
            lambda found: (
                f"{found[1]}: until {_day(found[3], found[4], found[5])} the role {found[2]} is in category {found[6]},"
                " whatever the number of debt files"
            ),
        ),
        (r"(.+): voor de rol (.+) geldt geen tarief", lambda found: f"{found[1]}: there is no fee for {found[2]}"),
        (r"Korting launching customer", lambda _: "Launching customer discount"),
        (
            r"Deze factuur is met de hand gemaakt; er hoort geen tariefcategorie bij",
            lambda _: "This invoice was made by hand; no tariff category belongs to it",
        ),
        (r"Voor deze rol geldt geen tarief\.", lambda _: "There is no fee for this role."),
        (
            (
                rf"Uw abonnement is ingegaan op {_DAY}\. Voor abonnementen die ingaan (?:vanaf|van) {_DAY}"
                rf"(?: tot en met {_DAY})? is het jaartarief (?:voorlopig|tot en met ([0-9]{{4}})) € 0,00\."
            ),
            _zero,
        ),
        (
            r"In categorie (.+) is er geen jaartarief\.",
            lambda found: f"There is no annual fee in category {found[1]}.",
        ),
        (re.escape(EXEMPTION_TEXT), lambda _: "Exempt from VAT under article 11 of the Dutch VAT Act 1968"),
        (re.escape(REVERSE_CHARGE_TEXT), lambda _: "VAT reverse charge (btw verlegd)"),
    )
)
