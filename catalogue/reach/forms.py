"""Choosing which creditors to approach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectMultipleField

from core import forms
from core.forms import DayField, Form
from core.validators import Required

EVERYBODY, CHOSEN = "alle", "gekozen"


class CreditorsForm(Form):
    scope = forms.radio(
        "Welke schuldeisers benadert u via het knooppunt?",
        [
            (EVERYBODY, "Alle schuldeisers die zijn aangesloten"),
            (CHOSEN, "Alleen de schuldeisers die ik hieronder kies"),
        ],
        "Maak een keuze.",
    )
    creditors = SelectMultipleField("Schuldeisers", validate_choice=False)
    starts_on = DayField("Vanaf", [Required("Vul in vanaf welke dag.")])

    def __init__(self, *args: Any, creditors: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.creditors.choices = forms.options(creditors)

    @property
    def keys(self) -> list[int] | None:
        """The chosen creditors; None for all. What is no number counts as one that does not exist."""
        if self.scope.data == EVERYBODY:
            return None
        chosen = self.creditors.data or []
        return [int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0 for key in chosen]
