"""Choosing an e-invoice to check."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from core.forms import Form


class CheckForm(Form):
    file = FileField(
        "E-factuur (XML-bestand)",
        [FileRequired("Kies eerst een bestand.")],
        description="Een factuur of creditnota in UBL 2.1, hoogstens 2 MB.",
    )

    @property
    def name(self) -> str:
        return str(self.file.data.filename or "") if self.file.data else ""
