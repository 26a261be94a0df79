"""Forms of the front door."""

from __future__ import annotations

from core.forms import Form, long_text


class DecideForm(Form):
    """A decision on a request of a colleague; declining needs a reason, which the service demands."""

    reason = long_text("Reden", length=1000, what="De reden")
