"""The form that confirms what was shown."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from wtforms import HiddenField

from core.forms import Form


class IssueForm(Form):
    seen = HiddenField()
    """The sum without VAT that the page showed."""

    @property
    def seen_net(self) -> Decimal:
        """What was seen; an amount that no invoice has when the field was tampered with."""
        try:
            return Decimal((self.seen.data or "")[:20])
        except InvalidOperation:
            return Decimal(-1)
