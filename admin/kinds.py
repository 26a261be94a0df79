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
    CORRECTION = "correction", "Correctie van een factuur"
    CATEGORY = "category", "Wijziging van categorie"
    FACTS = "facts", "Gegevens voor de factuur ontbreken"
    RUN_TO_START = "run_to_start", "Facturatieronde voorbereiden"
    RUN = "run", "Facturatieronde voorleggen"
    HOLD = "hold", "Aangehouden factuur bekijken"
    ZERO_TARIFF = "zero_tariff", "Jaartarief € 0,00 bekijken"
    APPROVAL = "approval", "Akkoord geven"
    HELP = "help", "Hulpvraag niet doorgestuurd"
    FINDING = "finding", "Bevinding afhandelen"
    ASSESSMENT = "assessment", "Toets opnieuw doen"
    REQUEST = "request", "Verzoek over gegevens beantwoorden"
    BREACH = "breach", "Datalek afhandelen"
    SEAT = "seat", "Zetel is of wordt vacant"
    MAIL = "mail", "Mail niet bezorgd"
    JOB = "job", "Achtergrondtaak nakijken"


PARTS = {
    "applications": "aanmeldingen",
    "open_tasks": "taken van deelnemers",
    "onboardings": "onboarding",
    "legal_questions": "vragen over de overeenkomst",
    "asked": "gevraagde modules",
    "uninvoiced": "facturen die nog niet zijn gemaakt",
    "final_invoices": "laatste facturen die nog niet zijn gemaakt",
    "runs_to_start": "facturatierondes die moeten beginnen",
    "runs_to_put_forward": "facturatierondes",
    "held_invoices": "aangehouden facturen",
    "asked_corrections": "correcties van facturen",
    "changes_of_category": "wijzigingen van categorie",
    "pressing_tariffs": "tarieven die aandacht vragen",
    "waiting_approvals": "verzoeken om akkoord",
    "vacancies": "zetels",
    "failed_mail": "mail",
    "stuck_help": "hulpvragen",
    "overdue_findings_of_assessments": "bevindingen van toetsen",
    "assessments_to_repeat": "toetsen die opnieuw moeten",
    "pressing_requests": "verzoeken over gegevens",
    "open_breaches_of_data": "datalekken",
    "failing_jobs": "achtergrondtaken",
}
"""What each source tells about, by the name of its function: shown when it cannot be read."""
