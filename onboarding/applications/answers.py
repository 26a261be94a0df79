"""What is filled in on each page: plain values, cleaned and checked in one way for the form, for commands and for
what was stored before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from core import identifiers
from core.errors import UserError
from core.identifiers import InvalidIdentifier
from onboarding.applications.kinds import SameAs, Step
from participants.kinds import Channel, OrganisationKind, Sector

MOST_FILES = 10_000_000
"""Above this a number of files per year is a typing error."""
MOST_CREDITORS = 100
"""In whose name somebody collects; who collects for more sends a list."""
E_INVOICE_SCHEMES = {"0190": identifiers.oin, "0106": identifiers.kvk}
"""ISO 6523 schemes whose numbers have a form that we know: OIN and KvK (docs/domain.md §7.5)."""


def line(value: str) -> str:
    """One line of at most 200 characters."""
    if len(value) > identifiers.MAX_NAME:
        raise InvalidIdentifier(f"Deze tekst mag hoogstens {identifiers.MAX_NAME} tekens hebben.")
    return identifiers.clean_text(value)


def e_invoice_address(value: str) -> str:
    """Peppol participant id, stored as scheme:number, for instance 0190:00000001001876387000."""
    text = line(value).replace(" ", "")
    scheme, colon, number = text.partition(":")
    if not (colon and scheme.isascii() and scheme.isdigit() and len(scheme) == 4 and number):
        raise InvalidIdentifier(
            "Een e-factuuradres is een code van vier cijfers, een dubbele punt en een nummer,"
            " bijvoorbeeld 0190: met daarachter uw OIN."
        )
    check = E_INVOICE_SCHEMES.get(scheme)
    return f"{scheme}:{check(number) if check else number}"


def _one_of(kind: type[Channel] | type[OrganisationKind] | type[Sector] | type[SameAs]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in {key for key, _ in kind.choices()}:
            raise InvalidIdentifier("Maak een keuze uit de lijst.")
        return value

    return check


def must(check: Callable[[str], str] = line) -> Any:
    """A text that has to be there."""
    return field(metadata={"check": check, "required": True})


def may(check: Callable[[str], str] = line) -> Any:
    """A text that may be left out."""
    return field(default=None, metadata={"check": check})


@dataclass(frozen=True)
class Answer:
    """What one page holds."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Clean and check. Raises UserError with the field that is wrong; TypeError for a field that is unknown."""
        known = {one.name: one for one in fields(cls)}
        if unknown := values.keys() - known.keys():
            raise TypeError(f"{cls.__name__} has no {sorted(unknown)}")
        cleaned: dict[str, Any] = {}
        for name, one in known.items():
            value = values.get(name)
            if isinstance(value, str):
                try:
                    value = one.metadata.get("check", line)(value) if value.strip() else None
                except InvalidIdentifier as error:
                    raise UserError(str(error), field=name) from error
            if value is None and one.metadata.get("required"):
                raise UserError("Dit antwoord ontbreekt. Vul het in.", field=name)
            if value is not None or one.metadata.get("required"):
                cleaned[name] = value
        return cls(**cleaned)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class NewOrganisation(Answer):
    """An organisation that we do not know yet."""

    name: str = must()
    kvk: str = must(identifiers.kvk)
    kind: str = must(_one_of(OrganisationKind))
    sector: str = must(_one_of(Sector))
    street: str = must()
    postal_code: str = must(identifiers.postal_code)
    city: str = must()
    rsin: str | None = may(identifiers.rsin)
    oin: str | None = may(identifiers.oin)

    @property
    def address(self) -> str:
        return f"{self.street}, {self.postal_code} {self.city}"


@dataclass(frozen=True)
class OrganisationAnswer(Answer):
    """One we know, or a new one."""

    organisation_id: int | None = None
    new: NewOrganisation | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        known, new = values.get("organisation_id"), values.get("new")
        if (known is None) == (new is None):
            raise UserError("Kies uw organisatie, of vul een nieuwe in.", field="organisation_id")
        if known is not None:
            return cls(organisation_id=int(known))
        return cls(new=NewOrganisation.of(new or {}))


@dataclass(frozen=True)
class RoleAnswer(Answer):
    code: str = must()


@dataclass(frozen=True)
class UnitAnswer(Answer):
    """The business unit; all empty when the whole organisation takes part."""

    name: str | None = may()
    establishment_number: str | None = may(identifiers.vestigingsnummer)
    own_oin: str | None = may(identifiers.oin)


@dataclass(frozen=True)
class ChannelAnswer(Answer):
    channel: str = must(_one_of(Channel))


@dataclass(frozen=True)
class SoftwareAnswer(Answer):
    supplier: str = must()
    product: str | None = may()


@dataclass(frozen=True)
class SignatoryAnswer(Answer):
    name: str = must()
    function: str = must()
    email: str = must()


CONTACT_NAMES = {
    "functional": "de functioneel beheerder",
    "technical": "het technisch contact",
    "financial": "het financieel contact",
    "privacy": "het privacycontact",
}
"""Who is meant, in a sentence."""


@dataclass(frozen=True)
class ContactsAnswer(Answer):
    """Who to reach for what: each either somebody named before, or a name and address of its own."""

    functional: str = must(_one_of(SameAs))
    technical: str = must(_one_of(SameAs))
    financial: str = must(_one_of(SameAs))
    privacy: str = must(_one_of(SameAs))
    functional_name: str | None = may()
    functional_email: str | None = may()
    functional_phone: str | None = may()
    technical_name: str | None = may()
    technical_email: str | None = may()
    technical_phone: str | None = may()
    financial_name: str | None = may()
    financial_email: str | None = may()
    financial_phone: str | None = may()
    privacy_name: str | None = may()
    privacy_email: str | None = may()
    privacy_phone: str | None = may()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        answer = super().of(values)
        for role in ("functional", "technical", "financial", "privacy"):
            if getattr(answer, role) == SameAs.OTHER.value:
                for part in ("name", "email"):
                    if getattr(answer, f"{role}_{part}") is None:
                        what = "de naam" if part == "name" else "het e-mailadres"
                        raise UserError(f"Vul {what} van {CONTACT_NAMES[role]} in.", field=f"{role}_{part}")
        return answer


