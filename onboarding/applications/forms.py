"""The pages of an application: each a form that offers what fits the answers so far."""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from core import clock, identifiers
from core.forms import Checkboxes, Form, WholeNumberField, choice, email, identifier, long_text, options, radio, text
from onboarding.applications import rules
from onboarding.applications.answers import MOST_FILES, e_invoice_address
from onboarding.applications.kinds import SameAs, Step
from onboarding.applications.queries import Progress
from participants import queries as participants
from participants.kinds import Channel, OrganisationKind, Sector

YES_NO = [("ja", "Ja"), ("nee", "Nee")]
NOT_LISTED = "nieuw"
"""Value of the radio button "Mijn organisatie staat er niet bij"."""


class StepForm(Form):
    """One page. `fill` offers the choices that fit the answers so far; `values` is what `answers` stores."""

    step: ClassVar[Step]
    seen = HiddenField()
    """What was stored when the page was opened, to notice that somebody else changed it."""

    def fill(self, state: Progress) -> None:
        """Nothing to offer, unless a page says otherwise."""

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name not in {"csrf_token", "seen"}}

    @classmethod
    def start_values(cls, state: Progress) -> dict[str, Any]:
        """What the page shows: the stored answer, or what can be guessed."""
        answer = getattr(state.answers, str(cls.step.value))
        return dict(answer.as_json()) if answer is not None else cls.guess(state)

    @classmethod
    def guess(cls, state: Progress) -> dict[str, Any]:
        return {}


class OrganisationForm(StepForm):
    """The known organisations that look like what was searched for."""

    step = Step.ORGANISATION
    organisation_id = radio("Welke organisatie bedoelt u?", [], "Kies uw organisatie.")

    def offer(self, choices: list[tuple[str, str]]) -> None:
        self.organisation_id.choices = options([*choices, (NOT_LISTED, "Mijn organisatie staat er niet bij")])

    def values(self) -> dict[str, Any]:
        return {"organisation_id": int(self.organisation_id.data)}


class NewOrganisationForm(StepForm):
    step = Step.ORGANISATION
    name = text(
        "Naam", "Vul de naam van de organisatie in.", what="De naam", description="Zoals in het Handelsregister."
    )
    kvk = identifier("KvK-nummer", identifiers.kvk, "Vul het KvK-nummer in.", description="Acht cijfers.")
    kind = radio(
        "Soort organisatie",
        [pair for pair in OrganisationKind.choices() if pair[0] != OrganisationKind.MUNICIPALITY.value],
        "Kies het soort organisatie.",
    )
    sector = choice("Sector", Sector.choices(), "Kies de sector.")
    oin = identifier(
        "OIN",
        identifiers.oin,
        description="Twintig tekens. Het staat op uw PKIoverheid-certificaat. Weet u het niet? Laat het leeg.",
    )
    rsin = identifier("RSIN", identifiers.rsin, description="Negen cijfers, op het uittreksel van de KvK.")
    street = text("Straat en huisnummer", "Vul de straat en het huisnummer in.")
    postal_code = identifier("Postcode", identifiers.postal_code, "Vul de postcode in.")
    city = text("Plaats", "Vul de plaats in.")

    def values(self) -> dict[str, Any]:
        return {"new": super().values()}

    @classmethod
    def start_values(cls, state: Progress) -> dict[str, Any]:
        chosen = state.answers.organisation
        return dict(chosen.new.as_json()) if chosen and chosen.new else {}


class RoleForm(StepForm):
    step = Step.ROLE
    code = radio("In welke rol meldt u zich aan?", [], "Kies de rol waarin u zich aanmeldt.")

    def fill(self, state: Progress) -> None:
        self.code.choices = options([(row.code, row.label) for row in participants.roles_to_apply_for()])


class UnitForm(StepForm):
    step = Step.UNIT
    name = text("Naam van het bedrijfsonderdeel", what="De naam")
    establishment_number = identifier(
        "Vestigingsnummer", identifiers.vestigingsnummer, description="Twaalf cijfers, op het uittreksel van de KvK."
    )
    own_oin = identifier(
        "Eigen OIN van het onderdeel",
        identifiers.oin,
        description="Alleen als het onderdeel een eigen (sub-)OIN heeft.",
    )


