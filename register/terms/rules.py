"""Examples of what somebody pays, computed as an invoice is; and the blanks of an agreement that nobody filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.tariffs.rules import (
    UNITS,
    Category,
    Classification,
    Count,
    Fee,
    NoCategory,
    Policy,
    ZeroRule,
    classification,
    connection_charge,
    first_year_charge,
    thousands,
)
from governance.kinds import SettingName

SIZES = {"inhabitants": (10_000, 30_000, 100_000, 1_250_000), "files": (10, 300, 3_000, 12_500)}
"""Of whom to give an example: sizes that are easy to compare with one's own, the last one above the open top."""

BLANKS = {
    "stelselbeheerder_gegevens": "[adres en KvK-nummer van de stelselbeheerder]",
    "deelnemer": "[naam van de deelnemer]",
    "deelnemer_gegevens": "[adres en KvK-nummer van de deelnemer]",
    "onderdeel": "[de hele organisatie of een onderdeel]",
    "rol": "[rol]",
    "kanaal": "[wijze van aansluiten]",
    "tekenbevoegde": "[naam van wie tekent]",
    "functie": "[functie]",
    "tarieftabel": "[tarieftabel]",
    "categorie": "[de tariefcategorie van de deelnemer]",
}
"""What a reader sees where an agreement names somebody; the operator is known."""

SHOWN_SETTINGS = (
    SettingName.ZERO_TARIFF_EXISTING,
    SettingName.ZERO_TARIFF_CONNECTION_FEE,
    SettingName.ZERO_TARIFF_REVIEW_ON,
    SettingName.FIRST_YEAR,
    SettingName.OPEN_TOP,
    SettingName.CATEGORY_OF_DEBT_COUNSELLOR,
    SettingName.CATEGORY_OF_CREDITOR,
    SettingName.INHABITANTS_REFERENCE,
    SettingName.FILES_REFERENCE,
    SettingName.SHARED_MUNICIPALITY,
    SettingName.FEES_PER_UNIT,
    SettingName.ADMINISTRATOR_AFTERWARDS,
    SettingName.ROLES_WITHOUT_FEE,
    SettingName.ANNUAL_INVOICE_MONTH,
    SettingName.PAYMENT_TERM_DAYS,
    SettingName.INDEXATION,
    SettingName.ENDING,
    SettingName.NOTICE_MONTHS,
    SettingName.REFUND,
    SettingName.VAT_PERCENTAGE,
    SettingName.VAT_TREATMENT,
)
"""The choices of policy that decide what somebody pays, in the order in which one asks."""


@dataclass(frozen=True)
class Example:
    """What somebody of a size pays who connects on a day."""

    size: str
    """As in: 30.000 inwoners."""
    found: Classification
    """What the table asks for a whole year."""
    connection: Fee
    first_year: Fee


def examples(
    policy: Policy, categories: Sequence[Category], connected_on: date, zero: ZeroRule | None
) -> list[Example]:
    """One for each size that the table has a category for."""
    if not categories:
        return []
    basis = categories[0].basis
    found = []
    for number in SIZES.get(basis, ()):
        try:
            outcome = classification(policy, categories, [Count("voorbeeld", number, "voorbeeld")], "voorbeeld")
        except NoCategory:
            continue
        found.append(
            Example(
                f"{thousands(number)} {UNITS[basis][1]}",
                outcome,
                connection_charge(outcome, zero),
                first_year_charge(outcome, zero, connected_on, policy.first_year),
            )
        )
    return found
