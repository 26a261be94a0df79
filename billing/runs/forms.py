"""Forms about invoice runs and held invoices."""

from __future__ import annotations

from datetime import timedelta

from billing.runs.kinds import RunScope
from core import clock, forms
from core.forms import Form
from core.validators import Required


def _coming_year() -> int:
    """The year that is invoiced next: from the summer on the one to come."""
    today = clock.today()
    return today.year + (today.month > 6)


class StartForm(Form):
    """Over which year, and whom."""

    year = forms.WholeNumberField(
        "Over welk jaar factureert u?",
        [Required("Vul het jaar in, bijvoorbeeld 2027.")],
        low=1000,
        high=9999,
        wrong="Vul een jaar van vier cijfers in, bijvoorbeeld 2027.",
        default=_coming_year,
    )
    scope = forms.radio("Wie?", RunScope.choices(), "Kies wie u factureert.", default="everybody")

    @property
    def chosen_scope(self) -> RunScope:
        """After validation."""
        return RunScope(self.scope.data)

    @property
    def chosen_year(self) -> int:
        """After validation."""
        assert self.year.data is not None  # noqa: S101  the field is required
        return self.year.data


class PutForwardForm(Form):
    """Nothing to fill in: sending it is the act."""


class WithdrawForm(Form):
    reason = forms.long_text(
        "Waarom trekt u deze ronde in?",
        "Schrijf in één of twee zinnen waarom u deze ronde intrekt.",
        length=500,
        what="De reden",
    )


class HoldForm(Form):
    """Why the invoices of a participant are held, and until when."""

    reason = forms.long_text(
        "Waarom houdt u de facturen aan?",
        "Schrijf in één of twee zinnen waarom u de facturen aanhoudt.",
        length=500,
        what="De reden",
        description="Bijvoorbeeld: de deelnemer maakt bezwaar tegen de categorie (mail van 3 november 2026).",
    )
    recheck_on = forms.DayField(
        "Wanneer bekijkt u dit opnieuw?",
        [Required("Vul de dag in waarop u dit opnieuw bekijkt.")],
        default=lambda: clock.today() + timedelta(days=30),
        description="dag-maand-jaar, bijvoorbeeld 3-12-2026; uiterlijk over een jaar",
    )