class ChannelForm(StepForm):
    step = Step.CHANNEL
    channel = radio("Hoe wilt u werken met het Schuldenknooppunt?", [], "Kies hoe u wilt werken.")

    def fill(self, state: Progress) -> None:
        fitting = rules.channels_of(state.facts)
        self.channel.choices = options([(str(one.value), one.label) for one in fitting])


class SoftwareForm(StepForm):
    step = Step.SOFTWARE
    supplier = text("Leverancier van uw software", "Vul de naam van de leverancier in.", what="De naam")
    product = text("Naam van het pakket", what="De naam")


class SignatoryForm(StepForm):
    step = Step.SIGNATORY
    name = text("Naam", "Vul de naam van de tekeningsbevoegde in.", what="De naam")
    function = text("Functie", "Vul de functie van de tekeningsbevoegde in.", what="De functie")
    email = email("E-mailadres", "Vul het e-mailadres van de tekeningsbevoegde in.")


def _same_as(label: str, explanation: str) -> Any:
    return radio(label, SameAs.choices(), "Kies wie dit is.", description=explanation)


def _part(label: str) -> Any:
    return text(label, what="De naam" if label == "Naam" else "Dit nummer")


class ContactsForm(StepForm):
    step = Step.CONTACTS
    functional = _same_as("Functioneel beheerder", "Wie regelt bij u de gebruikers en de inrichting?")
    functional_name = _part("Naam")
    functional_email = email("E-mailadres", None)
    functional_phone = _part("Telefoonnummer")
    technical = _same_as("Technisch contact", "Wie bellen wij als de techniek hapert?")
    technical_name = _part("Naam")
    technical_email = email("E-mailadres", None)
    technical_phone = _part("Telefoonnummer")
    financial = _same_as("Financieel contact", "Wie bellen wij over een factuur?")
    financial_name = _part("Naam")
    financial_email = email("E-mailadres", None)
    financial_phone = _part("Telefoonnummer")
    privacy = _same_as("Privacycontact", "Wie bellen wij over persoonsgegevens, bijvoorbeeld bij een datalek?")
    privacy_name = _part("Naam")
    privacy_email = email("E-mailadres", None)
    privacy_phone = _part("Telefoonnummer")

    @classmethod
    def guess(cls, state: Progress) -> dict[str, Any]:
        return dict.fromkeys(("functional", "technical", "financial", "privacy"), SameAs.APPLICANT.value)

    def values(self) -> dict[str, Any]:
        """The details of a person are kept only where somebody else was chosen."""
        kept = {}
        for name, value in super().values().items():
            role, _, part = name.partition("_")
            kept[name] = value if not part or self.data[role] == SameAs.OTHER.value else None
        return kept


class InvoiceForm(StepForm):
    step = Step.INVOICE
    attention = text("Ter attentie van")
    street = text("Straat en huisnummer, of postbus", "Vul de straat of de postbus in.")
    postal_code = identifier("Postcode", identifiers.postal_code, "Vul de postcode in.")
    city = text("Plaats", "Vul de plaats in.")
    email = email("E-mailadres voor facturen", "Vul het e-mailadres voor facturen in.")
    purchase_order_number = identifier("Inkoopordernummer", identifiers.purchase_order_number)
    buyer_reference = identifier("Uw kenmerk", identifiers.purchase_order_number)
    e_invoice_address = identifier("E-factuuradres (Peppol)", e_invoice_address)

    @classmethod
    def guess(cls, state: Progress) -> dict[str, Any]:
        chosen = state.answers.organisation
        new = chosen.new if chosen else None
        if new is None:
            return {}
        return {"street": new.street, "postal_code": new.postal_code, "city": new.city}


