"""Forms of the own account."""

from __future__ import annotations

from core import forms
from core.forms import Form
from identity.forms import code_field, password_field, sealed_field


class NameForm(Form):
    name = forms.text("Uw naam", "Vul uw naam in.", what="De naam")


class CodeForm(Form):
    """Step-up."""

    code = code_field()


class SecondFactorForm(Form):
    """A new second factor: the code proves that the app has the secret."""

    sealed = sealed_field()
    code = code_field("Code die uw app nu laat zien")


class PasswordForm(Form):
    current = password_field("Uw huidige wachtwoord", "Vul uw huidige wachtwoord in.")
    password = password_field("Kies een nieuw wachtwoord", "Kies een nieuw wachtwoord.")
    again = password_field("Hetzelfde wachtwoord nog een keer", "Herhaal het wachtwoord.", same_as="password")
