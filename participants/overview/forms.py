"""The form of a remark."""

from __future__ import annotations

from core import forms


class NoteForm(forms.Form):
    text = forms.long_text("Notitie", "Schrijf eerst een notitie.", what="Een notitie")
