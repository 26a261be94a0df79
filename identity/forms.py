"""Forms for signing in."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo

from core import forms
from core.forms import Form
from core.validators import MaxLength, Required
from identity import rules


def password_field(label: str, required: str, *, same_as: str | None = None) -> PasswordField:
    """`same_as` names the field in which the same password was typed before."""
    repeated = [EqualTo(same_as, "De twee wachtwoorden zijn niet gelijk. Typ ze opnieuw.")] if same_as else []
    limits = [Required(required), MaxLength(rules.MAX_PASSWORD, "Een wachtwoord"), *repeated]
    return PasswordField(label, limits)


def sealed_field() -> HiddenField:
    """The secret behind the QR code, sealed: see `second_factor.Offer`."""
    missing = "De QR-code ontbreekt. Open deze pagina opnieuw."
    return HiddenField(validators=[Required(missing), MaxLength(1000, missing)])


def code_field(label: str = "Code uit uw app", **kwargs: Any) -> StringField:
    return forms.text(label, "Vul de zes cijfers in die uw app nu laat zien.", length=20, what="Een code", **kwargs)


class MailForm(Form):
    """Whoever signs in with a mailed link."""

    email = forms.email("Uw e-mailadres")


class StaffForm(Form):
    """Staff: password and code."""

    email = forms.email("Uw e-mailadres")
    password = password_field("Wachtwoord", "Vul uw wachtwoord in.")
    code = code_field()


class LinkForm(Form):
    """Opening a mailed link; the code only where a second factor was set."""

    code = code_field()

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_code:
            del self.code


class SetUpForm(Form):
    """New staff: password and second factor."""

    password = password_field("Kies een wachtwoord", "Kies een wachtwoord.")
    again = password_field("Hetzelfde wachtwoord nog een keer", "Herhaal het wachtwoord.", same_as="password")
    sealed = sealed_field()
    code = code_field("Code die uw app nu laat zien")
