"""Forms about invoices."""

from __future__ import annotations

from core.forms import Form, long_text


class CreditForm(Form):
    """Why an invoice is taken back."""

    reason = long_text(
        "Waarom crediteert u deze factuur?",
        "Schrijf in één of twee zinnen waarom u deze factuur crediteert.",
        length=500,
        what="De reden",
    )
