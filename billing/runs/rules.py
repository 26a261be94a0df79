"""What a run says: how somebody differs from last year, who must state a reference, how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from billing.kinds import NO_CATEGORY
from billing.tariffs.rules import thousands


@dataclass(frozen=True)
class LastYear:
    """The annual fee on the standing invoice over the year before."""

    year: int
    net: Decimal
    category: str
    number: int | None
    description: str
    """Of the line on that invoice."""
    is_whole_year: bool = True


@dataclass(frozen=True)
class ThisYear:
    """What is asked now."""

    net: Decimal
    category: str
    number: int | None
    is_free: bool
    """Under a zero tariff."""


def difference(before: LastYear | None, now: ThisYear) -> str:
    """How the annual fee differs from last year's invoice, and why, in one sentence without full stop."""
    if before is None:
        return "Vorig jaar geen factuur over het jaartarief"
    if before.net == now.net and before.category == now.category:
        return f"Gelijk aan {before.year}"
    reasons = []
    if before.category != now.category and NO_CATEGORY not in (before.category, now.category):
        reasons.append(f"categorie {before.category} werd {now.category}{_because(before.number, now.number)}")
    if not before.is_whole_year:
        reasons.append(f"over {before.year} is een deel van het jaar gerekend")
    if now.is_free and before.net:
        reasons.append("het jaartarief is nu voorlopig € 0,00")
    if not reasons and not before.net and now.net:
        reasons.append("vorig jaar was het jaartarief € 0,00")
    if not reasons:
        reasons.append(f"de tarieven zijn anders dan in {before.year}")
    change = now.net - before.net
    if not change:
        return _sentence([*reasons, "het bedrag blijft gelijk"])
    return _sentence([*reasons, f"{'+' if change > 0 else '-'} € {_written(abs(change))}"])


def _because(before: int | None, now: int | None) -> str:
    if before is None or now is None or before == now:
        return ""
    return f" ({thousands(before)} werd {thousands(now)})"


def _sentence(parts: Iterable[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _written(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def must_state_reference(*, is_public_body: bool, reference: str | None, order_number: str | None) -> bool:
    """Whether a buyer still has to say what is to stand on the invoice: a public body does not process an e-invoice
    without a reference or a purchase order number (NLCIUS BR-NL-2)."""
    return is_public_body and not (reference or order_number)


@dataclass(frozen=True)
class Progress:
    """How far a run is: `done` of `total`, after so much time."""

    done: int
    total: int
    elapsed: timedelta

    @property
    def percentage(self) -> int:
        return 100 if not self.total else 100 * self.done // self.total

    @property
    def per_second(self) -> Decimal | None:
        """None before anything was done."""
        seconds = Decimal(str(self.elapsed.total_seconds()))
        return None if not self.done or seconds <= 0 else (self.done / seconds).quantize(Decimal("0.1"))

    @property
    def remaining(self) -> timedelta | None:
        """At the rate so far; None before anything was done, nothing when it is finished."""
        if self.done >= self.total:
            return timedelta(0)
        if not self.done:
            return None
        return timedelta(seconds=round(self.elapsed.total_seconds() / self.done * (self.total - self.done)))


def missing_numbers(last: int, present: Iterable[int]) -> list[int]:
    """Numbers of a series, 1 up to the last one given out, that stand on no invoice."""
    return sorted(set(range(1, last + 1)) - set(present))


@dataclass(frozen=True)
class Completeness:
    """Everybody with a subscription in the year is accounted for."""

    subscriptions: int
    invoiced: int
    zero: int
    parked: int
    earlier: int

    @property
    def is_complete(self) -> bool:
        return self.subscriptions == self.invoiced + self.zero + self.parked + self.earlier
