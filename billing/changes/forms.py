"""The form that puts proposals before a colleague."""

from __future__ import annotations

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from core import forms
from core.validators import Required


class _Changes(SelectMultipleField):
    """Ids of proposals; which exist, the service says."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: object) -> None:
        """Any number is let through: what is no open proposal is left out."""


class PutForwardForm(forms.Form):
    changes = _Changes("Voorstellen", coerce=str, choices=[])
    effective_on = forms.DayField(
        "Vanaf welke dag geldt de nieuwe categorie?",
        [Required("Vul de dag in waarop de nieuwe categorie ingaat.")],
        description="dag-maand-jaar. Het jaartarief gaat naar de categorie op 1 januari.",
    )

    @property
    def chosen(self) -> list[int]:
        """Ids that can be ids."""
        return [int(text) for text in self.changes.data or [] if text.isascii() and text.isdigit() and len(text) < 16]
