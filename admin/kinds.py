"""Kinds of work that waits on the staff."""

from __future__ import annotations

from core.kinds import Labelled


class WorkKind(Labelled):
    """What is to be done, as the page shows it."""

    INTEREST = "interest", "Belangstelling beantwoorden"
    APPLICATION = "application", "Aanmelding beoordelen"
    AUTHORITY = "authority", "Tekenbevoegdheid vaststellen"
    AGREEMENT = "agreement", "Overeenkomst maken"
    COUNTERSIGN = "countersign", "Medeondertekenen"
    MODULES = "modules", "Geen module voor deze rol"
    ACTIVATE = "activate", "Activeren"
    ONBOARDING = "onboarding", "Onboarding houden"
    QUESTION = "question", "Vraag van een jurist beantwoorden"
    MODULE = "module", "Module aanzetten"
    INVOICE = "invoice", "Nog geen factuur"
    FACTS = "facts", "Gegevens voor de factuur ontbreken"
    APPROVAL = "approval", "Akkoord geven"
    HELP = "help", "Hulpvraag niet doorgestuurd"
    MAIL = "mail", "Mail niet bezorgd"
    JOB = "job", "Achtergrondtaak nakijken"
    FINDING = "finding", "Bevinding afhandelen"
    ASSESSMENT = "assessment", "Toets opnieuw doen"
    REQUEST = "request", "Verzoek over gegevens beantwoorden"
    BREACH = "breach", "Datalek afhandelen"
