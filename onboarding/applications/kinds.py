"""The pages of the application form, and on whom an application waits."""

from __future__ import annotations

from core.kinds import Labelled


class Step(Labelled):
    """One page of the form. The value is the key in `Application.answers`."""

    ORGANISATION = "organisation", "Organisatie"
    ROLE = "role", "Rol"
    UNIT = "unit", "Bedrijfsonderdeel"
    CHANNEL = "channel", "Manier van aansluiten"
    SOFTWARE = "software", "Software"
    SIGNATORY = "signatory", "Tekeningsbevoegde"
    CONTACTS = "contacts", "Contactpersonen"
    INVOICE = "invoice", "Factuurgegevens"
    FILES = "files", "Schulddossiers per jaar"
    MUNICIPALITIES = "municipalities", "Gemeenten"
    ACTS_FOR = "acts_for", "Namens wie"
    MODULES = "modules", "Modules"
    LEGAL_REVIEW = "legal_review", "Juridische beoordeling"
    PUBLICATION = "publication", "Openbare lijst"

    @property
    def slug(self) -> str:
        """How the page is called in its address."""
        return SLUGS[str(self.value)]


SLUGS = {
    "organisation": "organisatie",
    "role": "rol",
    "unit": "onderdeel",
    "channel": "aansluiting",
    "software": "software",
    "signatory": "tekeningsbevoegde",
    "contacts": "contactpersonen",
    "invoice": "factuur",
    "files": "dossiers",
    "municipalities": "gemeenten",
    "acts_for": "namens",
    "modules": "modules",
    "legal_review": "juridische-beoordeling",
    "publication": "openbare-lijst",
}
STEP_OF_SLUG = {slug: Step(value) for value, slug in SLUGS.items()}


class WaitsFor(Labelled):
    """Who has to act next."""

    OPERATOR = "operator", "Schuldenknooppunt"
    APPLICANT = "applicant", "Aanmelder"
    NOBODY = "nobody", "Niemand"


class SameAs(Labelled):
    """Who a contact is: somebody who was named already, or a person of its own."""

    APPLICANT = "applicant", "Ikzelf"
    SIGNATORY = "signatory", "De tekeningsbevoegde"
    OTHER = "other", "Iemand anders"
