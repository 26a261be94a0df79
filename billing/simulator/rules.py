"""What a tariff table would bring in over a whole year, and for whom it rises or falls.

The outcome for each subscription is the same as classifying it with `billing.tariffs.rules`; it is only reckoned for
all of them at once. Nothing is rounded here: fees for a whole year are whole cents already.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.kinds import NO_CATEGORY, OpenTop
from billing.tariffs.rules import Category, annual_fee
from core.money import ZERO

NO_AUDIENCE = ""
"""Of a role without tariff."""


@dataclass(frozen=True)
class Subscription:
    """What is known of one participant for reckoning its annual fee; read once, before reckoning."""

    key: str
    """Which participant: `12`; of what-if municipalities their code."""
    name: str
    audience: str
    """shv or creditor; NO_AUDIENCE for a role without tariff."""
    number: int | None
    """What was counted of it; None when that does not matter, or is not known."""
    fixed: str | None = None
    """A category that it is in whatever its number: by an exception, or because a change was not decided on."""
    is_zero: bool = False
    """Whether it pays € 0,00 over the year, by the zero tariff."""
    last_year: Decimal | None = None
    """The annual fee over the year before that stands invoiced; None when there is none."""
    problem: str | None = None
    """Why it cannot be classified, when it cannot."""


@dataclass(frozen=True)
class Tariffs:
    """A table to reckon with: the categories by audience."""

    categories: Mapping[str, Sequence[Category]]
    open_top: OpenTop = OpenTop.STARTED_BLOCK


@dataclass(frozen=True)
class Priced:
    """The category of a subscription and the fee for a year that the table asks, zero tariff left aside."""

    category: str
    fee: Decimal


@dataclass(frozen=True)
class Line:
    """One subscription under the present table and under the changed one."""

    subscription: Subscription
    category_before: str
    category_after: str
    before: Decimal
    """What it pays over the year under the present table."""
    after: Decimal
    """What it would pay."""

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    @property
    def since_last_year(self) -> Decimal | None:
        """The difference with what was invoiced over the year before; None when nothing was."""
        last_year = self.subscription.last_year
        return None if last_year is None else self.after - last_year


@dataclass(frozen=True)
class CategoryTotal:
    """One category of one audience: how many are in it and what they pay, before and after."""

    audience: str
    category: str
    count_before: int
    income_before: Decimal
    count: int
    income: Decimal


@dataclass(frozen=True)
class Movement:
    """How many rise and fall, and by how much together (both positive)."""

    risers: int
    rise: Decimal
    fallers: int
    fall: Decimal
    same: int


@dataclass(frozen=True)
class Result:
    """What a table would bring in over a year."""

    lines: Sequence[Line]
    categories: Sequence[CategoryTotal]
    parked: Sequence[tuple[Subscription, str]]
    """Who cannot be reckoned, and why; they are in no total."""
    income_before: Decimal
    income: Decimal
    movement: Movement
    """Against the present table."""
    last_year: Decimal
    """What was invoiced as annual fee over the year before, to who is in this population."""
    movement_since_last_year: Movement
    """Against the invoices of last year, for who got one."""
    without_last_year: int
    """Who got no annual invoice over last year."""
    zero_count: int
    """Who is under the zero tariff."""
    zero_fee: Decimal
    """What the changed table would ask of them if the zero tariff did not hold."""
    ends_zero_tariff: bool
    """Whether `income` has their fees in it."""
    budget: Decimal | None = None

    @property
    def change(self) -> Decimal:
        return self.income - self.income_before

    @property
    def income_with_zero_tariff(self) -> Decimal:
        return self.income - self.zero_fee if self.ends_zero_tariff else self.income

    @property
    def income_without_zero_tariff(self) -> Decimal:
        return self.income if self.ends_zero_tariff else self.income + self.zero_fee

    @property
    def above_budget(self) -> Decimal | None:
        """Negative: so much is lacking."""
        return None if self.budget is None else self.income - self.budget

    def audience_total(self, audience: str) -> CategoryTotal:
        """All categories of an audience together."""
        rows = [row for row in self.categories if row.audience == audience]
        return CategoryTotal(
            audience,
            "",
            sum(row.count_before for row in rows),
            sum((row.income_before for row in rows), ZERO),
            sum(row.count for row in rows),
            sum((row.income for row in rows), ZERO),
        )

    @property
    def audiences(self) -> list[str]:
        """Those of whom somebody is in the population, debt counsellors first."""
        return list(dict.fromkeys(row.audience for row in self.categories))

    def risers(self, most: int) -> list[Line]:
        """Who pays more than now, the biggest rise first."""
        rows = [row for row in self.lines if row.change > 0]
        return sorted(rows, key=lambda row: (-row.change, row.subscription.name))[:most]

    def fallers(self, most: int) -> list[Line]:
        """Who pays less than now, the biggest fall first."""
        rows = [row for row in self.lines if row.change < 0]
        return sorted(rows, key=lambda row: (row.change, row.subscription.name))[:most]


class PriceList:
    """A table made ready for looking up many numbers."""

    def __init__(self, tariffs: Tariffs) -> None:
        self.open_top = tariffs.open_top
        self._rows: dict[str, list[Category]] = {}
        self._lowers: dict[str, list[int]] = {}
        self._named: dict[tuple[str, str], Category] = {}
        self.order: dict[tuple[str, str], int] = {(NO_AUDIENCE, NO_CATEGORY): 0}
        for audience, categories in tariffs.categories.items():
            rows = sorted(categories, key=lambda row: row.lower)
            self._rows[audience] = rows
            self._lowers[audience] = [row.lower for row in rows]
            for row in rows:
                self._named[audience, row.name] = row
                self.order[audience, row.name] = len(self.order)

    def of(self, subscription: Subscription) -> Priced | None:
        """What the table asks of a subscription; None when no row holds it."""
        if subscription.fixed == NO_CATEGORY:
            return Priced(NO_CATEGORY, ZERO)
        number = subscription.number
        if subscription.fixed is not None:
            row = self._named.get((subscription.audience, subscription.fixed))
            if row is None:
                return None
            return Priced(row.name, row.annual_fee if number is None else annual_fee(row, number, self.open_top))
        if number is None:
            return None
        return self._by_number(subscription.audience, number)

    def _by_number(self, audience: str, number: int) -> Priced | None:
        position = bisect_right(self._lowers.get(audience, ()), number) - 1
        if position < 0:
            return None
        row = self._rows[audience][position]
        if row.upper is not None and number >= row.upper:
            return None
        return Priced(row.name, annual_fee(row, number, self.open_top))


def simulate(
    population: Sequence[Subscription],
    present: Tariffs,
    changed: Tariffs,
    *,
    ends_zero_tariff: bool = False,
    budget: Decimal | None = None,
) -> Result:
    """What a changed table would bring in over a year, beside the present one.

    With `ends_zero_tariff` who is under the zero tariff pays what the changed table asks; under the present table they
    pay nothing. `budget`: what is wanted over the year.
    """
    now, then = PriceList(present), PriceList(changed)
    lines: list[Line] = []
    parked: list[tuple[Subscription, str]] = []
    zero_count, zero_fee = 0, ZERO
    for subscription in population:
        old, new = now.of(subscription), then.of(subscription)
        if subscription.problem is not None or old is None or new is None:
            parked.append((subscription, subscription.problem or _why_not(subscription, old)))
            continue
        before, after = old.fee, new.fee
        if subscription.is_zero:
            zero_count, zero_fee = zero_count + 1, zero_fee + after
            before, after = ZERO, after if ends_zero_tariff else ZERO
        lines.append(Line(subscription, old.category, new.category, before, after))
    invoiced = [row for row in lines if row.subscription.last_year is not None]
    return Result(
        lines=lines,
        categories=_totals(lines, now, then),
        parked=parked,
        income_before=sum((row.before for row in lines), ZERO),
        income=sum((row.after for row in lines), ZERO),
        movement=movement(row.change for row in lines),
        last_year=sum((row.subscription.last_year or ZERO for row in lines), ZERO),
        movement_since_last_year=movement(row.since_last_year or ZERO for row in invoiced),
        without_last_year=len(lines) - len(invoiced),
        zero_count=zero_count,
        zero_fee=zero_fee,
        ends_zero_tariff=ends_zero_tariff,
        budget=budget,
    )


def _why_not(subscription: Subscription, old: Priced | None) -> str:
    table = "De huidige tabel" if old is None else "De tabel van dit scenario"
    if subscription.fixed is not None:
        return f"{table} heeft geen categorie {subscription.fixed}, waarin deze deelnemer nu vast valt."
    return f"{table} heeft geen categorie voor dit aantal."


def movement(changes: Iterable[Decimal]) -> Movement:
    """How many of these amounts are above and below zero, and their sums."""
    risers = fallers = same = 0
    rise = fall = ZERO
    for change in changes:
        if change > 0:
            risers, rise = risers + 1, rise + change
        elif change < 0:
            fallers, fall = fallers + 1, fall - change
        else:
            same += 1
    return Movement(risers, rise, fallers, fall, same)


def _totals(lines: Sequence[Line], now: PriceList, then: PriceList) -> list[CategoryTotal]:
    """In the order of the changed table, then what only the present one has; audiences with debt counsellors first."""
    before: dict[tuple[str, str], tuple[int, Decimal]] = {}
    after: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for row in lines:
        audience = row.subscription.audience
        for sums, category, fee in ((before, row.category_before, row.before), (after, row.category_after, row.after)):
            count, amount = sums.get((audience, category), (0, ZERO))
            sums[audience, category] = count + 1, amount + fee
    audiences = {row.subscription.audience for row in lines}
    keys = dict.fromkeys([*then.order, *now.order])
    ordered = sorted(
        (key for key in keys if key[0] in audiences and (key[0] != NO_AUDIENCE or key in after)),
        key=lambda key: (AUDIENCE_ORDER.get(key[0], 9), then.order.get(key, 999), now.order.get(key, 999)),
    )
    return [
        CategoryTotal(*key, *before.get(key, (0, ZERO)), *after.get(key, (0, ZERO)))  # all categories, empty ones too
        for key in ordered
    ]


AUDIENCE_ORDER = {"shv": 0, "creditor": 1, NO_AUDIENCE: 2}