class FilesForm(StepForm):
    step = Step.FILES
    number = WholeNumberField("Schulddossiers per jaar", [], low=0, high=MOST_FILES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number.flags.required = True

    def validate_number(self, field: WholeNumberField) -> None:
        if field.data is None and not field.process_errors:
            raise StopValidation("Vul in hoeveel schulddossiers u per jaar hebt. Het mag een schatting zijn.")


class MunicipalitiesForm(StepForm):
    step = Step.MUNICIPALITIES
    ids = Checkboxes("Voor welke gemeenten werkt u?", "Kies ten minste één gemeente.")
    search = text("Zoek nog een gemeente", description="Typ een deel van de naam en kies Zoeken.")

    def fill(self, state: Progress) -> None:
        """Those that are ticked, then those that were searched for."""
        known = {str(row.id): row.short_name for row in participants.municipalities(clock.today())}
        ticked = [key for key in (self.ids.data or []) if key in known]
        found = []
        if self.search.data:
            hits = participants.find_organisations(self.search.data, 12, existing_on=clock.today())
            found = [str(hit.id) for hit in hits if str(hit.id) in known and str(hit.id) not in ticked]
        self.ids.choices = options([(key, known[key]) for key in [*ticked, *found]])
        self.found_nothing = bool(self.search.data) and not found

    found_nothing = False

    def values(self) -> dict[str, Any]:
        return {"ids": [int(key) for key in self.ids.data or []]}

    @classmethod
    def start_values(cls, state: Progress) -> dict[str, Any]:
        values = super().start_values(state)
        return {"ids": [str(key) for key in values.get("ids", [])]}

    @classmethod
    def guess(cls, state: Progress) -> dict[str, Any]:
        is_one = state.facts.organisation_kind is OrganisationKind.MUNICIPALITY and state.organisation is not None
        return {"ids": [state.organisation.id]} if is_one and state.organisation else {}


class ActsForForm(StepForm):
    step = Step.ACTS_FOR
    collects = radio("Int u ook namens andere schuldeisers?", YES_NO, "Kies ja of nee.")
    names = long_text(
        "Namens welke schuldeisers?",
        description="Alleen als u ja koos. Zet elke naam op een eigen regel.",
    )

    def values(self) -> dict[str, Any]:
        return {"collects": self.collects.data == "ja", "names": (self.names.data or "").splitlines()}

    @classmethod
    def start_values(cls, state: Progress) -> dict[str, Any]:
        answer = state.answers.acts_for
        if answer is None:
            return {}
        return {"collects": "ja" if answer.collects else "nee", "names": "\n".join(answer.names)}


class ModulesForm(StepForm):
    step = Step.MODULES
    codes = Checkboxes("Welke modules wilt u gebruiken?", "Kies ten minste één module.")

    def fill(self, state: Progress) -> None:
        self.codes.choices = options([(offer.code, offer.name) for offer in state.modules])


class LegalReviewForm(StepForm):
    step = Step.LEGAL_REVIEW
    wanted = radio("Wilt u de overeenkomst eerst juridisch laten beoordelen?", YES_NO, "Kies ja of nee.")

    def values(self) -> dict[str, Any]:
        return {"wanted": self.wanted.data == "ja"}

    @classmethod
    def start_values(cls, state: Progress) -> dict[str, Any]:
        answer = state.answers.legal_review
        return {} if answer is None else {"wanted": "ja" if answer.wanted else "nee"}


class PublicationForm(StepForm):
    step = Step.PUBLICATION
    consent = radio("Mag uw naam op de openbare lijst van deelnemers staan?", YES_NO, "Kies ja of nee.")

    def values(self) -> dict[str, Any]:
        return {"consent": self.consent.data == "ja"}

    @classmethod
    def start_values(cls, state: Progress) -> dict[str, Any]:
        answer = state.answers.publication
        return {} if answer is None else {"consent": "ja" if answer.consent else "nee"}


STEP_FORMS: dict[Step, type[StepForm]] = {
    form.step: form
    for form in (
        OrganisationForm,
        RoleForm,
        UnitForm,
        ChannelForm,
        SoftwareForm,
        SignatoryForm,
        ContactsForm,
        InvoiceForm,
        FilesForm,
        MunicipalitiesForm,
        ActsForForm,
        ModulesForm,
        LegalReviewForm,
        PublicationForm,
    )
}
CHANNEL_HINTS = {
    Channel.PORTAL.value: "U werkt in de browser. Uw medewerkers hebben eHerkenning niveau 3 nodig.",
    Channel.CSV.value: "U werkt in de browser en wisselt bestanden uit. Dit kan alleen in de module Schuldregeling.",
    Channel.SYSTEM.value: "Uw eigen software wisselt berichten uit. U hebt een PKIoverheid-certificaat nodig.",
}


class SubmitForm(Form):
    """Check your answers, declare, send."""

    key = HiddenField()
    truthful = BooleanField("Ik heb alles naar waarheid ingevuld en mag deze aanmelding doen.")

    def validate_truthful(self, field: BooleanField) -> None:
        if not field.data:
            raise StopValidation("Verklaar dat u alles naar waarheid hebt ingevuld.")


class WithdrawalForm(Form):
    reason = long_text("Waarom trekt u de aanmelding in?", length=2000, what="De reden")
