"""The invented organisations of the example data: names that no real organisation bears, numbers that cannot exist.

KvK numbers begin with 99 (none are given out there), OINs with 00000099 (test register), mail ends in .invalid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from participants.kinds import Channel, OrganisationKind, Sector


@dataclass(frozen=True)
class Fictional:
    """One invented organisation in one role."""

    number: int
    name: str
    kind: OrganisationKind
    sector: Sector
    role: str
    files: int | None = None
    """Declared files per year, for roles that go by files."""
    units: tuple[str, ...] = ("",)
    serves: int = 0
    """How many real municipalities' inhabitants a debt counsellor serves in the example."""

    @property
    def kvk(self) -> str:
        return f"99{self.number:06d}"

    @property
    def oin(self) -> str:
        return f"00000099{self.number:09d}000"

    @property
    def address(self) -> dict[str, str]:
        return {"street": f"Voorbeeldstraat {self.number % 200 + 1}", "postal_code": "9999 XX", "city": "Voorbeeldstad"}

    @property
    def domain(self) -> str:
        slug = "".join(c if c.isalnum() else "-" for c in self.name.lower())
        return "-".join(part for part in slug.split("-") if part) + ".invalid"

    @property
    def channel(self) -> Channel:
        """CSV files exist for the module Schuldregeling only, which not every role has."""
        chosen = (Channel.SYSTEM, Channel.PORTAL, Channel.SYSTEM, Channel.CSV)[self.number % 4]
        has_csv = self.role in {"creditor", "shv_phase_2", "credit_bank"}
        return chosen if has_csv or chosen is not Channel.CSV else Channel.PORTAL

    @property
    def connected_on(self) -> date:
        """Spread from spring 2023 to summer 2026; nobody signs with one operator and is countersigned by the next."""
        months = 3 + self.number * 7 % 41
        day = date(2023 + months // 12, months % 12 + 1, self.number % 27 + 1)
        return day + timedelta(days=40) if date(2026, 1, 1) <= day < date(2026, 2, 5) else day


_CREDITORS: tuple[tuple[Sector, tuple[str, ...]], ...] = (
    (
        Sector.ENERGY_WATER,
        (
            "Voorbeeldstroom",
            "Fictie Energie",
            "Zon en Verzinsel",
            "Windmolen Voorbeeldkust",
            "Waterbedrijf Nergenshuizen",
            "Warmtenet Proefstad",
            "Gas van Voorbeeld",
            "Lichtpunt Fictie",
        ),
    ),
    (
        Sector.TELECOM,
        ("Belvoorbeeld", "Fictie Mobiel", "Kabel Nergenshuizen", "Proefnet", "Draadloos Verzinsel", "Voorbeeldfoon"),
    ),
    (
        Sector.HEALTH_INSURANCE,
        (
            "Zorg van Voorbeeld",
            "Fictie Zorgpolis",
            "Onderlinge Nergenshuizen",
            "Proefzorg",
            "Verzinsel Zorg",
            "Gezond Voorbeeldland",
        ),
    ),
    (
        Sector.HOUSING,
        (
            "Wonen in Voorbeeldstad",
            "Fictiewonen",
            "Huis en Verzinsel",
            "Woonstichting Nergenshuizen",
            "Proefwoning",
            "De Verzonnen Sleutel",
            "Thuis in Fictie",
            "Voorbeeldhof Wonen",
            "Woongoed Nergensdam",
            "Stichting Dak van Voorbeeld",
            "Bouwvereniging Verzinsel",
            "Wooncorporatie De Proef",
        ),
    ),
    (
        Sector.FINANCE,
        (
            "Voorbeeldbank",
            "Fictie Krediet",
            "Spaarkas Nergenshuizen",
            "Proefkrediet",
            "Leenhuis Verzinsel",
            "Achterafbetaal Voorbeeld",
        ),
    ),
    (
        Sector.COLLECTION,
        (
            "Gerechtsdeurwaarders Voorbeeld",
            "Incasso Fictie",
            "Deurwaarders Nergenshuizen",
            "Proefincasso",
            "Verzinsel en Partners Gerechtsdeurwaarders",
            "Minnelijk Voorbeeld",
            "Fictie Invordering",
            "Deurwaarderskantoor De Proef",
        ),
    ),
    (
        Sector.RETAIL,
        ("Voorbeeldwinkel", "Postorder Fictie", "Webshop Verzinsel", "Kleding van Nergenshuizen", "Proefmarkt"),
    ),
    (
        Sector.LOCAL_TAX,
        (
            "Belastingsamenwerking Voorbeeldland",
            "Waterschap De Fictie",
            "Belastingkantoor Nergensdelta",
            "Waterschap Verzinsel",
        ),
    ),
    (Sector.GOVERNMENT, ("Voorbeelddienst Toeslag en Teruggave", "Fictief Bureau Boetes")),
    (Sector.OTHER, ("Sportpark Voorbeeld", "Kinderopvang Fictie", "Autolease Verzinsel")),
)

_SHV = (
    "Kredietbank Voorbeeldland",
    "Schuldhulp Nergenshuizen",
    "Fictie Financiële Zorg",
    "Budgetwinkel Verzinsel",
    "Stadskas Voorbeeldstad",
    "Schuldhulp De Proef",
    "Regiobank Fictie",
    "Sociaal Werk Nergensdam",
    "Nieuwe Start Voorbeeld",
    "Schuldrust Fictie",
    "Plan van Verzinsel",
    "Samenwerking Schuldhulp Voorbeeldkust",
    "Hulp bij Geld Nergenshuizen",
    "Fictieve Gemeentelijke Kredietbank",
    "Schuldenwijzer Proefstad",
)

_SIZES = (8, 40, 300, 499, 500, 850, 1200, 2400, 2500, 4200, 7499, 9000, 10000, 12500, 150)
UNITS_OF_ONE_CREDITOR = ("Particulieren", "Zakelijk", "Oude vorderingen")


def creditors() -> list[Fictional]:
    """Sixty creditors of all sectors; one invoices from three business units."""
    made: list[Fictional] = []
    for sector, names in _CREDITORS:
        for name in names:
            number = 100_001 + len(made)
            made.append(
                Fictional(
                    number,
                    name,
                    OrganisationKind.PUBLIC_BODY
                    if sector in {Sector.LOCAL_TAX, Sector.GOVERNMENT}
                    else OrganisationKind.FOUNDATION
                    if sector is Sector.HOUSING
                    else OrganisationKind.COMPANY,
                    sector,
                    "creditor",
                    files=_SIZES[len(made) % len(_SIZES)],
                    units=UNITS_OF_ONE_CREDITOR if name == "Fictie Energie" else ("",),
                )
            )
    return made


def debt_counsellors() -> list[Fictional]:
    """Fifteen debt counsellors; the first serves six municipalities."""
    return [
        Fictional(
            200_001 + n,
            name,
            OrganisationKind.FOUNDATION,
            Sector.CREDIT_BANK if "bank" in name.lower() else Sector.DEBT_COUNSELLING,
            "credit_bank" if "bank" in name.lower() else ("shv_phase_2", "shv_phase_1", "shv_other")[n % 3],
            files=None if "bank" in name.lower() or n % 3 != 2 else 120 + 35 * n,
            serves=6 if n == 0 else 1 + n % 2,
        )
        for n, name in enumerate(_SHV)
    ]


def administrators() -> list[Fictional]:
    """Thirty administrators of assets, of whom every third is a sole trader."""
    places = ("Voorbeeldstad", "Nergenshuizen", "Fictiedam", "Proefstad", "Verzinselkerk", "Nergensdam")
    forms = ("Bewindvoering", "Bewind en Budget", "Bewindskantoor", "Beschermingsbewind", "De Rekening")
    return [
        Fictional(
            300_001 + n,
            f"{forms[n // len(places)]} {places[n % len(places)]}",
            OrganisationKind.SOLE_TRADER if n % 3 == 0 else OrganisationKind.COMPANY,
            Sector.ADMINISTRATION,
            "administrator",
            files=(6, 20, 45, 80, 11, 12)[n % 6],
        )
        for n in range(30)
    ]