@dataclass(frozen=True)
class InvoiceAnswer(Answer):
    street: str = must()
    postal_code: str = must(identifiers.postal_code)
    city: str = must()
    email: str = must()
    attention: str | None = may()
    purchase_order_number: str | None = may(identifiers.purchase_order_number)
    buyer_reference: str | None = may(identifiers.purchase_order_number)
    e_invoice_address: str | None = may(e_invoice_address)


@dataclass(frozen=True)
class FilesAnswer(Answer):
    """Files per year in which the organisation is involved, whether or not through the hub."""

    number: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        number = values.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MOST_FILES:
            raise UserError("Vul een heel getal in, zonder komma, bijvoorbeeld 1250.", field="number")
        return cls(number)


@dataclass(frozen=True)
class MunicipalitiesAnswer(Answer):
    ids: list[int]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        ids = sorted({int(key) for key in values.get("ids") or []})
        if not ids:
            raise UserError("Kies ten minste één gemeente.", field="ids")
        return cls(ids)


@dataclass(frozen=True)
class ActsForAnswer(Answer):
    """Whether also claims of other creditors are collected, and whose."""

    collects: bool
    names: list[str]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        if not _yes_or_no(values, "collects"):
            return cls(collects=False, names=[])
        try:
            names = [line(str(name)) for name in values.get("names") or [] if str(name).strip()]
        except InvalidIdentifier as error:
            raise UserError(str(error), field="names") from error
        if not names:
            raise UserError("Noem ten minste één schuldeiser namens wie u int.", field="names")
        if len(names) > MOST_CREDITORS:
            raise UserError(
                f"U noemde {len(names)} schuldeisers; hier passen er {MOST_CREDITORS}. Noem de grootste,"
                " en stuur ons de rest na de aanmelding.",
                field="names",
            )
        return cls(collects=True, names=list({name.casefold(): name for name in names}.values()))


@dataclass(frozen=True)
class ModulesAnswer(Answer):
    codes: list[str]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        codes = sorted({line(str(code)) for code in values.get("codes") or []})
        if not codes:
            raise UserError("Kies ten minste één module.", field="codes")
        return cls(codes)


@dataclass(frozen=True)
class LegalReviewAnswer(Answer):
    wanted: bool

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        return cls(_yes_or_no(values, "wanted"))


@dataclass(frozen=True)
class PublicationAnswer(Answer):
    """Whether a sole trader agrees to stand on the public list."""

    consent: bool

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        return cls(_yes_or_no(values, "consent"))


def _yes_or_no(values: Mapping[str, Any], name: str) -> bool:
    value = values.get(name)
    if not isinstance(value, bool):
        raise UserError("Kies ja of nee.", field=name)
    return value


ANSWERS: dict[Step, type[Answer]] = {
    Step.ORGANISATION: OrganisationAnswer,
    Step.ROLE: RoleAnswer,
    Step.UNIT: UnitAnswer,
    Step.CHANNEL: ChannelAnswer,
    Step.SOFTWARE: SoftwareAnswer,
    Step.SIGNATORY: SignatoryAnswer,
    Step.CONTACTS: ContactsAnswer,
    Step.INVOICE: InvoiceAnswer,
    Step.FILES: FilesAnswer,
    Step.MUNICIPALITIES: MunicipalitiesAnswer,
    Step.ACTS_FOR: ActsForAnswer,
    Step.MODULES: ModulesAnswer,
    Step.LEGAL_REVIEW: LegalReviewAnswer,
    Step.PUBLICATION: PublicationAnswer,
}


@dataclass(frozen=True)
class Answers:
    """Everything that was filled in so far; None where nothing was."""

    applicant_name: str
    applicant_email: str
    organisation: OrganisationAnswer | None = None
    role: RoleAnswer | None = None
    unit: UnitAnswer | None = None
    channel: ChannelAnswer | None = None
    software: SoftwareAnswer | None = None
    signatory: SignatoryAnswer | None = None
    contacts: ContactsAnswer | None = None
    invoice: InvoiceAnswer | None = None
    files: FilesAnswer | None = None
    municipalities: MunicipalitiesAnswer | None = None
    acts_for: ActsForAnswer | None = None
    modules: ModulesAnswer | None = None
    legal_review: LegalReviewAnswer | None = None
    publication: PublicationAnswer | None = None

    @classmethod
    def stored(cls, applicant_email: str, stored: Mapping[str, Any]) -> Self:
        """From what an application keeps. What this version no longer accepts is asked again."""
        given: dict[str, Any] = {}
        for step in Step:
            if values := stored.get(str(step.value)):
                try:
                    given[str(step.value)] = ANSWERS[step].of(values)
                except (UserError, TypeError, ValueError):
                    continue
        return cls(str(stored.get("applicant", {}).get("name", "")), applicant_email, **given)

    def has(self, step: Step) -> bool:
        return getattr(self, str(step.value)) is not None

    def with_answer(self, step: Step, answer: Answer) -> Answers:
        """The same with another answer on one page."""
        changed: dict[str, Any] = {str(step.value): answer}
        return replace(self, **changed)
