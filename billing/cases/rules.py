"""Whether the categories of a table can be calculated with."""

from __future__ import annotations

from collections.abc import Sequence

from billing.tariffs.rules import Category


def why_not_a_table(categories: Sequence[Category]) -> str | None:
    """What is wrong with the categories of one audience, as a sentence; None when no number has two categories, all
    count the same thing, and amounts and bounds can be calculated with. A number without category is NoCategory."""
    if len({category.basis for category in categories}) > 1:
        return "de categorieën tellen niet alle hetzelfde. Gebruik één grondslag per doelgroep."
    before: Category | None = None
    for category in sorted(categories, key=lambda one: one.lower):
        if before is not None and (before.upper is None or before.upper > category.lower):
            return f"de grenzen van categorie {before.name} en {category.name} overlappen elkaar. Controleer ze."
        if category.lower < 0 or (category.upper is not None and category.upper <= category.lower):
            return f"categorie {category.name} heeft grenzen die niet kunnen. Controleer de grenzen."
        amounts = (category.annual_fee, category.connection_fee, category.connection_share, category.step_fee)
        if any(amount is not None and not (amount.is_finite() and amount >= 0) for amount in amounts) or (
            category.step_size is not None and category.step_size <= 0
        ):
            return f"categorie {category.name} heeft een bedrag waarmee niet te rekenen is. Controleer de bedragen."
        before = category
    return None
