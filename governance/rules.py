"""What holds for decisions, and the settings that are chosen until the client confirms them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

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


PARTS = {
    "governance": "besluiten, instellingen en organen",
    "catalogue": "modules",
    "billing": "tarieven en facturen",
    "onboarding": "overeenkomsten en aansluitingen",
    "participants": "deelnemers",
}


def part_of(source: Callable[..., object]) -> str:
    """What a registered source tells about, in Dutch; by the package that it stands in."""
    package = source.__module__.split(".", maxsplit=1)[0]
    return PARTS.get(package, package)


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
    starts_on: date = START
    to_confirm: bool = True


ALL_BODIES = ",".join(str(body.value) for body in Body)
BIDN_STARTS_ON = date(2026, 1, 1)
"""First day on which the hub is part of Bureau InformatieDiensten Nederland."""

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
    Default(SettingName.DECLARATION_REQUEST_MONTH, "10", OPEN),
    Default(SettingName.PAYMENT_TERM_DAYS, "30", OPEN),
    Default(SettingName.INVOICE_LINK_MONTHS, "15", OPEN),
    Default(SettingName.INDEXATION, "none", OPEN),
    Default(SettingName.ENDING, "end_of_year", OPEN),
    Default(SettingName.NOTICE_MONTHS, "3", OPEN),
    Default(SettingName.REFUND, "none", OPEN),
    Default(SettingName.VAT_PERCENTAGE, "21", "het algemene btw-tarief; de bronnen noemen er geen"),
    Default(SettingName.ZERO_INVOICE, "numbered", OPEN),
    Default(SettingName.CREDITING_OPERATOR, "current", OPEN),
    Default(SettingName.VAT_TREATMENT, "standard", OPEN),
    Default(
        SettingName.VAT_EXEMPTION_TEXT,
        "Vrijgesteld van btw op grond van artikel 11 van de Wet op de omzetbelasting 1968",
        OPEN,
    ),
    Default(SettingName.ACTIVE_BODIES, ALL_BODIES, NVVK, to_confirm=False),
    Default(SettingName.ACTIVE_BODIES, ALL_BODIES, OPEN, BIDN_STARTS_ON),
    Default(SettingName.CHANNEL_IS_PUBLIC, "no", OPEN),
    Default(SettingName.RAW_LOG_MONTHS, "24", OPEN),
)


def active_bodies(value: str) -> list[Body]:
    """The bodies in a value of the setting: codes, separated by commas. Raises ValueError for an unknown code."""
    return [Body(code.strip()) for code in value.split(",") if code.strip()]


# ------------------------------------------------------------------------------------ decisions


@dataclass(frozen=True)
class Paper:
    """A stored document as it is attached: name of the file, hash, kind, size in bytes."""

    name: str
    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Draft:
    """Everything that is recorded of a decision or advice, but for its number."""

    body: Body
    kind: DecisionKind
    decided_on: date
    title: str
    text: str
    source: str
    reasons: str | None = None
    starts_on: date | None = None
    """None: from the day of the decision."""
    ends_before: date | None = None
    advice_id: int | None = None
    supersedes_id: int | None = None
    meeting_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As an approval keeps it: codes, days in ISO form."""
        return {
            **asdict(self),
            "body": self.body.value,
            "kind": self.kind.value,
            **{name: value.isoformat() if value else None for name, value in self._days().items()},
        }

    def _days(self) -> dict[str, date | None]:
        return {"decided_on": self.decided_on, "starts_on": self.starts_on, "ends_before": self.ends_before}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        days = {
            name: date.fromisoformat(stored[name]) if stored[name] else None
            for name in ("decided_on", "starts_on", "ends_before")
        }
        return cls(**{**stored, **days, "body": Body(stored["body"]), "kind": DecisionKind(stored["kind"])})


ABOUT = {
    DecisionKind.TARIFF_TABLE: "over tarieven",
    DecisionKind.ZERO_TARIFF: "over tarieven",
    DecisionKind.TARIFF_EXCEPTION: "over tarieven",
    DecisionKind.MODULE_RELEASE: "over de vrijgave van een module",
}
"""What the advisory board advises on first, as it stands in a sentence."""


def why_decision_is_refused(
    body: Body,
    kind: DecisionKind,
    decided_on: date,
    advice: tuple[Body, date] | None,
    advice_kind: DecisionKind | None = None,
) -> str | None:
    """The board decides on tariffs and on module releases after advice of the advisory board on the same; a sentence
    when that does not hold."""
    if advice is None:
        first = f"Leg eerst het advies van de raad van advies vast; het bestuur besluit daarna {ABOUT.get(kind)}."
        return first if body is Body.BOARD and kind in NEEDS_ADVICE else None
    advised_by, advised_on = advice
    if advised_by is not Body.ADVISORY_BOARD:
        return f"Dit is geen advies van de raad van advies, maar een besluit van: {advised_by.label.lower()}."
    if body is Body.ADVISORY_BOARD:
        return "Een advies rust niet op een ander advies. Laat 'Advies vooraf' leeg."
    if advice_kind is not None and advice_kind is not kind:
        return f"Dit advies gaat over iets anders ({advice_kind.label.lower()}). Kies het advies over dit onderwerp."
    if advised_on > decided_on:
        return "Het advies is van na het besluit. Controleer de datums."
    return None


def why_body_is_refused(body: Body, active: Collection[Body]) -> str | None:
    """A body decides only while it exists; a sentence when it does not."""
    if body in active:
        return None
    article = body.in_sentence[:1].upper() + body.in_sentence[1:]
    return f"{article} bestaat op deze dag niet volgens de instellingen. Kies een ander orgaan of een andere dag."


def why_not_superseded(draft: Draft, earlier: Draft, taken_by: str | None) -> str | None:
    """A decision takes the place of one of the same body and kind, from a later day; a sentence when it does not.
    `taken_by`: the number of the decision that supersedes the earlier one already."""
    if taken_by is not None:
        return f"Dat besluit is al vervangen, door {taken_by}. Kies het laatste besluit."
    if (draft.body, draft.kind) != (earlier.body, earlier.kind):
        return "Een besluit vervangt alleen een besluit van hetzelfde orgaan over hetzelfde onderwerp."
    if (draft.starts_on or draft.decided_on) <= (earlier.starts_on or earlier.decided_on):
        return "Dit besluit moet later ingaan dan het besluit dat het vervangt. Controleer de datums."
    return None


def why_not_on(body: Body, kind: DecisionKind, wanted: DecisionKind) -> str | None:
    """What is made on a decision needs one of the board about just that; a sentence when it is another."""
    if body is not Body.BOARD:
        return f"Dit is geen besluit van het bestuur, maar van: {body.label.lower()}. Kies het besluit van het bestuur."
    if kind is not wanted:
        return (
            f"Dit besluit gaat over iets anders ({kind.label.lower()}). Kies een besluit over: {wanted.label.lower()}."
        )
    return None
