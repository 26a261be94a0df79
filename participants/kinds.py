"""States, channels, contact roles and kinds of organisations."""

from __future__ import annotations

from core.kinds import Labelled


class OrganisationKind(Labelled):
    MUNICIPALITY = "municipality", "Gemeente"
    PUBLIC_BODY = "public_body", "Publieke organisatie"
    COMPANY = "company", "Onderneming"
    FOUNDATION = "foundation", "Stichting of vereniging"
    SOLE_TRADER = "sole_trader", "Eenmanszaak"


class Sector(Labelled):
    MUNICIPALITY = "municipality", "Gemeenten"
    CREDIT_BANK = "credit_bank", "Kredietbanken"
    DEBT_COUNSELLING = "debt_counselling", "Schuldhulpverlening"
    ADMINISTRATION = "administration", "Bewindvoering"
    GOVERNMENT = "government", "Rijk en uitvoering"
    LOCAL_TAX = "local_tax", "Lokale belastingen en waterschappen"
    HEALTH_INSURANCE = "health_insurance", "Zorgverzekeraars"
    ENERGY_WATER = "energy_water", "Energie en water"
    TELECOM = "telecom", "Telecom"
    HOUSING = "housing", "Woningcorporaties"
    FINANCE = "finance", "Banken en krediet"
    COLLECTION = "collection", "Incasso en gerechtsdeurwaarders"
    RETAIL = "retail", "Webwinkels en postorder"
    OTHER = "other", "Overig"


class Stage(Labelled):
    """From submitted application to ended; before that the application carries its own state."""

    SUBMITTED = "submitted", "Ingediend"
    ACCEPTED = "accepted", "Geaccepteerd"
    REFUSED = "refused", "Geweigerd"
    WITHDRAWN = "withdrawn", "Ingetrokken"
    SIGNED = "signed", "Ondertekend"
    COUNTERSIGNED = "countersigned", "Medeondertekend"
    LIVE = "live", "Aangesloten"
    SUSPENDED = "suspended", "Geschorst"
    ENDED = "ended", "Beëindigd"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {
            "live": "positive",
            "refused": "negative",
            "suspended": "negative",
            "withdrawn": "neutral",
            "ended": "neutral",
        }.get(str(self.value), "info")


class Language(Labelled):
    """In which language invoices are written."""

    DUTCH = "nl", "Nederlands"
    ENGLISH = "en", "Engels"


class Profile(Labelled):
    """Which agreements on top of EN 16931 an e-invoice follows."""

    NLCIUS = "nlcius", "NLCIUS (SI-UBL 2.0)"
    PEPPOL = "peppol", "Peppol BIS Billing 3.0"


CLOSED = frozenset({Stage.REFUSED, Stage.WITHDRAWN, Stage.ENDED})
"""After these a new application for the same unit and role is possible."""


class Channel(Labelled):
    PORTAL = "portal", "Webportaal"
    CSV = "csv", "Webportaal met CSV-bestanden"
    SYSTEM = "system", "Systeemkoppeling"


class ContactRole(Labelled):
    SIGNATORY = "signatory", "Tekeningsbevoegde"
    TECHNICAL = "technical", "Technisch contact"
    FINANCIAL = "financial", "Financieel contact"
    FUNCTIONAL = "functional", "Functioneel beheerder"
    PRIVACY = "privacy", "Privacycontact"

    @property
    def slug(self) -> str:
        """In addresses of pages."""
        return {
            "signatory": "tekeningsbevoegde",
            "technical": "technisch",
            "financial": "financieel",
            "functional": "functioneel-beheerder",
            "privacy": "privacy",
        }[str(self.value)]

    @property
    def purpose(self) -> str:
        """What this person is for, as a hint."""
        return {
            "signatory": "Mag namens de organisatie een overeenkomst tekenen.",
            "technical": "Voor de systeemkoppeling, certificaten en storingen.",
            "financial": "Voor vragen over facturen.",
            "functional": "Regelt in uw organisatie wie met het Schuldenknooppunt werkt.",
            "privacy": "Bijvoorbeeld uw functionaris gegevensbescherming.",
        }[str(self.value)]


class MeasurementKind(Labelled):
    INHABITANTS = "inhabitants", "Inwoners"
    FILES = "files", "Schulddossiers per jaar"
    ARRANGEMENTS = "arrangements", "Geaccordeerde schuldregelingen per jaar"


class Basis(Labelled):
    """What the tariff category of a role goes by."""

    INHABITANTS = "inhabitants", "inwoners van de gemeenten waarvoor wordt gewerkt"
    FILES = "files", "schulddossiers per jaar"
    NONE = "none", "geen tarief"
