"""Which pages there are, which may be opened, who has to act."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import UserError
from onboarding.applications import rules
from onboarding.applications.answers import (
    Answers,
    ChannelAnswer,
    ContactsAnswer,
    FilesAnswer,
    InvoiceAnswer,
    ModulesAnswer,
    NewOrganisation,
    OrganisationAnswer,
    RoleAnswer,
    SignatoryAnswer,
    UnitAnswer,
)
from onboarding.applications.kinds import Step, WaitsFor
from onboarding.applications.rules import Facts
from onboarding.kinds import ApplicationStage
from participants.kinds import Basis, Channel, ContactRole, OrganisationKind, Stage
from tests.onboarding.applications.conftest import company

EXAMPLES = Path(__file__).parent / "examples"


def examples(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("example", examples("steps.csv"), ids=lambda row: row["name"])
def test_the_pages_follow_role_channel_and_kind(example: dict[str, str]) -> None:
    facts = Facts(
        organisation_kind=OrganisationKind(example["organisation_kind"]) if example["organisation_kind"] else None,
        role_code=example["role"] or None,
        basis=Basis(example["basis"]) if example["basis"] else None,
    )
    channel = ChannelAnswer(example["channel"]) if example["channel"] else None
    answers = Answers("Anne", "anne@voorbeeld.invalid", channel=channel)

    assert " ".join(str(step.value) for step in rules.steps_of(answers, facts)) == example["steps"]


@pytest.mark.parametrize("example", examples("waits_for.csv"), ids=lambda row: row["name"])
def test_who_has_to_act(example: dict[str, str]) -> None:
    participant = Stage(example["participant"]) if example["participant"] else None

    assert rules.waits_for(ApplicationStage(example["application"]), participant) is WaitsFor(example["waits_for"])


def test_a_page_opens_when_all_before_it_are_complete() -> None:
    answers = Answers("Anne", "a@v.invalid", organisation=OrganisationAnswer(1), role=RoleAnswer("creditor"))
    facts = Facts(OrganisationKind.COMPANY, "creditor", Basis.FILES)

    assert rules.may_open(Step.ROLE, answers, facts)
    assert rules.may_open(Step.UNIT, answers, facts)
    assert not rules.may_open(Step.CHANNEL, answers, facts)
    assert not rules.may_open(Step.MUNICIPALITIES, answers, facts), "does not belong to a creditor"


def test_modules_that_no_longer_fit_are_asked_again() -> None:
    answers = Answers("Anne", "a@v.invalid", modules=ModulesAnswer(["debt_settlement"]))

    assert rules.is_complete(Step.MODULES, answers, Facts(modules=frozenset({"debt_settlement"})))
    assert not rules.is_complete(Step.MODULES, answers, Facts(modules=frozenset({"administration_notices"})))


def test_files_are_exchanged_in_the_module_schuldregeling_only() -> None:
    assert Channel.CSV in rules.channels_of(Facts(modules=frozenset({"debt_settlement"})))
    assert Channel.CSV not in rules.channels_of(Facts(modules=frozenset({"debt_inventory"})))


def test_contacts_follow_the_signatory_when_that_changes() -> None:
    contacts = ContactsAnswer.of(
        {"functional": "applicant", "technical": "signatory", "financial": "applicant", "privacy": "signatory"}
    )
    signatory = SignatoryAnswer("Tine", "Directeur", "tine@v.invalid")

    found = rules.contacts_of(Answers("Anne", "anne@v.invalid", contacts=contacts), signatory)

    assert found[ContactRole.TECHNICAL].email == "tine@v.invalid"
    assert found[ContactRole.FUNCTIONAL].name == "Anne"
    assert found[ContactRole.SIGNATORY].function == "Directeur"


def test_a_draft_expires_after_ninety_days() -> None:
    now = datetime(2026, 11, 3, 12, tzinfo=UTC)

    assert rules.is_expired(now - timedelta(days=90), now)
    assert not rules.is_expired(now - timedelta(days=89, hours=23), now)


@pytest.mark.parametrize(
    ("kind", "values", "field", "message"),
    [
        (NewOrganisation, company(kvk="1234567"), "kvk", "Een KvK-nummer heeft acht cijfers. U vulde er zeven in."),
        (
            NewOrganisation,
            company(oin="0000000100187638700"),
            "oin",
            "Een OIN heeft twintig tekens. Kijk op uw PKIoverheid-certificaat of in het OIN-register.",
        ),
        (NewOrganisation, company(rsin="123456789"), "rsin", "Dit RSIN klopt niet. Controleer de cijfers."),
        (NewOrganisation, company(name=" "), "name", "Dit antwoord ontbreekt. Vul het in."),
        (NewOrganisation, company(name="x" * 201), "name", "Deze tekst mag hoogstens 200 tekens hebben."),
        (NewOrganisation, company(kind="gilde"), "kind", "Maak een keuze uit de lijst."),
        (NewOrganisation, company(postal_code="12"), "postal_code", "Een postcode heeft vier cijfers en twee letters"),
        (UnitAnswer, {"name": "A\x07B"}, "name", "Deze tekens kunnen wij niet verwerken: U+0007. Haal ze weg."),
        (FilesAnswer, {"number": -1}, "number", "Vul een heel getal in"),
        (FilesAnswer, {"number": True}, "number", "Vul een heel getal in"),
        (FilesAnswer, {"number": "veel"}, "number", "Vul een heel getal in"),
        (
            InvoiceAnswer,
            {
                "street": "Postbus 1",
                "postal_code": "9999XX",
                "city": "Veld",
                "email": "f@v.invalid",
                "e_invoice_address": "0190:123",
            },
            "e_invoice_address",
            "Een OIN heeft twintig tekens.",
        ),
        (
            ContactsAnswer,
            {"functional": "other", "technical": "applicant", "financial": "applicant", "privacy": "applicant"},
            "functional_name",
            "Vul de naam van de functioneel beheerder in.",
        ),
        (OrganisationAnswer, {}, "organisation_id", "Kies uw organisatie, of vul een nieuwe in."),
        (ModulesAnswer, {"codes": []}, "codes", "Kies ten minste één module."),
    ],
)
def test_answers_are_checked_without_a_form_too(
    kind: type, values: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(UserError) as refused:
        kind.of(values)  # type: ignore[attr-defined]

    assert refused.value.field == field
    assert refused.value.message.startswith(message)


def test_answers_that_an_older_version_stored_wrongly_are_asked_again() -> None:
    answers = Answers.stored("a@v.invalid", {"role": {"kode": "x"}, "files": {"number": 3}, "organisation": {}})

    assert answers.role is None
    assert answers.files == FilesAnswer(3)
