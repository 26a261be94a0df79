"""The form over an organisation."""

from __future__ import annotations

from typing import Any

from core import forms, identifiers
from core.editing import EditForm
from participants.kinds import OrganisationKind, Sector
from participants.models import Organisation


class OrganisationForm(EditForm):
    name = forms.text("Officiële naam", "Vul de naam van de organisatie in.", what="De naam")
    short_name = forms.text("Korte naam", "Vul een korte naam in.", what="De naam")
    kind = forms.choice("Soort", OrganisationKind.choices(), "Kies een soort.")
    sector = forms.choice("Sector", Sector.choices(), "Kies een sector.")
    kvk = forms.identifier("KvK-nummer", identifiers.kvk)
    rsin = forms.identifier("RSIN", identifiers.rsin)
    oin = forms.identifier(
        "OIN", identifiers.oin, description="Twintig tekens, zoals in het OIN-register. Wij leiden het nooit zelf af."
    )
    province = forms.text("Provincie", length=40, what="De provincie")
    place = forms.text("Plaats", length=80, what="De plaats")
    visiting_address = forms.text("Bezoekadres", what="Het adres")
    postal_address = forms.text("Postadres", what="Het adres")
    website = forms.text("Website", what="Het adres", description="Begint met https://")

    @staticmethod
    def values(organisation: Organisation) -> dict[str, Any]:
        """What is stored now."""
        names = (
            "name", "short_name", "kind", "sector", "kvk", "rsin", "oin", "province", "place", "visiting_address",
            "postal_address", "website",
        )  # fmt: skip
        return {name: getattr(organisation, name) for name in names}
