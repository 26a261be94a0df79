"""Parties that send and receive messages, and what a message is for."""

from __future__ import annotations

from core.kinds import Labelled


class Party(Labelled):
    DEBT_COUNSELLOR = "debt_counsellor", "Schuldhulpverlener"
    OTHER_COUNSELLOR = "other_counsellor", "Overige schuldhulpverlener"
    ADMINISTRATOR = "administrator", "Bewindvoerder"
    CREDITOR = "creditor", "Schuldeiser"
    CREDIT_BANK = "credit_bank", "Kredietbank"
    GUARANTEE_FUND = "guarantee_fund", "Waarborgfonds"


class MessageKind(Labelled):
    """What a message is for; who may send it follows from that."""

    NOTICE = "notice", "Kennisgeving"
    BALANCE_REQUEST = "balance_request", "Vraag naar het saldo"
    BALANCE_ANSWER = "balance_answer", "Antwoord over het saldo"
    PROPOSAL = "proposal", "Voorstel"
    PROPOSAL_ANSWER = "proposal_answer", "Akkoord of afwijzing van een voorstel"
    REFUSAL = "refusal", "Geen medewerking"
    OUTCOME = "outcome", "Uitkomst van de regeling"
    STATUS = "status", "Status"
    GUARANTEE = "guarantee", "Borgstelling"
