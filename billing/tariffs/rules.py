"""From a number to a category, and from a category to what is paid. Sources: docs/domain.md §1.2, §1.5 and §1.8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from billing.kinds import NO_CATEGORY, CarryOver, FeeKind, FirstYear, OpenTop
from core.money import ZERO, euros
from core.periods import started_months
from participants.kinds import Basis

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
UNITS = {
    "inhabitants": ("inwoner", "inwoners"),
    "files": ("schulddossier per jaar", "schulddossiers per jaar"),
    "arrangements": ("geaccordeerde schuldregeling", "geaccordeerde schuldregelingen"),
}
"""What a basis counts: one, and more."""


MEASURED = "het logboek van het knooppunt"
"""Source of a number that was measured. The category of a creditor goes by its own declaration; what was measured can
only lead to a proposal."""


class NoCategory(ValueError):
    """No row of the table holds the number."""


@dataclass(frozen=True)
class Category:
    """One row of a tariff table: lower bound inclusive, upper bound exclusive, None for the open top."""

    name: str
    basis: str
    lower: int
    upper: int | None
    annual_fee: Decimal
    connection_fee: Decimal | None = None
    connection_share: Decimal | None = None
    """Percentage of the annual fee, where the table gives no amount."""
    step_size: int | None = None
    step_fee: Decimal | None = None
    row_id: int | None = None


@dataclass(frozen=True)
class FixedCategory:
    """A role that falls in a category for a time, whatever its number."""

    role_code: str
    category: str
    starts_on: date
    ends_before: date
    decision_id: int

    def holds(self, role_code: str, on: date) -> bool:
        return role_code == self.role_code and self.starts_on <= on < self.ends_before


@dataclass(frozen=True)
class ZeroRule:
    """Subscriptions that begin in this period pay nothing for the time being; `carry_over` says what they pay after
    its end."""

    starts_on: date
    ends_before: date | None
    decision_id: int
    connection_fee_is_free: bool = True
    carry_over: CarryOver = CarryOver.KEEP_ZERO
    decided_in: int | None = None
    """The year in which the end, or what is paid after it, was decided."""

    def holds(self, connected_on: date) -> bool:
        return self.starts_on <= connected_on and (self.ends_before is None or connected_on < self.ends_before)

    @property
    def last_day(self) -> date | None:
        """The last day on which a subscription can begin under it."""
        return None if self.ends_before is None else self.ends_before - timedelta(days=1)

    def is_free_in(self, year: int) -> bool:
        """Whether the annual fee over a year is nothing, for who began under it. When the decision says that they pay
        after its end, that is from the calendar year after its last day, and never over a year that had begun."""
        if self.last_day is None or self.carry_over is CarryOver.KEEP_ZERO:
            return True
        return year <= self.last_free_year(self.last_day)

    def last_free_year(self, last_day: date) -> int:
        """The last calendar year over which nothing is paid, when they pay after its end."""
        return max(last_day.year, self.decided_in or last_day.year)


@dataclass(frozen=True)
class Policy:
    """Everything that decides what is paid on one day."""

    table: str
    decision_id: int
    categories: Mapping[str, Sequence[Category]]
    """By audience: shv, creditor."""
    exceptions: Sequence[FixedCategory] = ()
    zero_rules: Sequence[ZeroRule] = ()
    open_top: OpenTop = OpenTop.STARTED_BLOCK
    first_year: FirstYear = FirstYear.STARTED_MONTHS

    def zero_rule(self, connected_on: date) -> ZeroRule | None:
        """The zero tariff under which a subscription began, if any."""
        return next((rule for rule in self.zero_rules if rule.holds(connected_on)), None)


@dataclass(frozen=True)
class Count:
    """A number that a category rests on, of whom, and who says so ("organisaties.overheid.nl")."""

    who: str
    number: int
    source: str


@dataclass(frozen=True)
class Classification:
    """The category of a participant on a day, what the table asks for a whole year, and why."""

    category: str
    basis: str | None
    number: int | None
    connection_fee: Decimal
    annual_fee: Decimal
    sentence: str
    decision_id: int
    row_id: int | None = None
    counts: Sequence[Count] = ()
    proposed: Classification | None = None
    """What a newer number would give: another category, on which nobody decided yet."""


@dataclass(frozen=True)
class Fee:
    """One line to invoice, in euros without VAT."""

    kind: FeeKind
    description: str
    net: Decimal
    year: int
    """The year that a charge is for; 0 for what is charged once."""
    decision_id: int


# ------------------------------------------------------------------------------------------------- the arithmetic


def classify(categories: Sequence[Category], number: int) -> Category:
    """The category whose bounds hold the number. Raises NoCategory when none does."""
    for category in categories:
        if category.lower <= number and (category.upper is None or number < category.upper):
            return category
    raise NoCategory(f"geen categorie bij {thousands(number)}")


def annual_fee(category: Category, number: int, open_top: OpenTop) -> Decimal:
    """The fee for a whole year: the amount of the category, and in the open top a surcharge per block above its lower
    bound (started or full, by the setting). Exactly on the bound there is no surcharge."""
    if category.step_size is None or category.step_fee is None:
        return category.annual_fee
    above = max(0, number - category.lower)
    blocks = -(-above // category.step_size) if open_top is OpenTop.STARTED_BLOCK else above // category.step_size
    return category.annual_fee + blocks * category.step_fee


def connection_fee(category: Category, fee_for_a_year: Decimal) -> Decimal:
    """What connecting costs, once: an amount, or a percentage of the annual fee."""
    if category.connection_fee is not None:
        return category.connection_fee
    return euros(fee_for_a_year * (category.connection_share or ZERO) / 100)


def first_year_fee(fee_for_a_year: Decimal, connected_on: date, first_year: FirstYear) -> Decimal:
    """The annual fee over the year of connecting: a twelfth for every month begun, rounded half up once; or all of it,
    by the setting."""
    if first_year is FirstYear.WHOLE_YEAR:
        return fee_for_a_year
    return euros(fee_for_a_year * months_left(connected_on) / 12)


def months_left(connected_on: date) -> int:
    """Months begun from the connection date to the end of its year: 12 in January, 1 in December."""
    return started_months(connected_on, date(connected_on.year + 1, 1, 1))


def reference_day(day: date) -> date:
    """The day by which inhabitants are counted for what is charged on `day`: 1 January of the year before."""
    return date(day.year - 1, 1, 1)


# ------------------------------------------------------------------------------------------------- the outcome


def classification(
    policy: Policy, categories: Sequence[Category], counts: Sequence[Count], name: str
) -> Classification:
    """The category of a participant by what was counted. Raises NoCategory."""
    number = sum(count.number for count in counts)
    category = classify(categories, number)
    fee = annual_fee(category, number, policy.open_top)
    return Classification(
        category=category.name,
        basis=category.basis,
        number=number,
        connection_fee=connection_fee(category, fee),
        annual_fee=fee,
        sentence=counted_sentence(name, counts, category),
        decision_id=policy.decision_id,
        row_id=category.row_id,
        counts=tuple(counts),
    )


def fixed_classification(
    exception: FixedCategory, categories: Sequence[Category], name: str, role: str
) -> Classification:
    """The category of a role that an exception puts there, whatever its number. Raises NoCategory when the table has
    no such category."""
    found = next((category for category in categories if category.name == exception.category), None)
    if found is None:
        raise NoCategory(f"geen categorie {exception.category}")
    return Classification(
        category=found.name,
        basis=None,
        number=None,
        connection_fee=connection_fee(found, found.annual_fee),
        annual_fee=found.annual_fee,
        sentence=f"{name}: een {role.lower()} valt tot {written(exception.ends_before)} in categorie {found.name},"
        " ongeacht het aantal schulddossiers",
        decision_id=exception.decision_id,
        row_id=found.row_id,
    )


class TariffRole(Protocol):
    """A role as tariffs know it."""

    @property
    def code(self) -> Any: ...

    @property
    def label(self) -> Any: ...

    @property
    def basis(self) -> Any:
        """`Basis.NONE` for a role without tariff."""


def not_counted(
    policy: Policy, categories: Sequence[Category], role: TariffRole, name: str, on: date
) -> Classification | None:
    """The outcome for who falls somewhere whatever its number: no tariff for the role, or an exception that holds on
    the day. None for who is counted. Raises NoCategory."""
    if role.basis is Basis.NONE:
        return no_fee(policy, name, role.label)
    exception = next((one for one in policy.exceptions if one.holds(role.code, on)), None)
    return fixed_classification(exception, categories, name, role.label) if exception else None


def no_fee(policy: Policy, name: str, role: str) -> Classification:
    """The outcome for a role without tariff."""
    return Classification(
        category=NO_CATEGORY,
        basis=None,
        number=None,
        connection_fee=ZERO,
        annual_fee=ZERO,
        sentence=f"{name}: voor de rol {role.lower()} geldt geen tarief",
        decision_id=policy.decision_id,
    )


def counted_sentence(name: str, counts: Sequence[Count], category: Category) -> str:
    """Why, in one sentence: "Gemeente Velsen: 70.361 inwoners volgens organisaties.overheid.nl, categorie D"."""
    total = sum(count.number for count in counts)
    one, more = UNITS[category.basis]
    sources = " en ".join(dict.fromkeys(count.source for count in counts))
    number = f"{thousands(total)} {one if total == 1 else more}"
    if len(counts) > 1:
        who = f"{name} werkt voor {len(counts)} gemeenten ({', '.join(count.who for count in counts)})"
        number = f"samen {number}"
    else:
        who = name if counts[0].who == name else f"{name} werkt voor {counts[0].who}"
    return f"{who}: {number} volgens {sources}, categorie {category.name}"


# ------------------------------------------------------------------------------------------------- what is invoiced


def connection_charge(found: Classification, zero: ZeroRule | None) -> Fee:
    """The connection fee; nothing under a zero tariff that includes it."""
    free = zero is not None and zero.connection_fee_is_free
    return Fee(
        kind=FeeKind.CONNECTION,
        description=f"Aansluitkosten, eenmalig{_in_category(found)}",
        net=ZERO if free else found.connection_fee,
        year=0,
        decision_id=zero.decision_id if zero and free else found.decision_id,
    )


def first_year_charge(found: Classification, zero: ZeroRule | None, connected_on: date, how: FirstYear) -> Fee:
    """The annual fee over the year of connecting."""
    description = f"Jaartarief {connected_on.year}{_in_category(found)}"
    months = months_left(connected_on)
    if zero is None and found.annual_fee and how is FirstYear.STARTED_MONTHS and months < 12:
        first = MONTHS[connected_on.month - 1]
        span = first if months == 1 else f"{first} tot en met december"
        description += f", {months} van 12 maanden ({span})"
    return Fee(
        kind=FeeKind.ANNUAL,
        description=description,
        net=ZERO if zero else first_year_fee(found.annual_fee, connected_on, how),
        year=connected_on.year,
        decision_id=zero.decision_id if zero else found.decision_id,
    )


def annual_charge(found: Classification, zero: ZeroRule | None, year: int) -> Fee:
    """The annual fee over a later year. A subscription that began under a zero tariff keeps it for the time being, or
    pays from the year after its end, as was decided; the line then says why."""
    free = zero is not None and zero.is_free_in(year)
    description = f"Jaartarief {year}{_in_category(found)}"
    if zero is not None and zero.last_day is not None and not free and found.annual_fee:
        description += f" (het jaartarief € 0,00 is geëindigd op {written(zero.last_day)})"
    return Fee(
        kind=FeeKind.ANNUAL,
        description=description,
        net=ZERO if free else found.annual_fee,
        year=year,
        decision_id=zero.decision_id if zero is not None and free else found.decision_id,
    )


def why_nothing(
    found: Classification, zero: ZeroRule | None, connected_on: date, year: int | None = None
) -> str | None:
    """Why the annual fee over a year (without it: over the year of connecting) is € 0,00, in one or two sentences; None
    when something is to be paid."""
    if found.category == NO_CATEGORY:
        return "Voor deze rol geldt geen tarief."
    if zero is not None and zero.is_free_in(year or connected_on.year):
        began = f"Uw abonnement is ingegaan op {written(connected_on)}."
        if zero.last_day is None:
            scope = f"Voor abonnementen die ingaan vanaf {written(zero.starts_on)} is"
        else:
            scope = f"Voor abonnementen die ingaan van {written(zero.starts_on)} tot en met {written(zero.last_day)} is"
        return f"{began} {scope} het jaartarief {_how_long(zero)} € 0,00."
    if not found.annual_fee:
        return f"In categorie {found.category} is er geen jaartarief."
    return None


def _how_long(zero: ZeroRule) -> str:
    if zero.last_day is None or zero.carry_over is CarryOver.KEEP_ZERO:
        return "voorlopig"
    return f"tot en met {zero.last_free_year(zero.last_day)}"


def _in_category(found: Classification) -> str:
    return "" if found.category == NO_CATEGORY else f", categorie {found.category}"


def thousands(number: int) -> str:
    """`70.361`"""
    return f"{number:,}".replace(",", ".")


def written(day: date) -> str:
    """`1 januari 2026`"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
