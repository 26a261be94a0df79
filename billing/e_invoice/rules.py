"""What keeps an invoice back, and who can put it right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from billing.e_invoice.kinds import Layer, Mender

OF_BUYER = re.compile(r"BR-NL-(2|4|10)|NL-R-00[45]|BR-(07|08|1[01]|63)|BR-CL-(1[14]|25)")
OF_SELLER = re.compile(r"BR-NL-(1|3|11|12)|BR-(06|09|49|5[01]|61|62)|BR-CO-(09|26)|BR-(S|AE|E)-0[234]")
OF_AMOUNTS = re.compile(r"BR-(CO|S|AE|E|Z|DEC|NL-9)-?|BR-(1[2-5]|2[1-9]|3[0-8]|4[1-8]|55)|NL-R-001")


@dataclass(frozen=True)
class Problem:
    """One thing for which an invoice may not leave."""

    rule: str
    """Id, such as BR-NL-10; empty for a number with wrong check digits."""
    text: str
    """In plain Dutch."""
    mender: Mender

    def __str__(self) -> str:
        """For a list of what was parked: the rule in words, its id, and who can do something about it."""
        rule = f" ({self.rule})" if self.rule else ""
        return f"{self.text.rstrip('.')}{rule}. Dit kan worden opgelost door: {self.mender.label}."


def mender_of(layer: Layer, rule: str, *, of_seller: bool) -> Mender:
    """Who can put right what a check found in an invoice of ours."""
    if layer is Layer.NUMBERS:
        return Mender.OPERATOR if of_seller else Mender.RELATIONS
    if layer in {Layer.FILE, Layer.SCHEMA}:
        return Mender.TECHNICAL
    for pattern, mender in (
        (OF_BUYER, Mender.RELATIONS),
        (OF_SELLER, Mender.OPERATOR),
        (OF_AMOUNTS, Mender.FINANCE),
    ):
        if pattern.match(rule):
            return mender
    return Mender.TECHNICAL
