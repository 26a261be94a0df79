"""Forms for visitors."""

from __future__ import annotations

from core.forms import email, long_text, text
from core.visitors import GuardedForm


class StartForm(GuardedForm):
    name = text("Uw naam", "Vul uw naam in.", what="De naam")
    email = email("Uw e-mailadres")


class InterestForm(GuardedForm):
    organisation = text("Naam van uw organisatie", "Vul de naam van uw organisatie in.", what="De naam")
    name = text("Uw naam", "Vul uw naam in.", what="De naam")
    email = email("Uw e-mailadres")
    message = long_text("Wat wilt u weten of vertellen?", length=2000, what="Uw bericht")
