"""What holds for decisions, and the settings that are chosen until the client confirms them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from governance.kinds import NEEDS_ADVICE, Body, DecisionKind, SettingName

# ------------------------------------------------------------------------------------ what follows, what waits


@dataclass(frozen=True)
class Effect:
    """Something that followed from a decision."""

    kind: str
    """What it is, in Dutch: "Tarieftabel"."""
    title: str
    explanation: str
    url: str | None
    """Where it stands; None when the reader may not open it."""


@dataclass(frozen=True)
class Waiting:
    """Something on which a body still has to decide or advise."""

    title: str
    explanation: str
    url: str
    since: date


EffectsOf = Callable[[int], list[Effect]]
"""By the id of a decision."""
WaitsFor = Callable[[Body], list[Waiting]]

EFFECTS: list[EffectsOf] = []
WAITING: list[WaitsFor] = []


def register_effects(source: EffectsOf) -> EffectsOf:
    """Upper packages tell what of theirs rests on a decision; computed from their rows, so it cannot disagree."""
    EFFECTS.append(source)
    return source


def register_waiting(source: WaitsFor) -> WaitsFor:
    """Upper packages tell what waits for a body: the agenda of its next meeting."""
    WAITING.append(source)
    return source


# ------------------------------------------------------------------------------------ settings

START = date(2020, 1, 1)
"""Settings that no source dates hold from the beginning of the hub."""

OPEN = "keuze tot bevestiging: geen bron gevonden"
OLD_TARIFFS = "https://schuldenknooppunt.nl/aansluiten/kosten-en-baten/ (geldigheid afgeleid)"
TARIFFS = "https://schuldenknooppunt.nl/hoe-werkt-het/tarieven/"
TARIFF_NEWS = "https://schuldenknooppunt.nl/aangepaste-tarieven-schuldenknooppunt-2023/"
GUIDE = "VNG-handreiking Schuldenknooppunt (2025/2026)"
NVVK = "https://www.nvvk.nl/schuldenknooppunt"


@dataclass(frozen=True)
class Default:
    """The value of a setting until the client confirms it, and where it comes from."""

    name: SettingName
    value: str
    source: str


DEFAULTS = (
    Default(SettingName.TARIFF_TABLE_2020_STARTS_ON, "2020-07-01", OLD_TARIFFS),
    Default(SettingName.TARIFF_TABLE_A_G_STARTS_ON, "2023-01-01", TARIFF_NEWS),
    Default(SettingName.ZERO_TARIFF_STARTS_ON, "2026-01-01", GUIDE),
    Default(SettingName.ZERO_TARIFF_REVIEW_ON, "2026-12-31", OPEN),
    Default(SettingName.ZERO_TARIFF_CONNECTION_FEE, "free", OPEN),
    Default(SettingName.ZERO_TARIFF_EXISTING, "pay_on", OPEN),
    Default(SettingName.INHABITANTS_REFERENCE, "first_of_year_before", OPEN),
    Default(SettingName.FILES_REFERENCE, "last_full_year", OPEN),
    Default(SettingName.CATEGORY_OF_DEBT_COUNSELLOR, "computed", TARIFF_NEWS),
    Default(SettingName.CATEGORY_OF_CREDITOR, "declared", NVVK),
    Default(SettingName.SHARED_MUNICIPALITY, "counts_for_each", OPEN),
    Default(SettingName.FEES_PER_UNIT, "one_per_unit", OPEN),
    Default(SettingName.ADMINISTRATOR_CATEGORY_A_UNTIL, "2025-01-01", TARIFFS),
    Default(SettingName.ADMINISTRATOR_AFTERWARDS, "by_files", OPEN),
    Default(SettingName.ROLES_WITHOUT_FEE, "fund_court_matching", OPEN),
    Default(SettingName.OPEN_TOP, "started_block", OPEN),
    Default(SettingName.FIRST_YEAR, "started_months", OPEN),
    Default(SettingName.ANNUAL_INVOICE_MONTH, "1", OPEN),
    Default(SettingName.PAYMENT_TERM_DAYS, "30", OPEN),
    Default(SettingName.INDEXATION, "none", OPEN),
    Default(SettingName.ENDING, "end_of_year", OPEN),
    Default(SettingName.NOTICE_MONTHS, "3", OPEN),
    Default(SettingName.REFUND, "none", OPEN),
    Default(SettingName.VAT_PERCENTAGE, "21", "het algemene btw-tarief; de bronnen noemen er geen"),
    Default(SettingName.CHANNEL_IS_PUBLIC, "no", OPEN),
    Default(SettingName.RAW_LOG_MONTHS, "24", OPEN),
)


def why_decision_is_refused(
    body: Body, kind: DecisionKind, decided_on: date, advice: tuple[Body, date] | None
) -> str | None:
    """The board decides on tariffs after advice of the advisory board; a sentence when that does not hold."""
    if advice is None:
        if body is Body.BOARD and kind in NEEDS_ADVICE:
            return "Leg eerst het advies van de raad van advies vast; het bestuur besluit daarna over tarieven."
        return None
    advised_by, advised_on = advice
    if advised_by is not Body.ADVISORY_BOARD:
        return f"Dit is geen advies van de raad van advies, maar een besluit van: {advised_by.label.lower()}."
    if advised_on > decided_on:
        return "Het advies is van na het besluit. Controleer de datums."
    return None
