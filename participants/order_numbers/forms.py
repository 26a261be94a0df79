"""The form for a purchase order number."""

from __future__ import annotations

from core import forms, identifiers


class OrderNumberForm(forms.Form):
    number = forms.identifier("Inkoopordernummer", identifiers.purchase_order_number)
