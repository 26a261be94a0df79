"""The form with which one colleague asks."""

from __future__ import annotations

from core import forms


class ReasonForm(forms.Form):
    reason = forms.long_text(
        "Reden",
        "Schrijf in één of twee zinnen waarom.",
        length=1000,
        what="De reden",
        description="Alleen u en uw collega’s zien dit. Schrijf niet meer op dan nodig is.",
    )
