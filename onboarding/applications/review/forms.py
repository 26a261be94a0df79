"""What staff fill in."""

from __future__ import annotations

from core.forms import Form, long_text


class RefusalForm(Form):
    reason = long_text(
        "Reden van de weigering",
        "Schrijf in één of twee zinnen waarom u de aanmelding weigert. De aanmelder krijgt deze tekst.",
        length=2000,
        what="De reden",
    )
