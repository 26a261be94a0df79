"""The people of the demonstration. Their names say what they are, so that nobody can be mistaken for them."""

from __future__ import annotations

from dataclasses import dataclass

from identity.kinds import StaffRole


@dataclass(frozen=True)
class Persona:
    """A member of staff to sign in as with one click."""

    email: str
    name: str
    roles: tuple[StaffRole, ...]
    can: str
    """What to try as this persona."""


STAFF = (
    Persona(
        "relatie.a@voorbeeld.invalid",
        "Relatiebeheer A (voorbeeld)",
        (StaffRole.RELATIONS,),
        "Beoordeelt aanmeldingen, legt tekenbevoegdheid vast, activeert deelnemers.",
    ),
    Persona(
        "relatie.b@voorbeeld.invalid",
        "Relatiebeheer B (voorbeeld)",
        (StaffRole.RELATIONS,),
        "De collega die medeondertekent wat A heeft geaccepteerd.",
    ),
    Persona(
        "financien@voorbeeld.invalid",
        "Financiën (voorbeeld)",
        (StaffRole.FINANCE,),
        "Zoekt, bekijkt en crediteert facturen; maakt facturen met de hand en legt vooruitbetalingen vast.",
    ),
    Persona(
        "financien.b@voorbeeld.invalid",
        "Financiën B (voorbeeld)",
        (StaffRole.FINANCE,),
        "De collega die akkoord geeft op facturatierondes, opgaven en wat Financiën verder voorlegt.",
    ),
    Persona("bestuur@voorbeeld.invalid", "Bestuurslid (voorbeeld)", (StaffRole.BOARD,), "Kijkt mee en wijzigt niets."),
    Persona(
        "privacy@voorbeeld.invalid",
        "Privacy (voorbeeld)",
        (StaffRole.PRIVACY,),
        "Houdt toetsen, verwerkingen, bewaartermijnen, verzoeken en datalekken bij; leest het logboek.",
    ),
    Persona(
        "privacy.b@voorbeeld.invalid",
        "Privacy B (voorbeeld)",
        (StaffRole.PRIVACY,),
        "De collega die akkoord geeft op wissen en opruimen.",
    ),
    Persona(
        "applicatie.a@voorbeeld.invalid",
        "Applicatiebeheer A (voorbeeld)",
        (StaffRole.ADMINISTRATION,),
        "Beheert medewerkers en rollen; vraagt een collega om akkoord.",
    ),
    Persona(
        "applicatie.b@voorbeeld.invalid",
        "Applicatiebeheer B (voorbeeld)",
        (StaffRole.ADMINISTRATION,),
        "Geeft akkoord op wat A vraagt.",
    ),
    Persona("auditor@voorbeeld.invalid", "Auditor (voorbeeld)", (StaffRole.AUDITOR,), "Leest alles, wijzigt niets."),
)


def sign_ins(base_url: str) -> list[str]:
    """Lines that tell where and as whom one can sign in."""
    return [
        f"Inloggen met één klik: {base_url}/demo/",
        *(f"  {persona.name:34} {persona.can}" for persona in STAFF),
        f"  Mensen bij deelnemers staan op dezelfde pagina. Mail: {base_url}/demo/postvak",
    ]
