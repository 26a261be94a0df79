"""Bodies, kinds of decisions, and the names of the settings with the values they can have."""

from __future__ import annotations

from core.kinds import Labelled


class Body(Labelled):
    BOARD = "board", "Bestuur"
    SUPERVISORY_BOARD = "supervisory_board", "Raad van toezicht"
    ADVISORY_BOARD = "advisory_board", "Raad van advies"
    STAKEHOLDERS = "stakeholders", "Stakeholdersoverleg"

    @property
    def slug(self) -> str:
        """In addresses."""
        return self.label.lower().replace(" ", "-")

    @property
    def in_sentence(self) -> str:
        """`de raad van advies`, `het bestuur`."""
        article = "het" if self in {Body.BOARD, Body.STAKEHOLDERS} else "de"
        return f"{article} {self.label.lower()}"


class DecisionKind(Labelled):
    TARIFF_TABLE = "tariff_table", "Tarieftabel"
    ZERO_TARIFF = "zero_tariff", "Jaartarief € 0,00"
    TARIFF_EXCEPTION = "tariff_exception", "Uitzondering op de tarieven"
    AGREEMENT_TEXT = "agreement_text", "Tekst van de overeenkomst"
    MODULE_RELEASE = "module_release", "Vrijgave van een module"
    TRUST_ANCHOR = "trust_anchor", "Vertrouwde uitgever van certificaten"
    POLICY = "policy", "Beleid"


NEEDS_ADVICE = frozenset(
    {
        DecisionKind.TARIFF_TABLE,
        DecisionKind.ZERO_TARIFF,
        DecisionKind.TARIFF_EXCEPTION,
        DecisionKind.MODULE_RELEASE,
    }
)
"""Decisions of the board on which the advisory board advises first: on tariffs (tariff decision of 2023), and on what
the hub offers (NVVK page of 2020: it advises on the direction of development)."""


class SettingName(Labelled):
    """What is decided by a setting; the label is how staff know it."""

    TARIFF_TABLE_2020_STARTS_ON = "tariff_table_2020_starts_on", "Tariefmodel 2020–2022 geldt vanaf"
    TARIFF_TABLE_A_G_STARTS_ON = "tariff_table_a_g_starts_on", "Tariefmodel A–G geldt vanaf"
    ZERO_TARIFF_STARTS_ON = "zero_tariff_starts_on", "Jaartarief € 0,00 voor nieuwe abonnementen vanaf"
    ZERO_TARIFF_REVIEW_ON = "zero_tariff_review_on", "Jaartarief € 0,00 opnieuw bekijken op"
    ZERO_TARIFF_CONNECTION_FEE = "zero_tariff_connection_fee", "Aansluitkosten bij jaartarief € 0,00"
    ZERO_TARIFF_EXISTING = "zero_tariff_existing", "Abonnementen van voor het jaartarief € 0,00"
    INHABITANTS_REFERENCE = "inhabitants_reference", "Peildatum van het aantal inwoners"
    FILES_REFERENCE = "files_reference", "Peildatum van het aantal schulddossiers"
    CATEGORY_OF_DEBT_COUNSELLOR = "category_of_debt_counsellor", "Wie bepaalt de categorie van een schuldhulpverlener"
    CATEGORY_OF_CREDITOR = "category_of_creditor", "Wie bepaalt de categorie van een schuldeiser"
    SHARED_MUNICIPALITY = "shared_municipality", "Gemeente met meer dan één schuldhulpverlener"
    FEES_PER_UNIT = "fees_per_unit", "Tarief per bedrijfsonderdeel"
    ADMINISTRATOR_CATEGORY_A_UNTIL = "administrator_category_a_until", "Bewindvoerders vallen in categorie A tot"
    ADMINISTRATOR_AFTERWARDS = "administrator_afterwards", "Bewindvoerders daarna"
    ROLES_WITHOUT_FEE = "roles_without_fee", "Rollen zonder tarief"
    OPEN_TOP = "open_top", "Toeslag in categorie G"
    FIRST_YEAR = "first_year", "Jaartarief in het eerste jaar"
    ANNUAL_INVOICE_MONTH = "annual_invoice_month", "Maand van de jaarlijkse facturen"
    DECLARATION_REQUEST_MONTH = "declaration_request_month", "Maand waarin de jaaropgave wordt gevraagd"
    PAYMENT_TERM_DAYS = "payment_term_days", "Betaaltermijn in dagen"
    INDEXATION = "indexation", "Indexatie van de tarieven"
    ENDING = "ending", "Een abonnement eindigt"
    NOTICE_MONTHS = "notice_months", "Opzegtermijn in maanden"
    REFUND = "refund", "Terugbetaling bij einde"
    INVOICE_LINK_MONTHS = "invoice_link_months", "Link op een factuur werkt, in maanden"
    VAT_PERCENTAGE = "vat_percentage", "Btw-tarief in procenten"
    ZERO_INVOICE = "zero_invoice", "Wat een deelnemer krijgt die niets betaalt"
    CREDITING_OPERATOR = "crediting_operator", "Wie een factuur van de vorige stelselbeheerder crediteert"
    VAT_TREATMENT = "vat_treatment", "Btw op de tarieven"
    VAT_EXEMPTION_TEXT = "vat_exemption_text", "Tekst op de factuur bij vrijstelling van btw"
    ACTIVE_BODIES = "active_bodies", "Organen die er zijn"
    CHANNEL_IS_PUBLIC = "channel_is_public", "Aansluitwijze op de openbare pagina van een deelnemer"
    RAW_LOG_MONTHS = "raw_log_months", "Ruwe regels van het logboek van het knooppunt bewaren, in maanden"


VALUES = {
    "numbered": "een genummerde factuur van € 0,00",
    "statement": "een bericht zonder factuurnummer",
    "current": "de stelselbeheerder van nu",
    "issuer": "de stelselbeheerder die de factuur maakte",
    "yes": "ja, te zien voor iedereen",
    "no": "nee, niet te zien",
    "free": "ook € 0,00",
    "charged": "gewoon in rekening gebracht",
    "pay_on": "betalen het gewone tarief",
    "first_of_year_before": "1 januari van het jaar ervoor; zonder telling met peildatum: de opgave van "
    "organisaties.overheid.nl",
    "last_full_year": "het laatste volle jaar",
    "computed": "berekend uit de inwoners van de gemeenten waarvoor hij werkt",
    "declared": "de eigen opgave; een gemeten aantal leidt hooguit tot een voorstel",
    "counts_for_each": "de inwoners tellen voor elk van hen",
    "one_per_unit": "één tarief per onderdeel; fase 2 is met fase 1 inbegrepen",
    "by_files": "naar het aantal schulddossiers",
    "fund_court_matching": "waarborgfonds, rechtbank en organisaties voor matching",
    "started_block": "per begonnen blok",
    "full_block": "per vol blok",
    "started_months": "per begonnen maand, vanaf de dag van medeondertekening",
    "whole_year": "het hele jaartarief",
    "standard": "btw in rekening brengen",
    "exempt": "vrijgesteld van btw",
    "none": "geen",
    "end_of_year": "aan het einde van het kalenderjaar",
}
"""How a coded value is written on screen; days and numbers speak for themselves."""
