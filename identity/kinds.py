"""Kinds of accounts, roles and what each role may do."""

from __future__ import annotations

from core.kinds import Labelled


class AccountKind(Labelled):
    STAFF = "staff", "Medewerker van het Schuldenknooppunt"
    PARTICIPANT = "participant", "Deelnemer"


class StaffRole(Labelled):
    RELATIONS = "relations", "Relatiebeheer"
    FINANCE = "finance", "Financiën"
    BOARD = "board", "Bestuur (inzage)"
    PRIVACY = "privacy", "Privacy"
    ADMINISTRATION = "administration", "Applicatiebeheer"
    AUDITOR = "auditor", "Auditor (inzage)"


class AccountState(Labelled):
    """How far an account of staff is."""

    ACTIVE = "active", "Actief"
    INVITED = "invited", "Toegang nog niet ingesteld"
    DISABLED = "disabled", "Uitgeschakeld"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"active": "positive", "invited": "info"}.get(str(self.value), "neutral")


class ParticipantRole(Labelled):
    REPRESENTATIVE = "representative", "Vertegenwoordiger (mag tekenen)"
    ACCOUNT_ADMINISTRATOR = "account_administrator", "Gebruikersbeheerder"
    FINANCIAL = "financial", "Financieel"
    EMPLOYEE = "employee", "Medewerker"


class LinkPurpose(Labelled):
    SIGN_IN = "sign_in", "Inloggen"
    CONTINUE_APPLICATION = "continue_application", "Verder met de aanmelding"
    SHARE = "share", "Meelezen"
    SET_UP = "set_up", "Toegang instellen"


class SignInMeans(Labelled):
    """The ways to sign in. A new one (eHerkenning, staff SAML) is a view that ends in `identity.services.sign_in`."""

    PASSWORD = "password", "wachtwoord en code"
    LINK = "link", "een gemailde link"
    LINK_AND_CODE = "link_and_code", "een gemailde link en een code"
    SET_UP = "set_up", "de link om de toegang in te stellen"


_READ = frozenset(
    {
        "work:view",
        "search:use",
        "participant:view",
        "organisation:view",
        "application:view",
        "agreement:view",
        "invoice:view",
        "tariff:view",
        "decision:view",
        "setting:view",
        "audit:view",
        "job:view",
        "approval:view",
        "role:view",
        "assessment:view",
        "privacy:view",
        "help:view",
        "meeting:view",
    }
)

STAFF_PERMISSIONS: dict[StaffRole, frozenset[str]] = {
    StaffRole.RELATIONS: frozenset(
        {
            "work:view",
            "search:use",
            "participant:view",
            "declaration:ask",
            "participant:edit",
            "organisation:view",
            "organisation:edit",
            "application:view",
            "application:decide",
            "task:record",
            "agreement:view",
            "agreement:countersign",
            "module:activate",
            "module:edit",
            "module:release",
            "module:retire",
            "name:withdraw",
            "participant:activate",
            "participant:suspend",
            "participant:end",
            "note:write",
            "invoice:view",
            "invoice:link",
            "invoice:send",
            "tariff:view",
            "decision:view",
            "setting:view",
            "approval:view",
            "question:answer",
            "job:view",
            "help:view",
            "help:retry",
            "meeting:view",
            "decision:record",
            "decision:confirm",
            "body:edit",
            "meeting:edit",
        }
    ),
    StaffRole.FINANCE: frozenset(
        {
            "work:view",
            "search:use",
            "participant:view",
            "organisation:view",
            "application:view",
            "agreement:view",
            "invoice:view",
            "invoice:issue",
            "invoice:credit",
            "invoice:approve",
            "prepayment:record",
            "prepayment:approve",
            "invoice:hold",
            "run:prepare",
            "run:approve",
            "invoice:link",
            "invoice:correct",
            "invoice:send",
            "declaration:approve",
            "category:propose",
            "declaration:ask",
            "category:approve",
            "tariff:view",
            "tariff:propose",
            "tariff:confirm",
            "scenario:edit",
            "decision:view",
            "setting:view",
            "note:write",
            "approval:view",
            "help:view",
            "setting:propose",
            "setting:confirm",
            "operator:complete",
            "operator:confirm",
        }
    ),
    StaffRole.BOARD: frozenset(
        {
            "work:view",
            "search:use",
            "participant:view",
            "organisation:view",
            "invoice:view",
            "tariff:view",
            "decision:view",
            "setting:view",
            "assessment:view",
        }
    ),
    StaffRole.PRIVACY: frozenset(
        {
            "work:view",
            "search:use",
            "participant:view",
            "organisation:view",
            "audit:view",
            "approval:view",
            "person:erase",
            "person:export",
            "assessment:view",
            "assessment:edit",
            "privacy:view",
            "privacy:edit",
            "retention:approve",
        }
    ),
    StaffRole.ADMINISTRATION: frozenset(
        {
            "work:view",
            "search:use",
            "participant:view",
            "organisation:view",
            "decision:view",
            "setting:view",
            "role:view",
            "role:request",
            "role:approve",
            "account:create",
            "account:disable",
            "approval:view",
            "audit:view",
            "job:view",
            "mail:retry",
            "assessment:view",
            "help:view",
            "help:retry",
            "meeting:view",
            "meeting:edit",
            "decision:record",
            "decision:confirm",
            "body:edit",
            "setting:propose",
            "setting:confirm",
            "operator:complete",
            "operator:confirm",
        }
    ),
    StaffRole.AUDITOR: _READ,
}

_OWN = frozenset({"own:view", "own:sign_out"})

PARTICIPANT_PERMISSIONS: dict[ParticipantRole, frozenset[str]] = {
    ParticipantRole.REPRESENTATIVE: _OWN
    | {"own:edit", "own:edit_invoice_details", "own:sign", "own:declare_ready", "own:modules", "own:invoice"},
    ParticipantRole.ACCOUNT_ADMINISTRATOR: _OWN
    | {"own:edit", "own:edit_invoice_details", "own:declare_ready", "own:modules", "own:users", "own:invoice"},
    ParticipantRole.FINANCIAL: _OWN | {"own:invoice", "own:edit_invoice_details"},
    ParticipantRole.EMPLOYEE: _OWN,
}

ACCOUNT_PERMISSIONS = frozenset({"own:account"})
"""What everybody who is signed in may do: see and secure the own account, end own sessions."""
