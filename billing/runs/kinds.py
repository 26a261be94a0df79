"""States of an invoice run, what becomes of each participant in it, and why somebody is set apart."""

from __future__ import annotations

from core.kinds import Labelled


class RunStage(Labelled):
    PREPARING = "preparing", "Wordt voorbereid"
    PREVIEWED = "previewed", "Klaar om te bekijken"
    PUT_FORWARD = "put_forward", "Wacht op akkoord van een collega"
    APPROVED = "approved", "Facturen worden gemaakt"
    ISSUED = "issued", "Facturen zijn gemaakt"
    WITHDRAWN = "withdrawn", "Ingetrokken"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"issued": "positive", "put_forward": "warning", "withdrawn": "neutral"}.get(str(self.value), "info")


OPEN = frozenset({RunStage.PREPARING, RunStage.PREVIEWED, RunStage.PUT_FORWARD, RunStage.APPROVED})
"""Only one run of a year is open at a time."""


class RunScope(Labelled):
    """Whom a run is about."""

    EVERYBODY = "everybody", "Alle deelnemers"
    DEBT_COUNSELLORS = "shv", "Schuldhulpverleners"
    CREDITORS = "creditor", "Schuldeisers en anderen met een tarief naar schulddossiers"


class ItemOutcome(Labelled):
    INVOICE = "invoice", "Factuur"
    ZERO = "zero", "Factuur van € 0,00"
    PARKED = "parked", "Apart gezet"
    EARLIER = "earlier", "Al eerder gefactureerd"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"invoice": "positive", "parked": "warning", "earlier": "neutral"}.get(str(self.value), "info")


class Owner(Labelled):
    """Who can mend what keeps an invoice from being made."""

    FINANCE = "finance", "Financiën"
    RELATIONS = "relations", "Relatiebeheer"
    ADMINISTRATION = "administration", "Applicatiebeheer"


class ParkReason(Labelled):
    NO_DETAILS = "no_details", "Geen factuurgegevens"
    NO_REFERENCE = "no_reference", "Geen kenmerk of inkoopordernummer"
    NO_NUMBER = "no_number", "Aantal ontbreekt"
    CATEGORY = "category", "Andere categorie, nog geen besluit"
    DISPUTED = "disputed", "Aangehouden"
    VAT = "vat", "Btw niet te bepalen"
    E_INVOICE = "e_invoice", "E-factuur klopt niet"
    CHANGED = "changed", "Veranderd na het akkoord"
    OTHER = "other", "Iets anders"

    @property
    def owner(self) -> Owner:
        """Who is to act."""
        return {
            "no_details": Owner.RELATIONS,
            "no_reference": Owner.RELATIONS,
            "no_number": Owner.RELATIONS,
        }.get(str(self.value), Owner.FINANCE)
