"""Forms about the operator."""

from __future__ import annotations

from flask_wtf.file import FileField

from core import forms, identifiers
from core.validators import Optional, Required

DAY = "dag-maand-jaar, bijvoorbeeld 1-1-2027"


class CompletionForm(forms.Form):
    """What is unknown of an operator; the fields of what is known are taken out by `keep`."""

    kvk = forms.identifier("KvK-nummer", identifiers.kvk)
    oin = forms.identifier("OIN", identifiers.oin)
    vat_id = forms.identifier("Btw-nummer", identifiers.vat_id, description="Bijvoorbeeld NL000099998B57.")
    iban = forms.identifier("IBAN", identifiers.iban, description="De rekening waarop facturen worden betaald.")
    street = forms.text("Straat en huisnummer", what="Het adres")
    postal_code = forms.identifier("Postcode", identifiers.postal_code)
    city = forms.text("Plaats", what="De plaats")
    email = forms.email("E-mailadres", None, description="Staat op facturen, voor vragen.")
    logo = FileField("Logo")

    def keep(self, names: list[str]) -> None:
        """Only these fields; `logo_sha256` stands for the logo."""
        for name in ("kvk", "oin", "vat_id", "iban", "street", "postal_code", "city", "email"):
            if name not in names:
                del self[name]
        if "logo_sha256" not in names:
            del self["logo"]

    def values(self) -> dict[str, str | None]:
        """What was filled in, by the name of the field."""
        return {field.name: field.data for field in self if field.name not in {"logo", "csrf_token"}}


class SignatoryForm(forms.Form):
    name = forms.text("Naam", "Vul de naam in.", what="De naam")
    function = forms.text("Functie", "Vul de functie in.", what="De functie")
    starts_on = forms.DayField("Mag tekenen vanaf", [Required("Vul de eerste dag in.")], description=DAY)
    last_day = forms.DayField("Tot en met", [Optional()], description=f"{DAY}. Leeg: tot nader bericht.")


class EndSignatoryForm(forms.Form):
    last_day = forms.DayField("Laatste dag", [Required("Vul de laatste dag in.")], description=DAY)
