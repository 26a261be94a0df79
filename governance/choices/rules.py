"""Which settings may be changed on screen, and to what. The others follow from a decision, or have one choice only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.kinds import Body, SettingName
from governance.rules import active_bodies


@dataclass(frozen=True)
class Number:
    """A whole number within bounds, both inclusive."""

    low: int
    high: int


@dataclass(frozen=True)
class OneOf:
    """One of these codes; `VALUES` has their words."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """Words that stand somewhere as they are, at most so many characters."""

    longest: int


@dataclass(frozen=True)
class Bodies:
    """Which bodies there are: at least the board, without which nobody decides."""


Allowed = Number | OneOf | Sentence | Bodies

CHANGEABLE: dict[SettingName, Allowed] = {
    SettingName.OPEN_TOP: OneOf(("started_block", "full_block")),
    SettingName.FIRST_YEAR: OneOf(("started_months", "whole_year")),
    SettingName.DECLARATION_REQUEST_MONTH: Number(1, 12),
    SettingName.PAYMENT_TERM_DAYS: Number(1, 120),
    SettingName.INVOICE_LINK_MONTHS: Number(1, 84),
    SettingName.VAT_PERCENTAGE: Number(0, 100),
    SettingName.ZERO_INVOICE: OneOf(("numbered", "statement")),
    SettingName.CREDITING_OPERATOR: OneOf(("current", "issuer")),
    SettingName.VAT_TREATMENT: OneOf(("standard", "exempt")),
    SettingName.VAT_EXEMPTION_TEXT: Sentence(200),
    SettingName.ACTIVE_BODIES: Bodies(),
    SettingName.CHANNEL_IS_PUBLIC: OneOf(("no", "yes")),
}


def why_not(name: SettingName, value: str) -> str | None:
    """Why a setting cannot have a value; None when it can."""
    allowed = CHANGEABLE.get(name)
    match allowed:
        case None:
            return f"'{name.label}' kunt u hier niet wijzigen. Het volgt uit een besluit, of er is maar één keuze."
        case Number(low, high):
            fits = value.isascii() and value.isdigit() and low <= int(value) <= high
            return None if fits else f"Vul een getal in van {low} tot en met {high}."
        case OneOf(codes):
            return None if value in codes else "Maak een keuze uit de lijst."
        case Sentence(longest):
            fits = 0 < len(value.strip()) <= longest
            return None if fits else f"Schrijf een tekst van hoogstens {longest} tekens."
        case Bodies():
            try:
                found = active_bodies(value)
            except ValueError:
                return "Maak een keuze uit de lijst."
            return None if Body.BOARD in found else "Zonder bestuur kan niemand besluiten. Kies ook het bestuur."


def why_not_from(starts_on: date, latest: date, today: date) -> str | None:
    """Why a value cannot start on a day: the past lies fixed, because invoices were made by it; and the later of two
    values would be lost if another began before it."""
    if starts_on < today:
        return "Een instelling geldt niet met terugwerkende kracht. Kies vandaag of een latere dag."
    if starts_on <= latest:
        return "Op deze dag of later begint al een andere waarde. Kies een dag daarna."
    return None
